"""What whoever begins an upload says of it: ``Upload-Metadata`` of the tus protocol (1.0.0). Pure.

Pairs separated by commas, each a key and, after a space, its value in base64.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zonary.foundation.documents.age_files import AGE
from zonary.foundation.documents.errors import RefusedContentError
from zonary.foundation.documents.rules import MAX_TITLE, safe_file_name

MAX_METADATA = 4096
KINDS = ("contract", "licence", "drawing", "report", "evidence", "application", "other")
"""As ``Document.Kind`` has them."""
_KEYS = {"filename", "filetype", "name", "type", "relativePath", "title", "kind", "confidential", "document", "sha256",
         "encryption", "escrow", "retain_until"}  # fmt: skip
"""The second to fifth are what widely used clients add by themselves; nothing is made of them."""
_YES = ("1", "true", "yes", "on")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A file that is to come, and what it is to be.

    :param document: public id of the document that gets another version; empty: a new one, called ``title``.
    :param sha256: what its sender found its digest to be, in hexadecimal digits, or empty.
    :param encryption: empty or ``age``.
    :param escrow: whether the zone's key is said to be among those that open it.
    """

    file_name: str
    title: str
    kind: str = "other"
    confidential: bool = False
    document: str = ""
    sha256: str = ""
    encryption: str = ""
    escrow: bool = False
    retain_until: date | None = None


def announcement(values: Mapping[str, str]) -> Announcement:
    """What ``values`` say; a document without a title is called like the file.

    :raises RefusedContentError: for a value that is none of those allowed.
    """
    name = safe_file_name(values.get("filename", ""))
    title = " ".join("".join(c for c in values.get("title", "") if c.isprintable()).split())[:MAX_TITLE]
    made = Announcement(
        file_name=name,
        title=title or name[:MAX_TITLE],
        kind=values.get("kind") or "other",
        confidential=_is_yes(values.get("confidential", "")),
        document=values.get("document", ""),
        sha256=values.get("sha256", "").lower(),
        encryption=values.get("encryption", ""),
        escrow=_is_yes(values.get("escrow", "")),
        retain_until=_day(values.get("retain_until", "")),
    )
    if made.kind not in KINDS:
        raise RefusedContentError(
            "There is no kind of document “{kind}”; there are: {known}.", kind=made.kind[:40], known=", ".join(KINDS)
        )
    if made.sha256 and not _SHA256.fullmatch(made.sha256):
        raise RefusedContentError("The announced SHA-256 is not 64 hexadecimal digits.")
    if made.encryption not in ("", AGE):
        raise RefusedContentError("The only encryption known here is “age”.")
    if made.escrow and not made.encryption:
        raise RefusedContentError("Only an encrypted document can be open to the zone's key too.")
    return made


def parse_metadata(header: str) -> dict[str, str]:
    """Key -> text of an ``Upload-Metadata`` header.

    :raises RefusedContentError: when it is none, has an unknown key, or one twice.
    """
    if len(header) > MAX_METADATA:
        raise RefusedContentError("Upload-Metadata is longer than {limit} characters.", limit=MAX_METADATA)
    values: dict[str, str] = {}
    for pair in header.split(","):
        key, _, encoded = pair.strip().partition(" ")
        if not key and not pair.strip():
            continue
        if key not in _KEYS or key in values:
            raise RefusedContentError("Upload-Metadata has an unknown key, or one twice: “{key}”.", key=key[:40])
        try:
            values[key] = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            raise RefusedContentError("Upload-Metadata “{key}” is no UTF-8 text in base64.", key=key) from None
        if "\0" in values[key]:
            raise RefusedContentError("Upload-Metadata “{key}” is no UTF-8 text in base64.", key=key)
    return values


def _is_yes(text: str) -> bool:
    return text.strip().lower() in _YES


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RefusedContentError("“{day}” is no day; write it like 2030-12-31.", day=text[:40]) from None

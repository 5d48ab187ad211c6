"""What a note and a digest are. Pure."""

from __future__ import annotations

import re
from typing import Final

from zonary.proof.errors import Error

_DIGEST: Final = re.compile(r"([0-9a-f]{64})?")


class WrongPackError(Error):
    """What was given with a pack cannot be recorded."""


def require_text(text: str, most: int) -> str:
    """The text without idle blanks.

    :raises WrongPackError: when there is none, or it is too long, or not printable.
    """
    text = text.strip()
    if not text or len(text) > most or not text.replace("\n", "").isprintable():
        raise WrongPackError("Say why, in at most {limit} printable characters.", limit=most)
    return text


def require_digest(text: str) -> str:
    """:raises WrongPackError: when it is neither a SHA-256 nor empty."""
    if not _DIGEST.fullmatch(text):
        raise WrongPackError("The digest of the document is SHA-256 in 64 lower-case hexadecimal digits, or nothing.")
    return text

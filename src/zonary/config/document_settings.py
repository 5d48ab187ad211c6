"""What the environment says of documents.

``ZONARY_DOCUMENT_STORE`` is a directory or private bucket for them, by default in the data directory;
``ZONARY_DOCUMENT_QUOTA`` the gigabytes a holder may keep; ``ZONARY_ESCROW_RECIPIENT`` a public age key of the zone's,
for which holders may encrypt documents, too.
"""

from __future__ import annotations

import re

from zonary.proof.errors import Error

_GIGABYTE = 1024**3
DEFAULT_QUOTA = 100
_RECIPIENT = re.compile(r"age1[02-9ac-hj-np-z]{58}")


class DocumentSettingError(Error):
    """A setting of documents is not usable."""


def document_quota(gigabytes: str) -> int:
    """``ZONARY_DOCUMENT_QUOTA`` in bytes.

    :raises DocumentSettingError: unless it is a whole number from 1 on.
    """
    if not gigabytes:
        return DEFAULT_QUOTA * _GIGABYTE
    if not re.fullmatch(r"[1-9][0-9]{0,6}", gigabytes):
        raise DocumentSettingError(
            "ZONARY_DOCUMENT_QUOTA is “{value}”; it has to be a whole number of gigabytes.", value=gigabytes
        )
    return int(gigabytes) * _GIGABYTE


def escrow_recipient(recipient: str) -> str:
    """``ZONARY_ESCROW_RECIPIENT``: an X25519 recipient of age, or nothing: then there is no escrow.

    :raises DocumentSettingError: for anything else, a secret key above all.
    """
    if recipient and not _RECIPIENT.fullmatch(recipient):
        raise DocumentSettingError(
            "ZONARY_ESCROW_RECIPIENT is no public key of age: one begins with age1 and has 62 characters."
        )
    return recipient

"""The built-in timestamp authority: for development, and saying so, until a real one is configured.

Its certificates name it a development authority, so every token and every verdict does.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.foundation.ledger.layout import DataDirectory, make_private_directory, write_durably
from zonary.proof.timestamp.authority import Authority
from zonary.proof.timestamp.development import (
    CRL_LIFETIME,
    DevelopmentAuthority,
    create_development_authority,
)

AUTHORITY_NAME = "Zonary development TSA"
RENEW_AFTER = CRL_LIFETIME / 4
"""A revocation list is made anew long before it runs out, so that a server that sleeps a while still has one."""

_FILES = ("tsa-root.key", "tsa-root.pem", "tsa.key", "tsa.pem")


def ensure_authority(data: DataDirectory, now: datetime) -> DevelopmentAuthority:
    """The authority of this data directory, made at first start.

    :raises KeyMismatchError: when some of its files are missing: a new one would quietly disown old tokens.
    """
    paths = [data.keys / name for name in _FILES]
    missing = [path for path in paths if not path.exists()]
    if missing and not data.authority_chain.exists():
        # First start, or one that a crash cut short: the chain is written last, and before it is, no token is issued.
        made = create_development_authority(AUTHORITY_NAME, now)
        make_private_directory(data.keys)
        contents = (made.root_key_pem, made.root_pem, made.signer_key_pem, made.signer_pem)
        for path, content in zip(paths, contents, strict=True):
            write_durably(path, content)
    elif missing:
        raise KeyMismatchError(
            "{path} is missing, though the timestamp authority has been in use. Put it back from a backup; or move "
            "all tsa* files of the data directory and of its keys away, and a new authority is made.",
            path=str(missing[0]),
        )
    authority = load_authority(data)
    write_durably(data.authority_chain, authority.ca_pem, mode=0o644)
    return authority


def load_authority(data: DataDirectory) -> DevelopmentAuthority:
    """The authority as it is stored."""
    return DevelopmentAuthority(*((data.keys / name).read_bytes() for name in _FILES))


def load_issuer(data: DataDirectory) -> Authority:
    """What answers timestamp requests.

    :raises Error: when a stored key or certificate cannot be read.
    """
    return load_authority(data).authority()


def renew_revocation_list(data: DataDirectory, now: datetime) -> None:
    """Write a fresh revocation list; readers see the old one or the new, never half of one."""
    write_durably(data.revocation_list, load_authority(data).crl(now), mode=0o644)


@cache
def issuer_of(data: DataDirectory) -> Authority:
    """:func:`load_issuer`, once in a process."""
    return load_issuer(data)

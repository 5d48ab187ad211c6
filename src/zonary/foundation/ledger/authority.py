"""The built-in timestamp authority: for development, and saying so, until a real one is configured.

Its certificates name it a development authority, so every token and every verdict does.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from pathlib import Path

from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.foundation.ledger.keys import erase
from zonary.foundation.ledger.layout import DataDirectory, make_private_directory, write_durably
from zonary.foundation.ledger.module_timestamp_keys import AUTHORITY_KEYS, ModuleEcKey, is_module_timestamp_key
from zonary.foundation.ledger.storage import Step, no_step
from zonary.proof.timestamp.authority import Authority
from zonary.proof.timestamp.development import (
    CRL_LIFETIME,
    DevelopmentAuthority,
    create_development_authority,
    issue_signer,
)

AUTHORITY_NAME = "Zonary development TSA"
RENEW_AFTER = CRL_LIFETIME / 4
"""A revocation list is made anew long before it runs out, so that a server that sleeps a while still has one."""

_ROOT = ("tsa-root.key", "tsa-root.pem")


def ensure_authority(data: DataDirectory, now: datetime) -> DevelopmentAuthority:
    """The authority of this data directory, made at first start.

    :raises KeyMismatchError: when some of its files are missing: a new one would quietly disown old tokens.
    """
    paths = _files(data)
    missing = [path for path in paths if not path.exists()]
    if missing and not data.authority_chain.exists():
        # First start, or one that a crash cut short: the chain is written last, and before it is, no token is issued.
        made = create_development_authority(AUTHORITY_NAME, now, keys=AUTHORITY_KEYS)
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
    authority.authority()  # what cannot be used takes nobody's place
    require_ready(authority)  # said at the start, not by whoever asks for a timestamp later
    for number in range(1, signer_number(data)):
        # The key before this one, if a crash came before it was destroyed. Its certificate stays, to be looked at.
        key, _certificate = _signer(data, number)
        if key.exists():
            _destroy(key)
    write_durably(data.authority_chain, authority.ca_pem, mode=0o644)
    return authority


def rotate_signer(data: DataDirectory, now: datetime, step: Step = no_step) -> DevelopmentAuthority:
    """Give the authority a new key, certified by the same root; the old one is destroyed. Old tokens stay valid.

    A crash before the new certificate is written leaves the old pair in force and a key that the next try replaces; a
    crash after it leaves the new pair in force and the old key for :func:`ensure_authority` to destroy.

    :raises KeyMismatchError: when the present authority is not whole.
    """
    before = ensure_authority(data, now)
    key, certificate = _signer(data, signer_number(data) + 1)
    key_pem, certificate_pem = issue_signer(
        before.root_key_pem, before.root_pem, AUTHORITY_NAME, now, keys=AUTHORITY_KEYS
    )
    step("new timestamp key")
    write_durably(key, key_pem)
    step("new timestamp key written")
    write_durably(certificate, certificate_pem)
    step("new timestamp certificate written")
    return ensure_authority(data, now)


def signer_number(data: DataDirectory) -> int:
    """Which signer is in force, counted from 1: the last of which key and certificate are both there."""
    pattern = re.compile(r"tsa\.([1-9][0-9]{0,3})\.pem")
    names = [path.name for path in data.keys.iterdir()] if data.keys.is_dir() else []
    numbers = [int(found[1]) for found in map(pattern.fullmatch, names) if found]
    return max((n for n in numbers if all(path.exists() for path in _signer(data, n))), default=1)


def _signer(data: DataDirectory, number: int) -> tuple[Path, Path]:
    stem = "tsa" if number == 1 else f"tsa.{number}"
    return data.keys / f"{stem}.key", data.keys / f"{stem}.pem"


def signer_files(data: DataDirectory) -> list[Path]:
    """The root's certificate, then those of all signers there have been, the first of them first."""
    paths = [_signer(data, number)[1] for number in range(1, signer_number(data) + 1)]
    return [data.keys / _ROOT[1], *(path for path in paths if path.exists())]


def _files(data: DataDirectory) -> list[Path]:
    """Key and certificate of the root and of the present signer."""
    return [*(data.keys / name for name in _ROOT), *_signer(data, signer_number(data))]


def load_authority(data: DataDirectory) -> DevelopmentAuthority:
    """The authority as it is stored."""
    root_key, root, signer_key, signer = (path.read_bytes() for path in _files(data))
    return DevelopmentAuthority(root_key, root, signer_key, signer, AUTHORITY_KEYS)


def require_ready(authority: DevelopmentAuthority) -> None:
    """:raises ModuleError: when one of its keys lies in a module that cannot be used, or does not hold it."""
    for stored in (authority.root_key_pem, authority.signer_key_pem):
        if is_module_timestamp_key(stored):
            ModuleEcKey.parse(stored).require_ready()


def keys_in_module(data: DataDirectory) -> int:
    """How many of the two keys in force, of the root and of the signer, lie in a module."""
    authority = load_authority(data)
    return sum(map(is_module_timestamp_key, (authority.root_key_pem, authority.signer_key_pem)))


def _destroy(secret: Path) -> None:
    """Where it lies: in the module, too. A crash between the two leaves a line that names a key that is gone."""
    stored = secret.read_bytes()
    if is_module_timestamp_key(stored):
        ModuleEcKey.parse(stored).destroy()
    erase(secret)


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

"""The built-in timestamp authorities: for development, and saying so, until a real one is configured.

There are two, alike in all but their keys: one of EC P-256, and beside it, where wanted, one of SM2 and SM3 (GM/T
0033). The second signs in the background alone, since a package's own two tokens are for tools that know neither
algorithm; its keys lie in files: SoftHSM has no SM2, and the mechanisms of modules that have it are their makers'.
Their certificates name them development authorities, so every token and every verdict does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.foundation.ledger.keys import erase
from zonary.foundation.ledger.layout import DataDirectory, make_private_directory, write_durably
from zonary.foundation.ledger.module_timestamp_keys import AUTHORITY_KEYS, ModuleEcKey, is_module_timestamp_key
from zonary.foundation.ledger.storage import Step, no_step
from zonary.proof.timestamp.authority import Authority
from zonary.proof.timestamp.development import (
    CRL_LIFETIME,
    SM2_KEYS,
    DevelopmentAuthority,
    KeyStore,
    issue_root,
    issue_signer,
)

RENEW_AFTER = CRL_LIFETIME / 4
"""A revocation list is made anew long before it runs out, so that a server that sleeps a while still has one."""


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """What tells one built-in authority from another.

    :ivar name: common name of its certificates.
    :ivar stem: what its files are called.
    :ivar keys: how its keys are made, and where they are kept.
    """

    name: str
    stem: str
    keys: KeyStore = field(repr=False)

    def chain(self, data: DataDirectory) -> Path:
        """Its certificates in PEM, the root's first: what readers are shown."""
        return data.path / f"{self.stem}-ca.pem"

    def revocations(self, data: DataDirectory) -> Path:
        """Its revocation list, in DER."""
        return data.path / f"{self.stem}-crl.der"

    def root(self, data: DataDirectory) -> tuple[Path, Path]:
        """Key and certificate of its root."""
        return data.keys / f"{self.stem}-root.key", data.keys / f"{self.stem}-root.pem"

    def signer(self, data: DataDirectory, number: int) -> tuple[Path, Path]:
        """Key and certificate of the signer ``number``, from 1."""
        stem = self.stem if number == 1 else f"{self.stem}.{number}"
        return data.keys / f"{stem}.key", data.keys / f"{stem}.pem"

    @property
    def every_file(self) -> str:
        """The names of all its files, for whoever has to move them."""
        return f"{self.stem}-root.*, {self.stem}.*, {self.stem}-ca.pem, {self.stem}-crl.der"


OWN: Final = BuiltIn("Zonary development TSA", "tsa", AUTHORITY_KEYS)
SM2: Final = BuiltIn("Zonary development TSA (SM2)", "tsa-sm2", SM2_KEYS)


def ensure_authority(data: DataDirectory, now: datetime, of: BuiltIn = OWN) -> DevelopmentAuthority:
    """The authority of this data directory, made when it is first wanted.

    :raises KeyMismatchError: when some of its files are missing: a new one would quietly disown old tokens.
    :raises UnsupportedError: for SM2, where this machine's OpenSSL has none.
    """
    if _is_unfinished(data, of):
        _make_missing(data, now, of)
    authority = load_authority(data, of)
    authority.authority()  # what cannot be used takes nobody's place
    require_ready(authority)  # said at the start, not by whoever asks for a timestamp later
    for number in range(1, signer_number(data, of)):
        # The key before this one, if a crash came before it was destroyed. Its certificate stays, to be looked at.
        key, _certificate = of.signer(data, number)
        if key.exists():
            _destroy(key)
    write_durably(of.chain(data), authority.ca_pem, mode=0o644)
    return authority


def _is_unfinished(data: DataDirectory, of: BuiltIn) -> bool:
    """Whether this is the first start, or goes on where a crash cut the first one short.

    The files are written in one order, and what readers see comes last; before that no token is issued. So whatever
    is missing before something that is there was lost.

    :raises KeyMismatchError: when it was.
    """
    paths = [*_files(data, of), of.chain(data), of.revocations(data)]
    missing = [path for path in paths[:4] if not path.exists()]
    if missing and any(path.exists() for path in paths[paths.index(missing[0]) :]):
        raise KeyMismatchError(
            "{path} is missing, though the timestamp authority has been in use. Put it back from a backup; or move "
            "{files} of the data directory and of its keys away, and a new authority is made.",
            path=str(missing[0]),
            files=of.every_file,
        )
    return bool(missing)


def _make_missing(data: DataDirectory, now: datetime, of: BuiltIn) -> None:
    """Each file after those there are; no key that has a certificate is ever replaced."""
    make_private_directory(data.keys)
    root_key, root = of.root(data)
    if not root_key.exists():
        write_durably(root_key, of.keys.make()[1])
    if not root.exists():
        write_durably(root, issue_root(root_key.read_bytes(), of.name, now, keys=of.keys))
    for path, content in zip(of.signer(data, 1), _issued(data, now, of), strict=True):
        write_durably(path, content)


def _issued(data: DataDirectory, now: datetime, of: BuiltIn) -> tuple[bytes, bytes]:
    root_key, root = (path.read_bytes() for path in of.root(data))
    return issue_signer(root_key, root, of.name, now, keys=of.keys)


def rotate_signer(data: DataDirectory, now: datetime, step: Step = no_step, of: BuiltIn = OWN) -> DevelopmentAuthority:
    """Give the authority a new key, certified by the same root; the old one is destroyed. Old tokens stay valid.

    A crash before the new certificate is written leaves the old pair in force and a key that the next try replaces; a
    crash after it leaves the new pair in force and the old key for :func:`ensure_authority` to destroy.

    :raises KeyMismatchError: when the present authority is not whole.
    """
    ensure_authority(data, now, of)
    key, certificate = of.signer(data, signer_number(data, of) + 1)
    key_pem, certificate_pem = _issued(data, now, of)
    step("new timestamp key")
    write_durably(key, key_pem)
    step("new timestamp key written")
    write_durably(certificate, certificate_pem)
    step("new timestamp certificate written")
    return ensure_authority(data, now, of)


def signer_number(data: DataDirectory, of: BuiltIn = OWN) -> int:
    """Which signer is in force, counted from 1: the last of which key and certificate are both there."""
    pattern = re.compile(re.escape(of.stem) + r"\.([1-9][0-9]{0,3})\.pem")
    names = [path.name for path in data.keys.iterdir()] if data.keys.is_dir() else []
    numbers = [int(found[1]) for found in map(pattern.fullmatch, names) if found]
    return max((n for n in numbers if all(path.exists() for path in of.signer(data, n))), default=1)


def signer_files(data: DataDirectory, of: BuiltIn = OWN) -> list[Path]:
    """The root's certificate, then those of all signers there have been, the first of them first."""
    paths = [of.signer(data, number)[1] for number in range(1, signer_number(data, of) + 1)]
    return [of.root(data)[1], *(path for path in paths if path.exists())]


def _files(data: DataDirectory, of: BuiltIn) -> list[Path]:
    """Key and certificate of the root and of the present signer, in the order in which they are written."""
    return [*of.root(data), *of.signer(data, signer_number(data, of))]


def load_authority(data: DataDirectory, of: BuiltIn = OWN) -> DevelopmentAuthority:
    """The authority as it is stored."""
    root_key, root, signer_key, signer = (path.read_bytes() for path in _files(data, of))
    return DevelopmentAuthority(root_key, root, signer_key, signer, of.keys)


def built_in(data: DataDirectory) -> list[BuiltIn]:
    """Those that this data directory has, or has had."""
    return [OWN, *([SM2] if SM2.chain(data).exists() or any(data.keys.glob(f"{SM2.stem}*")) else [])]


def require_ready(authority: DevelopmentAuthority) -> None:
    """:raises ModuleError: when one of its keys lies in a module that cannot be used, or does not hold it."""
    for stored in (authority.root_key_pem, authority.signer_key_pem):
        if is_module_timestamp_key(stored):
            ModuleEcKey.parse(stored).require_ready()


def keys_in_module(authority: DevelopmentAuthority) -> list[bool]:
    """Of its two keys, of the root and of the signer, whether they lie in a module."""
    return list(map(is_module_timestamp_key, (authority.root_key_pem, authority.signer_key_pem)))


def _destroy(secret: Path) -> None:
    """Where it lies: in the module, too. A crash between the two leaves a line that names a key that is gone."""
    stored = secret.read_bytes()
    if is_module_timestamp_key(stored):
        ModuleEcKey.parse(stored).destroy()
    erase(secret)


def load_issuer(data: DataDirectory, of: BuiltIn = OWN) -> Authority:
    """What answers timestamp requests.

    :raises Error: when a stored key or certificate cannot be read.
    """
    return load_authority(data, of).authority()


def renew_revocation_list(data: DataDirectory, now: datetime, of: BuiltIn = OWN) -> None:
    """Write a fresh revocation list; readers see the old one or the new, never half of one."""
    write_durably(of.revocations(data), load_authority(data, of).crl(now), mode=0o644)


@cache
def issuer_of(data: DataDirectory, of: BuiltIn = OWN) -> Authority:
    """:func:`load_issuer`, once in a process."""
    return load_issuer(data, of)

"""The log's signing keys: made at first start, kept in files only their owner can read, or behind PKCS#11.

A log has one pair of keys or, while it changes from one to the next, several that all sign. The first pair is
``log.skey`` and ``log-mldsa44.skey``, the next ``log.2.skey`` and ``log-mldsa44.2.skey``. A retired pair has left its
verifier keys (``.vkey``) in the place of its secrets; that ``log.vkey`` exists is what makes it retired. Every key but
the first is endorsed by an earlier one (``.endorsement``). Keys of a successor log begin with ``log-g2``.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.foundation.ledger.layout import make_private_directory, sync_directory, write_durably
from zonary.foundation.ledger.module_keys import ModuleKey, is_module_key, uses_module
from zonary.proof.errors import Error
from zonary.proof.tlog.cosignature import MlDsaSigningKey, mldsa_available
from zonary.proof.tlog.endorsement import endorse
from zonary.proof.tlog.keys import ED25519, Signer, VerifierKey
from zonary.proof.tlog.notes import SigningKey

_Key = TypeVar("_Key", SigningKey, MlDsaSigningKey, ModuleKey)


@dataclass(frozen=True, slots=True)
class LogKeys:
    """What signs one log's checkpoints: Ed25519 always, ML-DSA-44 where the machine can; and what once did.

    Losing these keys ends the log (a successor names its last checkpoint). Whoever copies them can sign a second
    history, which only those who kept an earlier checkpoint can tell from the first.

    ``endorsements`` are signed notes by which earlier keys name later ones, as they are stored.
    """

    origin: str
    signers: tuple[Signer, ...] = field(repr=False)
    retired: tuple[VerifierKey, ...] = ()
    endorsements: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def verifiers(self) -> tuple[VerifierKey, ...]:
        """Every key that signs or has signed, those that sign first."""
        return (*(signer.verifier for signer in self.signers), *self.retired)


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """The files of the pair ``number`` (from 1) of the keys called ``stem``; ``suffix`` is that of secrets."""

    directory: Path
    stem: str
    number: int
    suffix: str = "skey"

    def secret(self, *, post_quantum: bool = False) -> Path:
        return self._path(self.suffix, post_quantum)

    def public(self, *, post_quantum: bool = False) -> Path:
        return self._path("vkey", post_quantum)

    def endorsement(self, *, post_quantum: bool = False) -> Path:
        return self._path("endorsement", post_quantum)

    @property
    def is_retired(self) -> bool:
        return self.public().exists()

    def _path(self, suffix: str, post_quantum: bool) -> Path:
        number = "" if self.number == 1 else f".{self.number}"
        return self.directory / f"{self.stem}{'-mldsa44' if post_quantum else ''}{number}.{suffix}"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """An Ed25519 key and, where there is one, the ML-DSA-44 key beside it; ``signers`` is empty once retired."""

    place: KeyPlace
    signers: tuple[Signer, ...] = field(repr=False)
    verifiers: tuple[VerifierKey, ...]


def stem_of(name: str, generation: int) -> str:
    """How the keys of this generation of the log ``name`` (``main`` or ``open``) are called."""
    stem = "log" if name == "main" else "openlog"
    return stem if generation == 1 else f"{stem}-g{generation}"


def read_pairs(directory: Path, stem: str, *, post_quantum: bool = True) -> list[KeyPair]:
    """The pairs called ``stem``, the oldest first; nothing is written.

    :raises KeyMismatchError: when one is missing, cannot be read, or is of another log than the first.
    """
    pairs = [_read_pair(place, post_quantum) for place in places(directory, stem)]
    for pair in pairs:
        name = pairs[0].verifiers[0].name
        for key in pair.verifiers:
            if key.name != name:
                raise KeyMismatchError(
                    "{path} is a key of “{other}”, not of “{name}”. Put the right key back.",
                    path=str(pair.place.secret(post_quantum=key.kind != ED25519)),
                    other=key.name,
                    name=name,
                )
    return pairs


def read_keys(directory: Path, stem: str, *, origin: str | None, post_quantum: bool = True) -> LogKeys | None:
    """The keys called ``stem``, or None when there are none yet; nothing is written.

    :param origin: the log's configured name, if there is one.
    :raises KeyMismatchError: when they carry another name, or do not belong together, or cannot be read.
    """
    pairs = read_pairs(directory, stem, post_quantum=post_quantum)
    if not pairs:
        return None
    name = pairs[0].verifiers[0].name
    if origin is not None and origin != name:
        raise KeyMismatchError(
            "This log is called “{name}” and keeps that name; “{origin}” would be another log. Start without --origin, "
            "or with another --data directory.",
            name=name,
            origin=origin,
        )
    endorsements = [
        path.read_bytes()
        for pair in pairs
        for path in (pair.place.endorsement(), pair.place.endorsement(post_quantum=True))
        if path.exists()
    ]
    return LogKeys(
        name,
        tuple(signer for pair in pairs for signer in pair.signers),
        tuple(key for pair in pairs if not pair.signers for key in pair.verifiers),
        tuple(endorsements),
    )


def open_keys(directory: Path, stem: str, *, origin: str | None, post_quantum: bool = True) -> LogKeys | None:
    """:func:`read_keys`, after making what a crash, or an older release, left unmade.

    :raises KeyMismatchError: as there; nothing is written then.
    """
    keys = read_keys(directory, stem, origin=origin, post_quantum=post_quantum)
    if keys is None:
        return None
    pairs = read_pairs(directory, stem, post_quantum=post_quantum)
    for pair in pairs:
        if pair.place.is_retired:
            erase_secrets(pair.place)
        elif post_quantum and mldsa_available() and not pair.place.secret(post_quantum=True).exists():
            write_key(pair.place.secret(post_quantum=True), MlDsaSigningKey.generate(keys.origin))
    for signer in keys.signers:
        if isinstance(signer, ModuleKey):
            signer.require_ready()  # said at the start, not by whoever signs later
    _endorse_each_other(read_pairs(directory, stem, post_quantum=post_quantum))
    return read_keys(directory, stem, origin=origin, post_quantum=post_quantum)


def make_keys(directory: Path, stem: str, *, origin: str | None, post_quantum: bool = True) -> LogKeys:
    """Fresh keys for a log called ``origin``, by default ``zonary/`` and 32 random hexadecimal digits.

    :raises Error: for a name no key can have.
    """
    name = origin or f"zonary/{secrets.token_hex(16)}"
    make_private_directory(directory)
    # A crash between the two files leaves the first: open_keys makes the second.
    write_key(KeyPlace(directory, stem, 1).secret(), new_signing_key(name))
    keys = open_keys(directory, stem, origin=name, post_quantum=post_quantum)
    assert keys is not None  # noqa: S101 - written above
    return keys


def retire_pair(pair: KeyPair) -> None:
    """Put the verifier keys of ``pair`` in the place of its secrets, which are destroyed. Run again it goes on.

    The Ed25519 key's file comes last: from then on the pair is retired, and what a crash leaves is finished by
    :func:`open_keys`.
    """
    for key in sorted(pair.verifiers, key=lambda key: key.kind == ED25519):
        write_durably(pair.place.public(post_quantum=key.kind != ED25519), key.encode().encode() + b"\n")
    erase_secrets(pair.place)


def erase_secrets(place: KeyPlace) -> None:
    """Destroy the secrets of a retired pair, if they are still there.

    :raises KeyMismatchError: when one is not that of the verifier key beside it: nobody said that it is retired.
    """
    for post_quantum in (True, False):
        secret, public = place.secret(post_quantum=post_quantum), place.public(post_quantum=post_quantum)
        if not secret.exists():
            continue
        found = _verifier_of(secret, post_quantum)
        if not public.exists():
            if found is None:
                continue
            write_durably(public, found.encode().encode() + b"\n")
        if found not in (None, read_public(public)):
            raise KeyMismatchError(
                "{path} is not the key whose retired form is {other}. Move away the one that does not belong here.",
                path=str(secret),
                other=str(public),
            )
        # What cannot be read any more was being overwritten when we were stopped: only files are, never the module.
        if found is not None and not post_quantum and isinstance(key := _read_first(secret), ModuleKey):
            key.destroy()
        erase(secret)


def new_signing_key(name: str) -> SigningKey | ModuleKey:
    """A fresh Ed25519 key: in the PKCS#11 module where the settings name one.

    :raises ModuleError: when that cannot be used.
    """
    return ModuleKey.generate(name) if uses_module() else SigningKey.generate(name)


def erase(secret: Path) -> None:
    """Overwrite and remove ``secret``. What copies the file system or the disk still has is out of our hands."""
    with open(secret, "r+b") as file:
        file.write(bytes(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())
    secret.unlink()
    sync_directory(secret.parent)


def write_key(path: Path, key: SigningKey | MlDsaSigningKey | ModuleKey) -> None:
    """Store a new secret; one that is there is never replaced."""
    write_durably(path, key.encode().encode("utf-8") + b"\n", replace=False)


def places(directory: Path, stem: str, suffix: str = "skey") -> list[KeyPlace]:
    """Where there are keys called ``stem``, retired or not. :raises KeyMismatchError: when there is a gap."""
    pattern = re.compile(re.escape(stem) + rf"(?:\.([1-9][0-9]{{0,3}}))?\.(?:{re.escape(suffix)}|vkey)")
    names = [path.name for path in directory.iterdir()] if directory.is_dir() else []
    numbers = {int(match[1] or 1) for match in map(pattern.fullmatch, names) if match}
    found = [KeyPlace(directory, stem, number, suffix) for number in range(1, max(numbers, default=0) + 1)]
    for place in found:
        if place.number not in numbers:
            raise KeyMismatchError(
                "{path} is missing, though a later key of the same log is there. Put it back from a backup; or, if it "
                "is lost, write its verifier key, a line of trust.txt, into {public}.",
                path=str(place.secret()),
                public=str(place.public()),
            )
    return found


def _read_pair(place: KeyPlace, post_quantum: bool) -> KeyPair:
    if place.is_retired:
        both = (place.public(), place.public(post_quantum=True))
        return KeyPair(place, (), tuple(read_public(path) for path in both if path.exists()))
    signers: list[Signer] = [_read_first(place.secret())]
    second = place.secret(post_quantum=True)
    if post_quantum and mldsa_available() and second.exists():
        signers.append(_read(second, MlDsaSigningKey))
    return KeyPair(place, tuple(signers), tuple(signer.verifier for signer in signers))


def _endorse_each_other(pairs: Sequence[KeyPair]) -> None:
    """Have every key endorsed by the Ed25519 keys of its log that are older and still there, unless one has already."""
    older: list[Signer] = []
    for pair in pairs:
        for signer in pair.signers:
            path = pair.place.endorsement(post_quantum=signer.verifier.kind != ED25519)
            if older and not path.exists():
                write_durably(path, endorse(signer.verifier, older))
            if signer.verifier.kind == ED25519:
                older.append(signer)


def _verifier_of(secret: Path, post_quantum: bool) -> VerifierKey | None:
    """The verifier key of ``secret``, or None when that is overwritten already, or cannot be read here."""
    try:
        key: Signer = _read(secret, MlDsaSigningKey) if post_quantum else _read_first(secret)
        return key.verifier
    except KeyMismatchError:
        return None


def read_public(path: Path) -> VerifierKey:
    """The verifier key that a retired one has left.

    :raises KeyMismatchError: when it cannot be read.
    """
    try:
        return VerifierKey.parse(path.read_text("utf-8").strip())
    except (OSError, UnicodeError, Error) as error:
        raise KeyMismatchError(
            "{path} cannot be read as a verifier key: {reason} Put it back from a backup.",
            path=str(path),
            reason=_reason(error),
        ) from error


def _read_first(path: Path) -> SigningKey | ModuleKey:
    """The Ed25519 key of a pair: in the file, or in the module that the file tells of."""
    try:
        in_module = is_module_key(path.read_text("utf-8"))
    except (OSError, UnicodeError):
        in_module = False
    return _read(path, ModuleKey) if in_module else _read(path, SigningKey)


def _read(path: Path, kind: type[_Key]) -> _Key:
    try:
        return kind.parse(path.read_text("utf-8").strip())
    except (OSError, UnicodeError, Error) as error:
        raise KeyMismatchError(
            "{path} cannot be read as a signing key: {reason} Put the key back from a backup; the log cannot go on "
            "without it.",
            path=str(path),
            reason=_reason(error),
        ) from error


def _reason(error: Exception) -> Error | str:
    return error if isinstance(error, Error) else f"{getattr(error, 'strerror', None) or error}."

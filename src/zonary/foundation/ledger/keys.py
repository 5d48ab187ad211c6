"""The log's signing keys: made at first start, kept in files only their owner can read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.foundation.ledger.layout import make_private_directory, write_durably
from zonary.proof.errors import Error
from zonary.proof.tlog.cosignature import MlDsaSigningKey, mldsa_available
from zonary.proof.tlog.keys import Signer, VerifierKey
from zonary.proof.tlog.notes import SigningKey

_Key = TypeVar("_Key", SigningKey, MlDsaSigningKey)


@dataclass(frozen=True, slots=True)
class LogKeys:
    """What signs one log's checkpoints: Ed25519 always, ML-DSA-44 where the machine can.

    Losing these keys ends the log (a successor names its last checkpoint). Whoever copies them can sign a second
    history, which only those who kept an earlier checkpoint can tell from the first.
    """

    origin: str
    signers: tuple[Signer, ...] = field(repr=False)

    @property
    def verifiers(self) -> tuple[VerifierKey, ...]:
        return tuple(signer.verifier for signer in self.signers)


def open_keys(directory: Path, stem: str, *, origin: str | None, post_quantum: bool = True) -> LogKeys | None:
    """The keys ``stem``.skey and ``stem``-mldsa44.skey, or None when there are none yet.

    :param origin: the log's configured name, if there is one.
    :raises KeyMismatchError: when they carry another name, or cannot be read.
    """
    path = directory / f"{stem}.skey"
    if not path.exists():
        return None
    key = _read(path, SigningKey)
    name = key.verifier.name
    if origin is not None and origin != name:
        raise KeyMismatchError(
            "This log is called “{name}” and keeps that name; “{origin}” would be another log. Start without --origin, "
            "or with another --data directory.",
            name=name,
            origin=origin,
        )
    signers: list[Signer] = [key]
    second = directory / f"{stem}-mldsa44.skey"
    if post_quantum and mldsa_available():
        if not second.exists():
            _write_key(second, MlDsaSigningKey.generate(name))
        signers.append(_read(second, MlDsaSigningKey))
        if signers[1].verifier.name != name:
            raise KeyMismatchError(
                "{path} is a key of “{other}”, not of “{name}”. Put the right key back.",
                path=str(second),
                other=signers[1].verifier.name,
                name=name,
            )
    return LogKeys(name, tuple(signers))


def make_keys(directory: Path, stem: str, *, origin: str | None, post_quantum: bool = True) -> LogKeys:
    """Fresh keys for a log called ``origin``, by default ``zonary/`` and 32 random hexadecimal digits.

    :raises Error: for a name no key can have.
    """
    name = origin or f"zonary/{secrets.token_hex(16)}"
    make_private_directory(directory)
    # A crash between the two files leaves the first: open_keys makes the second.
    _write_key(directory / f"{stem}.skey", SigningKey.generate(name))
    keys = open_keys(directory, stem, origin=name, post_quantum=post_quantum)
    assert keys is not None  # noqa: S101 - written above
    return keys


def _write_key(path: Path, key: SigningKey | MlDsaSigningKey) -> None:
    write_durably(path, key.encode().encode("utf-8") + b"\n", replace=False)


def _read(path: Path, kind: type[_Key]) -> _Key:
    try:
        return kind.parse(path.read_text("utf-8").strip())
    except (OSError, UnicodeError, Error) as error:
        raise KeyMismatchError(
            "{path} cannot be read as a signing key: {reason} Put the key back from a backup; the log cannot go on "
            "without it.",
            path=str(path),
            reason=error if isinstance(error, Error) else f"{getattr(error, 'strerror', None) or error}.",
        ) from error

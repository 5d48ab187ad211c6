"""The SM2 keys that sign a second tree: in files, and changed as those of the log are (``keys.py``).

The first is ``log-sm2.pem`` (PKCS #8), the next ``log-sm2.2.pem``; while one gives way to the next both sign. A retired
one has left its verifier key (``.vkey``) in the place of its secret. Every key but the first is endorsed
(``.endorsement``) by the log's Ed25519 keys and by the SM2 keys before it. The keys of a log that has ended are all
retired, and ``log-sm2.checkpoint`` is the last that they signed: what its published form can be written anew with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.foundation.ledger.keys import KeyPlace, LogKeys, erase, places, read_public
from zonary.foundation.ledger.layout import write_durably
from zonary.proof.errors import Error
from zonary.proof.sm2 import SM2PrivateKey
from zonary.proof.tlog.endorsement import Endorsement, endorse
from zonary.proof.tlog.keys import SM2, VerifierKey
from zonary.proof.tlog.sm2 import Sm2SigningKey, second_origin


@dataclass(frozen=True, slots=True)
class SecondKey:
    """One of them; ``signer`` is None once it is retired."""

    place: KeyPlace
    verifier: VerifierKey
    signer: Sm2SigningKey | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class SecondKeys:
    """All of one second tree, the oldest first."""

    every: tuple[SecondKey, ...]

    @property
    def signers(self) -> tuple[Sm2SigningKey, ...]:
        return tuple(key.signer for key in self.every if key.signer)

    @property
    def verifiers(self) -> tuple[VerifierKey, ...]:
        """Every key that signs or has signed, those that sign first."""
        return tuple(key.verifier for key in sorted(self.every, key=lambda key: key.signer is None))

    @property
    def endorsements(self) -> tuple[bytes, ...]:
        paths = (key.place.endorsement() for key in self.every)
        return tuple(path.read_bytes() for path in paths if path.exists())


def stem_of_second(stem: str) -> str:
    """How the keys of the second tree are called, of the log whose keys are called ``stem``."""
    return f"{stem}-sm2"


def last_checkpoint(directory: Path, stem: str) -> Path:
    """Where the last checkpoint of a second tree lies whose log has ended."""
    return directory / f"{stem_of_second(stem)}.checkpoint"


def read_second_keys(directory: Path, stem: str, origin: str) -> SecondKeys:
    """Those of the second tree of the log ``origin``; none where it has none. Nothing is written.

    :raises KeyMismatchError: when one is missing or cannot be read, also because this machine has no SM2.
    """
    return SecondKeys(tuple(_read(place, origin) for place in places(directory, stem_of_second(stem), "pem")))


def read_retired_keys(directory: Path, stem: str, origin: str) -> SecondKeys:
    """Those that are retired: all there are of a log that has ended, and read without SM2, too."""
    retired = (place for place in places(directory, stem_of_second(stem), "pem") if place.is_retired)
    return SecondKeys(tuple(_read(place, origin) for place in retired))


def make_second_key(directory: Path, stem: str) -> Path:
    """A further key; :func:`open_second_keys` has it endorsed, also after a crash.

    :raises UnsupportedError: where this machine has no SM2.
    """
    number = len(places(directory, stem_of_second(stem), "pem")) + 1
    path = KeyPlace(directory, stem_of_second(stem), number, "pem").secret()
    write_durably(path, SM2PrivateKey.generate().pem(), replace=False)
    return path


def open_second_keys(directory: Path, stem: str, log: LogKeys) -> SecondKeys:
    """:func:`read_second_keys`, after making what a crash left unmade.

    :raises KeyMismatchError: as there; nothing is written then.
    """
    keys = read_second_keys(directory, stem, log.origin)
    for key in keys.every:
        if key.signer is None:
            _erase_secret(key)
    _endorse_each_other(keys.every, log)
    return keys


def retire_second_key(key: SecondKey) -> None:
    """Put its verifier key in the place of its secret, which is destroyed; after a crash between, by the next start."""
    write_durably(key.place.public(), key.verifier.encode().encode() + b"\n")
    _erase_secret(key)


def _read(place: KeyPlace, origin: str) -> SecondKey:
    signer = None if place.is_retired else Sm2SigningKey.of(second_origin(origin), _secret(place.secret()))
    verifier = signer.verifier if signer else read_public(place.public())
    if verifier.name != second_origin(origin) or verifier.kind != SM2:
        raise KeyMismatchError(
            "{path} is a key of “{other}”, not of “{name}”. Put the right key back.",
            path=str(place.public()),
            other=verifier.name,
            name=second_origin(origin),
        )
    return SecondKey(place, verifier, signer)


def _secret(path: Path) -> SM2PrivateKey:
    try:
        return SM2PrivateKey.from_pem(path.read_bytes())
    except (OSError, Error) as error:
        raise KeyMismatchError(
            "{path} cannot be read as an SM2 key: {reason} Put it back from a backup.",
            path=str(path),
            reason=error if isinstance(error, Error) else f"{error.strerror or error}.",
        ) from error


def _erase_secret(key: SecondKey) -> None:
    """:raises KeyMismatchError: when it is another key's: nobody said that that one is retired."""
    path = key.place.secret()
    if not path.exists():
        return
    try:
        found: SM2PrivateKey | None = _secret(path)
    except KeyMismatchError:
        found = None  # it was being overwritten when we were stopped
    if found is not None and Sm2SigningKey.of(key.verifier.name, found).verifier != key.verifier:
        raise KeyMismatchError(
            "{path} is not the key whose retired form is {other}. Move away the one that does not belong here.",
            path=str(path),
            other=str(key.place.public()),
        )
    erase(path)


def _endorse_each_other(keys: Sequence[SecondKey], log: LogKeys) -> None:
    """Have every key endorsed by the SM2 keys that are older and still there, beside the log's, unless it is."""
    older: list[Sm2SigningKey] = []
    for key in keys:
        path = key.place.endorsement()
        if key.signer and older and not (path.exists() and Endorsement.parse(path.read_bytes()).key == key.verifier):
            write_durably(path, endorse(key.verifier, [*log.signers, *older]))
        if key.signer:
            older.append(key.signer)

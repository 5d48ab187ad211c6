"""Whether the keys are there, can be read, and by nobody else."""

from __future__ import annotations

import re
import shlex
import stat
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from zonary.foundation.ledger.authority import BuiltIn, built_in, keys_in_module, load_authority, require_ready
from zonary.foundation.ledger.checkup.findings import Finding, Severity, of_error
from zonary.foundation.ledger.errors import KeyMismatchError
from zonary.foundation.ledger.keys import LogKeys, read_keys, read_pairs, stem_of
from zonary.foundation.ledger.layout import PRIVATE_DIRECTORY, PRIVATE_FILE, DataDirectory
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.module_keys import ModuleKey
from zonary.proof.errors import Error
from zonary.proof.package.report import Sentence
from zonary.proof.tlog.cosignature import mldsa_available

_SECRET = re.compile(r"log(?:-g([1-9][0-9]*))?(?:\.[1-9][0-9]*)?\.skey")


def log_keys_of(data: DataDirectory) -> LogKeys:
    """The keys of the zone's own log, as they lie there; none is made.

    :raises KeyMismatchError: when they are missing, cannot be read, or do not belong together.
    """
    keys = read_keys(data.keys, _stem(data), origin=None)
    if keys is None or not keys.signers:
        raise KeyMismatchError(
            "The log in {path} exists, but its signing key {key} is missing. Put the key back from a backup; "
            "without it the log cannot go on.",
            path=str(data.path),
            key=str(data.keys / f"{_stem(data)}.skey"),
        )
    for signer in keys.signers:
        if isinstance(signer, ModuleKey):
            signer.require_ready()
    return keys


def _stem(data: DataDirectory) -> str:
    """How the keys that sign are called: the database, which knows, is not asked before its files are looked at.

    Of logs that have ended no secrets are left, and those of a successor that has not begun come later.
    """
    names = [path.name for path in data.keys.iterdir()] if data.keys.is_dir() else []
    return stem_of(MAIN, min((int(found[1] or 1) for found in map(_SECRET.fullmatch, names) if found), default=1))


def _second(data: DataDirectory) -> Path:
    """The newest ML-DSA-44 key, whether it is there or not."""
    return read_pairs(data.keys, _stem(data))[-1].place.secret(post_quantum=True)


def check_keys(data: DataDirectory, _now: datetime) -> Iterator[Finding]:
    sound, origin, signers = True, "", []
    try:
        keys = log_keys_of(data)
        origin, signers = keys.origin, [isinstance(signer, ModuleKey) for signer in keys.signers]
    except Error as error:
        sound = False
        yield of_error("keys", error)
    else:
        if mldsa_available() and not _second(data).exists():
            sound = False
            yield Finding(
                "keys",
                Severity.WARNING,
                Sentence("{path} is missing.", {"path": str(_second(data))}),
                Sentence(
                    "Put it back from a backup; else the next start makes a new one, and the trust file has to be "
                    "handed out again."
                ),
            )
    for of in built_in(data):
        in_module = _authority_keys(data, of)
        if isinstance(in_module, Finding):
            sound = False
            yield in_module
        else:
            signers += in_module
    if sound:
        told = {"origin": origin}
        found = Sentence("The keys of the log “{origin}” and of its timestamp authority are there.", told)
        yield Finding("keys", Severity.OK, found)
        yield Finding("keys", Severity.OK, _where(signers))


def _authority_keys(data: DataDirectory, of: BuiltIn) -> list[bool] | Finding:
    """Of each of its two keys, whether it lies in a module; or what is wrong with them."""
    try:
        authority = load_authority(data, of)
        authority.authority()
        require_ready(authority)
    except OSError as error:
        return Finding(
            "keys",
            Severity.FAULT,
            Sentence(
                "The timestamp authority's {path} cannot be read: {reason}.",
                {"path": str(error.filename), "reason": error.strerror or str(error)},
            ),
            Sentence(
                "Put it back from a backup; or move {files} of the data directory and of its keys away, and a new "
                "authority is made.",
                {"files": of.every_file},
            ),
        )
    except Error as error:
        return of_error("keys", error)
    return keys_in_module(authority)


def _where(signers: Sequence[bool]) -> Sentence:
    """Where the keys that sign lie.

    :param signers: of each, whether it lies in a module.
    """
    inside = sum(signers)
    if not inside:
        return Sentence("Every key that signs lies in a file that only its owner reads, none behind PKCS#11.")
    told: dict[str, str | int | Error] = {"inside": inside, "count": len(signers)}
    return Sentence("Of {count} keys that sign, {inside} lie behind PKCS#11, the others in files.", told)


def check_modes(data: DataDirectory, _now: datetime) -> Iterator[Finding]:
    owner = data.path.stat().st_uid
    checked = 0
    open_ones = 0
    for path, wanted in _private(data):
        found = path.lstat()
        checked += 1
        mode = stat.S_IMODE(found.st_mode)
        if mode & 0o077:
            open_ones += 1
            yield Finding(
                "key-modes",
                Severity.FAULT,
                Sentence("{path} is open to other users (mode {mode}).", {"path": str(path), "mode": f"{mode:o}"}),
                Sentence("Type: {command}", {"command": f"chmod {wanted:o} {shlex.quote(str(path))}"}),
            )
        if found.st_uid != owner:
            open_ones += 1
            yield Finding(
                "key-modes",
                Severity.FAULT,
                Sentence(
                    "{path} belongs to user {owner}, the data directory to user {other}.",
                    {"path": str(path), "owner": found.st_uid, "other": owner},
                ),
                Sentence("Type: {command}", {"command": f"chown {owner} {shlex.quote(str(path))}"}),
            )
    if not open_ones:
        yield Finding(
            "key-modes",
            Severity.OK,
            Sentence("Keys, token and database ({count} files) are their owner's alone.", {"count": checked}),
        )


def _private(data: DataDirectory) -> Iterator[tuple[Path, int]]:
    """What nobody else may look into, and the mode it ought to have."""
    yield data.path, PRIVATE_DIRECTORY
    if data.keys.is_dir():
        yield data.keys, PRIVATE_DIRECTORY
        for path in sorted(data.keys.iterdir()):
            yield path, PRIVATE_FILE
    for path in (data.token, *sorted(data.path.glob(f"{data.database.name}*"))):
        if path.exists():
            yield path, PRIVATE_FILE

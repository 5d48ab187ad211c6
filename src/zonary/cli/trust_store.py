"""The user's own trust: one C2SP policy file a server, in the user's configuration directory.

Owned by the user, never by a package. A key that differs from the pinned one is refused until the user removes it,
unless a pinned key of the same log, or of its predecessor, endorses it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zonary.cli.config_home import config_directory
from zonary.cli.durable import open_regular
from zonary.proof.errors import Error, MalformedError
from zonary.proof.tlog.keys import VerifierKey
from zonary.proof.trust import MAX_TRUST_BYTES, Trust, learn, parse_trust

_SUFFIX = ".trust"


@dataclass(frozen=True, slots=True)
class Pinned:
    """One file of the store."""

    name: str
    path: Path
    trust: Trust


@dataclass(frozen=True, slots=True)
class Pinning:
    """The trust in force for a server; whether it was pinned just now; which keys were learned from pinned ones."""

    trust: Trust
    fresh: bool = False
    learned: tuple[VerifierKey, ...] = ()


class KeysChangedError(Error):
    """A server shows other keys than those pinned for it."""


def store_directory() -> Path:
    return config_directory() / "trust"


def pinned() -> Iterator[Pinned]:
    """Everything in the store, by name. :raises MalformedError: naming the file that is not understood."""
    directory = store_directory()
    if directory.is_dir():
        for path in sorted(directory.glob(f"*{_SUFFIX}")):
            yield Pinned(path.stem, path, read_trust_file(path))


def forget(name: str) -> bool:
    """Remove ``name`` from the store, whatever its file holds; whether it was there."""
    for path in store_directory().glob(f"*{_SUFFIX}"):
        if path.stem == name:
            path.unlink()
            return True
    return False


def read_trust_file(path: Path) -> Trust:
    """The trust file at ``path``. :raises MalformedError: naming the file; :raises OSError: when it cannot be read."""
    with open_regular(path) as file:
        data = file.read(MAX_TRUST_BYTES + 1)
    try:
        return parse_trust(data)
    except MalformedError as error:
        raise MalformedError(
            "The trust file {path}: {reason} Mend it, or remove it.", path=str(path), reason=error
        ) from error


def name_for(url: str) -> str:
    """A file name for a server's URL: readable, and different for different URLs."""
    readable = re.sub(r"[^A-Za-z0-9.]+", "-", url.split("://")[-1]).strip("-.")[:60]
    return f"{readable or 'server'}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"


def pin(url: str, text: bytes) -> Pinning:
    """Trust the server at ``url`` as it shows itself now; if it was pinned before, only what pinned keys endorse.

    :param text: the trust file the server shows, the log it writes now first.
    :raises KeysChangedError: when it was pinned before, and no pinned key is, or endorses, a key of its present log.
    """
    shown = parse_trust(text)
    if not shown.logs:
        raise MalformedError("The server at {url} shows no log key.", url=url)
    path = store_directory() / f"{name_for(url)}{_SUFFIX}"
    if path.exists():
        known = read_trust_file(path)
        trust = learn(known, shown)
        present = {key for key in shown.log_keys if key.name == shown.log_keys[0].name}
        if present & set(trust.log_keys):
            return _with_learned(path.stem, url, known, trust)
        raise KeysChangedError(
            "The server at {url} shows other log keys than those you pinned in {path}: it was set up anew, or somebody "
            "stands between you and it. Ask its operator; only if he confirms the new keys, type “zonary trust remove "
            "{name}” and seal again.",
            url=url, path=str(path), name=path.stem,
        )  # fmt: skip
    refuse_conflict(path.stem, shown)
    save(path.stem, shown, note=f"pinned on first use from {url}")
    return Pinning(shown, fresh=True)


def _with_learned(name: str, url: str, known: Trust, trust: Trust) -> Pinning:
    learned = trust.log_keys[len(known.log_keys) :]
    if learned:
        refuse_conflict(name, trust)
        save(name, trust, note=f"pinned on first use from {url}, with keys that pinned ones have endorsed since")
    return Pinning(trust, learned=learned)


def refuse_conflict(name: str, new: Trust) -> None:
    """A log you trust already gets no further key from elsewhere: whoever had it could sign in that log's name.

    Unless a key you trust endorses it, and ``new`` brings the endorsement along.

    :raises KeysChangedError: when ``new``, to be stored as ``name``, names a log of another stored file with a key that
        file does not have.
    """
    for known in pinned():
        theirs = {log.key.name for log in known.trust.logs}
        accepted = learn(known.trust, new).log_keys
        for log in new.logs:
            if known.name != name and log.key.name in theirs and log.key not in accepted:
                raise KeysChangedError(
                    "This names the log “{origin}” with the key {id}, but you trust that log already with another key, "
                    "in “{name}”. Ask the log's operator which is right; to replace it, type “zonary trust remove "
                    "{name}” first.",
                    origin=log.key.name, id=log.key.key_id.hex(), name=known.name,
                )  # fmt: skip


def save(name: str, trust: Trust, *, note: str) -> Path:
    """Write ``trust`` as ``name`` (atomically), and say where."""
    directory = store_directory()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory / f"{name}{_SUFFIX}"
    temporary = directory / f".{name}.{os.getpid()}"
    temporary.write_bytes(f"# {note}\n".encode() + trust.encode())
    temporary.replace(path)
    return path

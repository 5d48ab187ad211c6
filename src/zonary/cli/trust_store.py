"""The user's own trust: one C2SP policy file a server, in the user's configuration directory.

Owned by the user, never by a package. A key that differs from the pinned one is refused until the user removes it.
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
from zonary.proof.trust import MAX_TRUST_BYTES, Trust, parse_trust

_SUFFIX = ".trust"


@dataclass(frozen=True, slots=True)
class Pinned:
    """One file of the store."""

    name: str
    path: Path
    trust: Trust


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


def pin(url: str, text: bytes) -> tuple[Trust, bool]:
    """Trust the server at ``url`` as it shows itself now, unless it was pinned before.

    :param text: the trust file the server shows.
    :returns: the trust in force for it, and whether it was pinned just now.
    :raises KeysChangedError: when it was pinned before with other keys.
    """
    shown = parse_trust(text)
    if not shown.logs:
        raise MalformedError("The server at {url} shows no log key.", url=url)
    path = store_directory() / f"{name_for(url)}{_SUFFIX}"
    if path.exists():
        known = read_trust_file(path)
        if set(shown.log_keys) & set(known.log_keys):
            return known, False
        raise KeysChangedError(
            "The server at {url} shows other log keys than those you pinned in {path}: it was set up anew, or somebody "
            "stands between you and it. Ask its operator; only if he confirms the new keys, type “zonary trust remove "
            "{name}” and seal again.",
            url=url, path=str(path), name=path.stem,
        )  # fmt: skip
    refuse_conflict(path.stem, shown)
    save(path.stem, shown, note=f"pinned on first use from {url}")
    return shown, True


def refuse_conflict(name: str, new: Trust) -> None:
    """A log you trust already gets no further key from elsewhere: whoever had it could sign in that log's name.

    :raises KeysChangedError: when ``new``, to be stored as ``name``, names a log of another stored file with a key that
        file does not have.
    """
    for known in pinned():
        theirs = {log.key.name for log in known.trust.logs}
        for log in new.logs:
            if known.name != name and log.key.name in theirs and log.key not in known.trust.log_keys:
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

"""Where things lie in a data directory."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PRIVATE_DIRECTORY = 0o700
PRIVATE_FILE = 0o600


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """The names in the directory ``path``; whoever creates one of them says so in its own module."""

    path: Path

    @property
    def database(self) -> Path:
        return self.path / "zonary.sqlite3"

    @property
    def log(self) -> Path:
        """Checkpoint and tiles of the zone's own log; may be served by any static web server."""
        return self.path / "log"

    @property
    def open_log(self) -> Path:
        return self.path / "openlog"

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def token(self) -> Path:
        return self.path / "token"

    @property
    def trust(self) -> Path:
        return self.path / "trust.txt"

    @property
    def open_log_vkey(self) -> Path:
        return self.path / "openlog.vkey"

    @property
    def clock(self) -> Path:
        """What the watch over the clock found last."""
        return self.path / "clock.json"

    @property
    def certificate_revocations(self) -> Path:
        """The revocation list of the root behind evidence certificates."""
        return self.path / "certificate-crl.der"

    @property
    def server_log(self) -> Path:
        """What the server writes about itself, a file a day."""
        return self.path / "server-log"

    @property
    def lock(self) -> Path:
        return self.path / "lock"


def log_folder(name: str, generation: int) -> str:
    """The folder of the log ``name`` (``main`` or ``open``) below the place where logs are published."""
    folder = "log" if name == "main" else "openlog"
    return folder if generation == 1 else f"{folder}-{generation}"


def make_private_directory(path: Path) -> None:
    """Make ``path``, with parents, readable by its owner alone; one that exists is left as it is."""
    path.mkdir(mode=PRIVATE_DIRECTORY, parents=True, exist_ok=True)


def write_durably(path: Path, data: bytes, *, mode: int = PRIVATE_FILE, replace: bool = True) -> None:
    """Write ``path`` so that a crash leaves either nothing (or the old file), or all of it.

    :param replace: when false, an existing file is an error.
    :raises FileExistsError: when it exists and is not to be replaced.
    """
    staged = path.with_name(f".{path.name}.new")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with open(descriptor, "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if replace:
        staged.replace(path)
    else:
        # A link, unlike a rename, never takes the place of what is there.
        try:
            os.link(staged, path)
        finally:
            staged.unlink()
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make the names in ``path`` survive a power cut, not only the files."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

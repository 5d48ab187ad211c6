"""The user's own configuration: which directory it is, and the access tokens kept in it.

``tokens.json`` maps a server's URL to the token for it. It is written whole or not at all, readable by its owner alone.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from zonary.proof.errors import Error, MalformedError

_TOKENS = "tokens.json"
MAX_TOKENS_BYTES = 1024 * 1024


def config_directory() -> Path:
    """``$XDG_CONFIG_HOME/zonary``, else ``~/.config/zonary``; it need not exist."""
    home = os.environ.get("XDG_CONFIG_HOME", "")
    # The XDG specification: a relative path is to be ignored.
    base = Path(home) if os.path.isabs(home) else Path.home() / ".config"
    return base / "zonary"


def state_directory() -> Path:
    """``$XDG_STATE_HOME/zonary``, else ``~/.local/state/zonary``; it need not exist."""
    home = os.environ.get("XDG_STATE_HOME", "")
    base = Path(home) if os.path.isabs(home) else Path.home() / ".local" / "state"
    return base / "zonary"


def store_token(url: str, token: str) -> Path:
    """Keep ``token`` for the server at ``url``, in place of an earlier one; returns the file it is in.

    :raises MalformedError: when the file is there and is not what this module writes; it is left as it is.
    :raises OSError: when it cannot be written.
    """
    directory = config_directory()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory / _TOKENS
    with _locked(directory):
        tokens = _read(path)
        tokens[_normal(url)] = token
        staged = path.with_name(f".{_TOKENS}.new")
        staged.unlink(missing_ok=True)
        descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            json.dump(tokens, file, indent=2, sort_keys=True)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        staged.replace(path)
    return path


def find_token(url: str) -> str | None:
    """The token kept for the server at ``url``, if there is one.

    :raises MalformedError: when the file is not what this module writes.
    :raises Error: when others may read the file.
    """
    path = config_directory() / _TOKENS
    tokens = _read(path)
    if tokens and path.stat().st_mode & 0o077:
        raise Error("Others may read {path}. Type: chmod 600 {path}", path=str(path))
    return tokens.get(_normal(url))


def _read(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_TOKENS_BYTES + 1)
    except FileNotFoundError:
        return {}
    try:
        tokens = json.loads(data) if len(data) <= MAX_TOKENS_BYTES else None
    except (ValueError, RecursionError):
        tokens = None
    if not isinstance(tokens, dict) or not all(isinstance(token, str) for token in tokens.values()):
        raise MalformedError("{path} does not map URLs to tokens. Move it away and start again.", path=str(path))
    return tokens


def _normal(url: str) -> str:
    return url.rstrip("/")


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    descriptor = os.open(directory / ".tokens.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

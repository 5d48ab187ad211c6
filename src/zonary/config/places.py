"""Where things go that are not in the data directory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def kept_directory(environment: Mapping[str, str]) -> Path:
    """``$XDG_STATE_HOME/zonary/checkpoints``, else below ``~/.local/state``; it need not exist.

    A user without a home, such as that of a container, gets a directory in which nothing can be written, and is told
    so when a checkpoint is to be kept.
    """
    state = environment.get("XDG_STATE_HOME", "")
    # The XDG specification: a relative path is to be ignored.
    base = Path(state) if os.path.isabs(state) else Path(environment.get("HOME") or "/nonexistent") / ".local" / "state"
    return base / "zonary" / "checkpoints"

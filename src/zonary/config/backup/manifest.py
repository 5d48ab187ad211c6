"""What a backup says of itself: its first file."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec

from zonary.config.backup.errors import BackupError

FORMAT: Final = "zonary-backup/1"


class SavedLog(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A log, the folder it is published in, and how many entries of it are committed in the saved database."""

    origin: str
    folder: str
    size: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``at_rest``: no server ran, and everything recorded was published. ``left_out``: names of
    :data:`zonary.config.backup.telling.LEFT_OUT`. ``migrations``: application -> those its tables have had."""

    format: str
    made_at: datetime
    release: str
    database: Literal["sqlite", "postgresql"]
    logs: tuple[SavedLog, ...]
    at_rest: bool
    left_out: tuple[str, ...]
    migrations: dict[str, tuple[str, ...]]

    def encode(self) -> bytes:
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def parse_manifest(data: bytes) -> Manifest:
    """:raises BackupError: when it is none that this release knows."""
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, RecursionError):
        found = _format(data)
        if found.startswith("zonary-backup/") and found != FORMAT:
            raise BackupError(
                "The backup is of the format {format}, which this release of Zonary does not know.", format=found
            ) from None
        raise BackupError("What the file holds is no backup of Zonary.") from None
    if manifest.format != FORMAT or manifest.made_at.tzinfo is None or not manifest.logs:
        raise BackupError("What the file holds is no backup of Zonary.")
    return manifest


def _format(data: bytes) -> str:
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return ""
    return str(value.get("format", "")) if isinstance(value, dict) else ""

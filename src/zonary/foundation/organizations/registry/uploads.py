"""Files of registries that officers upload: kept by their digest until they are read in, or a day.

They lie in the data directory, so of several servers the one that was sent a file reads it in.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from zonary.foundation.ledger.layout import DataDirectory, make_private_directory
from zonary.foundation.organizations.registry.files import digest_of

KEPT = timedelta(days=1)
_DIGEST = re.compile(r"[0-9a-f]{64}")


def keep_upload(data: DataDirectory, pieces: Iterable[bytes]) -> str:
    """Keep a file; returns its SHA-256. The same file twice is one."""
    folder = _folder(data)
    make_private_directory(folder)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".arriving-")
    path = Path(name)
    try:
        with open(descriptor, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        digest = digest_of(path)
        path.replace(folder / digest)
    finally:
        path.unlink(missing_ok=True)
    return digest


def upload_of(data: DataDirectory, digest: str) -> Path | None:
    """The file with this digest, if it is here."""
    path = _folder(data) / digest
    return path if _DIGEST.fullmatch(digest) and path.is_file() else None


def forget_upload(data: DataDirectory, digest: str) -> None:
    path = upload_of(data, digest)
    if path is not None:
        path.unlink(missing_ok=True)


def outdated_uploads(data: DataDirectory, at: datetime) -> Iterator[Path]:
    """Files that nobody has looked at for a day."""
    folder = _folder(data)
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < (at - KEPT).timestamp():
            yield path


def _folder(data: DataDirectory) -> Path:
    return data.path / "registry-uploads"

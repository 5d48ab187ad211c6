"""The files that are sealed: random bytes, made once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

SMALL_FILES = 100_000
_FOLDERS = 100
BIG_BYTES = 2_000_000_000
_BLOCK = 8 * 1024 * 1024


def small_files(root: Path, size: int, count: int) -> Path:
    """``count`` files of ``size`` bytes in a hundred folders."""
    folder = root / f"small-{count}-{size}"
    if not folder.is_dir():
        making = root / f".{folder.name}"
        shutil.rmtree(making, ignore_errors=True)
        for number in range(min(_FOLDERS, count)):
            (making / f"d{number:02d}").mkdir(parents=True)
        for number in range(count):
            (making / f"d{number % _FOLDERS:02d}" / f"f{number:06d}.bin").write_bytes(os.urandom(size))
        making.rename(folder)
    return folder


def big_file(root: Path, size: int) -> Path:
    """One file of ``size`` bytes."""
    path = root / f"big-{size}.bin"
    if not path.exists():
        making = root / f".{path.name}"
        with making.open("wb") as file:
            for start in range(0, size, _BLOCK):
                file.write(os.urandom(min(_BLOCK, size - start)))
        making.rename(path)
    return path

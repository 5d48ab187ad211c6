"""The files that are sealed: made once in the bench directory, random, of the sizes claimed."""

from __future__ import annotations

import os
from pathlib import Path

_BLOCK = 1024 * 1024


def large_file(path: Path, size: int) -> Path:
    """One file of ``size`` bytes."""
    if not path.exists() or path.stat().st_size != size:
        with path.open("wb") as file:
            for _ in range(size // _BLOCK):
                file.write(os.urandom(_BLOCK))
    _read(path)
    return path


def small_files(folder: Path, count: int, size: int) -> Path:
    """``count`` files of ``size`` bytes in a hundred folders."""
    if not (folder / "99").is_dir():
        for number in range(100):
            (folder / f"{number:02d}").mkdir(parents=True, exist_ok=True)
        for number in range(count):
            (folder / f"{number % 100:02d}" / f"{number:06d}.dat").write_bytes(os.urandom(size))
    os.sync()
    for each in folder.rglob("*.dat"):
        each.read_bytes()
    return folder


def _read(path: Path) -> None:
    """Into the page cache, so that the first run reads no slower than the others."""
    with path.open("rb") as file:
        while file.read(_BLOCK):
            pass

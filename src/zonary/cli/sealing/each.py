"""``zonary seal --each``: a package for each of many files and folders, one after the other.

What is done is told by the packages: where one stands nothing is done, so the same command again goes on where the
first one stopped.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from zonary.cli.durable import open_regular
from zonary.cli.sealing.client import ServerError
from zonary.cli.sealing.work import work_path
from zonary.common.language import _, say
from zonary.proof.errors import Error
from zonary.proof.printable import printable

MAX_LIST_BYTES = 16 * 1024 * 1024


def listed(name: str) -> list[str]:
    """The paths that stand in the file ``name``, one a line; ``-`` is standard input.

    :raises Error: when it is too long to be a list, or empty.
    """
    if name == "-":
        data = sys.stdin.buffer.read(MAX_LIST_BYTES + 1)
    else:
        with open_regular(name) as file:
            data = file.read(MAX_LIST_BYTES + 1)
    paths = [os.fsdecode(line) for line in data.splitlines() if line.strip()]
    if not paths or len(data) > MAX_LIST_BYTES:
        raise Error("{path} is no list of files and folders, one a line.", path=printable(os.fsencode(name)))
    return paths


def seal_each(
    options: argparse.Namespace, paths: Sequence[str], suffix: str, seal: Callable[[argparse.Namespace], object]
) -> int:
    """Seal each of ``paths`` by itself, into the folder ``options.output``.

    :param seal: seals the one path of its options; raises whatever stands in the way.
    :raises Error: when two would have packages of one name.
    :raises ServerError: at once: the next would fare no better.
    """
    folder = Path(os.path.abspath(options.output or "."))
    if not folder.is_dir():
        raise Error("There is no folder {path} to put the package in.", path=printable(os.fsencode(folder)))
    sealed = there = failed = 0
    for path, out in _packages(paths, folder, suffix):
        if out.exists() and not work_path(out).is_dir():
            there += 1
            continue
        try:
            seal(argparse.Namespace(**{**vars(options), "paths": [path], "output": str(out)}))
        except ServerError:
            raise
        except Error as error:
            failed += 1
            print(f"zonary: {say(error)}", file=sys.stderr)
        else:
            sealed += 1
    words = _("{sealed} sealed, {there} sealed before, {failed} not sealed.", sealed=sealed, there=there, failed=failed)
    print(words)
    return 2 if failed else 0


def _packages(paths: Sequence[str], folder: Path, suffix: str) -> Iterator[tuple[str, Path]]:
    taken: dict[str, str] = {}
    for path in paths:
        name = os.path.basename(os.path.abspath(path)) or "root"
        other = taken.setdefault(name, path)
        if other != path:
            raise Error(
                "“{first}” and “{second}” would have packages of the same name. Seal them apart.",
                first=printable(os.fsencode(other)),
                second=printable(os.fsencode(path)),
            )
    for name, path in taken.items():
        yield path, folder / f"{name}{suffix}"

"""What an agent knows of its folder, on disk: what it has looked at, what waits to be sealed, which packages stand.

One line a record: the CRC-32 of the rest as eight hexadecimal digits, a blank, and a JSON array whose first item says
what it is. A line that was cut short, or damaged, ends the journal: nothing behind it was ever acted upon, because
whatever is acted upon is on the disk before.

The order is that of the work. What settled is ``held`` before anything else happens to it. ``begun`` takes the oldest
that are held into one package, so from there on the package's content is fixed, whatever happens to the files. ``done``
comes when the package has its name. Killed anywhere, the agent goes on with what is begun, then with what is held.
"""

from __future__ import annotations

import json
import os
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from zonary.cli.durable import fsync_directory
from zonary.proof.errors import Error
from zonary.proof.printable import printable

VERSION = "zonary-watch/1"
MAX_ITEMS = 10_000
"""Files in one package, at most."""
_HEADER, _THERE, _READY, _SEEN, _HELD, _BEGUN, _DONE = "watch", "there", "ready", "seen", "held", "begun", "done"
_SEALED, _PACKAGE = "sealed", "package"
"""What a journal that was written anew says of packages that are done."""
_WORTH_REWRITING = 4
"""A journal of so many times more lines than are needed is written anew when it is opened."""

Stamp = tuple[int, ...]
"""Size, modification and change time in nanoseconds, inode, device: while they stay the same, so does the file."""


class JournalError(Error):
    """The journal is not one of this release, or of another folder."""


class Item(NamedTuple):
    """One version to seal: a file's name below the folder, and both digests of its content; or a commit's id alone."""

    name: bytes
    stamp: Stamp
    digests: bytes

    @property
    def identity(self) -> bytes:
        """What is sealed only once: the content, under whatever name."""
        return self.digests or self.name


@dataclass(slots=True)
class Batch:
    """What goes into one package."""

    package: Path
    items: list[Item]


@dataclass(slots=True)
class _Known:
    """What the lines say, taken together."""

    ready: bool = False
    stamps: dict[bytes, tuple[Stamp, bytes]] = field(default_factory=dict)
    """Name -> as it was when it was last looked at, and the digests it had; none when it was not read."""
    sealed: dict[bytes, int] = field(default_factory=dict)
    """Identity -> number of the package it is, or will be, in; -1 while it is held."""
    held: deque[Item] = field(default_factory=deque)
    packages: list[Path] = field(default_factory=list)
    begun: dict[int, list[Item]] = field(default_factory=dict)
    lines: int = 0

    def take(self, record: list[Any]) -> None:
        self.lines += 1
        kind = record[0]
        if kind in (_THERE, _SEEN, _HELD):
            item = Item(record[1].encode("utf-8", "surrogateescape"), tuple(record[2]), bytes.fromhex(record[3]))
            self.stamps[item.name] = (item.stamp, item.digests)
            if kind == _HELD:
                self.held.append(item)
                self.sealed[item.identity] = -1
        elif kind == _READY:
            self.ready = True
        elif kind == _BEGUN:
            number = len(self.packages)
            self.packages.append(Path(record[1]))
            self.begun[number] = [self.held.popleft() for _ in range(record[2])]
            self.sealed.update((item.identity, number) for item in self.begun[number])
        elif kind == _DONE:
            self.begun.pop(record[1])
        elif kind == _SEALED:
            self.sealed[bytes.fromhex(record[1])] = record[2]
        elif kind == _PACKAGE:
            self.packages.append(Path(record[1]))

    def records(self) -> Iterator[list[Any]]:
        """As few records as say all of this."""
        done = [path for number, path in enumerate(self.packages) if number not in self.begun]
        yield from ([_PACKAGE, str(path)] for path in done)
        for items in self.begun.values():  # there is one at most, the last
            yield from ([_HELD, *_written(item)] for item in items)
            yield [_BEGUN, str(self.packages[-1]), len(items)]
        yield from ([_HELD, *_written(item)] for item in self.held)
        yield from (
            [_SEALED, identity.hex(), number] for identity, number in self.sealed.items() if 0 <= number < len(done)
        )
        yield from ([_SEEN, *_written(Item(name, *seen))] for name, seen in self.stamps.items())
        yield [_READY]


class Journal:
    """The journal at ``path``, opened to go on with it; a new one is begun when there is none.

    One process at a time: the agent's lock sees to it.

    :param subject: what is watched, and how; a journal of anything else is refused.
    :raises JournalError: when it is another's.
    """

    def __init__(self, path: Path, subject: dict[str, str]) -> None:
        self._path = path
        self._header = [_HEADER, VERSION, subject]
        self._known, self._good = _read(path, self._header)
        created = not path.exists()
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not self._good:
            self._append([self._header])
        elif not self._known.ready:
            self._restart()  # stopped while it noted what is there at the beginning; nothing was sealed yet
        elif self._known.lines > _WORTH_REWRITING * (len(self._known.stamps) + len(self._known.sealed) + 16):
            self._rewrite()
        if created:
            fsync_directory(path.parent)

    def close(self) -> None:
        os.close(self._descriptor)

    # --- what is known ------------------------------------------------------------------------------------------------

    @property
    def is_ready(self) -> bool:
        """Whether what was there at the beginning has been noted."""
        return self._known.ready

    def is_unchanged(self, name: bytes, stamp: Stamp) -> bool:
        """Whether ``name`` was looked at when it had this very ``stamp``."""
        known = self._known.stamps.get(name)
        return known is not None and known[0] == stamp

    def has(self, identity: bytes) -> bool:
        """Whether this is sealed, or waits for it."""
        return identity in self._known.sealed

    def names(self) -> Iterator[bytes]:
        """Every name that was looked at: files that may be gone, or commits."""
        return iter(self._known.stamps)

    @property
    def waiting(self) -> int:
        """How many versions are to be sealed yet."""
        return len(self._known.held) + sum(map(len, self._known.begun.values()))

    @property
    def count(self) -> int:
        """How many packages were begun."""
        return len(self._known.packages)

    def is_done(self, package: Path) -> bool:
        """Whether ``package`` is one of ours, and was finished."""
        begun = {self._known.packages[number] for number in self._known.begun}
        return package not in begun and package in self._known.packages

    # --- what is noted ------------------------------------------------------------------------------------------------

    def note_there(self, items: Iterable[Item]) -> None:
        """Note what is there at the beginning, and is not to be sealed; durable after :meth:`note_ready`."""
        self._append([[_THERE, *_written(item)] for item in items], durable=False)

    def note_ready(self) -> None:
        self._append([[_READY]])

    def note_seen(self, items: Iterable[Item]) -> None:
        """Note what holds nothing new. It need not be durable: it would only be looked at again."""
        self._append([[_SEEN, *_written(item)] for item in items], durable=False)

    def hold(self, items: Iterable[Item]) -> None:
        """Note what is to be sealed; once this returns it is not forgotten. What is sealed or held already, is not."""
        fresh = {item.identity: item for item in items if not self.has(item.identity)}
        self._append([[_HELD, *_written(item)] for item in fresh.values()])

    def unfinished(self) -> Batch | None:
        """The oldest package that was begun, and is not done."""
        for number, items in self._known.begun.items():
            return Batch(self._known.packages[number], items)
        return None

    def next_items(self, most: int = MAX_ITEMS) -> list[Item]:
        """The oldest versions that are held, as many as go into one package: no name twice."""
        names: set[bytes] = set()
        items = []
        for item in islice(self._known.held, most):
            if item.name in names:
                break
            names.add(item.name)
            items.append(item)
        return items

    def begin(self, package: Path, count: int) -> Batch:
        """The oldest ``count`` versions go into ``package``."""
        self._append([[_BEGUN, str(package), count]])
        return Batch(package, self._known.begun[len(self._known.packages) - 1])

    def note_done(self, package: Path) -> None:
        """``package`` stands."""
        number = next(n for n in self._known.begun if self._known.packages[n] == package)
        self._append([[_DONE, number]])

    # --- on disk ------------------------------------------------------------------------------------------------------

    def _append(self, records: list[list[Any]], *, durable: bool = True) -> None:
        if not records:
            return
        data = b"".join(map(_line, records))
        # Where an earlier write failed half-way, on a full disk, this writes over what it left.
        os.ftruncate(self._descriptor, self._good)
        written = 0
        while written < len(data):
            written += os.pwrite(self._descriptor, data[written:], self._good + written)
        if durable:
            os.fsync(self._descriptor)
        self._good += len(data)
        for record in records:
            if record[0] != _HEADER:
                self._known.take(record)

    def _restart(self) -> None:
        self._known, self._good = _Known(), 0
        self._append([self._header])

    def _rewrite(self) -> None:
        """The same knowledge in as few lines as possible; a crash leaves the one journal or the other."""
        temporary = self._path.with_name(f".{self._path.name}.new")
        with temporary.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.writelines(map(_line, [self._header, *self._known.records()]))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._path)
        fsync_directory(self._path.parent)
        os.close(self._descriptor)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        self._known, self._good = _read(self._path, self._header)


def find_package(path: Path, subject: dict[str, str], identity: bytes) -> Path | None:
    """The finished package that ``identity`` is in, by the journal at ``path``; an agent may be writing to it."""
    known, _ = _read(path, [_HEADER, VERSION, subject])
    number = known.sealed.get(identity, -1)
    return known.packages[number] if number >= 0 and number not in known.begun else None


def _read(path: Path, header: list[Any]) -> tuple[_Known, int]:
    """What the sound lines say, and how many bytes they are."""
    known, good = _Known(), 0
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return known, good
    with file:
        for line in file:
            record = _parsed(line)
            if not good and record != header and line.endswith(b"\n"):
                shown = printable(os.fsencode(path))
                raise JournalError(
                    "{path} is not the journal of this folder, or of another release. Name another place with --state.",
                    path=shown,
                )
            if record is None:
                break
            if good:
                known.take(record)
            good += len(line)
    return known, good


def _parsed(line: bytes) -> list[Any] | None:
    body = line[9:-1]
    if line[-1:] != b"\n" or line[:9] != b"%08x " % zlib.crc32(body):
        return None
    record: list[Any] = json.loads(body)
    return record


def _written(item: Item) -> tuple[str, list[int], str]:
    return item.name.decode("utf-8", "surrogateescape"), list(item.stamp), item.digests.hex()


def _line(record: list[Any]) -> bytes:
    body = json.dumps(record, separators=(",", ":")).encode("ascii")  # a name that is no text becomes an escape
    return b"%08x %s\n" % (zlib.crc32(body), body)

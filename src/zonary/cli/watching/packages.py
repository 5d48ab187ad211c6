"""One package for a batch: made, registered and put in its place, from wherever an earlier run was stopped."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from zonary.cli import trust_store
from zonary.cli.origin.asking import NOTHING_SAID, Origin
from zonary.cli.sealing.client import Server
from zonary.cli.sealing.hashing import RECORD
from zonary.cli.sealing.preparing import prepared, write_prepared
from zonary.cli.sealing.registering import Registration, Sealed
from zonary.cli.sealing.seal import SUFFIX
from zonary.cli.sealing.trees import Contents, tree_order
from zonary.cli.sealing.work import STATEMENT, WorkError, open_work, work_path
from zonary.cli.watching.journal import Batch, Item
from zonary.proof.canonical import Json
from zonary.proof.errors import Error
from zonary.proof.printable import printable

Gather = Callable[[Sequence[Item]], Contents]
"""What the manifest of some items lists."""


@dataclass(frozen=True, slots=True)
class Packages:
    """Makes the packages of the folder ``top``.

    :ivar connect: a connection to the server, to be closed.
    :ivar told: hears the trust that was pinned, when it changed.
    :ivar origin: what is to be said of the origin of each package.
    """

    top: Path
    gather: Gather
    connect: Callable[[], Server]
    told: Callable[[str, trust_store.Pinning], None]
    origin: Origin = NOTHING_SAID

    def finish(self, batch: Batch) -> Sealed | None:
        """Have the package of ``batch`` stand; None when it stood already.

        Its work directory is left; it holds the salts until the caller has noted that it is done (:func:`discard`).

        :raises Error: when it cannot be done now; nothing is lost, and it goes on from there.
        """
        out = batch.package
        if not out.parent.is_dir():
            shown = printable(os.fsencode(out.parent))
            raise Error("There is no folder {path} to put the package in.", path=shown)
        with open_work(out, [os.fsencode(self.top)], [], restart=False) as work:
            if out.exists():
                if not _is_of(out, work.read(STATEMENT)):
                    shown = printable(os.fsencode(out))
                    raise WorkError("{path} is in the way: it holds something else. Move it elsewhere.", path=shown)
                return None
            if not work.is_prepared:
                contents = self.gather(batch.items)
                order = tree_order(len(contents), folder=True)
                write_prepared(work, contents, order, declared=self._declared(batch.items))
            with contextlib.closing(self.connect()) as server:
                pinning = trust_store.pin(server.url, server.trust())
                self.told(server.url, pinning)
                return Registration(work, prepared(work), server, pinning.trust).finish(out)

    def _declared(self, items: Sequence[Item]) -> dict[str, Json]:
        """Of files what Git says now, which may be later than they were read."""
        if not self.origin.is_wanted:
            return {}
        with contextlib.closing(self.connect()) as server:
            origin = self.origin.against(server)
        if not items[0].digests:
            return origin.of_commit(os.fsencode(self.top), items[0].name.decode("ascii"))
        return origin.of_some(os.fsencode(self.top))


def files_of(items: Sequence[Item]) -> Contents:
    """Files by their names, as the journal has them: what was read, whatever has become of the files since."""
    records = b"".join(RECORD.pack(item.stamp[0], 0, 0, item.digests[:32], item.digests[32:]) for item in items)
    return Contents([item.name for item in items], records)


def new_name(folder: Path, stem: str, at: datetime, number: int) -> Path:
    """A free name in ``folder``: what is watched, when the package was begun, and which in order it is."""
    while True:
        out = folder / f"{stem}-{at:%Y%m%dT%H%M%SZ}-{number:04d}{SUFFIX}"
        if not (os.path.lexists(out) or os.path.lexists(work_path(out))):
            return out
        number += 1


def discard(package: Path) -> None:
    """Take away the work directory of ``package``, which stands and is noted."""
    work = work_path(package)
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        for name in os.listdir(work):
            (work / name).unlink()
        work.rmdir()


def left_over(folder: Path) -> Iterable[Path]:
    """The packages in ``folder`` whose work directories are there."""
    return [path.with_suffix("") for path in folder.glob(f"*{SUFFIX}.part") if path.is_dir()]


def _is_of(package: Path, statement: bytes | None) -> bool:
    from zonary.proof.package import container

    try:
        with package.open("rb") as file:
            return container.Container(file).read(container.STATEMENT) == statement
    except (Error, OSError):
        return False

"""Where a run under faults takes place: data directory, database, store and kept checkpoints, as text a process reads.

Needs Django; :mod:`tests.crash.harness.stage` sets it up.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.conftest import use_settings

LOGS = ("main", "open")


@dataclass(frozen=True)
class Place:
    """One installation.

    :param folder: holds ``data`` (the data directory with the logs' keys), ``kept``, and ``told``, in which the work
        under faults writes what it would have told its callers.
    :param database: address of a PostgreSQL database; empty for the file in the data directory.
    :param store: ``s3://bucket/prefix``; empty for the data directory.
    """

    folder: Path
    database: str = ""
    store: str = ""

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def kept(self) -> Path:
        return self.folder / "kept"

    @property
    def told(self) -> Path:
        return self.folder / "told"

    def as_json(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, value: dict[str, str]) -> Place:
        return cls(Path(value["folder"]), value["database"], value["store"])

    def use(self) -> None:
        """Have Django use this database in this process."""
        from django.conf import settings

        from zonary.config.database import database
        from zonary.foundation.ledger.layout import DataDirectory

        chosen = database(self.database, DataDirectory(self.data))
        chosen["OPTIONS"].pop("pool", None)  # its threads would make calls of their own
        use_settings(chosen)
        settings.ZONARY_DATA = DataDirectory(self.data)

    def log(self, name: str, **more: Any) -> Any:
        """The log ``main`` or ``open`` of this installation; its keys are made when there are none.

        The zone's own has a second tree, so that every fault is tried with two trees and with one. ``more`` goes to
        :class:`~zonary.foundation.ledger.logs.Log`.
        """
        from zonary.foundation.ledger.kept import KeptCheckpoints
        from zonary.foundation.ledger.keys import make_keys, open_keys
        from zonary.foundation.ledger.layout import log_folder
        from zonary.foundation.ledger.logs import MAIN, Log
        from zonary.foundation.ledger.second_tree import FOLDER, open_second_tree
        from zonary.foundation.ledger.sources import EntrySource, OpenSource
        from zonary.foundation.ledger.storage import open_store

        stem = "log" if name == MAIN else "openlog"
        directory = self.data / "keys"
        keys = open_keys(directory, stem, origin=None, post_quantum=False) or make_keys(
            directory, stem, origin=None, post_quantum=False
        )
        store = f"{self.store or self.data}/{log_folder(name, 1)}"
        second = open_second_tree(directory, stem, keys, open_store(f"{store}/{FOLDER}")) if name == MAIN else None
        moments = iter(range(0, 1_000_000, 10))
        described = {
            "name": name,
            "source": EntrySource() if name == MAIN else OpenSource(),
            "store": open_store(store),
            "keys": keys,
            "second": second,
            # Each published checkpoint is kept, as if a second had passed since the last.
            "kept": KeptCheckpoints(self.kept, clock=lambda: next(moments)),
        }
        return Log(**(described | more))

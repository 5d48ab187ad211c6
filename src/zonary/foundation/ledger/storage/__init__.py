"""Where tiles and checkpoints are published: a directory, or any S3-compatible object store, by one protocol.

:func:`~zonary.foundation.ledger.storage.opening.open_store` opens either by its address.
"""

from zonary.foundation.ledger.storage.directory import DirectoryStore
from zonary.foundation.ledger.storage.opening import StoreAddressError, open_store
from zonary.foundation.ledger.storage.protocol import CHECKPOINT, Step, StoreError, TileStore, no_step

__all__ = [
    "CHECKPOINT",
    "DirectoryStore",
    "Step",
    "StoreAddressError",
    "StoreError",
    "TileStore",
    "no_step",
    "open_store",
]

"""A log that does not go on from the kept checkpoint is noticed, and damage is not taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from tests.proof.tlog.memory_log import KEY, ORIGIN, MemoryLog, numbered

from zonary.foundation.ledger.errors import ForkError, LedgerError, RolledBackError
from zonary.foundation.ledger.rollback import require_not_rolled_back
from zonary.proof.tlog.checkpoint import SignedCheckpoint, open_checkpoint
from zonary.proof.tlog.tiles import MissingResource


def checkpoint(log: MemoryLog) -> SignedCheckpoint:
    return open_checkpoint(log.resources["checkpoint"], [KEY.verifier], ORIGIN)


def require(kept: SignedCheckpoint, log: MemoryLog) -> None:
    require_not_rolled_back(kept, log.frontier.size, log.frontier.root(), log.read)


def forked(size: int, at: int) -> MemoryLog:
    """A log of ``size`` entries whose entry ``at`` is another."""
    log = MemoryLog()
    entries = numbered(size)
    entries[at] = b"another"
    log.append(entries)
    return log


@settings(max_examples=60, deadline=None)
@given(kept=st.integers(0, 1200), more=st.integers(0, 1200))
def test_a_log_that_went_on_passes(kept: int, more: int) -> None:
    log = MemoryLog.of(kept)
    before = checkpoint(log)
    log.append(numbered(more, kept))
    require(before, log)


def test_across_levels_of_tiles() -> None:
    log = MemoryLog.of(65530)
    before = checkpoint(log)
    log.append(numbered(700, 65530))
    require(before, log)
    with pytest.raises(ForkError):
        require(checkpoint(forked(65530, 12)), log)


def test_with_outgrown_tiles_gone() -> None:
    log = MemoryLog.of(300)
    before = checkpoint(log)
    log.append(numbered(400, 300))
    for path in [path for path in log.resources if path.endswith("001.p/44")]:
        del log.resources[path]
    require(before, log)


def test_an_older_database_is_noticed_without_reading_a_tile() -> None:
    def unread(path: str) -> bytes:
        raise AssertionError(path)

    older = MemoryLog.of(5)
    with pytest.raises(RolledBackError, match=r"has 7 entries, but the database has only 5.*Restore a newer one"):
        require_not_rolled_back(checkpoint(MemoryLog.of(7)), 5, older.frontier.root(), unread)
    require_not_rolled_back(checkpoint(older), 5, older.frontier.root(), unread)
    with pytest.raises(ForkError, match="with 5 entries, is no beginning"):
        require_not_rolled_back(checkpoint(forked(5, 2)), 5, older.frontier.root(), unread)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_another_history_is_noticed_wherever_it_differs(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 900))
    kept = data.draw(st.integers(1, size))
    at = data.draw(st.integers(0, kept - 1))
    with pytest.raises(ForkError, match="successor log"):
        require(checkpoint(forked(kept, at)), MemoryLog.of(size))


@pytest.mark.parametrize("offset", [0, 8191])
def test_a_damaged_tile_is_not_called_another_history(offset: int) -> None:
    log = MemoryLog.of(400)
    before = checkpoint(log)
    log.append(numbered(500, 400))
    # The beginning up to 400 is made of both: the first full tile as one node above, the second hash by hash.
    log.flip("tile/0/001" if offset else "tile/1/000.p/3", offset and 10)
    with pytest.raises(LedgerError, match="do not show whether") as caught:
        require(before, log)
    assert not isinstance(caught.value, ForkError | RolledBackError)


def test_a_missing_tile_is_not_called_another_history() -> None:
    log = MemoryLog.of(400)
    before = checkpoint(log)
    log.append(numbered(500, 400))
    del log.resources["tile/0/001"]
    del log.resources["tile/0/001.p/144"]
    with pytest.raises(LedgerError, match=r"does not have tile/0/001\. Move the published log away") as caught:
        require(before, log)
    assert isinstance(caught.value.__cause__, MissingResource)


def test_a_store_out_of_reach_is_not_called_anything() -> None:
    def unreachable(_path: str) -> bytes:
        raise OSError("later")

    log = MemoryLog.of(400)
    before = checkpoint(log)
    log.append(numbered(500, 400))
    with pytest.raises(OSError, match="later"):
        require_not_rolled_back(before, 900, log.frontier.root(), unreachable)

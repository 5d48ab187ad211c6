"""The checkpoint kept outside the data directory is the largest one, whole, and never in the log's way."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from zonary.foundation.ledger.kept import KeptCheckpoints
from zonary.proof.merkle import EMPTY_ROOTS
from zonary.proof.tlog.checkpoint import Checkpoint, sign_checkpoint
from zonary.proof.tlog.notes import SigningKey


def note(size: int, origin: str = "log.example/a", *, fill: int = 1, at: int = 0) -> bytes:
    root = bytes([fill]) * 32 if size else EMPTY_ROOTS["sha256"]
    key = SigningKey.from_seed(origin, bytes(32))
    return sign_checkpoint(Checkpoint(origin, size, root, (f"at {at}",) if at else ()), [key], at=0)


class Kept:
    """Kept checkpoints with a clock and an ear of the test's own."""

    def __init__(self, directory: Path) -> None:
        self.now = 0.0
        self.told: list[str] = []
        self.directory = directory
        self.store = self.opened()

    def opened(self) -> KeptCheckpoints:
        return KeptCheckpoints(self.directory, on_failure=self.told.append, clock=lambda: self.now)

    def files(self) -> list[Path]:
        return sorted(self.directory.iterdir())


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "state" / "checkpoints")


def test_nothing_is_kept_at_first(kept: Kept) -> None:
    assert kept.store.last("log.example/a") is None
    assert not kept.directory.exists()


def test_the_latest_is_kept_for_its_owner_alone(kept: Kept) -> None:
    assert kept.store.keep(note(3))
    kept.now += 1
    assert kept.store.keep(note(7))
    assert kept.opened().last("log.example/a") == note(7)
    [file] = kept.files()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.directory.stat().st_mode) == 0o700


def test_logs_do_not_share_a_file(kept: Kept) -> None:
    origins = ["log.example/a", "log.example/b", "../../etc", "日志/一"]
    for size, origin in enumerate(origins, start=1):
        assert kept.store.keep(note(size, origin))
    for size, origin in enumerate(origins, start=1):
        assert kept.store.last(origin) == note(size, origin)
    assert len(kept.files()) == 4


def test_written_at_most_once_a_second_unless_forced(kept: Kept) -> None:
    assert kept.store.keep(note(1))
    kept.now += 0.9
    assert not kept.store.keep(note(2))
    assert kept.store.last("log.example/a") == note(1)
    assert kept.store.keep(note(3), force=True)
    assert kept.store.last("log.example/a") == note(3)
    kept.now += 1.5
    assert kept.store.keep(note(4))
    assert kept.store.last("log.example/a") == note(4)


def test_what_was_passed_over_is_kept_when_asked_again(kept: Kept) -> None:
    kept.store.keep(note(1))
    assert not kept.store.keep(note(2))
    kept.now += 1
    assert kept.store.keep(note(2))
    assert kept.store.last("log.example/a") == note(2)


def test_a_smaller_one_never_takes_the_place_of_a_larger(kept: Kept) -> None:
    kept.store.keep(note(9))
    for again in (kept.store, kept.opened()):
        kept.now += 5
        assert again.keep(note(8), force=True)
        assert again.last("log.example/a") == note(9)
    assert kept.told == []


def test_the_same_size_signed_again_is_kept(kept: Kept) -> None:
    kept.store.keep(note(9))
    kept.now += 1
    assert kept.store.keep(note(9, at=5))
    assert kept.store.last("log.example/a") == note(9, at=5)


def test_a_fork_does_not_wipe_out_its_evidence(kept: Kept) -> None:
    kept.store.keep(note(9))
    kept.now += 1
    assert not kept.store.keep(note(9, fill=2))
    assert kept.store.last("log.example/a") == note(9)
    assert len(kept.told) == 1
    assert "another checkpoint of 9 entries" in kept.told[0]


def test_a_failure_is_told_once_and_stops_nothing(kept: Kept) -> None:
    kept.directory.parent.mkdir()
    kept.directory.write_text("a file where the folder should be")
    for size in range(1, 4):
        assert not kept.store.keep(note(size))
    assert len(kept.told) == 1
    assert str(kept.directory) in kept.told[0]
    kept.directory.unlink()
    assert kept.store.keep(note(4))
    assert kept.store.last("log.example/a") == note(4)


def test_a_damaged_file_is_told_and_replaced(kept: Kept) -> None:
    kept.store.keep(note(1))
    kept.files()[0].write_bytes(b"torn")
    kept.now += 1
    assert kept.store.keep(note(2))
    assert kept.store.last("log.example/a") == note(2)
    assert "damaged" in kept.told[0]


def test_no_checkpoint_is_not_kept(kept: Kept) -> None:
    assert not kept.store.keep(b"not a note")
    assert len(kept.told) == 1

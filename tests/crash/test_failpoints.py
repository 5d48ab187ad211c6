"""The process dies, or fails, at every single step of sequencing and publishing; then it is started again.

What must hold afterwards, whichever step it was: the log passes fsck; every acknowledged entry is in it, once, in the
order of acknowledgement; what readers saw before the crash is a beginning of what they see after it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from zonary.proof.merkle import root_of

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
ROUNDS = (3, 250, 5, 2)
"""Entries of one round; together they cross from a partial tile to a full one and on."""
Make = Callable[..., Any]


class Stop(Exception):
    """Raised at a step, in place of whatever may fail there."""


class Countdown:
    """Calls ``at_zero`` at the step number ``number``."""

    def __init__(self, number: int, at_zero: Callable[[], None]) -> None:
        self.number = number
        self.at_zero = at_zero
        self.steps: list[str] = []

    def __call__(self, step: str) -> None:
        self.steps.append(step)
        if len(self.steps) == self.number:
            self.at_zero()


@pytest.fixture
def work(record_leaves: Make, tmp_path: Path) -> Callable[[Any], None]:
    """Records, sequences and publishes; notes what was acknowledged and what a reader saw, each before going on."""

    def run(log: Any) -> None:
        from zonary.foundation.ledger.publishing import publish
        from zonary.foundation.ledger.sequencer import start_up
        from zonary.foundation.ledger.sequencing import tick

        start_up(log, lambda: AT)
        for number, size in enumerate(ROUNDS):
            leaves = [f"{number}/{n}".encode() for n in range(size)]
            record_leaves(*leaves)
            with (tmp_path / "acknowledged").open("ab") as file:
                file.write(b"".join(leaf + b"\n" for leaf in leaves))
            tick(log, at=AT)
            publish(log)

    return run


def restart_and_check(make_log: Make, check_published: Make, folder: Path) -> None:
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.foundation.ledger.sequencing import tick

    log = make_log()
    seen = log.published()
    start_up(log, lambda: AT)
    while tick(log, at=AT):
        pass
    publish(log)
    report, leaves = check_published(log)
    acknowledged = (folder / "acknowledged").read_bytes().splitlines() if (folder / "acknowledged").exists() else []
    # An entry may have been committed, and the crash come before anyone was told.
    assert leaves[: len(acknowledged)] == acknowledged
    assert len(set(leaves)) == len(leaves) == report.size
    if seen is not None:
        from zonary.proof.merkle import leaf_hash

        before = [leaf_hash(leaf) for leaf in leaves[: seen.checkpoint.size]]
        assert root_of(before) == seen.checkpoint.root
    assert not list(_unpublished(log, folder / "data" / "log"))


def _unpublished(log: Any, directory: Path) -> Iterator[Path]:
    """Files that a static web server would hand out and that are no whole object of the log."""
    from zonary.proof.errors import Error
    from zonary.proof.tlog.tiles import parse_tile_path

    for path in directory.rglob("*"):
        if path.is_dir() or path.name == "checkpoint" or path.name.startswith("."):
            continue
        try:
            parse_tile_path(str(path.relative_to(directory)))
        except Error:
            yield path


def count_steps(make_log: Make, work: Callable[[Any], None]) -> list[str]:
    countdown = Countdown(0, lambda: None)
    work(make_log(countdown))
    return countdown.steps


def test_the_steps_are_all_there(data: Any, make_log: Make, work: Callable[[Any], None]) -> None:
    """If a step loses its name, the tests below would test less without anyone noticing."""
    steps = count_steps(make_log, work)
    assert set(steps) == {
        "tick begins",
        "tick signed",
        "tick about to commit",
        "tick committed",
        "publish begins",
        "publish wrote the tiles",
        "publish ends",
        "directory made",
        "object written",
        "objects synced",
        "object renamed",
        "directory synced",
        "checkpoint synced",
    }
    assert len(steps) == STEPS


STEPS = 104
"""Of the work above; see the test before."""
EVERY = [("sqlite", number) for number in range(1, STEPS + 1)] + [("postgresql", n) for n in range(1, STEPS + 1, 5)]
"""On PostgreSQL a fifth of them: the steps are the same, and each takes a database of its own. ``make crash`` tries all
calls on both."""


@pytest.mark.parametrize(("data", "number"), EVERY, indirect=["data"])
def test_killed_at(
    number: int, data: Any, make_log: Make, work: Callable[[Any], None], check_published: Make, tmp_path: Path
) -> None:
    from django.db import connections

    make_log()  # the keys are there before the crash: key making is tested elsewhere
    connections.close_all()
    child = os.fork()
    if child == 0:
        # Nothing of pytest's runs in here: it ends by SIGKILL, or by _exit.
        try:
            work(make_log(Countdown(number, lambda: os.kill(os.getpid(), signal.SIGKILL))))
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    restart_and_check(make_log, check_published, tmp_path)


@pytest.mark.parametrize(("data", "number"), EVERY, indirect=["data"])
def test_failed_at(
    number: int, data: Any, make_log: Make, work: Callable[[Any], None], check_published: Make, tmp_path: Path
) -> None:
    def fail() -> None:
        raise Stop

    with pytest.raises(Stop):
        work(make_log(Countdown(number, fail)))
    restart_and_check(make_log, check_published, tmp_path)

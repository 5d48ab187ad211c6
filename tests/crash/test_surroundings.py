"""A sample of ``make crash``: kills under load, fail-over, and surroundings that fail."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from tests.crash.harness import environment, fail_over
from tests.crash.harness.combinations import ALL, Combination
from tests.crash.harness.kills import kill_under_load

SQLITE, POSTGRESQL, BOTH_SERVERS = ALL[0], ALL[2], ALL[3]
Grounds = Callable[[Combination], Any]
pytestmark = pytest.mark.slow


@pytest.fixture
def may_mount(tmp_path: Path) -> None:
    try:
        with environment.small_disk(tmp_path / "tried"):
            pass
    except (environment.CannotMountError, FileNotFoundError) as error:
        pytest.skip(f"no file system can be mounted here: {error}")


@pytest.mark.parametrize("combination", [SQLITE, BOTH_SERVERS], ids=str)
def test_killed_under_load(combination: Combination, grounds: Grounds, tmp_path: Path) -> None:
    killed = kill_under_load(grounds(combination), tmp_path, kills=2, others=1, seed=int.from_bytes(os.urandom(4)))
    assert killed.kills["server"] == 2
    assert killed.acknowledged > 100
    assert killed.followed > 5


def test_a_leader_that_was_stopped_steps_down(grounds: Grounds, tmp_path: Path) -> None:
    assert fail_over.leader_stopped_in_transaction(grounds(BOTH_SERVERS), tmp_path) > 100


def test_a_killed_leader_is_followed(grounds: Grounds, tmp_path: Path) -> None:
    assert fail_over.leader_killed(grounds(BOTH_SERVERS), tmp_path, servers=2, times=1) > 100


def test_a_full_disk(grounds: Grounds, tmp_path: Path, may_mount: None) -> None:
    assert environment.disk_full(grounds(SQLITE), tmp_path) > 100


def test_a_read_only_disk(grounds: Grounds, tmp_path: Path, may_mount: None, strace: None) -> None:
    assert environment.disk_read_only(grounds(SQLITE), tmp_path) > 100


def test_a_slow_disk(grounds: Grounds, tmp_path: Path, strace: None) -> None:
    assert environment.disk_slow(grounds(SQLITE), tmp_path) > 10


def test_a_database_that_drops_connections(grounds: Grounds, tmp_path: Path) -> None:
    assert environment.database_drops_connections(grounds(POSTGRESQL), tmp_path, times=3) > 100


def test_a_store_that_fails_and_lies(grounds: Grounds, tmp_path: Path) -> None:
    assert environment.store_fails(grounds(BOTH_SERVERS), tmp_path) > 100


def test_a_second_server_is_refused(grounds: Grounds, tmp_path: Path) -> None:
    assert environment.second_server_refused(grounds(SQLITE), tmp_path) > 100

"""How the whole run goes: the longest first, so that no process ends it alone; files in memory where there is room; and
in CI nothing is left out.

There a test or a file of tests that would be skipped has failed, and says what was missing.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Generator
from typing import Any

import pytest

_LONGEST_FIRST = ("crash", "browser", "peers", "journeys", "api", "cli", "config", "portal", "services")
"""Folders whose files take minutes each; in the others a file takes seconds."""

_MEMORY = "/dev/shm"
_ROOM_BYTES = 12_000_000_000
"""What the tests take at most is a third of it."""


def pytest_configure() -> None:
    """Have temporary files made in memory, if there is room and nobody chose another place (``TMPDIR``).

    The tests make and remove a thousand databases: a copy of the one with all tables took 275 ms on a disk, 63 ms in
    memory. Nobody pulls a plug here; what must survive a crash is killed, and a file's pages survive that in either
    place. What is measured is measured on a disk: the benchmarks do not come by here.
    """
    if "TMPDIR" in os.environ or not sys.platform.startswith("linux") or not os.path.isdir(_MEMORY):
        return
    found = os.statvfs(_MEMORY)
    if found.f_bavail * found.f_frsize > _ROOM_BYTES and not found.f_flag & os.ST_NOEXEC:
        os.environ["TMPDIR"] = _MEMORY
        tempfile.tempdir = None


def pytest_runtest_teardown() -> None:
    """The language that a command chose for its process ends with the test that called it."""
    from zonary.common.language import choose

    choose(None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def turn(item: pytest.Item) -> int:
        _tests, _, below = item.nodeid.partition("/")
        folder = below.partition("/")[0]
        return _LONGEST_FIRST.index(folder) if folder in _LONGEST_FIRST else len(_LONGEST_FIRST)

    items.sort(key=turn)


def _fail_if_skipped(report: Any) -> Any:
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"Nothing is skipped in CI. {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    return _fail_if_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    return _fail_if_skipped((yield))

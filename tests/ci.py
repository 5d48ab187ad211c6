"""How the whole run goes: the longest first, so that no process ends it alone; and in CI nothing is left out.

There a test or a file of tests that would be skipped has failed, and says what was missing.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest

_LONGEST_FIRST = ("crash", "browser", "peers", "journeys", "api", "cli", "config", "portal", "services")
"""Folders whose files take minutes each; in the others a file takes seconds."""


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

"""What single checks of the doctor say of a machine; the doctor himself is asked in tests/cli/test_doctor.py."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from zonary.foundation.ledger.layout import DataDirectory

pytestmark = pytest.mark.usefixtures("migrated")
"""Django is set up, whichever test comes first."""
NOW = datetime.now(UTC)


@dataclass
class Usage:
    """A file system of so many free bytes, and inodes if it counts them."""

    f_bavail: int
    f_favail: int = 10**7
    f_files: int = 10**8
    f_frsize: int = 1


@pytest.mark.parametrize(
    ("usage", "severity"),
    [
        (Usage(10**10), "ok"),
        (Usage(10**9), "warning"),
        (Usage(10**8), "fault"),
        (Usage(10**10, f_favail=20_000), "warning"),
        (Usage(10**10, f_favail=500), "fault"),
        (Usage(10**10, f_favail=0, f_files=0), "ok"),
    ],
)
def test_room_on_the_disk(usage: Usage, severity: str, tmp_path: Path) -> None:
    from zonary.foundation.ledger.checkup.disk import check_space

    (finding,) = check_space(DataDirectory(tmp_path), NOW, lambda _path: usage)
    assert finding.severity == severity
    assert (finding.mend is None) == (severity == "ok")


@pytest.mark.parametrize(("seconds", "severity"), [(0.001, "ok"), (0.05, "warning")])
def test_a_slow_disk(seconds: float, severity: str, tmp_path: Path) -> None:
    from zonary.foundation.ledger.checkup.disk import check_writing

    times = iter([seconds * n for n in range(1000)])
    (finding,) = check_writing(DataDirectory(tmp_path), NOW, lambda: next(times))
    assert (finding.severity, finding.found.params["typical"]) == (severity, f"{seconds * 1000:.1f}")


@pytest.mark.parametrize(("kernel", "severity"), [(True, "ok"), (False, "warning"), (None, "warning")])
def test_what_the_kernel_says_of_the_clock(kernel: bool | None, severity: str, tmp_path: Path) -> None:
    from zonary.foundation.ledger.checkup import machine_clock

    (finding,) = machine_clock.check_synchronised(DataDirectory(tmp_path), NOW, lambda: kernel)
    assert (finding.severity, finding.mend is None) == (severity, severity == "ok")
    if sys.maxsize > 2**32:
        # Where the C library has it: an int, padded, and four longs come before.
        assert machine_clock._Timex.status.offset == 40


@pytest.mark.parametrize(("missing", "severity"), [([], "ok"), (["entry_no_update", "entry_no_delete"], "fault")])
def test_triggers(monkeypatch: pytest.MonkeyPatch, missing: list[str], severity: str, tmp_path: Path) -> None:
    from zonary.foundation.ledger.checkup import database

    monkeypatch.setattr(database, "missing_triggers", lambda: missing)
    (finding,) = database.check_triggers(DataDirectory(tmp_path), NOW)
    assert finding.severity == severity
    assert all(name in str(finding.found) for name in missing)

"""The doctor's report on the first page of the system administrator.

What the ledger knows is asked here; what is known by those who assemble the server is named by them (``look_also``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.conf import settings

from zonary.common.clock import now
from zonary.foundation.ledger.checkup import AT_ONCE, Finding, check_up
from zonary.foundation.ledger.layout import DataDirectory

Check = Callable[[DataDirectory, datetime], Iterable[Finding]]

_ORDER = {"fault": 0, "warning": 1, "ok": 2}
_further: dict[str, Check] = {}


def look_also(checks: Mapping[str, Check]) -> None:
    """Have these checks made for the page, too; called once, when the addresses are put together."""
    _further.update(checks)


def findings(at: datetime) -> list[Finding]:
    """What ``zonary doctor`` would say now, what is wrong first; it alone reads the whole of the database."""
    data: DataDirectory = settings.ZONARY_DATA
    more = [(name, _asked(check, data, at)) for name, check in _further.items()]
    return sorted(check_up(data, now, more=more, first=AT_ONCE), key=lambda finding: _ORDER[finding.severity])


def _asked(check: Check, data: DataDirectory, at: datetime) -> Callable[[], Iterable[Finding]]:
    return lambda: check(data, at)

"""What a look at a data directory finds: each check one module, each finding one sentence and what to do about it.

Nothing here changes anything, takes a lock or holds one: the server may run meanwhile, or not. The database is to be
opened for reading only (``zonary doctor`` does). Whole tables and tiles are not read: that is ``zonary fsck``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from django.db import DatabaseError, connection

from zonary.common.clock import Clock
from zonary.foundation.ledger.checkup.database import check_database, check_opening, check_triggers
from zonary.foundation.ledger.checkup.disk import check_space, check_writing
from zonary.foundation.ledger.checkup.findings import Finding, Severity, failed, of_error
from zonary.foundation.ledger.checkup.kept_checkpoint import check_kept
from zonary.foundation.ledger.checkup.key_files import check_keys, check_modes
from zonary.foundation.ledger.checkup.machine_clock import check_clock_against_log, check_synchronised
from zonary.foundation.ledger.checkup.published import check_published, check_second_tree
from zonary.foundation.ledger.checkup.waiting import check_lead, check_waiting
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.ledger.storage import StoreError
from zonary.proof.errors import Error

Check = Callable[[DataDirectory, datetime], Iterable[Finding]]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("disk-space", check_space),
    ("disk-writing", check_writing),
    ("clock", check_synchronised),
    ("keys", check_keys),
    ("key-modes", check_modes),
    ("database", check_database),
)
"""Name -> check, in the order they are told. A check may give findings of other names too."""
AT_ONCE: tuple[tuple[str, Check], ...] = tuple(
    (name, check_opening if check is check_database else check) for name, check in CHECKS
)
"""The same, but for what takes longer the more was recorded: for a page that shows them."""
RECORD_CHECKS: tuple[tuple[str, Check], ...] = (
    ("clock-and-log", check_clock_against_log),
    ("triggers", check_triggers),
    ("published-log", check_published),
    ("second-tree", check_second_tree),
    ("kept-checkpoint", check_kept),
    ("lead", check_lead),
    ("waiting", check_waiting),
)
"""What can be asked only of a database that can be used."""

__all__ = ["AT_ONCE", "CHECKS", "RECORD_CHECKS", "Finding", "Severity", "check_up"]


def check_up(
    data: DataDirectory,
    clock: Clock,
    more: Sequence[tuple[str, Callable[[], Iterable[Finding]]]] = (),
    first: Iterable[tuple[str, Check]] = CHECKS,
) -> Iterator[Finding]:
    """Every finding about ``data``; a check that cannot be made is itself a fault, and the others go on.

    :param clock: shows what the machine's does, believed or not; read before each check, for the server beside this may
        record and sign while the earlier ones took their time.
    :param first: what is looked at first; the rest only if the database can be used.
    :param more: name and check, of those who keep other things than the ledger.
    """
    usable = True
    for finding in _findings(first, data, clock):
        usable = usable and (finding.check, finding.severity) != ("database", Severity.FAULT)
        yield finding
    if usable:
        others = tuple((name, _asked(check)) for name, check in more)
        yield from _findings((*RECORD_CHECKS, *others), data, clock)


def _asked(check: Callable[[], Iterable[Finding]]) -> Check:
    return lambda _data, _now: check()


def _findings(checks: Iterable[tuple[str, Check]], data: DataDirectory, clock: Clock) -> Iterator[Finding]:
    for name, check in checks:
        try:
            yield from check(data, clock())
        except Error as error:
            yield of_error(name, error)
        except StoreError as error:
            yield of_error(name, Error(error.msgid, **error.params))
        except (OSError, DatabaseError) as error:
            yield failed(name, error)
            connection.close()

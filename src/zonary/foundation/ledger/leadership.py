"""Who may move a log on: exactly one sequencer, whichever machine it is on.

Whoever leads a log holds its *epoch*, a number that every change of leader raises. A tick moves the log only under the
epoch it began with, in the database, so that a former leader that was stopped for a while and wakes up can neither
sequence nor fork: its compare-and-swap finds another epoch, and its transaction is undone. What it publishes derives
from what is committed, and the checkpoint is replaced only if it is still the one it saw.

Where several machines share a database, leading is a lease by the database's own clock, renewed while the leader lives.
Crash of a leader: another takes over when the lease has run out. A machine that is stopped in the middle of a
transaction holds the log's row until the database ends that transaction (``idle_in_transaction_session_timeout``, see
zonary.config.database). With an embedded database the lock on the data directory decides, and no lease is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from zonary.foundation.ledger.errors import LostRaceError
from zonary.foundation.ledger.models import LogState

LEASE = timedelta(seconds=6)
"""How long a leader that says nothing keeps the lead: longer than a slow disk or store takes for a tick."""
RENEW_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Leader:
    """Who leads a log, and under which epoch."""

    holder: str
    epoch: int


def present_leader(name: str) -> Leader | None:
    """Whoever's lease of the log ``name`` runs now."""
    row = LogState.objects.filter(name=name, leader_until__gt=Now()).values_list("leader", "epoch").first()
    return Leader(*row) if row else None


def claim(name: str, holder: str, *, alone: bool) -> int | None:
    """Take the lead of the log ``name``, or find that another has it.

    :param holder: who leads, for people to read.
    :param alone: the caller knows that no other process uses this database.
    :returns: the epoch to lead under, or None while the lease of another runs.
    """
    free = LogState.objects.filter(name=name)
    if not alone:
        free = free.filter(Q(leader_until__isnull=True) | Q(leader_until__lt=Now()) | Q(leader=holder))
    taken = free.update(epoch=F("epoch") + 1, leader=holder, leader_until=None if alone else _until())
    if not taken:
        return None
    # Another may have claimed it since, only after our lease ran out; then every act of ours fails, as it should.
    return LogState.objects.values_list("epoch", flat=True).get(name=name, leader=holder)


def renew(name: str, epoch: int) -> None:
    """Keep the lead for another :data:`LEASE`.

    :raises LostRaceError: when another has taken it.
    """
    if not LogState.objects.filter(name=name, epoch=epoch).update(leader_until=_until()):
        raise lost(name)


def release(name: str, epoch: int) -> None:
    """Let another lead at once."""
    LogState.objects.filter(name=name, epoch=epoch, leader_until__isnull=False).update(leader_until=Now())


def release_all() -> None:
    """Let anybody lead every log of a database that was put back from a backup: who led then leads another database."""
    LogState.objects.filter(leader_until__isnull=False).update(leader_until=Now())


def lost(name: str) -> LostRaceError:
    return LostRaceError("Another server leads the log “{name}” now; this one stands by.", name=name)


def _until() -> ExpressionWrapper[CombinedExpression]:
    moment: DateTimeField[datetime, datetime] = DateTimeField()
    return ExpressionWrapper(Now() + LEASE, output_field=moment)

"""Whether what was recorded gets its place in the log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection

from zonary.common.clock import to_the_second
from zonary.foundation.ledger.batching import batching
from zonary.foundation.ledger.checkup.findings import Finding, Severity
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.ledger.leadership import present_leader
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.queries import log_status, oldest_pending
from zonary.proof.package.report import Sentence

LATE, NEVER = timedelta(seconds=5), timedelta(seconds=30)
"""A sequencer at work takes what waits within a second; after the second of these /healthz refuses too."""


def check_lead(_data: DataDirectory, _now: datetime) -> Iterator[Finding]:
    """Which server leads the log, where several share a database."""
    if connection.vendor == "sqlite" or log_status(MAIN) is None:
        return
    leader = present_leader(MAIN)
    if leader is None:
        yield Finding(
            "lead",
            Severity.WARNING,
            Sentence("No server leads the log now."),
            Sentence("Start one: whichever can read the store takes the lead within seconds."),
        )
    else:
        yield Finding(
            "lead",
            Severity.OK,
            Sentence("{leader} leads the log (term {epoch}).", {"leader": leader.holder, "epoch": leader.epoch}),
        )


def check_waiting(_data: DataDirectory, now: datetime) -> Iterator[Finding]:
    status = log_status(MAIN)
    if status is None:
        return
    oldest = oldest_pending()
    if oldest is None:
        yield Finding("waiting", Severity.OK, Sentence("Everything recorded has its place in the log."))
        return
    age = max(timedelta(0), now - oldest)
    plan = batching()
    due = timedelta(0) if plan is None else timedelta(seconds=plan.seconds)
    severity = Severity.FAULT if age > due + NEVER else Severity.WARNING if age > due + LATE else Severity.OK
    yield Finding(
        "waiting",
        severity,
        Sentence(
            "{count} entries wait for their place in the log; the oldest was recorded at {recorded}, {seconds} seconds "
            "ago.",
            {"count": status.pending, "recorded": to_the_second(oldest), "seconds": int(age.total_seconds())},
        ),
        None
        if severity is Severity.OK
        else Sentence(
            "If the server is stopped, start it: it begins with these. If it runs, its messages say why nothing is "
            "sequenced: the disk, the database, or another machine that leads."
        ),
    )

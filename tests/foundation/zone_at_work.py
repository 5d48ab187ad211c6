"""A zone as ``zonary serve`` opens it, moved on by hand, and stopped wherever a test says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
URL = "https://zone.example"


class Stop(Exception):
    """What a crash looks like to the code it happens in."""


class StopAt:
    """Stops at the step number ``number``, counted from 1; with 0 it only counts."""

    def __init__(self, number: int = 0) -> None:
        self.number = number
        self.steps: list[str] = []

    def __call__(self, step: str) -> None:
        self.steps.append(step)
        if len(self.steps) == self.number:
            raise Stop(step)


def start(data: Any) -> Any:
    """Open the zone and publish all that is recorded, as a start does; returns its own log."""
    from dataclasses import replace

    from zonary.config.zone import open_zone
    from zonary.foundation.ledger.leadership import claim
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.foundation.ledger.sequencing import tick

    log = open_zone(data, url=URL, origin=None, open_log=False, at=AT).logs[0]
    start_up(log, lambda: AT)
    log = replace(log, epoch=claim("main", "test", alone=True) or 0)
    while tick(log, at=AT):
        publish(log)
    publish(log)
    return log


def trust_of(data: Any) -> Any:
    """What the zone shows at ``/trust``."""
    from zonary.proof.trust import parse_trust

    return parse_trust(data.trust.read_bytes())


def acts(kind: str) -> list[dict[str, Any]]:
    """The bodies of all acts of ``kind``, in the order in which they were recorded."""
    import json

    from zonary.foundation.ledger.models import EntryBody
    from zonary.foundation.ledger.packing import unpack

    rows = EntryBody.objects.filter(entry__kind=kind).order_by("entry_id").values_list("bodies", flat=True)
    return [json.loads(unpack(bytes(bodies), 1)[0]) for bodies in rows]


def stopping(work: Callable[[StopAt], object], number: int) -> list[str]:
    """Do ``work``, stopped at step ``number``; returns the steps it came to."""
    import pytest

    step = StopAt(number)
    if number:
        with pytest.raises(Stop):
            work(step)
    else:
        work(step)
    return step.steps

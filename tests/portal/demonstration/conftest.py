"""A zone that was made a demonstration, as ``zonary serve --demo`` makes it, and its log published."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Told:
    """:ivar stage: who came on; :ivar log: the zone's own."""

    stage: Any
    log: Any


@pytest.fixture
def told(data: Any, monkeypatch: pytest.MonkeyPatch) -> Told:
    from django.conf import settings

    from zonary.common.clock import now
    from zonary.config.zone import open_zone
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.foundation.ledger.sequencing import tick
    from zonary.portal.demonstration.actions import make_demonstration

    monkeypatch.setattr(settings, "ZONARY_DEMO", True)
    zone = open_zone(data, url=settings.ZONARY_URL, origin=None, open_log=False, at=now())
    began = time.perf_counter()
    stage = make_demonstration(by=SYSTEM, at=now())
    print(f"the demonstration was made in {time.perf_counter() - began:.1f} s")
    start_up(zone.logs[0], now.last_trusted)
    while tick(zone.logs[0], at=now()):
        pass
    publish(zone.logs[0])
    return Told(stage, zone.logs[0])

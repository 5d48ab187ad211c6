"""A zone that was made a demonstration, as ``zonary serve --demo`` makes it, and its log published."""

from __future__ import annotations

import copy
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Told:
    """:ivar stage: who came on; :ivar log: the zone's own."""

    stage: Any
    log: Any


TEMPLATE = "told"


@pytest.fixture(scope="session")
def told_once() -> dict[str, Any]:
    """By kind of database: who came on. Told once, and copied from then on."""
    return {}


@pytest.fixture
def told(
    data: Any,
    copies: Any,
    migrated: Path,
    told_once: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Told:
    from django.conf import settings
    from django.db import connection

    from zonary.common.clock import now
    from zonary.config.zone import open_zone

    monkeypatch.setattr(settings, "ZONARY_DEMO", True)
    kind = connection.vendor
    kept = migrated.with_name(f"{TEMPLATE}-{kind}")
    if kind not in told_once:
        told_once[kind] = _tell(data)
        copies.save_as_template(TEMPLATE, migrated.parent)
        shutil.copytree(data.path, kept, ignore=shutil.ignore_patterns("zonary.sqlite3*"))
    else:
        shutil.copytree(kept, data.path, dirs_exist_ok=True)
        copies.begin_with(TEMPLATE, migrated.parent)
    zone = open_zone(data, url=settings.ZONARY_URL, origin=None, open_log=False, at=now())
    made = told_once[kind]
    apart = {name: copy.deepcopy(getattr(made, name)) for name in ("people", "organisations", "things")}
    return Told(replace(made, **apart), zone.logs[0])


def _tell(data: Any) -> Any:
    from django.conf import settings

    from zonary.common.clock import now
    from zonary.config.zone import open_zone
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.foundation.ledger.sequencing import tick
    from zonary.portal.demonstration.actions import make_demonstration

    zone = open_zone(data, url=settings.ZONARY_URL, origin=None, open_log=False, at=now())
    began = time.perf_counter()
    stage = make_demonstration(by=SYSTEM, at=now())
    print(f"the demonstration was made in {time.perf_counter() - began:.1f} s")
    start_up(zone.logs[0], now.last_trusted)
    while tick(zone.logs[0], at=now()):
        pass
    publish(zone.logs[0])
    return stage

"""Trying out is on record once a day; seeing which enterprises a change would concern each time, and with each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from zonary.common.clock import zone_date
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.decisions import decide
from zonary.foundation.facts.actions.noting import note_readings
from zonary.foundation.ledger.recording import action, record, repeat
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.snapshots import POLICY
from zonary.services.incentives.matching.permissions import require_may_check
from zonary.services.incentives.matching.queries import MatchingError, subjects_called
from zonary.services.incentives.matching.queries.deciding import facts_read, snapshots_of
from zonary.services.incentives.simulating.events import SIDES, NamesShown, TryingBegun
from zonary.services.incentives.simulating.queries import Model, Outcome, begun, outcome, turned_model

MAX_NAMES: Final = 1_000
"""Enterprises named at one time."""


@dataclass(frozen=True, slots=True)
class Named:
    """``count`` is how many there are; ``enterprises`` the first of them by name, at most :data:`MAX_NAMES`."""

    enterprises: tuple[Organization, ...]
    count: int


@action
def begin_trying(model: Model, *, by: Standing, at: datetime) -> None:
    """Have it on record that an officer tries out these rules today; once is enough for the day.

    :raises NotAllowedError: for who is no officer.
    """
    hold_standing(by, at=at)
    require_may_check(by)
    already = begun(by, model, at=at)
    if already:
        repeat([already])
        return
    event = TryingBegun(rules=model.loaded.digest, day=zone_date(at).isoformat())
    record(event, by=by, about=model.choice.public_id, at=at)


@action
def show_names(model: Model, changes: Mapping[str, str], *, side: str, by: Standing, at: datetime) -> Named:
    """Name the enterprises on one side of a change, and have it on record with each that they were looked at.

    :param side: ``winners`` or ``losers``.
    That nobody is on that side is told by the same act: asked for nothing, it would tell nobody from a few.

    :raises MatchingError: when there is no such side.
    :raises NotAllowedError: for who is no officer.
    """
    hold_standing(by, at=at)
    require_may_check(by)
    if side not in SIDES:
        raise MatchingError("There is no such side.")
    found = outcome(model, changes, at=at)
    rows = (found.winners if side == "winners" else found.losers).listed(limit=MAX_NAMES).tolist()
    names = sorted(found.organizations[row] for row in rows)
    event = NamesShown(
        rules=model.loaded.digest,
        item=model.item,
        side=side,
        changes=dict(sorted(changes.items())),
        count=len(names),
        names_sha256=hashlib.sha256("".join(f"{each}\n" for each in names).encode()).hexdigest(),
    )
    recorded = record(event, by=by, about=model.choice.public_id, at=at)
    enterprises = subjects_called(names)
    read = _facts_of(model, found, enterprises)
    note_readings(read, purpose=POLICY, occasion=model.choice.title, entry=recorded.public_id, by=by, at=at)
    count = (found.winners if side == "winners" else found.losers).count
    return Named(tuple(sorted(enterprises, key=lambda each: (each.name, each.pk))), count)


def _facts_of(model: Model, found: Outcome, enterprises: list[Organization]) -> dict[Organization, list[str]]:
    """Which facts decide about each, under the rules as they would be."""
    loaded = turned_model(model, found.pack)
    snapshots = snapshots_of(enterprises, loaded, day=found.day, known_at=found.known_at)
    return {
        each: facts_read(decide(loaded.plan, model.item, Asking(loaded.setting, snapshots[each.pk])))
        for each in enterprises
    }

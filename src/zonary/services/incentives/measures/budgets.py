"""How much of the budget on a card is granted. Who grants says so: what pays knows of cards, and cards not of that.

Said once when the program starts (``grants.apps``); a program without grants has granted nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from zonary.foundation.organizations.permissions import require_officer
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.measures.models import Measure

Granted = Callable[[Sequence[Measure]], Mapping[int, int]]
"""Primary key of a measure -> fen granted of the budget of the year on its card; one query for all."""

_granted: list[Granted] = []


def say_what_is_granted(granted: Granted) -> None:
    _granted[:] = [granted]


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """Money in fen. ``left`` is never less than nothing, though a budget may be lowered below what was granted."""

    budget: int
    year: int
    granted: int

    @property
    def left(self) -> int:
        return max(0, self.budget - self.granted)

    @property
    def is_used_up(self) -> bool:
        return not self.left


def budget_uses(measures: Sequence[Measure]) -> dict[int, BudgetUse]:
    """By primary key, of those that have a budget. The public is told whether it is used up, and no number."""
    limited = [each for each in measures if each.budget is not None and each.budget_year is not None]
    granted = _granted[0](limited) if _granted and limited else {}
    return {each.pk: BudgetUse(each.budget or 0, each.budget_year or 0, granted.get(each.pk, 0)) for each in limited}


def budget_use(reader: Standing, measure: Measure) -> BudgetUse | None:
    """For officers; None without a budget.

    :raises NotAllowedError: for others.
    """
    require_officer(reader)
    return budget_uses([measure]).get(measure.pk)

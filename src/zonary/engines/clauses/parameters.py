"""Thresholds and rates as dated series, beside the rules: what held on a day, as it was known on another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from zonary.engines.clauses.errors import ExpiredParameterError, VocabularyError
from zonary.engines.clauses.quantities import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a parameter is from one day to another.

    :param last: the last day; None while it goes on.
    :param recorded_at: since when this is known; one recorded later with the same first day takes its place.
    :param citation: where it stands.
    :param is_sample: nobody decided it yet: it shows how one is written.
    """

    first: date
    last: date | None
    amount: Amount
    recorded_at: datetime
    citation: str
    is_sample: bool = False


@dataclass(frozen=True)
class Parameters:
    """The dated series of a pack, by name."""

    series: Mapping[str, tuple[Value, ...]]

    def on(self, name: str, day: date, known_at: datetime) -> Value:
        """The value on ``day``, as known at ``known_at``.

        :raises VocabularyError: when there is no parameter of this name.
        :raises ExpiredParameterError: when it has no value then.
        """
        if name not in self.series:
            raise VocabularyError("There is no parameter “{name}”.", name=name[:60])
        begun: dict[date, Value] = {}
        for each in sorted(self.series[name], key=lambda value: value.recorded_at):
            if each.recorded_at <= known_at and each.first <= day:
                begun[each.first] = each
        # The value that began before it is not asked again: what has ended without a successor, has ended.
        latest = begun[max(begun)] if begun else None
        if latest is None or (latest.last is not None and day > latest.last):
            raise ExpiredParameterError(
                "The parameter “{name}” has no value on {day}. Add the value that is in force then.",
                name=name,
                day=str(day),
            )
        return latest


def series(values: Iterable[tuple[str, Value]]) -> Parameters:
    """Gathered by name."""
    found: dict[str, tuple[Value, ...]] = {}
    for name, value in values:
        found[name] = (*found.get(name, ()), value)
    return Parameters(MappingProxyType(found))

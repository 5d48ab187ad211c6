"""How far what an enterprise was given is. Who grants says so: matching knows what fits, and nothing of payments.

Said once when the program starts (``grants.apps``); a program without grants has given nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zonary.foundation.organizations.standing import Standing


class Stage(StrEnum):
    WAITS = "waits"  # for the enterprise
    COMES = "comes"  # others are to act
    HAD = "had"
    NOTHING = "nothing"  # it came to nothing, and may be had anew


@dataclass(frozen=True, slots=True)
class Underway:
    """What became of one measure for the reader's enterprise, the last time it was listed or claimed.

    :param said: one sentence, in the reader's language.
    :param address: the page of it.
    :param until: the last day to do what waits; None: no such day.
    """

    stage: Stage
    said: str
    address: str
    until: date | None = None


Known = Callable[[Standing, date], Mapping[int, Underway]]
"""Primary key of a measure -> how far it is for the reader's enterprise on a day; one query for all."""

_known: list[Known] = []


def say_what_is_underway(known: Known) -> None:
    _known[:] = [known]


def underway(reader: Standing, today: date) -> Mapping[int, Underway]:
    """Of every measure the reader's enterprise was listed for, or claimed; not what ended in an earlier year."""
    return _known[0](reader, today) if _known else {}

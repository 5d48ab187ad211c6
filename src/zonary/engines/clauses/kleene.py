"""Three truth values and their connectives: S. C. Kleene, Introduction to Metamathematics, § 64, strong."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Final


class Truth(Enum):
    """Whether something is so: 符合, 不符合, or 待补 while what decides it is not known."""

    YES = 1
    NO = -1
    UNKNOWN = 0

    def __invert__(self) -> Truth:
        return Truth(-self.value)

    def __bool__(self) -> bool:
        raise TypeError("A truth value is compared with Truth.YES; neither else is false.")


YES: Final = Truth.YES
NO: Final = Truth.NO
UNKNOWN: Final = Truth.UNKNOWN
"""The three by name alone: an enumeration looks its members up anew each time, a thousand times for one enterprise."""


def of(is_so: bool) -> Truth:
    """The truth value of what is known."""
    return YES if is_so else NO


def all_of(values: Iterable[Truth]) -> Truth:
    """Of nothing: yes."""
    found = list(values)
    return NO if NO in found else UNKNOWN if UNKNOWN in found else YES


def any_of(values: Iterable[Truth]) -> Truth:
    """Of nothing: no."""
    found = list(values)
    return YES if YES in found else UNKNOWN if UNKNOWN in found else NO


def adds_up(bound: int, values: Iterable[tuple[Truth, int]]) -> Truth:
    """Whether the weights, none negative, of those that are so come to ``bound``."""
    sure = possible = 0
    for each, weight in values:
        sure += weight if each is Truth.YES else 0
        possible += 0 if each is Truth.NO else weight
    return Truth.YES if sure >= bound else Truth.NO if possible < bound else Truth.UNKNOWN


def at_least(count: int, values: Iterable[Truth]) -> Truth:
    """Whether at least ``count`` of them are so: no as soon as even all the unknown ones would not do."""
    found = [each.value for each in values]
    if found.count(1) >= count:
        return Truth.YES
    return Truth.NO if found.count(1) + found.count(0) < count else Truth.UNKNOWN

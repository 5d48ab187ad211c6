"""Who gets how much of a budget, exact to the fen. Whole numbers only: a float would lose one in ten thousand yuan.

Two steps, in this order. First what one enterprise may have: of a stacking group only the highest counts in a year
(就高不重复), at most the cap, less what it had in that year. Then what is there for all: first come, first served, or
to each in proportion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from zonary.proof.errors import Error

MAX_FEN: Final = 10**15
"""Ten thousand billion yuan: more than any zone has, less than what a table column holds."""


class AmountError(Error):
    """An amount is none that could be given."""


class Exhaustion(StrEnum):
    FIRST_COME = "first-come"
    PRO_RATA = "pro-rata"


class Last(StrEnum):
    """What the first one gets for whom the budget does not suffice; those behind them get nothing either way.

    ``rest``: what is left, so that the budget is spent and nobody waits for a year for the sake of one fen.
    ``nothing``: for what makes sense only whole, such as the price of one machine. Nobody behind is taken forward
    because theirs would still fit: who comes first is served first.
    """

    REST = "rest"
    NOTHING = "nothing"


class Why(StrEnum):
    """Why an amount is what it is."""

    FULL = "full"
    CAPPED = "capped"
    TOPPED_UP = "topped-up"
    HAD_IT = "had-it"
    REST = "rest"
    SHARE = "share"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What one enterprise may have before the budget is looked at."""

    amount: int
    why: Why


@dataclass(frozen=True, slots=True)
class Asked:
    """One grant that is to be paid: how much, and when it was consented to."""

    grant: str
    amount: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """What one grant gets; ``why`` says how the budget came into it."""

    grant: str
    amount: int
    why: Why


def entitled(computed: int, *, earlier: Sequence[int], cap: int | None) -> Entitlement:
    """What is due to one enterprise whose rule gives ``computed``.

    :param earlier: what it was given already in this year within the stacking group, the same measure among them.
    :param cap: the most it gets in a year within the group; None: without limit.
    :raises AmountError: for an amount that cannot be one.
    """
    for each in (computed, *earlier, 0 if cap is None else cap):
        _check(each)
    most = computed if cap is None else min(computed, cap)
    had = sum(earlier)
    if had >= most:
        return Entitlement(0, Why.HAD_IT)
    if had:
        return Entitlement(most - had, Why.TOPPED_UP)
    return Entitlement(most, Why.FULL if most == computed else Why.CAPPED)


def allocate(asked: Sequence[Asked], budget: int | None, *, exhaustion: Exhaustion, last: Last) -> list[Share]:
    """What each gets, in the order of ``asked``; never more than was asked for, and in all never more than ``budget``.

    :param budget: what is left of it; None: without limit.
    :raises AmountError: for an amount that cannot be one, or a grant that asks twice.
    """
    for each in asked:
        _check(each.amount)
    if len({each.grant for each in asked}) != len(asked):
        raise AmountError("One grant stands twice among those to be paid.")
    if budget is None or sum(each.amount for each in asked) <= _check(budget):
        return [Share(each.grant, each.amount, Why.FULL) for each in asked]
    shares = first_come(asked, budget, last=last) if exhaustion is Exhaustion.FIRST_COME else pro_rata(asked, budget)
    by_grant = {each.grant: each for each in shares}
    return [by_grant[each.grant] for each in asked]


def first_come(asked: Sequence[Asked], budget: int, *, last: Last) -> list[Share]:
    """In the order of consent, of those in the same microsecond by public id, until the budget does not suffice."""
    left, is_over, shares = _check(budget), False, []
    for each in sorted(asked, key=lambda each: (each.at, each.grant)):
        if not is_over and each.amount <= left:
            shares.append(Share(each.grant, each.amount, Why.FULL))
            left -= each.amount
            continue
        rest = left if not is_over and last is Last.REST else 0
        shares.append(Share(each.grant, rest, Why.REST if rest else Why.EXHAUSTED))
        is_over = True
    return shares


def pro_rata(asked: Sequence[Asked], budget: int) -> list[Share]:
    """To each in proportion, the fen that remain to the largest remainders, of equal ones to the smaller public id.

    The sum is exactly ``budget``, or what was asked for where that is less; the order of ``asked`` changes nothing.
    """
    total = sum(each.amount for each in asked)
    if total <= _check(budget):
        return [Share(each.grant, each.amount, Why.FULL) for each in asked]
    floors = {each.grant: divmod(each.amount * budget, total) for each in asked}
    left = budget - sum(whole for whole, _rest in floors.values())
    first = sorted(floors, key=lambda grant: (-floors[grant][1], grant))[:left]
    amounts = {grant: whole for grant, (whole, _rest) in floors.items()}
    for grant in first:
        amounts[grant] += 1
    return [
        Share(each.grant, amounts[each.grant], Why.SHARE if amounts[each.grant] else Why.EXHAUSTED) for each in asked
    ]


def _check(amount: int) -> int:
    if not 0 <= amount <= MAX_FEN:
        raise AmountError(
            "An amount is a whole number of fen from 0 to {most}; this one is {amount}.", most=MAX_FEN, amount=amount
        )
    return amount

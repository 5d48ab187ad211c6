"""How an offer of the demonstration is written down here; the documents are in the files beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

Asks: TypeAlias = "str | tuple[str | Asks, ...]"
"""A key of ``ASKED``, or ``(how, parts…)`` with ``all``, ``any``, ``none``, or ``2`` for at least two of them."""

AUTOMATIC: Final = "automatic"
INSTANT: Final = "instant"
REVIEWED: Final = "reviewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pays:
    """A fixed ``amount`` in yuan; or ``percent`` of what ``of`` was in the last year, at most ``amount``."""

    amount: int
    percent: int = 0
    of: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """:param asks: all of them have to hold.
    :param budget: of a year in 万元, shared in proportion where it does not suffice; 0: no such sentence.
    :param promised: keys of ``asks`` for which a written promise stands in until the zone has looked.
    """

    id: str
    chinese: str
    english: str
    kind: str
    mode: str
    asks: tuple[Asks, ...]
    pays: Pays | None = None
    budget: int = 0
    promised: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issued:
    """A document: its offers are its articles from the third on.

    :param alike: groups of offers of which an enterprise gets in a year only the highest.
    """

    id: str
    number: int
    chinese: str
    english: str
    department: str
    offers: Sequence[Offer]
    alike: Sequence[Sequence[str]] = ()


def award(id: str, chinese: str, english: str, amount: int, *asks: Asks, mode: str = AUTOMATIC) -> Offer:
    """So many 万元, once."""
    return Offer(id, chinese, english, "award", mode, asks, Pays(amount=amount * 10_000))


def share(
    id: str,
    chinese: str,
    english: str,
    percent: int,
    of: str,
    most: int,
    *asks: Asks,
    mode: str = AUTOMATIC,
    budget: int = 0,
) -> Offer:
    """A percentage of what ``of`` was in the last year, at most so many 万元 a year."""
    pays = Pays(amount=most * 10_000, percent=percent, of=of)
    return Offer(id, chinese, english, "award", mode, asks, pays, budget)


def relief(id: str, chinese: str, english: str, *asks: Asks, mode: str = AUTOMATIC) -> Offer:
    """A reduction that somebody else grants; nothing is paid out."""
    return Offer(id, chinese, english, "reduction", mode, asks)


def right(
    id: str, chinese: str, english: str, *asks: Asks, mode: str = INSTANT, promised: tuple[str, ...] = ()
) -> Offer:
    return Offer(id, chinese, english, "right", mode, asks, promised=promised)


def title(id: str, chinese: str, english: str, *asks: Asks, mode: str = REVIEWED) -> Offer:
    """A qualification, which people have to look at."""
    return Offer(id, chinese, english, "qualification", mode, asks)

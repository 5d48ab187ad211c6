"""The words rules are written in: what can be asked of an enterprise, in which unit, between which bounds.

A vocabulary belongs to a rule pack and is released with it. One Chinese term means one thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Final

from zonary.engines.clauses.errors import NoEditionError, VocabularyError

MAX_STORED: Final = 10**17 - 1
"""The largest number a datum may have, in its smallest unit, unless its term says less."""
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
NEVER: Final = 0
"""The stored value of an event that never happened, and of a credential that was never held; days count from 1."""
WITHOUT_END: Final = LAST_DAY.toordinal()
"""The stored value of a credential that does not expire."""


class Kind(StrEnum):
    """What a datum is. Numbers are integers in the smallest unit, days proleptic ordinals."""

    MONEY = "money"  # 分
    COUNT = "count"  # whole people or things
    AREA = "area"  # hundredths of a square metre
    NUMBER = "number"  # a decimal with the term's places
    SHARE = "share"  # millionths
    DATE = "date"
    EVENT = "event"  # the latest day it happened, or never
    FLAG = "flag"
    CODE = "code"  # of a classification whose longer codes lie inside the shorter ones
    LISTING = "listing"  # whether the enterprise is on a list of enterprises
    CREDENTIAL = "credential"  # the last day it is valid, never, or without end
    JUDGEMENT = "judgement"  # what a person found


NUMERIC: Final = frozenset({Kind.MONEY, Kind.COUNT, Kind.AREA, Kind.NUMBER, Kind.SHARE})
YES_NO: Final = frozenset({Kind.FLAG, Kind.LISTING, Kind.JUDGEMENT})


class Frame(StrEnum):
    """How a yes-or-no term stands in a sentence; the second form denies it."""

    IS = "是/不是"  # 是居民企业
    HAS = "具有/不具有"  # 具有独立法人资格
    DONE = "已/未"  # 已建立研发准备金制度

    @property
    def affirmed(self) -> str:
        return self.value.split("/")[0]

    @property
    def denied(self) -> str:
        return self.value.split("/")[1]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as sentences write it. ``factor`` of the smallest unit make one of it."""

    symbol: str
    english: str
    dimension: str
    factor: Fraction

    def counted(self, number: Decimal) -> str:
        """In English; a word with two forms is given as ``person/people``."""
        one, _, many = self.english.partition("/")
        return f"{number:,f} {one if number == 1 or not many else many}"


_SHARED_UNITS: Final = (
    Unit("元", "yuan", "money", Fraction(100)),
    Unit("万元", "ten thousand yuan", "money", Fraction(10**6)),
    Unit("亿元", "hundred million yuan", "money", Fraction(10**10)),
    Unit("平方米", "m²", "area", Fraction(100)),
    Unit("公顷", "hectare/hectares", "area", Fraction(10**6)),
    # 一亩为三分之二千平方米: 国务院关于在我国统一实行法定计量单位的命令 (1984) leaves 亩 = 666.6̄ m².
    Unit("亩", "mu", "area", Fraction(200_000, 3)),
    Unit("%", "%", "share", Fraction(10**4)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing that can be asked of an enterprise.

    :param id: ASCII; a column of a table of enterprises begins with it.
    :param english: what English sentences say: “R&D expenses” of a figure; “a resident enterprise”, “independent
        legal personality” or “set up a reserve” of a flag, by its frame; “the core technology is …” of a judgement; of
        the other kinds a noun without its article.
    :param annual: whether there is one value for each year; otherwise the one in force on the day.
    :param unit: the measure word of a count (人, 项, 家) or a number (吨标准煤); fixed for the other kinds.
    :param unit_english: the same in English, ``person/people`` where it has two forms.
    :param places: decimals kept of a :attr:`Kind.NUMBER`.
    :param low: the smallest stored value a datum may have; a datum beyond is refused, not guessed at.
    :param high: the largest one. Both prove that arithmetic in 64 bits does not overflow.
    :param system: the classification of a code, such as GB/T 4754-2017.
    :param source: where the datum comes from, for whoever lacks it.
    """

    id: str
    chinese: str
    english: str
    kind: Kind
    annual: bool = False
    unit: str = ""
    unit_english: str = ""
    places: int = 0
    low: int = 0
    high: int = MAX_STORED
    frame: Frame = Frame.IS
    system: str = ""
    source: str = ""

    @property
    def dimension(self) -> str:
        """What it can be compared with: money, area, share, or its own measure word."""
        return self.unit if self.kind in (Kind.COUNT, Kind.NUMBER) else self.kind.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The codes of a list from one day to another.

    :param last: the last day it is in force; None while it goes on.
    """

    first: date
    last: date | None
    codes: frozenset[str]
    citation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """A named list of codes (《战略性新兴产业分类》) in its editions. A code stands for every code inside it."""

    name: str
    english: str
    system: str
    editions: tuple[Edition, ...]

    def on(self, day: date) -> Edition:
        """The edition in force.

        :raises NoEditionError: when there is none, or more than one.
        """
        found = [each for each in self.editions if each.first <= day and (each.last is None or day <= each.last)]
        if len(found) != 1:
            raise NoEditionError(
                "The list “{name}” has no single edition in force on {day}.", name=self.name, day=str(day)
            )
        return found[0]


@dataclass(frozen=True)
class Vocabulary:
    """Everything sentences may name.

    :raises VocabularyError: when one Chinese name means two things.
    """

    terms: tuple[Term, ...]
    lists: tuple[CodeList, ...] = ()
    parameters: tuple[str, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)
    """Name of a score or decision table -> its dimension."""
    dimensions: Mapping[str, str] = field(default_factory=dict)
    """Name of a parameter -> its dimension, ``money/area`` for one per unit. Others are compared when they are read."""
    english: Mapping[str, str] = field(default_factory=dict)
    """Name of a parameter or table, or unit of a table -> its English. Without it, the Chinese is said."""
    systems: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Classification -> its codes, down to some depth. Codes of one that is not here are not looked up."""

    def __post_init__(self) -> None:
        for names in (self._names(), (each.id for each in self.terms)):
            seen: set[str] = set()
            for name in names:
                if name in seen:
                    raise VocabularyError("“{name}” is there twice in the vocabulary.", name=name)
                seen.add(name)
        self._check_measure_words()

    def _check_measure_words(self) -> None:
        """Of one measure word with two sizes, one term's numbers would be read in the other's."""
        shared = {each.symbol for each in _SHARED_UNITS}
        first: dict[str, Term] = {}
        for each in self.terms:
            if each.kind not in (Kind.COUNT, Kind.NUMBER):
                continue
            other = first.setdefault(each.unit, each)
            if other.places != each.places or each.unit in shared:
                raise VocabularyError(
                    "“{term}” counts in “{unit}”, which has another size already. Give it the same decimals, or a "
                    "measure word of its own.",
                    term=each.chinese,
                    unit=each.unit,
                )

    def _names(self) -> Iterable[str]:
        yield from (each.chinese for each in self.terms)
        yield from (each.name for each in self.lists)
        yield from self.parameters
        yield from self.tables

    @cached_property
    def by_id(self) -> Mapping[str, Term]:
        return MappingProxyType({each.id: each for each in self.terms})

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """Symbol -> unit: the shared ones, and the measure words of the terms and tables."""
        own = {
            each.unit: Unit(each.unit, each.unit_english, each.dimension, Fraction(10**each.places))
            for each in self.terms
            if each.kind in (Kind.COUNT, Kind.NUMBER)
        }
        shared = {each.dimension for each in _SHARED_UNITS}  # a table of amounts of money is in 元 and 万元
        points = {
            each: Unit(each, self.english.get(each, each), each, Fraction(1))
            for each in self.tables.values()
            if each not in own and each not in shared
        }
        return MappingProxyType({each.symbol: each for each in _SHARED_UNITS} | points | own)

    def units_of(self, dimension: str) -> str:
        """The units of a dimension as sentences write them: 元、万元、亿元; of ``money/area`` one of them."""
        sides = [[each.symbol for each in self.units.values() if each.dimension == one] for one in dimension.split("/")]
        if len(sides) == 1:
            return "、".join(sides[0])
        return f"{sides[0][0]}/{sides[1][0]}" if all(sides) else dimension

    def term(self, id: str) -> Term:
        """:raises VocabularyError: when there is none."""
        found = self.by_id.get(id)
        if found is None:
            raise VocabularyError("The vocabulary has no term “{id}”.", id=id[:60])
        return found

    def list_called(self, name: str) -> CodeList:
        """:raises VocabularyError: when there is none."""
        found = next((each for each in self.lists if each.name == name), None)
        if found is None:
            raise VocabularyError("The vocabulary has no list “{name}”.", name=name[:60])
        return found

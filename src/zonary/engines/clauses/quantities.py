"""What a sentence measures: a reading of a term, sums of readings, and the bounds they are held against.

Every node says which words it was written with, so that printing gives back the sentence that was read. What it
means never depends on these words but through the properties named here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

MAX_PARTS: Final = 20
"""Of a sum."""
MAX_YEARS: Final = 10
"""That a sum goes back."""


class Period(StrEnum):
    """Which year's value of an annual term, seen from the day asked about."""

    NONE = ""  # of a term that is not annual: the value in force
    LAST_YEAR = "上年度"
    PREVIOUS_YEAR = "上一年度"
    LATEST_YEAR = "最近一年"
    THIS_YEAR = "本年度"
    CURRENT_YEAR = "当年"
    YEAR_BEFORE_LAST = "前年度"
    SAME = "同期"  # of what a share is of: the years of the part
    UNSAID = "（同期）"  # said once for the whole comparison: that of its first reading. Printed as nothing

    __hash__ = str.__hash__  # what an enterprise reads is found by it, some hundred times: Enum's own goes by the name

    @property
    def word(self) -> str:
        """What a sentence says."""
        return "" if self is Period.UNSAID else self.value

    @property
    def offset(self) -> int:
        """Years from the one asked about; 0 is the running one.

        :raises ValueError: of 同期 and what is not said, which :func:`~zonary.engines.clauses.periods.spelled_out`
            replaces, and of a term that is not annual.
        """
        if self in (Period.SAME, Period.UNSAID, Period.NONE):
            raise ValueError(self.name)
        return {"本年度": 0, "当年": 0, "前年度": -2}.get(self.value, -1)


class Gathering(StrEnum):
    """How the values of several years become one; the text says where the term stands."""

    CUMULATED = "累计{term}"
    TOTAL = "{term}总额"
    TOGETHER = "{term}之和"
    MEAN = "平均{term}"

    @property
    def is_mean(self) -> bool:
        return self is Gathering.MEAN


class YearWord(StrEnum):
    """How a number of years is counted out."""

    YEARS = "年"
    FISCAL = "个会计年度"


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number of years or things. ``in_words``: 三 instead of 3 (两 before years)."""

    value: int
    in_words: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """近三年: the complete calendar years before the one asked about, the latest first."""

    years: Number
    word: YearWord = YearWord.YEARS

    @property
    def offsets(self) -> tuple[int, ...]:
        return tuple(-back for back in range(1, self.years.value + 1))


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a term. ``term`` is its id."""

    term: str
    period: Period = Period.NONE


@dataclass(frozen=True, slots=True)
class Gathered:
    """The values of an annual term over a span; with :attr:`Gathering.MEAN`, their mean.

    ``span`` is None for 同期: the span of the part this is held against.
    """

    term: str
    span: Span | None
    gathering: Gathering


@dataclass(frozen=True, slots=True)
class Sum:
    """A、B与C之和. No part of it is itself worded as …之和, which could not be told apart."""

    parts: tuple[Reading | Gathered, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A减去B的差额. It may be negative."""

    whole: Reading | Gathered
    less: Reading | Gathered


@dataclass(frozen=True, slots=True)
class Scored:
    """按《…》计算的得分: what a score or a decision table of the pack gives. ``table`` is its name."""

    table: str


Quantity: TypeAlias = Reading | Gathered | Sum | Difference | Scored


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit. ``per``: the unit it is for each of (万元/亩), or empty.

    The number keeps its decimals as they were written: 3.0 is printed as 3.0, and equals 3.
    """

    number: Decimal
    unit: str
    per: str = ""
    written: tuple[str, str, str] = field(init=False, compare=False, repr=False)
    """As it stands. 3 equals 3.0, and is another text: what is shown must not depend on which was asked for first."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "written", (str(self.number), self.unit, self.per))


@dataclass(frozen=True, slots=True)
class Parameter:
    """【研发投入强度下限】: a dated value of the pack, by its name."""

    name: str


Bound: TypeAlias = Amount | Parameter

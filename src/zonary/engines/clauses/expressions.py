"""What a sentence says of an enterprise: comparisons and memberships, and how they are joined.

The words of comparisons follow 民法典 art. 1259: 以上, 以下, 以内, 届满 include the number itself, and 不满, 超过, 以外
do not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Final, TypeAlias

from zonary.engines.clauses.quantities import Bound, Number, Quantity, Reading

MAX_CONDITIONS: Final = 200
"""Leaves of one item's condition, its clauses' joined sentences counted by their leaves."""


class Relation(StrEnum):
    AT_LEAST = ">="
    AT_MOST = "<="
    MORE = ">"
    LESS = "<"
    EQUAL = "="

    __hash__ = str.__hash__  # Enum's own goes by the name, and is slower

    @property
    def opposite(self) -> Relation:
        """What holds of two numbers when this does not.

        :raises ValueError: of equality, whose opposite is no relation of this kind.
        """
        found = _OPPOSITES.get(self)
        if found is None:
            raise ValueError(self.value)
        return found


_OPPOSITES: Final = {
    Relation.AT_LEAST: Relation.LESS,
    Relation.LESS: Relation.AT_LEAST,
    Relation.AT_MOST: Relation.MORE,
    Relation.MORE: Relation.AT_MOST,
}


class Wording(Enum):
    """What stands before the bound, what behind it, and the relation that is meant."""

    def __init__(self, before: str, behind: str, relation: Relation) -> None:
        self.before = before
        self.behind = behind
        self.relation = relation


class Comparison(Wording):
    """One wording of a relation: what stands before the bound, what behind it, and what it means."""

    NOT_BELOW = ("不低于", "", Relation.AT_LEAST)
    NOT_FEWER = ("不少于", "", Relation.AT_LEAST)
    NOT_SMALLER = ("不小于", "", Relation.AT_LEAST)
    REACHED = ("达到", "", Relation.AT_LEAST)
    REACHED_UPWARDS = ("达到", "以上", Relation.AT_LEAST)
    UPWARDS = ("在", "以上", Relation.AT_LEAST)
    BARE_UPWARDS = ("", "以上", Relation.AT_LEAST)  # 同比增长20%以上
    NOT_ABOVE = ("不超过", "", Relation.AT_MOST)
    NOT_HIGHER = ("不高于", "", Relation.AT_MOST)
    NOT_GREATER = ("不大于", "", Relation.AT_MOST)
    DOWNWARDS = ("在", "以下", Relation.AT_MOST)
    WITHIN = ("在", "以内", Relation.AT_MOST)
    BARE_DOWNWARDS = ("", "以下", Relation.AT_MOST)
    BARE_WITHIN = ("", "以内", Relation.AT_MOST)
    ABOVE = ("超过", "", Relation.MORE)
    HIGHER = ("高于", "", Relation.MORE)
    GREATER = ("大于", "", Relation.MORE)
    BELOW = ("低于", "", Relation.LESS)
    FEWER = ("少于", "", Relation.LESS)
    SMALLER = ("小于", "", Relation.LESS)
    SHORT_OF = ("不足", "", Relation.LESS)
    NOT_FULL = ("不满", "", Relation.LESS)
    EQUAL_TO = ("等于", "", Relation.EQUAL)


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of a range, with 含 or 不含 always said."""

    bound: Bound
    is_included: bool


@dataclass(frozen=True, slots=True)
class Compare:
    """上年度研发费用不低于100万元."""

    quantity: Quantity
    comparison: Comparison
    bound: Bound


@dataclass(frozen=True, slots=True)
class Range:
    """上年度营业收入在5000万元（不含）至2亿元（含）之间."""

    quantity: Quantity
    low: Edge
    high: Edge


@dataclass(frozen=True, slots=True)
class Share:
    """上年度研发费用占营业收入的比例不低于3%. ``whole`` may be of 同期, or leave it unsaid.

    Of a whole that is known to be nothing, or less, no share is enough nor small: the sentence does not hold.
    """

    part: Quantity
    whole: Quantity
    comparison: Comparison
    bound: Bound


@dataclass(frozen=True, slots=True)
class PerUnit:
    """上年度实缴税额与用地面积之比不低于15万元/亩. As with a share, not held of no area."""

    quantity: Quantity
    per: Quantity
    comparison: Comparison
    bound: Bound


@dataclass(frozen=True, slots=True)
class Growth:
    """上年度营业收入同比增长不低于20%: against the year before it, which must be more than nothing."""

    reading: Reading
    comparison: Comparison
    bound: Bound


class TimeUnit(StrEnum):
    YEARS = "年"
    MONTHS = "个月"
    DAYS = "日"


class Duration(Wording):
    """Wordings of how long ago a day is; 满 is reached on the corresponding day (民法典 art. 201, 202)."""

    FULL = ("已满", "", Relation.AT_LEAST)
    UPWARDS = ("已有", "以上", Relation.AT_LEAST)
    BARE_UPWARDS = ("", "以上", Relation.AT_LEAST)
    BARE_DOWNWARDS = ("", "以下", Relation.AT_MOST)
    BARE_WITHIN = ("", "以内", Relation.AT_MOST)
    NOT_FULL = ("未满", "", Relation.LESS)
    NOT_BEYOND = ("不超过", "", Relation.AT_MOST)
    BEYOND = ("超过", "", Relation.MORE)


@dataclass(frozen=True, slots=True)
class Elapsed:
    """自成立日期起已满一年. ``term`` is a date."""

    term: str
    duration: Duration
    count: Number
    unit: TimeUnit


@dataclass(frozen=True, slots=True)
class Aged:
    """按出生日期计算不超过45周岁: whole years of age, so that 45 lasts until the day before the 46th birthday."""

    term: str
    duration: Duration
    years: Number


class DayComparison(Enum):
    NOT_LATER = ("不晚于", Relation.AT_MOST)
    NOT_EARLIER = ("不早于", Relation.AT_LEAST)
    EARLIER = ("早于", Relation.LESS)
    LATER = ("晚于", Relation.MORE)

    @property
    def word(self) -> str:
        return self.value[0]

    @property
    def relation(self) -> Relation:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class CompareDay:
    """成立日期不晚于2023年12月31日."""

    term: str
    comparison: DayComparison
    day: date


@dataclass(frozen=True, slots=True)
class Happened:
    """近一年内未发生重大安全事故; 自2024年1月1日起发生过…: ``since`` a day, or a stretch up to the day asked about."""

    term: str
    since: date | tuple[Number, TimeUnit]
    is_denied: bool


@dataclass(frozen=True, slots=True)
class Flag:
    """是居民企业; 未建立…: the frame of the term gives the verb."""

    term: str
    is_denied: bool = False


@dataclass(frozen=True, slots=True)
class InCodes:
    """行业代码属于《战略性新兴产业分类》; 行业代码不属于C26、C39. Either a list's name or codes, not both."""

    term: str
    list_name: str = ""
    codes: tuple[str, ...] = ()
    is_denied: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """未被列入经营异常名录、严重违法失信名单: on none of them. Affirmed, …之一: on at least one."""

    terms: tuple[str, ...]
    is_denied: bool = False


@dataclass(frozen=True, slots=True)
class Holds:
    """持有有效的高新技术企业证书, on the day asked about."""

    term: str
    is_denied: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """经认定，核心技术属于…: only a person can say. ``term`` is the judgement's."""

    term: str


Leaf: TypeAlias = (
    Compare
    | Range
    | Share
    | PerUnit
    | Growth
    | Elapsed
    | Aged
    | CompareDay
    | Happened
    | Flag
    | InCodes
    | Listed
    | Holds
    | Judged
)


@dataclass(frozen=True, slots=True)
class ClauseRef:
    """符合条款〔c1〕: a clause of the same document, by its id; the leaf of an item's condition."""

    clause: str


@dataclass(frozen=True, slots=True)
class Every:
    """All of them. In a sentence: A，且B."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of them. In a sentence: A，或者B."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """满足下列至少两项：A；B；C."""

    count: Number
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """不满足“A”."""

    part: Expression


@dataclass(frozen=True, slots=True)
class IfThen:
    """A的，B: where A is not so, nothing is asked. Of an unknown A, as of any unknown, the item says what follows."""

    premise: Expression
    conclusion: Expression


Expression: TypeAlias = Leaf | ClauseRef | Every | Some | AtLeast | Not | IfThen


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """What it is joined of; nothing for a leaf."""
    if isinstance(expression, Every | Some | AtLeast):
        return expression.parts
    if isinstance(expression, Not):
        return (expression.part,)
    return (expression.premise, expression.conclusion) if isinstance(expression, IfThen) else ()


def leaves_of(expression: Expression) -> Iterator[Leaf | ClauseRef]:
    """Its leaves in the order they stand, without recursion: depth is bounded by whoever parses."""
    left: list[Expression] = [expression]
    while left:
        current = left.pop()
        if isinstance(current, Every | Some | AtLeast | Not | IfThen):
            left.extend(reversed(parts_of(current)))
        else:
            yield current


def quantities_of(leaf: Leaf | ClauseRef) -> tuple[Quantity, ...]:
    """What a leaf measures."""
    if isinstance(leaf, (Compare, Range)):
        return (leaf.quantity,)
    if isinstance(leaf, Share):
        return (leaf.part, leaf.whole)
    if isinstance(leaf, PerUnit):
        return (leaf.quantity, leaf.per)
    return (leaf.reading,) if isinstance(leaf, Growth) else ()

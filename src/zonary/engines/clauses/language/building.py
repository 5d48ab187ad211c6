"""From lark's tree to expressions; every leaf is checked as soon as it is there, so that an error has its place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

from lark import Token, Transformer, Tree, v_args
from lark.exceptions import VisitError
from lark.tree import Meta

from zonary.engines.clauses.errors import SentenceError
from zonary.engines.clauses.expressions import (
    Aged,
    AtLeast,
    ClauseRef,
    Compare,
    CompareDay,
    Comparison,
    DayComparison,
    Duration,
    Edge,
    Elapsed,
    Every,
    Expression,
    Flag,
    Growth,
    Happened,
    Holds,
    IfThen,
    InCodes,
    Judged,
    Listed,
    Not,
    PerUnit,
    Range,
    Share,
    Some,
    TimeUnit,
)
from zonary.engines.clauses.language.checking import check_leaf
from zonary.engines.clauses.language.compiled import Language
from zonary.engines.clauses.language.grammar import SAID_PERIODS
from zonary.engines.clauses.language.numerals import from_words
from zonary.engines.clauses.quantities import (
    Amount,
    Difference,
    Gathered,
    Gathering,
    Number,
    Parameter,
    Period,
    Reading,
    Scored,
    Span,
    Sum,
    YearWord,
)

_MEMBERS: Final[dict[str, Any]] = {
    f"{kind}__{each.name.lower()}": each
    for kind, members in (
        ("period", SAID_PERIODS), ("years", YearWord), ("time", TimeUnit), ("day", DayComparison), ("tail", Comparison),
        ("duration", Duration), ("gathered", Gathering), ("same", Gathering),
    )
    for each in members
} | {
    f"{kind}__{truth}".lower(): truth
    for kind in ("denied", "flag", "listed", "holds", "edge") for truth in (True, False)
}  # fmt: skip
"""Name of an alternative -> the wording it stands for; see grammar._words."""


class Builder(Transformer[Token, Expression]):
    """Of one sentence.

    :raises SentenceError: (inside lark's VisitError) from a leaf that has no meaning, with its position.
    """

    def __init__(self, language: Language, sentence: str) -> None:
        super().__init__()
        self._language = language
        self._sentence = sentence

    def __default__(self, data: str, children: list[Any], meta: Meta) -> Any:
        """A wording, with what it is around: ``tail__not_below`` and the bound."""
        kind, _, _ = data.partition("__")
        member = _MEMBERS[data]
        match kind:
            case "period" | "years" | "time" | "day" | "denied":
                return member
            case "gathered":
                return Gathered(self._id(children[1]), children[0], member)
            case "same":
                return Gathered(self._id(children[0]), None, member)
            case "edge":
                return Edge(children[0], member)
            case "flag":
                return Flag(self._id(children[0]), member)
            case "holds":
                return Holds(self._id(children[0]), member)
            case "listed":
                return Listed(tuple(map(self._id, children)), member)
            case _:  # a tail or a duration
                return (member, *children)

    def _id(self, name: Token) -> str:
        return self._language.by_chinese[name].id

    @v_args(meta=True)
    def leaf(self, meta: Meta, children: list[Any]) -> Expression:
        found = children[0]
        try:
            check_leaf(found, self._language.vocabulary)
        except SentenceError as error:
            about = str(error.params.get("about", ""))
            inside = self._sentence.find(about, meta.start_pos, meta.end_pos) if about else -1
            raise error.at(inside if inside >= 0 else meta.start_pos, (), error.nearest) from error
        return found  # type: ignore[no-any-return]

    def start(self, children: list[Expression]) -> Expression:
        return children[0]

    def every(self, children: list[Expression]) -> Expression:
        return Every(tuple(children))

    def some(self, children: list[Expression]) -> Expression:
        return Some(tuple(children))

    def at_least(self, children: list[Any]) -> Expression:
        return AtLeast(children[0], tuple(children[1:]))

    def if_then(self, children: list[Expression]) -> Expression:
        return IfThen(children[0], children[1])

    if_then_in_list = if_then

    def negated(self, children: list[Expression]) -> Expression:
        return Not(children[0])

    def compare(self, children: list[Any]) -> Compare:
        return Compare(children[0], *children[1])

    def range(self, children: list[Any]) -> Range:
        return Range(*children)

    def share(self, children: list[Any]) -> Share:
        return Share(*children[:2], *children[2])

    def per_unit(self, children: list[Any]) -> PerUnit:
        return PerUnit(*children[:2], *children[2])

    def growth(self, children: list[Any]) -> Growth:
        return Growth(children[0], *children[1])

    def reading(self, children: list[Any]) -> Reading:
        period, name = children
        term = self._language.by_chinese[name]
        return Reading(term.id, period or (Period.UNSAID if term.annual else Period.NONE))

    def same(self, children: list[Token]) -> Reading:
        return Reading(self._id(children[0]), Period.SAME)

    def sum(self, children: list[Any]) -> Sum:
        return Sum(tuple(children))

    whole_sum = sum

    def difference(self, children: list[Any]) -> Difference:
        return Difference(*children)

    whole_difference = difference

    def scored(self, children: list[Token]) -> Scored:
        return Scored(children[0][1:-1])

    def amount(self, children: list[Token | None]) -> Amount:
        figure, unit, per = children
        return Amount(Decimal(str(figure)), str(unit), str(per or ""))

    def parameter(self, children: list[Token]) -> Parameter:
        return Parameter(children[0][1:-1])

    def span(self, children: list[Any]) -> Span:
        return Span(*children)

    def in_digits(self, children: list[Token]) -> Number:
        return Number(int(children[0]))

    def in_words(self, children: list[Token]) -> Number:
        return Number(from_words(children[0]), in_words=True)

    def elapsed(self, children: list[Any]) -> Elapsed:
        return Elapsed(self._id(children[0]), *children[1])

    def aged(self, children: list[Any]) -> Aged:
        return Aged(self._id(children[0]), *children[1])

    def compare_day(self, children: list[Any]) -> CompareDay:
        return CompareDay(self._id(children[0]), children[1], self._day(children[2]))

    def happened(self, children: list[Any]) -> Happened:
        *since, is_denied, name = children
        return Happened(self._id(name), self._day(since[0]) if len(since) == 1 else (since[0], since[1]), is_denied)

    def _day(self, written: Token) -> date:
        try:
            return date(*map(int, written[:-1].replace("年", "月").split("月")))
        except ValueError:
            raise SentenceError("There is no day {day}.", day=str(written)).at(written.start_pos) from None

    def in_codes(self, children: list[Any]) -> InCodes:
        name, is_denied, *among = children
        if among[0].startswith("《"):
            return InCodes(self._id(name), among[0][1:-1], (), is_denied)
        return InCodes(self._id(name), "", tuple(map(str, among)), is_denied)

    def judged(self, children: list[Token]) -> Judged:
        return Judged(self._id(children[0]))

    def clause_ref(self, children: list[Token]) -> ClauseRef:
        return ClauseRef(str(children[0]))


def built(tree: Tree[Token], language: Language, sentence: str) -> Expression:
    """:raises SentenceError: as :class:`Builder`, unwrapped."""
    try:
        return Builder(language, sentence).transform(tree)
    except VisitError as error:
        raise error.orig_exc from None

"""The sentence of a tree: the one that is read back as the same tree."""

from __future__ import annotations

from decimal import Decimal

from zonary.engines.clauses.expressions import (
    Aged,
    AtLeast,
    ClauseRef,
    Compare,
    CompareDay,
    Comparison,
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
    Leaf,
    Listed,
    Not,
    PerUnit,
    Range,
    Share,
    Some,
)
from zonary.engines.clauses.language import grammar
from zonary.engines.clauses.language.numerals import in_words
from zonary.engines.clauses.quantities import (
    Amount,
    Bound,
    Difference,
    Gathered,
    Number,
    Parameter,
    Quantity,
    Reading,
    Scored,
    Sum,
)
from zonary.engines.clauses.vocabulary import Vocabulary


def printed(expression: Expression, vocabulary: Vocabulary) -> str:
    """The sentence, of a tree that has been checked."""
    return _Printer(vocabulary).top(expression)


class _Printer:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def top(self, expression: Expression) -> str:
        """As a whole sentence, or between marks of its own."""
        match expression:
            case Every(parts):
                return grammar.AND.join(self._grouped(each, Every, Some, AtLeast, IfThen) for each in parts)
            case Some(parts):
                return grammar.OR.join(self._grouped(each, Every, Some, AtLeast, IfThen) for each in parts)
            case AtLeast(count, parts):
                entries = grammar.NEXT_ITEM.join(self._entry(each) for each in parts)
                return f"{grammar.AT_LEAST}{number(count)}{grammar.ITEMS}{entries}"
            case IfThen(premise, conclusion):
                return self._premise(premise) + self._grouped(conclusion, IfThen)
            case Not(part):
                return f"{grammar.NOT}{self.top(part)}{grammar.END_NOT}"
            case _:
                return self._leaf(expression)

    def _grouped(self, expression: Expression, *kinds: type) -> str:
        """In brackets when it is of one of ``kinds``: where its own joints would be taken for those around it."""
        text = self.top(expression)
        return f"{grammar.OPEN}{text}{grammar.CLOSE}" if isinstance(expression, kinds) else text

    def _premise(self, premise: Expression) -> str:
        return self._grouped(premise, Every, Some, AtLeast, IfThen) + grammar.THAT

    def _entry(self, expression: Expression) -> str:
        if isinstance(expression, IfThen):
            return self._premise(expression.premise) + self._grouped(expression.conclusion, AtLeast, IfThen)
        return self._grouped(expression, AtLeast)

    def _leaf(self, leaf: Leaf | ClauseRef) -> str:
        match leaf:
            case Compare(quantity, comparison, bound):
                return self.quantity(quantity) + _tail(comparison, bound)
            case Range(quantity, low, high):
                return f"{self.quantity(quantity)}在{_edge(low)}至{_edge(high)}之间"
            case Share(part, whole, comparison, bound):
                return f"{self.quantity(part)}占{self.quantity(whole)}的比例{_tail(comparison, bound)}"
            case PerUnit(quantity, per, comparison, bound):
                return f"{self.quantity(quantity)}与{self.quantity(per)}之比{_tail(comparison, bound)}"
            case Growth(reading, comparison, bound):
                return f"{self.quantity(reading)}同比增长{_tail(comparison, bound)}"
            case InCodes(term, list_name, codes, is_denied):
                among = f"《{list_name}》" if list_name else "、".join(codes)
                return f"{self._name(term)}{grammar.BELONGS[is_denied]}{among}"
            case Listed(terms, is_denied):
                names = "、".join(map(self._name, terms))
                return grammar.LISTED[is_denied] + names + ("之一" if len(terms) > 1 and not is_denied else "")
            case ClauseRef(clause):
                return grammar.CLAUSE[0] + clause + grammar.CLAUSE[1]
            case _:
                return self._timely(leaf)

    def _timely(self, leaf: Leaf) -> str:
        match leaf:
            case Elapsed(term, duration, count, unit):
                lasted = f"{duration.before}{number(count)}{unit.value}{duration.behind}"
                return f"自{self._name(term)}起{lasted}"
            case Aged(term, duration, years):
                return f"按{self._name(term)}计算{duration.before}{number(years)}周岁{duration.behind}"
            case CompareDay(term, day_comparison, day):
                return f"{self._name(term)}{day_comparison.word}{day.year}年{day.month}月{day.day}日"
            case Happened(term, since, is_denied):
                if isinstance(since, tuple):
                    begin = f"近{number(since[0])}{since[1].value}内"
                else:
                    begin = f"自{since.year}年{since.month}月{since.day}日起"
                return begin + grammar.HAPPENED[is_denied] + self._name(term)
            case Flag(term, is_denied):
                frame = self._vocabulary.term(term).frame
                return (frame.denied if is_denied else frame.affirmed) + self._name(term)
            case Holds(term, is_denied):
                return grammar.HOLDS[is_denied] + self._name(term)
            case Judged(term):
                return grammar.JUDGED + self._name(term)
            case _:
                raise TypeError(type(leaf).__name__)

    def quantity(self, quantity: Quantity) -> str:
        match quantity:
            case Reading(term, period):
                return period.word + self._name(term)
            case Gathered(term, span, gathering):
                years = f"近{number(span.years)}{span.word.value}" if span else "同期"
                return years + gathering.value.format(term=self._name(term))
            case Sum(parts):
                said = [self.quantity(each) for each in parts]
                return f"{'、'.join(said[:-1])}与{said[-1]}之和"
            case Difference(whole, less):
                return f"{self.quantity(whole)}减去{self.quantity(less)}的差额"
            case Scored(table):
                return f"按《{table}》计算的得分"

    def _name(self, term: str) -> str:
        return self._vocabulary.term(term).chinese


def _tail(comparison: Comparison, bound: Bound) -> str:
    return comparison.before + bound_words(bound) + comparison.behind


def _edge(edge: Edge) -> str:
    return bound_words(edge.bound) + (grammar.INCLUDED if edge.is_included else grammar.EXCLUDED)


def bound_words(bound: Bound) -> str:
    """100万元, or 【a parameter】."""
    match bound:
        case Amount(figure, unit, per):
            return decimal_words(figure) + unit + (f"/{per}" if per else "")
        case Parameter(name):
            return f"【{name}】"


def decimal_words(figure: Decimal) -> str:
    """With the decimals it was written with, and no exponent."""
    return format(figure, "f")


def number(count: Number) -> str:
    return in_words(count.value) if count.in_words else str(count.value)

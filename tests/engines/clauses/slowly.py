"""A second, slower reading of the rules, which divides, recurses and asks by completing what is not known."""

from __future__ import annotations

from fractions import Fraction

from zonary.engines.clauses.documents import Clause, Document, WhenUnknown
from zonary.engines.clauses.expressions import (
    AtLeast,
    ClauseRef,
    Compare,
    Every,
    Expression,
    Growth,
    IfThen,
    Not,
    PerUnit,
    Share,
    Some,
)
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.quantities import Amount, Gathered, Period, Quantity, Reading

_RELATIONS = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    "=": lambda a, b: a == b,
}


def value(asking: Asking, quantity: Quantity) -> Fraction | None:
    """Of one reading or one gathering with years of its own."""
    data, year = asking.snapshot.data, asking.day.year
    if isinstance(quantity, Reading):
        at = None if quantity.period is Period.NONE else year + quantity.period.offset
        datum = data.get((quantity.term, at))
        return None if datum is None else Fraction(int(datum.value))
    assert isinstance(quantity, Gathered)
    assert quantity.span is not None
    years = [year - back for back in range(1, quantity.span.years.value + 1)]
    found = [data.get((quantity.term, each)) for each in years]
    if any(each is None for each in found):
        return None
    whole = sum(Fraction(int(each.value)) for each in found if each is not None)
    return whole / len(found) if quantity.gathering.is_mean else whole


def divided(asking: Asking, leaf: Share | PerUnit | Growth | Compare) -> bool | None:
    """By division, on Python's own fractions; None when it is not known."""
    assert isinstance(leaf.bound, Amount)
    units = asking.vocabulary.units
    bound = Fraction(leaf.bound.number)
    if isinstance(leaf, Compare):
        number = value(asking, leaf.quantity)
        bound *= units[leaf.bound.unit].factor
        return None if number is None else _RELATIONS[leaf.comparison.relation.value](number, bound)
    if isinstance(leaf, Share):
        over, under, bound = value(asking, leaf.part), value(asking, leaf.whole), bound / 100
    elif isinstance(leaf, PerUnit):
        over, under = value(asking, leaf.quantity), value(asking, leaf.per)
        bound *= units[leaf.bound.unit].factor / units[leaf.bound.per].factor
    else:
        before = asking.snapshot.data.get((leaf.reading.term, asking.day.year + leaf.reading.period.offset - 1))
        under = None if before is None else Fraction(int(before.value))
        now = value(asking, leaf.reading)
        over = None if now is None or under is None else now - under
        bound /= 100
    if under is not None and under <= 0:
        return False
    if over is None or under is None:
        return None
    return bool(_RELATIONS[leaf.comparison.relation.value](over / under, bound))


def truth(expression: Expression, of_leaf: dict[str, bool | None] | None, asking: Asking | None = None) -> bool | None:
    """In three values, by recursion: True, False, None."""
    if isinstance(expression, ClauseRef):
        assert of_leaf is not None
        return of_leaf[expression.clause]
    if isinstance(expression, Not):
        inner = truth(expression.part, of_leaf, asking)
        return None if inner is None else not inner
    if isinstance(expression, IfThen):
        return truth(Some((Not(expression.premise), expression.conclusion)), of_leaf, asking)
    if isinstance(expression, Every | Some | AtLeast):
        found = [truth(part, of_leaf, asking) for part in expression.parts]
        count = 1 if isinstance(expression, Some) else len(found)
        count = expression.count.value if isinstance(expression, AtLeast) else count
        return True if found.count(True) >= count else False if found.count(False) > len(found) - count else None
    assert asking is not None
    return {1: True, -1: False, 0: None}[asking.finding(expression).truth.value]


def clauses(document: Document, asking: Asking) -> dict[str, bool | None]:
    return {each.id: truth(each.expression, None, asking) for each in document.clauses}


def at_worst(expression: Expression, found: dict[str, bool | None], by_id: dict[str, Clause]) -> bool | None:
    """The item, what is unknown and counts against the enterprise taken both ways, the worse of them kept."""
    failing = [id for id, each in found.items() if each is None and by_id[id].when_unknown is WhenUnknown.FAIL]
    results = []
    for number in range(2 ** len(failing)):
        filled = found | {id: bool(number >> place & 1) for place, id in enumerate(failing)}
        results.append(truth(expression, filled))
    return False if False in results else None if None in results else True

"""What could have stood where a sentence goes wrong, in words of the field."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Final

from zonary.engines.clauses.expressions import Comparison, DayComparison, Duration, TimeUnit
from zonary.engines.clauses.language import grammar
from zonary.engines.clauses.language.compiled import END, Language
from zonary.engines.clauses.quantities import YearWord
from zonary.proof.errors import Noun, Nouns

MAX_SAID: Final = 4

_CONDITION: Final = Noun("a condition")
_PER_CENT: Final = Noun("the sign %")
_DURATIONS: Final = frozenset(each.before for each in Duration)
_ONLY_DURATIONS: Final = _DURATIONS - frozenset(each.before for each in Comparison)
_PHRASES: Final[tuple[tuple[Noun, frozenset[str]], ...]] = (
    (Noun("已满, 已有, 未满, 不超过 or 超过"), _ONLY_DURATIONS),
    (Noun("a comparison such as 不低于, 超过 or 在…以上"), frozenset(each.before for each in Comparison)),
    (Noun("another figure after 占, 与, 、 or 减去"), frozenset({"占", "与", "、", "减去"})),
    (Noun("a comparison with a day such as 不晚于"), frozenset(each.word for each in DayComparison)),
    (Noun("the name of a figure"), frozenset({"NUMBER_NAME"})),
    (Noun("a year such as 上年度"), frozenset(each.value for each in grammar.SAID_PERIODS)),
    (Noun("a number"), frozenset({"DECIMAL"})),
    (Noun("a parameter such as 【名称】"), frozenset({"PARAMETER"})),
    (Noun("a unit"), frozenset({"UNIT"})),
    (Noun("what it is for each of, such as /亩"), frozenset({"/"})),
    (Noun("a whole number such as 三 or 3"), frozenset({"DIGITS", "WORDS"})),
    (Noun("年, 个月, 日 or 个会计年度"), frozenset(each.value for each in (*TimeUnit, *YearWord))),
    (Noun("a day such as 2023年12月31日"), frozenset({"DAY"})),
    (Noun("the name of a date"), frozenset({"DATE_NAME"})),
    (Noun("the name of an event"), frozenset({"EVENT_NAME"})),
    (Noun("what an enterprise can be"), frozenset({"IS_NAME"})),
    (Noun("what an enterprise can have"), frozenset({"HAS_NAME"})),
    (Noun("what an enterprise can have done"), frozenset({"DONE_NAME"})),
    (Noun("the name of a list of enterprises"), frozenset({"LISTING_NAME"})),
    (Noun("the name of a credential"), frozenset({"CREDENTIAL_NAME"})),
    (Noun("the name of a judgement"), frozenset({"JUDGEMENT_NAME"})),
    (Noun("the name of a code"), frozenset({"CODE_NAME"})),
    (Noun("a list of codes such as 《名称》"), frozenset({"LIST"})),
    (Noun("a code such as C35"), frozenset({"CODE"})),
    (Noun("the name of a table such as 《名称》"), frozenset({"TABLE"})),
    (Noun("the id of a clause"), frozenset({"CLAUSE_ID"})),
    (Noun("（含） or （不含）"), frozenset({grammar.INCLUDED, grammar.EXCLUDED})),
    (Noun("the end of the sentence"), frozenset({END})),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOf(Noun):
    """The units of a term that was named."""

    msgid: str = field(default="a unit of “{term}”, which is measured in {unit}: {units}", init=False)
    term: str
    unit: str
    units: str

    @property
    def params(self) -> Mapping[str, Noun]:
        return {name: Noun(getattr(self, name)) for name in ("term", "unit", "units")}

    def __str__(self) -> str:
        return self.msgid.format(term=self.term, unit=self.unit, units=self.units)


def expected(terminals: Set[str], before: str, language: Language) -> tuple[Noun, ...]:
    """What ``terminals`` are, most telling first. ``before`` is the text that was read, for the unit."""
    words = {language.fixed.get(each, each) for each in terminals}
    if grammar.NOT in words:
        return (_CONDITION,)
    found = []
    for noun, those in _PHRASES:
        if words & those:
            found.append(unit_expected(before, language) if "UNIT" in those else noun)
            words -= those | (_DURATIONS if those is _ONLY_DURATIONS else frozenset())
    return tuple(found) + tuple(Noun(word) for word in sorted(words) if word not in grammar.NAMES)


def unit_expected(before: str, language: Language) -> Noun:
    """Of which dimension a unit would be, going by the last name that was read."""
    if before.rfind("的比例") >= 0 or before.rfind("同比增长") >= 0:
        last = max(before.rfind("的比例"), before.rfind("同比增长"))
        if not any(joint in before[last:] for joint in (grammar.AND, grammar.OR, grammar.NEXT_ITEM)):
            return _PER_CENT
    at, named = -1, None
    for chinese, term in language.by_chinese.items():
        if before.rfind(chinese) > at:
            at, named = before.rfind(chinese), term
    units = language.vocabulary.units_of(named.dimension) if named else ""
    if named is None or not units:
        return Noun("a unit")
    return _PER_CENT if units == "%" else UnitOf(term=named.chinese, unit=units.partition("、")[0], units=units)


def together(nouns: tuple[Noun, ...]) -> Noun:
    """As one, for a message; the first few."""
    first, *others = nouns[:MAX_SAID] or (_CONDITION,)
    return Nouns(first=first, others=together(tuple(others))) if others else first

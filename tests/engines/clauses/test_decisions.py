"""Unknown never passes, whatever it is under; a decision says what it would take; and it comes out again the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.engines.clauses import slowly
from tests.engines.clauses.situations import (
    DAY,
    SETTING,
    VOCABULARY,
    completed,
    data,
    document,
    documents,
    expressions,
    leaves,
    snapshot,
)

from zonary.engines.clauses.documents import Document, WhenUnknown
from zonary.engines.clauses.errors import ReplayError, RuleError
from zonary.engines.clauses.expressions import (
    AtLeast,
    ClauseRef,
    Compare,
    Comparison,
    Duration,
    Elapsed,
    Every,
    Expression,
    Flag,
    Growth,
    Happened,
    IfThen,
    InCodes,
    Judged,
    Leaf,
    Listed,
    Not,
    PerUnit,
    Share,
    Some,
    TimeUnit,
)
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.conditions import truth_of
from zonary.engines.clauses.interpreter.decisions import Decision, Stop, decide
from zonary.engines.clauses.interpreter.needs import need
from zonary.engines.clauses.interpreter.plans import Plan, Planned
from zonary.engines.clauses.interpreter.records import digest, record, replay
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.quantities import Amount, Number, Parameter, Period, Reading
from zonary.engines.clauses.snapshots import Key, Stored

YES, NO, OPEN = Truth.YES, Truth.NO, Truth.UNKNOWN
ASK, PROMISE, FAIL = WhenUnknown.ASK, WhenUnknown.PROMISE, WhenUnknown.FAIL
thoroughly = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
_TRUTHS = {True: YES, False: NO, None: OPEN}


def asked(data: dict[Key, Stored], rules: Document, **more: frozenset[str]) -> Decision:
    return decide(Plan(rules), "item", Asking(SETTING, snapshot(data)), **more)


def wanted_of(planned: Planned) -> dict[str, Truth | None]:
    signs = {1: YES, -1: NO, 0: None}
    return {each.clause.id: signs[wanted] for each, wanted in zip(planned.clauses, planned.wanted, strict=True)}


# The meaning, against a second reading of it


@thoroughly
@given(leaves, data())
def test_shares_rates_and_growth_are_what_dividing_gives(leaf: Leaf, known: dict[Key, Stored]) -> None:
    assume(isinstance(leaf, Share | PerUnit | Growth | Compare) and isinstance(leaf.bound, Amount))
    quantities = [getattr(leaf, name) for name in ("quantity", "per", "part", "whole") if hasattr(leaf, name)]
    assume(all(type(each).__name__ in ("Reading", "Gathered") for each in quantities))
    assume(all(getattr(each, "period", None) is not Period.SAME for each in quantities))
    assume(all(getattr(each, "span", 1) is not None for each in quantities))
    asking = Asking(SETTING, snapshot(known))
    assert asking.finding(leaf).truth is _TRUTHS[slowly.divided(asking, leaf)]


@thoroughly
@given(expressions, data())
def test_joined_sentences_are_kleenes(expression: Expression, known: dict[Key, Stored]) -> None:
    asking = Asking(SETTING, snapshot(known))
    found = truth_of(expression, lambda leaf, _: asking.finding(leaf).truth)
    assert found is _TRUTHS[slowly.truth(expression, None, asking)]


@thoroughly
@given(documents((ASK, FAIL)), data())
def test_what_fails_unknown_is_taken_at_its_worst(rules: Document, known: dict[Key, Stored]) -> None:
    """A clause that stands there both ways is worse still: each of its places counts against the enterprise."""
    asking = Asking(SETTING, snapshot(known))
    plan = Plan(rules)
    worst = slowly.at_worst(
        rules.items[0].condition, slowly.clauses(rules, asking), {each.id: each for each in rules.clauses}
    )
    found = decide(plan, "item", asking).truth
    if 0 in plan["item"].wanted:
        assert found is not YES or worst is True
    else:
        assert found is _TRUTHS[worst]


# Nothing passes silently


@thoroughly
@given(st.data(), documents(), data())
def test_a_yes_is_a_yes_under_every_completion(
    choice: st.DataObject, rules: Document, known: dict[Key, Stored]
) -> None:
    assume(asked(known, rules).truth is YES)
    assert asked(choice.draw(completed(known)), rules).truth is YES


@thoroughly
@given(st.data(), documents((ASK, PROMISE)), data())
def test_knowing_more_never_turns_an_answer(choice: st.DataObject, rules: Document, known: dict[Key, Stored]) -> None:
    before = asked(known, rules).truth
    assume(before is not OPEN)
    assert asked(choice.draw(completed(known)), rules).truth is before


@thoroughly
@given(documents(), data())
def test_promises_that_are_listed_make_it_a_yes_and_none_is_in_vain(rules: Document, known: dict[Key, Stored]) -> None:
    decision = asked(known, rules)
    by_id = {each.clause.id: each for each in decision.clauses}
    for id in decision.promises:
        assert by_id[id].truth is OPEN
        assert by_id[id].clause.when_unknown is PROMISE
    if decision.promises:
        assert decision.truth is OPEN
        assert asked(known, rules, promised=frozenset(decision.promises)).truth is YES
        for id in decision.promises:
            without = frozenset(decision.promises) - {id}
            assert not without or asked(known, rules, promised=without).truth is not YES


@thoroughly
@given(documents((ASK, FAIL)), data())
def test_nothing_is_promised_where_the_rule_does_not_allow_it(rules: Document, known: dict[Key, Stored]) -> None:
    every = frozenset(each.id for each in rules.clauses)
    assert asked(known, rules).promises == ()
    assert asked(known, rules, promised=every).truth is asked(known, rules).truth


@thoroughly
@given(documents(), data())
def test_one_clause_short_is_found_by_trying(rules: Document, known: dict[Key, Stored]) -> None:
    """Each clause alone replaced by one that is so, or is not."""
    decision = asked(known, rules)
    assume(decision.truth is NO)
    short = []
    for place, clause in enumerate(rules.clauses):
        wanted = wanted_of(Plan(rules)["item"]).get(clause.id)
        signs = (
            ()
            if clause.id not in wanted_of(Plan(rules)["item"])
            else (True, False)
            if wanted is None
            else (wanted is YES,)
        )
        for is_so in signs:
            sure = Flag("resident") if is_so else Not(Flag("resident"))
            tried = replace(rules, clauses=tuple(
                replace(each, expression=Every((sure,))) if number == place else each
                for number, each in enumerate(rules.clauses)
            ))  # fmt: skip
            asking = Asking(SETTING, snapshot(known))
            truths = slowly.clauses(rules, asking) | {clause.id: is_so}
            by_id = {each.id: each for each in tried.clauses}
            if slowly.at_worst(rules.items[0].condition, truths, by_id) is True:
                short.append(clause.id)
    both_ways = {id for id, wanted in wanted_of(Plan(rules)["item"]).items() if wanted is None}
    if not both_ways:
        assert set(decision.short) == set(short)
    assert set(decision.short) <= set(short)
    if short and not both_ways:
        assert len(decision.nearest) == 1


@thoroughly
@given(documents(), data())
def test_the_nearest_way_leads_there(rules: Document, known: dict[Key, Stored]) -> None:
    decision = asked(known, rules)
    wanted = wanted_of(Plan(rules)["item"])
    assert not (decision.truth is YES and decision.nearest)
    if decision.truth is not YES and None not in wanted.values():
        assert decision.nearest  # what stands nowhere both ways can always be had
        asking = Asking(SETTING, snapshot(known))
        by_id = {each.id: each for each in rules.clauses}

        def all_of(chosen: tuple[str, ...]) -> bool | None:
            found = slowly.clauses(rules, asking) | {id: wanted[id] is YES for id in chosen}
            return slowly.at_worst(rules.items[0].condition, found, by_id)

        assert all_of(decision.nearest) is True
        for id in decision.nearest:
            assert all_of(tuple(each for each in decision.nearest if each != id)) is not True


@thoroughly
@given(leaves, data(), st.booleans())
def test_what_is_needed_suffices_and_one_step_less_does_not(
    leaf: Leaf, known: dict[Key, Stored], is_wanted: bool
) -> None:
    asking = Asking(SETTING, snapshot(known))
    finding, wanted = asking.finding(leaf), YES if is_wanted else NO
    found = need(0, finding, wanted, asking.snapshot, VOCABULARY)
    assume(found is not None)
    if found.from_day is not None:
        tomorrow = [asking_on(known, found.from_day + timedelta(days=away)) for away in (-1, 0)]
        assert [each.finding(leaf).truth for each in tomorrow] == [~wanted, wanted]
        return
    key = finding.measures[0].read[0] if finding.measures[0].read else None
    assume(key is not None and len(finding.measures[0].read) == 1 and not finding.measures[0].is_mean)
    assume(isinstance(getattr(leaf, "quantity", getattr(leaf, "part", getattr(leaf, "reading", None))), Reading))
    others = [each for measure in finding.measures[1:] for each in measure.read]
    assume(key not in others)
    step = 1 if found.by > 0 else -1
    for to, truth in ((found.to, wanted), (found.to - step, ~wanted)):
        if VOCABULARY.term(key[0]).low <= to:
            assert Asking(SETTING, snapshot({**known, key: int(to)})).finding(leaf).truth is truth
    assert found.to - found.by == known[key]


def asking_on(known: dict[Key, Stored], day: date) -> Asking:
    """As of another day of the enterprise's: years stay where they are, what is dated by days alone is asked."""
    dated = {
        key: each
        for key, each in known.items()
        if key[1] is None and (key[0] != "accident" or int(each) <= day.toordinal())
    }
    return Asking(SETTING, snapshot(dated, day))


# Polarity, by example

DENIED = document({"c": Listed(("abnormal",))}, Not(ClauseRef("c")), {"c": FAIL})


def test_an_unknown_under_a_negation_is_no_yes() -> None:
    """Not “is on the list”, where nobody looked: to fail what is not known there, would pass the enterprise."""
    assert asked({}, DENIED).truth is NO
    assert asked({("abnormal", None): False}, DENIED).truth is YES
    twice = document({"c": Listed(("abnormal",))}, Not(Not(ClauseRef("c"))), {"c": FAIL})
    assert asked({}, twice).truth is NO


def test_an_unknown_premise_does_not_excuse() -> None:
    condition = IfThen(ClauseRef("high"), ClauseRef("report"))
    rules = document({"high": Flag("resident"), "report": Flag("reserve")}, condition, {"high": FAIL, "report": FAIL})
    assert asked({}, rules).truth is NO
    assert asked({("reserve", None): True}, rules).truth is YES
    assert asked({("resident", None): False}, rules).truth is YES


def test_a_promise_is_kept_apart_from_what_is_known() -> None:
    rules = document(
        {"a": Flag("resident"), "b": Flag("reserve"), "c": Listed(("dishonest",))},
        Every((ClauseRef("a"), ClauseRef("b"), Not(ClauseRef("c")))),
        {"b": PROMISE, "c": PROMISE},
    )
    open_ = asked({("resident", None): True}, rules)
    assert (open_.truth, open_.promises) == (OPEN, ("b", "c"))
    given_ = asked({("resident", None): True}, rules, promised=frozenset("bc"))
    assert (given_.truth, [each.is_promised for each in given_.clauses]) == (YES, [False, True, True])
    against = asked({("resident", None): True, ("reserve", None): False}, rules, promised=frozenset("bc"))
    assert against.truth is NO  # no promise helps against what is known


# What a decision says

WAN = 10**6


def spending(number: str = "100", rule: WhenUnknown = ASK) -> Document:
    return document(
        {
            "spend": Compare(Reading("rnd", Period.LAST_YEAR), Comparison.NOT_BELOW, Amount(Decimal(number), "万元")),
            "age": Elapsed("founded", Duration.FULL, Number(1), TimeUnit.YEARS),
            "safe": Happened("accident", (Number(1), TimeUnit.YEARS), True),
            "core": Judged("core"),
        },
        Every(tuple(map(ClauseRef, ("spend", "age", "safe", "core")))),
        {"core": rule},
    )


def test_a_no_says_how_far_it_is() -> None:
    known: dict[Key, Stored] = {
        ("rnd", 2025): 88 * WAN,
        ("founded", None): date(2020, 2, 29).toordinal(),
        ("accident", None): 0,
        ("core", None): True,
    }
    decision = asked(known, spending())
    (spend, age, safe, core) = decision.clauses
    assert (decision.truth, decision.short, decision.nearest) == (NO, ("spend",), ("spend",))
    assert [each.truth for each in decision.clauses] == [NO, YES, YES, YES]
    assert (spend.needs[0].by, spend.needs[0].to) == (12 * WAN, 100 * WAN)
    assert spend.leaves[0].thresholds[0].value == 100 * WAN
    assert (age.needs, safe.needs, core.needs) == ((), (), ())


def test_a_no_says_when_waiting_is_enough() -> None:
    known: dict[Key, Stored] = {
        ("rnd", 2025): 100 * WAN,
        ("founded", None): date(2025, 8, 31).toordinal(),
        ("accident", None): date(2025, 6, 1).toordinal(),
        ("core", None): True,
    }
    decision = asked(known, spending())
    assert (decision.truth, decision.short, decision.nearest) == (NO, (), ("age", "safe"))
    assert [each.needs[0].from_day for each in decision.clauses[1:3]] == [date(2026, 8, 31), date(2026, 6, 1)]


def test_an_open_one_says_what_is_missing_and_where_it_comes_from() -> None:
    decision = asked({("founded", None): date(2020, 1, 1).toordinal()}, spending())
    assert (decision.truth, decision.nearest) == (OPEN, ("spend", "safe", "core"))
    kept = json.loads(record(decision, VOCABULARY))
    missing = [leaf["missing"] for clause in kept["clauses"] for leaf in clause["leaves"]]
    assert missing == [[["rnd", 2025, "税务部门"]], [], [["accident", None, "应急管理部门"]], [["core", None, ""]]]


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2026, 7, 1)])
def test_outside_its_days_an_item_is_stopped_and_never_a_no(day: date) -> None:
    rules = document({"a": Flag("resident")}, ClauseRef("a"), last=date(2026, 6, 30))
    decision = decide(Plan(rules), "item", Asking(SETTING, snapshot({("resident", None): False}, day)))
    expected = Stop.NOT_YET if day < DAY else Stop.NO_LONGER
    assert (decision.truth, decision.stop, decision.clauses) == (None, expected, ())
    assert "研发奖补" in str(decision.error)


def test_an_expired_parameter_stops_the_item_even_where_another_clause_says_no() -> None:
    share = Share(
        Reading("rnd", Period.LAST_YEAR),
        Reading("revenue", Period.SAME),
        Comparison.NOT_BELOW,
        Parameter("已过期的下限"),
    )
    rules = document({"a": Flag("resident"), "b": share}, Every((ClauseRef("a"), ClauseRef("b"))))
    decision = asked({("resident", None): False}, rules)
    assert (decision.truth, decision.stop) == (None, Stop.PARAMETER)
    assert "已过期的下限" in str(decision.error)


def test_a_list_without_an_edition_stops_the_item() -> None:
    rules = document({"a": InCodes("industry", "战略性新兴产业分类")}, ClauseRef("a"))
    early = replace(rules, items=(replace(rules.items[0], first=date(2000, 1, 1)),))
    decision = decide(Plan(early), "item", Asking(SETTING, snapshot({("industry", None): "C3511"}, date(2017, 1, 1))))
    assert (decision.truth, decision.stop) == (None, Stop.LIST)


# Kept and repeated


@thoroughly
@given(documents(), data(), st.randoms(use_true_random=False))
def test_a_stored_decision_comes_out_again_byte_for_byte(
    rules: Document, known: dict[Key, Stored], mixed: object
) -> None:
    decision = asked(known, rules, promised=frozenset({"c0"}))
    stored = record(decision, VOCABULARY)
    order = list(known.items())
    mixed.shuffle(order)  # type: ignore[attr-defined]
    again = Asking(SETTING, snapshot(dict(order)))
    for clause in reversed(rules.clauses):
        slowly.truth(clause.expression, None, again)  # what was asked before must not show
    assert record(replay(stored, Plan(rules), again), VOCABULARY) == stored
    assert len(digest(stored)) == 64


def test_a_decision_that_comes_out_otherwise_is_said_to() -> None:
    known: dict[Key, Stored] = {("rnd", 2025): 99 * WAN}
    stored = record(asked(known, spending()), VOCABULARY)
    with pytest.raises(ReplayError, match="comes out otherwise"):
        replay(stored, Plan(spending("90")), Asking(SETTING, snapshot(known)))
    with pytest.raises(ReplayError, match="another snapshot"):
        replay(stored, Plan(spending()), Asking(SETTING, snapshot({("rnd", 2025): 98 * WAN})))
    for broken in (b"", b"[]", b"{", b'{"form":"zonary-decision/1"}', b"[" * 100_000, stored + b" " * 5_000_000):
        with pytest.raises(ReplayError):
            replay(broken, Plan(spending()), Asking(SETTING, snapshot(known)))


# Size


def test_two_hundred_conditions_and_deep_ones_are_asked() -> None:
    many = document({"a": Every((Flag("resident"),) * 200)}, ClauseRef("a"))
    assert asked({("resident", None): True}, many).truth is YES
    deep: Expression = ClauseRef("a")
    for _ in range(900):
        deep = Not(deep)
    assert asked({("resident", None): True}, document({"a": Flag("resident")}, deep)).truth is YES


@pytest.mark.parametrize(
    ("clauses", "condition"),
    [
        ({"a": Every((Flag("resident"),) * 201)}, ClauseRef("a")),
        ({"a": Flag("resident")}, ClauseRef("b")),
        ({"a": Flag("resident")}, Flag("resident")),
        ({"a": ClauseRef("a")}, ClauseRef("a")),
        ({"a": Flag("resident")}, AtLeast(Number(3), (ClauseRef("a"), ClauseRef("a")))),
        ({"a": AtLeast(Number(0), (Flag("resident"),))}, ClauseRef("a")),
        ({"a": Flag("resident")}, Some(tuple(Not(ClauseRef("a")) for _ in range(1001)))),
    ],
)
def test_a_document_that_does_not_fit_together_is_refused(
    clauses: dict[str, Expression], condition: Expression
) -> None:
    with pytest.raises(RuleError):
        Plan(document(clauses, condition))

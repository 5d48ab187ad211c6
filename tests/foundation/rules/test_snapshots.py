"""What a rule may know: which fact counts, which is not for it, and what is no year's value."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="rule packs need the [web] extra")

from tests.foundation.facts.stating import LATER, REASON, declare, record
from tests.foundation.rules.releasing import RELEASED, release

DAY = date(2026, 11, 20)


@pytest.fixture
def loaded(five: Any) -> Any:
    from zonary.foundation.rules.loaded import pack_in_force

    release(five)
    return pack_in_force("rd-support", at=RELEASED)


def known(five: Any, loaded: Any, *, day: date = DAY, known_at: Any = RELEASED, purpose: str = "policy") -> Any:
    from zonary.foundation.rules.snapshots import snapshot_of

    snapshot = snapshot_of(str(five.enterprise.public_id), loaded, day=day, known_at=known_at, purpose=purpose)
    return {key: datum.value for key, datum in snapshot.data.items()}


def test_facts_become_data_in_the_smallest_unit(five: Any, loaded: Any) -> None:
    from zonary.foundation.rules.snapshots import facts_used, snapshot_of

    spent = record(five, indicator="rd-expense", value="123.45", unit="wan-yuan", period="2025")
    people = record(five, indicator="staff", value="321", unit="", period="2026-01-01/")
    record(five, indicator="land-area", value="12.5", unit="m2", period="2026-01-01/")  # the pack does not ask it
    snapshot = snapshot_of(str(five.enterprise.public_id), loaded, day=DAY, known_at=RELEASED)
    assert {key: datum.value for key, datum in snapshot.data.items()} == {
        ("rd-expense", 2025): 123_450_000,
        ("staff", None): 321,
    }
    datum = snapshot.data["rd-expense", 2025]
    assert (datum.source, datum.reference) == ("shared-by-authority: tax office", str(spent.public_id))
    assert datum.as_of == date(2025, 12, 31)
    assert facts_used(snapshot) == tuple(sorted((str(spent.public_id), str(people.public_id))))
    assert facts_used(snapshot, frozenset({("staff", None)})) == (str(people.public_id),)


def test_a_decision_is_made_from_them(five: Any, loaded: Any) -> None:
    from zonary.engines.clauses.interpreter.asking import Asking
    from zonary.engines.clauses.interpreter.decisions import decide
    from zonary.engines.clauses.kleene import Truth
    from zonary.foundation.rules.snapshots import snapshot_of

    def answer() -> Any:
        snapshot = snapshot_of(str(five.enterprise.public_id), loaded, day=DAY, known_at=RELEASED)
        return decide(loaded.plan, "support", Asking(loaded.setting, snapshot)).truth

    record(five, indicator="rd-expense", value="100", unit="wan-yuan", period="2025")
    assert answer() is Truth.UNKNOWN
    record(five, indicator="staff", value="500", unit="", period="2026-01-01/")
    assert answer() is Truth.YES


@pytest.mark.parametrize(
    ("period", "counts_for"),
    [
        ("2025", 2025),
        ("2024", 2024),
        ("2026-01-01/2026-09-30", 2026),  # this year so far
        ("2026", 2026),
        ("2025-Q4", None),
        ("2025-01-01/2025-11-30", None),  # that year ended without the rest of it
        ("2025-02-01/2025-12-31", None),
        ("2026-Q2", None),
        ("2025-07-01/2026-06-30", None),
        ("2025-01-01/", None),
    ],
)
def test_what_a_years_value_is(five: Any, loaded: Any, period: str, counts_for: int | None) -> None:
    record(five, indicator="rd-expense", value="7", unit="fen", period=period)
    wanted = {} if counts_for is None else {("rd-expense", counts_for): 7}
    assert known(five, loaded) == wanted


def test_of_this_year_the_value_that_reaches_furthest_counts_on_its_day(five: Any, loaded: Any) -> None:
    record(five, indicator="rd-expense", value="9", unit="fen", period="2026-01-01/2026-09-30")
    record(five, indicator="rd-expense", value="6", unit="fen", period="2026-01-01/2026-06-30", at=LATER)
    assert known(five, loaded) == {("rd-expense", 2026): 9}
    assert known(five, loaded, day=date(2026, 8, 1)) == {("rd-expense", 2026): 6}
    assert known(five, loaded, day=date(2027, 1, 1)) == {}


def test_what_was_corrected_or_retracted_ends(five: Any, loaded: Any) -> None:
    from tests.foundation.facts.stating import claim

    from zonary.foundation.facts.actions import correct_fact, retract_fact

    wrong = record(five, indicator="staff", value="10", unit="", period="2026-01-01/")
    then = LATER + timedelta(minutes=5)
    said = claim(indicator="staff", value="20", unit="", period="2026-01-01/")
    right = correct_fact(str(wrong.public_id), said, reason=REASON, by=five.officer, at=then)
    retract_fact(str(right.public_id), reason=REASON, by=five.officer, at=then + timedelta(minutes=5))
    assert known(five, loaded, known_at=LATER) == {("staff", None): 10}
    assert known(five, loaded, known_at=then) == {("staff", None): 20}
    assert known(five, loaded) == {}


def test_a_use_limit_and_a_consent_withhold_and_nothing_older_takes_their_place(five: Any, loaded: Any) -> None:
    from zonary.foundation.facts.actions import give_consent, withdraw_consent

    declare(five, indicator="staff", value="10", unit="", period="2025-01-01/")
    declare(five, indicator="staff", value="600", unit="", period="2026-01-01/", use_limit=("statistics",))
    assert known(five, loaded) == {}
    assert known(five, loaded, purpose="statistics") == {("staff", None): 600}
    record(five, indicator="staff", value="590", unit="", period="2025-06-01/")  # another source may speak
    assert known(five, loaded) == {("staff", None): 590}

    consent = give_consent(indicators=["rd-expense"], purposes=["policy"], until=None, by=five.owner, at=LATER)
    record(five, indicator="rd-expense", value="5", unit="fen", period="2025",
           consent=str(consent.public_id), consent_not_needed="")  # fmt: skip
    assert known(five, loaded)["rd-expense", 2025] == 5
    assert ("rd-expense", 2025) not in known(five, loaded, purpose="finance")
    withdraw_consent(str(consent.public_id), reason=REASON, by=five.owner, at=RELEASED)
    assert ("rd-expense", 2025) not in known(five, loaded)
    # Nor is it read by asking what was known before: a decision is repeated from its own snapshot.
    assert ("rd-expense", 2025) not in known(five, loaded, known_at=RELEASED - timedelta(seconds=1))


def test_what_does_not_fit_its_term_is_unknown(five: Any) -> None:
    from zonary.foundation.rules.loaded import pack_in_force

    def term(id: str, kind: str, **more: Any) -> dict[str, Any]:
        return {"id": id, "name": {"zh": f"甲{id}", "en": id}, "kind": kind, **more}

    from tests.foundation.rules.packs import pack

    own = pack()["terms"]
    release(five, terms=[
        *own, term("revenue", "money"), term("credit-grade", "code"), term("main-products", "code"),
        term("land-area", "area", high=100), term("high-tech-enterprise", "credential"),
        term("established-on", "event"), term("no-such-thing", "flag"),
    ])  # fmt: skip
    loaded = pack_in_force("rd-support", at=RELEASED)
    for indicator, value in (
        ("revenue", "1"), ("credit-grade", "AA+"), ("main-products", "C35"), ("land-area", "1.01"),
        ("high-tech-enterprise", "yes"), ("established-on", "2026-11-21"),
    ):  # fmt: skip
        record(five, indicator=indicator, value=value, unit="", period="2026-01-01/")
    assert known(five, loaded) == {}
    record(five, indicator="established-on", value="2026-11-20", unit="", period="2026-01-01/")
    assert known(five, loaded) == {("established-on", None): DAY.toordinal()}


def test_nobody_and_no_purpose_is_refused(five: Any, loaded: Any) -> None:
    from zonary.foundation.facts.rules import WrongFactError
    from zonary.foundation.rules.permissions import UnknownPackError
    from zonary.foundation.rules.snapshots import snapshot_of

    with pytest.raises(UnknownPackError, match="no such enterprise"):
        snapshot_of("x", loaded, day=DAY, known_at=RELEASED)
    with pytest.raises(WrongFactError, match="no purpose"):
        snapshot_of(str(five.enterprise.public_id), loaded, day=DAY, known_at=RELEASED, purpose="spying")


def test_a_consent_that_is_over_now_lets_nothing_be_read_of_before(five: Any, loaded: Any) -> None:
    from zonary.foundation.facts.actions import give_consent
    from zonary.foundation.rules.snapshots import snapshot_of

    last = (LATER + timedelta(days=2)).date()
    consent = give_consent(indicators=["staff"], purposes=["policy"], until=last, by=five.owner, at=LATER)
    record(five, indicator="staff", value="9", unit="", period="2026-01-01/",
           consent=str(consent.public_id), consent_not_needed="")  # fmt: skip
    assert known(five, loaded) == {("staff", None): 9}
    later = RELEASED + timedelta(days=9)
    name = str(five.enterprise.public_id)
    assert not snapshot_of(name, loaded, day=DAY, known_at=RELEASED, at=later).data

"""Nobody is paid twice: not by an edited card, a claw-back that is open, a wrong answer of the bank, or one officer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="grants need the [web] extra")

from tests.services.incentives.grants import paying
from tests.services.incentives.grants.paying import AFTER_ANSWERS, START
from tests.services.incentives.matching import zone

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)
LATER = AFTER_ANSWERS + timedelta(hours=2)


def edited(measure: Any, **changes: Any) -> None:
    """The card as somebody changed it since."""
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.services.incentives.measures.models import Measure

    with unrecorded("how a card is edited is not what is tried here"):
        Measure.objects.filter(pk=measure.pk).update(**changes)


def allocated(five: Any, measure: Any, *who: Any, at: Any = LATER) -> list[tuple[str, int, str]]:
    """What another list of the measure, without a notice, gives those who consent."""
    from zonary.services.incentives.grants import actions
    from zonary.services.incentives.grants.permissions import GrantError

    batch = actions.start_batch(str(measure.public_id), by=five.officer, at=at)
    number = str(batch.public_id)
    actions.open_consents(number, by=five.officer, at=at)
    for each in who:
        paying.consent(batch, each, at=at)
    actions.close_consents(number, by=five.officer, at=paying.AFTER_ANSWERS + timedelta(days=60))
    actions.look_again(number, by=five.officer, at=at)
    try:
        actions.prepare_payment(number, by=five.officer, at=at)
    except GrantError:
        return []
    return sorted(batch.grants.exclude(allocated=None).values_list("state", "allocated", "entitled_why"))


@pytest.mark.parametrize("before", ["", "rd"])
@pytest.mark.parametrize("since", ["", "rd", "other"])
def test_another_stacking_group_does_not_pay_the_same_measure_again(five: Any, before: str, since: str) -> None:
    first = paying.paid(five, notice_workdays=0, stacking=before)
    edited(first.measure, stacking=since)
    assert allocated(five, first.measure, five.owner, five.rival) == []


def test_budgets_are_held_of_every_measure_that_ever_had_a_list_of_the_group(
    five: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from zonary.services.incentives.grants.holding import hold_budgets

    first = paying.paid(five, notice_workdays=0, stacking="rd")
    edited(first.measure, stacking="other")
    other = zone.measure(notice_workdays=0, stacking="rd", title="另一项研发支持")
    from zonary.services.incentives.grants.actions import start_batch

    batch = start_batch(str(other.public_id), by=five.officer, at=LATER)
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        hold_budgets(batch)
    (sql,) = [each["sql"] for each in asked.captured_queries if "measure" in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert [row[0] for row in cursor.fetchall()] == sorted((first.measure_id, other.pk))


def test_no_list_is_made_as_of_a_day_before_the_measure_was_published(five: Any) -> None:
    from zonary.common.clock import zone_date
    from zonary.services.incentives.grants.actions import start_batch
    from zonary.services.incentives.grants.permissions import GrantError

    measure = paying.ready(five, published_at=START)
    day = zone_date(START) - timedelta(days=1)
    with pytest.raises(GrantError, match="published since 2026-11-23"):
        start_batch(str(measure.public_id), day=day, by=five.officer, at=START)


def test_a_card_without_a_budget_counts_for_the_year_in_which_the_list_is_made(five: Any) -> None:
    from zonary.common.clock import zone_date
    from zonary.services.incentives.grants.actions import start_batch

    measure = paying.ready(five, notice_workdays=0)
    next_year = START + timedelta(days=60)
    batch = start_batch(str(measure.public_id), day=zone_date(START), by=five.officer, at=next_year)
    assert batch.year == next_year.year == 2027


def claimed_back(five: Any, batch: Any, amount: int | None = None) -> str:
    from zonary.services.incentives.grants.actions import claw_back_grant
    from zonary.services.incentives.grants.rules.steps import Reason

    grant = str(paying.grant_of(batch, five.rival).public_id)
    claw_back_grant(grant, why=Reason.FACT_RETRACTED, note="已撤回", amount=amount, by=five.officer, at=AFTER_ANSWERS)
    return grant


def test_what_is_claimed_back_is_not_paid_again_before_it_came(five: Any) -> None:
    from zonary.services.incentives.grants.actions import record_repayment, start_batch

    first = paying.paid(five, notice_workdays=0)
    grant = claimed_back(five, first, 50_000_00)
    listed = start_batch(str(first.measure.public_id), by=five.officer, at=LATER)
    assert [each.subject for each in listed.grants.all()] == [paying.grant_of(first, five.owner).subject]
    record_repayment(grant, by=paying.second(five), at=LATER)
    assert allocated(five, first.measure, five.owner, five.rival) == [
        ("payable", 50_000_00, "topped-up"), ("unfunded", 0, "had-it")
    ]  # fmt: skip


def test_what_is_claimed_back_after_the_next_list_was_made_still_counts_as_given(five: Any) -> None:
    from zonary.services.incentives.grants.actions import start_batch
    from zonary.services.incentives.grants.queries import given_earlier

    first = paying.paid(five, notice_workdays=0)
    again = start_batch(str(first.measure.public_id), by=five.officer, at=AFTER_ANSWERS)
    claimed_back(five, first)
    assert sorted(sum(each) for each in given_earlier(again).values()) == [100_000_00, 150_000_00]


def test_who_has_to_pay_back_claims_nothing_on_the_spot(five: Any) -> None:
    from zonary.services.incentives.grants.actions import claim_measure
    from zonary.services.incentives.grants.permissions import GrantError

    first = paying.paid(five, notice_workdays=0)
    claimed_back(five, first)
    instant = zone.measure(notice_workdays=0, mode="instant", title="即申即享")
    with pytest.raises(GrantError, match="pay back first"):
        claim_measure(str(instant.public_id), paying.account(), by=five.rival, at=LATER)
    assert claim_measure(str(instant.public_id), paying.account(), by=five.owner, at=LATER).state == "consented"


def test_a_list_the_office_gave_up_does_not_lock_claimants_out_for_the_year(five: Any) -> None:
    from zonary.services.incentives.grants.actions import cancel_batch, claim_measure

    measure = paying.ready(five, mode="instant", notice_workdays=0)
    first = claim_measure(str(measure.public_id), paying.account(), by=five.owner, at=AFTER_ANSWERS)
    cancel_batch(str(first.batch.public_id), reason="预算待核", by=five.officer, at=AFTER_ANSWERS)
    again = claim_measure(str(measure.public_id), paying.account(), by=five.owner, at=LATER)
    assert (again.state, again.batch.state) == ("consented", "open")
    assert again.batch != first.batch

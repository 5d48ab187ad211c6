"""免申即享 from the list to the bank's answer, as two officers and two enterprises go through it."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="grants need the [web] extra")

from tests.foundation.facts.stating import LATER, claim
from tests.services.incentives.grants import paying
from tests.services.incentives.grants.paying import AFTER_ANSWERS, AFTER_NOTICE, START
from tests.services.incentives.matching import zone

ON_SQLITE = pytest.mark.parametrize("data", ["sqlite"], indirect=True)
"""What no database says; the way of a batch is gone on both."""


def test_a_batch_goes_from_its_list_to_the_banks_answer(five: Any) -> None:
    from zonary.services.incentives.grants.actions import take_payment_file

    batch = paying.paid(five)
    assert batch.state == "settled"
    assert list(batch.grants.order_by("computed").values_list("state", "allocated")) == [
        ("paid", 100_000_00), ("paid", 150_000_00)
    ]  # fmt: skip
    file = batch.files.get()
    first, again = (take_payment_file(str(file.public_id), by=five.officer, at=AFTER_ANSWERS) for _ in range(2))
    assert first == again
    assert hashlib.sha256(first).hexdigest() == file.digest
    assert first.decode("utf-8-sig").splitlines()[-1] == "合计,2,,,,250000.00,,"
    assert paying.NUMBER in first.decode()


@ON_SQLITE
def test_what_an_enterprise_states_of_itself_puts_it_on_no_list(five: Any) -> None:
    from zonary.foundation.facts.actions import declare_fact
    from zonary.services.incentives.grants.actions import start_batch

    measure = paying.ready(five)
    stated = claim(indicator="rd-expense", value="99999999", unit="yuan", sharing_basis="", consent_not_needed="")
    declare_fact(stated, by=five.owner, at=LATER + timedelta(hours=1))
    batch = start_batch(str(measure.public_id), by=five.officer, at=START)
    assert paying.grant_of(batch, five.owner).computed == 100_000_00  # a tenth of what an authority says it spent


@ON_SQLITE
def test_nothing_in_the_database_or_the_ledger_shows_an_account(five: Any) -> None:
    from django.apps import apps

    paying.released(five)
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            for value in row:
                shown = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                assert paying.NUMBER.encode() not in shown, model


@ON_SQLITE
def test_nobody_is_asked_before_the_notice_is_over_or_while_an_objection_waits(five: Any) -> None:
    from zonary.services.incentives.grants.actions import (
        decide_objection,
        object_to_grant,
        open_consents,
        open_notice,
    )
    from zonary.services.incentives.grants.permissions import GrantError

    batch = paying.batch_of(five)
    number = str(batch.public_id)
    with pytest.raises(GrantError, match="notice of 5 workdays"):
        open_consents(number, by=five.officer, at=START)
    open_notice(number, by=five.officer, at=START)
    grant = str(paying.grant_of(batch, five.rival).public_id)
    raised = object_to_grant(grant, reason="并未投入研发", by=five.owner, at=START)
    with pytest.raises(GrantError, match="runs until 2026-11-30"):
        open_consents(number, by=five.officer, at=AFTER_NOTICE - timedelta(days=1))
    with pytest.raises(GrantError, match="objection waits"):
        open_consents(number, by=five.officer, at=AFTER_NOTICE)
    with pytest.raises(GrantError, match="notice is over"):
        object_to_grant(grant, reason="太晚", by=five.colleague, at=AFTER_NOTICE)
    answer = {"answer": "经查属实", "by": paying.second(five), "at": AFTER_NOTICE}
    decide_objection(str(raised.public_id), is_upheld=True, **answer)
    open_consents(number, by=five.officer, at=AFTER_NOTICE)
    assert paying.grant_of(batch, five.rival).state == "removed"
    assert paying.grant_of(batch, five.owner).state == "listed"


@ON_SQLITE
def test_a_rejected_objection_leaves_the_grant_where_it_was(five: Any) -> None:
    from zonary.services.incentives.grants.actions import decide_objection, object_to_grant, open_notice
    from zonary.services.incentives.grants.permissions import GrantError

    batch = paying.batch_of(five)
    open_notice(str(batch.public_id), by=five.officer, at=START)
    grant = str(paying.grant_of(batch, five.rival).public_id)
    objections = [object_to_grant(grant, reason="x", by=by, at=START) for by in (five.owner, five.colleague)]
    with pytest.raises(GrantError, match="waits for its answer already"):
        object_to_grant(grant, reason="again", by=five.owner, at=START)
    for expected, each in zip(("objected", "listed"), objections, strict=True):
        decide_objection(str(each.public_id), is_upheld=False, answer="不成立", by=paying.second(five), at=START)
        assert paying.grant_of(batch, five.rival).state == expected


@ON_SQLITE
def test_what_was_published_is_what_its_digest_is_of_and_names_no_account(five: Any) -> None:
    from tests.five_accounts import browser

    from zonary.proof import canonical
    from zonary.services.incentives.grants.actions import open_notice

    batch = open_notice(str(paying.batch_of(five, telephone="0731-00000000").public_id), by=five.officer, at=START)
    content = browser(None).get(f"/incentives/grants/notices/{batch.public_id}/content.json").content
    told = json.loads(content)
    lines = [hashlib.sha256(canonical.encode(row)).hexdigest() for row in told["grants"]]
    published = canonical.encode(told | {"grants": lines})
    assert hashlib.sha256(published).hexdigest() == batch.notice_digest
    assert sorted(row[1:3] for row in told["grants"]) == [
        ["星河精工（虚构）", 100_000_00],
        ["远航重工（虚构）", 150_000_00],
    ]
    assert (told["until"], told["telephone"]) == ("2026-11-30", "0731-00000000")
    page = browser(None).get(f"/incentives/grants/notices/{batch.public_id}")
    assert page.status_code == 200


def test_two_officers_who_press_at_once_do_it_once(five: Any) -> None:
    from zonary.services.incentives.grants.actions import open_notice
    from zonary.services.incentives.grants.rules.steps import WrongStepError

    batch = str(paying.batch_of(five).public_id)
    open_notice(batch, by=five.officer, at=START)
    with pytest.raises(WrongStepError, match="moved on"):
        open_notice(batch, by=paying.second(five), at=START)


@ON_SQLITE
def test_who_made_the_list_or_the_file_does_not_release_it(five: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.incentives.grants.actions import prepare_payment, release_payment, take_payment_file
    from zonary.services.incentives.grants.permissions import GrantError

    batch, second = paying.closed(five), paying.second(five)
    file = prepare_payment(str(batch.public_id), by=second, at=AFTER_ANSWERS)
    grants = [str(each) for each in file.grants.values_list("public_id", flat=True)]
    for by in (five.officer, second):
        with pytest.raises(NotAllowedError, match="Another officer"):
            release_payment(str(file.public_id), looked_at=grants, note="ok", by=by, at=AFTER_ANSWERS)
    third = _third(five)
    with pytest.raises(GrantError, match="every grant of the sample"):
        release_payment(str(file.public_id), looked_at=grants[:1], note="ok", by=third, at=AFTER_ANSWERS)
    with pytest.raises(GrantError, match="not released"):
        take_payment_file(str(file.public_id), by=second, at=AFTER_ANSWERS)
    release_payment(str(file.public_id), looked_at=grants, note="ok", by=third, at=AFTER_ANSWERS)
    assert file.reviews.count() == 2


def _third(five: Any) -> Any:
    from tests.filled_zone import add_member

    return add_member(five.officer, "third-officer", LATER)


@ON_SQLITE
def test_facts_corrected_after_the_list_are_seen_before_money_goes_out(five: Any) -> None:
    from zonary.services.incentives.grants.actions import keep_grant, look_again, prepare_payment, remove_grant
    from zonary.services.incentives.grants.permissions import GrantError

    batch = paying.closed(five)
    number = str(batch.public_id)
    zone.spends(five, "500000", of=five.competitor, at=AFTER_ANSWERS)
    later = AFTER_ANSWERS + timedelta(days=1)
    with pytest.raises(GrantError, match="Make the decisions anew"):
        prepare_payment(number, by=five.officer, at=later)
    changed = look_again(number, by=five.officer, at=later)
    assert [(each.subject.name, each.anew and each.anew.truth) for each in changed] == [("远航重工（虚构）", "no")]
    with pytest.raises(GrantError, match="came out otherwise"):
        prepare_payment(number, by=five.officer, at=later)
    grant = str(changed[0].public_id)
    keep_grant(grant, reason="更正仍在异议中", by=paying.second(five), at=later)
    assert prepare_payment(number, by=five.officer, at=later).lines == 2
    with pytest.raises(GrantError, match="under way"):
        remove_grant(grant, reason="x", by=five.officer, at=later)


@ON_SQLITE
def test_a_file_sent_back_is_made_again_without_what_was_wrong(five: Any) -> None:
    from zonary.services.incentives.grants.actions import prepare_payment, reject_payment, remove_grant
    from zonary.services.incentives.grants.repeating import replay_batch

    batch = paying.closed(five)
    first = prepare_payment(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS)
    reject_payment(str(first.public_id), reason="一家有误", by=paying.second(five), at=AFTER_ANSWERS)
    wrong = str(paying.grant_of(batch, five.rival).public_id)
    remove_grant(wrong, reason="名称有误", by=five.officer, at=AFTER_ANSWERS)
    second = prepare_payment(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS)
    assert (first.number, second.number, second.lines, second.total) == (1, 2, 1, 100_000_00)
    batch.refresh_from_db()
    assert [each.taken for each in replay_batch(batch).files] == [second.digest]


def test_a_budget_that_does_not_suffice_goes_to_who_consented_first(five: Any) -> None:
    file = paying.released(five, budget=200_000_00, budget_year=2026)
    assert {each.subject.name: (each.allocated, each.allocated_why) for each in file.grants.all()} == {
        "远航重工（虚构）": (150_000_00, "full"), "星河精工（虚构）": (50_000_00, "rest")
    }  # fmt: skip


@ON_SQLITE
def test_a_budget_shared_in_proportion_is_spent_to_the_fen(five: Any) -> None:
    file = paying.released(five, budget=100_000_01, budget_year=2026, exhaustion="pro-rata")
    assert file.total == 100_000_01
    assert sorted(file.grants.values_list("allocated", flat=True)) == [40_000_00, 60_000_01]


@ON_SQLITE
def test_the_terms_stand_whatever_becomes_of_the_measure(five: Any) -> None:
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.services.incentives.grants.actions import prepare_payment
    from zonary.services.incentives.measures.models import Measure

    batch = paying.closed(five, budget=200_000_00, budget_year=2026)
    with unrecorded("another part changes its card"):
        Measure.objects.filter(pk=batch.measure_id).update(budget=1, cap=1, exhaustion="pro-rata")
    assert prepare_payment(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS).total == 200_000_00


@ON_SQLITE
def test_a_second_list_of_the_year_pays_nobody_twice(five: Any) -> None:
    from zonary.services.incentives.grants.actions import (
        close_consents,
        look_again,
        open_consents,
        prepare_payment,
        start_batch,
    )
    from zonary.services.incentives.grants.permissions import GrantError

    first = paying.paid(five, notice_workdays=0)
    later = AFTER_ANSWERS + timedelta(hours=1)
    again = str(start_batch(str(first.measure.public_id), by=five.officer, at=later).public_id)
    batch = open_consents(again, by=five.officer, at=later)
    for who in (five.owner, five.rival):
        paying.consent(batch, who, at=later)
    close_consents(again, by=five.officer, at=later)
    look_again(again, by=five.officer, at=later)
    with pytest.raises(GrantError, match="nothing to pay"):
        prepare_payment(again, by=five.officer, at=later)
    batch.refresh_from_db()
    assert batch.state == "closed"


@ON_SQLITE
def test_who_does_not_answer_in_time_gets_nothing(five: Any) -> None:
    from zonary.services.incentives.grants.actions import close_consents, decline_grant
    from zonary.services.incentives.grants.permissions import GrantError

    batch = paying.asked(five)
    decline_grant(str(paying.grant_of(batch, five.rival).public_id), reason="暂不需要", by=five.rival, at=AFTER_NOTICE)
    with pytest.raises(GrantError, match="until 2026-12-15"):
        close_consents(str(batch.public_id), by=five.officer, at=AFTER_NOTICE)
    close_consents(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS)
    assert sorted(batch.grants.values_list("state", flat=True)) == ["declined", "lapsed"]
    with pytest.raises(GrantError, match="last day has passed"):
        paying.consent(batch, five.owner, at=AFTER_ANSWERS)


@ON_SQLITE
def test_the_first_consent_counts_and_a_slip_in_the_number_costs_no_place(five: Any) -> None:
    batch = paying.asked(five)
    first = paying.consent(batch, five.owner)
    paying.consent(batch, five.rival, at=AFTER_NOTICE + timedelta(hours=1))
    mended = paying.consent(batch, five.owner, at=AFTER_NOTICE + timedelta(hours=2), number="6222020200099999999")
    assert mended.consented_at == first.consented_at
    assert (mended.account_tail, first.account_tail) == ("9999", "5678")
    assert mended.account_digest != first.account_digest

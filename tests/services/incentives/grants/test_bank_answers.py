"""The bank's answer: what one officer reads, another confirms or corrects, and nobody is paid twice meanwhile."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="grants need the [web] extra")

from tests.services.incentives.grants import paying
from tests.services.incentives.grants.paying import AFTER_ANSWERS

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)
LATER = AFTER_ANSWERS + timedelta(hours=2)
UPLOAD = "ab" * 32


def failed(five: Any) -> Any:
    """A file of which the bank paid the first line and not the second, and the second's grant."""
    from zonary.services.incentives.grants.actions import read_back

    file = paying.released(five, notice_workdays=0)
    said = paying.results(file, "成功", "失败")
    read_back(str(file.public_id), said, upload_digest=UPLOAD, by=five.officer, at=LATER)
    return file, file.written.get(number=2).grant


def owner_of(five: Any, grant: Any) -> Any:
    return five.owner if str(grant.subject.public_id) == five.owner.organisation else five.rival


def test_an_enterprise_that_gives_another_account_does_not_hold_up_the_rest_of_the_file(five: Any) -> None:
    from zonary.services.incentives.grants.actions import read_back
    from zonary.services.incentives.grants.permissions import GrantError

    file = paying.released(five, notice_workdays=0)
    number, answer = str(file.public_id), paying.results(file, "成功", "失败")
    read_back(number, answer[1:], by=five.officer, at=LATER)
    grant = file.written.get(number=2).grant
    paying.consent(file.batch, owner_of(five, grant), at=LATER, number="6222020200055555555")
    assert read_back(number, answer, by=five.officer, at=LATER) == (1, 0)
    file.refresh_from_db()
    assert file.state == "answered"
    assert read_back(number, answer, by=five.officer, at=LATER) == (0, 0)
    with pytest.raises(GrantError, match="Line 2 was answered otherwise"):
        read_back(number, paying.results(file, "成功", "成功"), by=five.officer, at=LATER)


def test_the_act_names_the_bytes_that_were_uploaded(five: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.queries import item_of
    from zonary.services.incentives.grants.views import payments

    file = paying.released(five, notice_workdays=0)
    rows = [f"{cells['line']},{cells['grant']},成功" for _number, cells in paying.results(file, "成功", "成功")]
    content = "\n".join(("序号,发放编号,结果", *rows)).encode()
    monkeypatch.setattr(payments, "now", lambda: LATER)
    assert payments._read_back(str(file.public_id), SimpleUploadedFile("answer.csv", content), five.officer) == (2, 0)
    item = item_of(str(Entry.objects.get(kind="grants.results.read").public_id))
    assert item is not None
    assert hashlib.sha256(content).hexdigest() in str(item.body)


def test_no_second_file_is_made_on_the_word_of_who_read_the_answer(five: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.incentives.grants.actions import confirm_failure, correct_result, prepare_payment
    from zonary.services.incentives.grants.permissions import GrantError

    file, grant = failed(five)
    number, batch = str(grant.public_id), str(file.batch.public_id)
    paying.consent(file.batch, owner_of(five, grant), at=LATER, number="6222020200055555555")
    for by in (five.officer, paying.second(five)):
        with pytest.raises(GrantError, match="one officer's word so far for 1"):
            prepare_payment(batch, by=by, at=LATER)
    for act in (confirm_failure, correct_result):
        with pytest.raises(NotAllowedError, match="read the bank's answer yourself"):
            act(number, reason="x", by=five.officer, at=LATER)
    confirm_failure(number, reason="已向银行核实", by=paying.second(five), at=LATER)
    with pytest.raises(GrantError, match="confirmed this already"):
        confirm_failure(number, reason="x", by=paying.second(five), at=LATER)
    assert prepare_payment(batch, by=five.officer, at=LATER).lines == 1


@pytest.mark.parametrize("way", ["remove", "decline"])
def test_a_failed_grant_that_is_given_up_counts_as_given_until_another_officer_confirms(five: Any, way: str) -> None:
    from zonary.services.incentives.grants import actions
    from zonary.services.incentives.grants.queries import given_earlier, spent_before

    file, grant = failed(five)
    number = str(grant.public_id)
    if way == "remove":
        actions.remove_grant(number, reason="x", by=five.officer, at=LATER)
    else:
        actions.decline_grant(number, reason="x", by=owner_of(five, grant), at=LATER)
    again = actions.start_batch(str(file.batch.measure.public_id), by=five.officer, at=LATER)
    assert given_earlier(again)[grant.subject_id] == [grant.allocated]
    assert spent_before(again) == 250_000_00
    actions.confirm_failure(number, reason="已向银行核实", by=paying.second(five), at=LATER)
    assert grant.subject_id not in given_earlier(again)
    assert spent_before(again) == 250_000_00 - grant.allocated


@pytest.mark.parametrize("since", ["", "retry", "remove"])
def test_another_officer_corrects_that_the_bank_did_pay(five: Any, since: str) -> None:
    from zonary.services.incentives.grants import actions
    from zonary.services.incentives.grants.permissions import GrantError

    file, grant = failed(five)
    number = str(grant.public_id)
    if since == "retry":
        paying.consent(file.batch, owner_of(five, grant), at=LATER, number="6222020200055555555")
    if since == "remove":
        actions.remove_grant(number, reason="x", by=five.officer, at=LATER)
    actions.correct_result(number, reason="银行回单显示已付", by=paying.second(five), at=LATER)
    grant.refresh_from_db()
    file.batch.refresh_from_db()
    assert (grant.state, grant.file_id, grant.line, file.batch.state) == ("paid", file.pk, 2, "settled")
    assert actions.read_back(str(file.public_id), paying.results(file, "成功", "成功"), by=five.officer, at=LATER) == (
        0,
        0,
    )
    with pytest.raises(GrantError, match="did not answer that it could not pay"):
        actions.correct_result(number, reason="x", by=five.officer, at=LATER)


def test_what_was_paid_is_not_corrected_to_failed(five: Any) -> None:
    from zonary.services.incentives.grants.actions import confirm_failure
    from zonary.services.incentives.grants.permissions import GrantError

    grant = paying.grant_of(paying.paid(five, notice_workdays=0), five.owner)
    with pytest.raises(GrantError, match="did not answer that it could not pay"):
        confirm_failure(str(grant.public_id), reason="x", by=paying.second(five), at=LATER)

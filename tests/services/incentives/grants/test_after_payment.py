"""What the bank could not pay, what has to come back, and the same list repeated months later, here and elsewhere."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="grants need the [web] extra")

from tests.services.incentives.grants import paying
from tests.services.incentives.grants.paying import AFTER_ANSWERS
from tests.services.incentives.matching import zone

LATER = AFTER_ANSWERS + timedelta(hours=2)
ON_SQLITE = pytest.mark.parametrize("data", ["sqlite"], indirect=True)
"""What no database says; the way of a batch is gone on both."""


def test_what_failed_is_paid_to_another_account_by_another_file(five: Any) -> None:
    from zonary.services.incentives.grants.actions import (
        confirm_failure,
        prepare_payment,
        read_back,
        release_payment,
    )
    from zonary.services.incentives.grants.repeating import replay_batch

    file = paying.released(five)
    assert read_back(str(file.public_id), paying.results(file, "成功", "失败"), by=five.officer, at=LATER) == (1, 1)
    batch = file.batch
    failed = batch.grants.select_related("subject").get(state="failed")
    who = five.owner if str(failed.subject.public_id) == five.owner.organisation else five.rival
    paying.consent(batch, who, at=LATER, number="6222020200055555555")
    confirm_failure(str(failed.public_id), reason="已向银行核实", by=paying.second(five), at=LATER)
    again = prepare_payment(str(batch.public_id), by=five.officer, at=LATER)
    assert (again.number, again.lines, again.total) == (2, 1, failed.allocated)
    sample = [str(failed.public_id)]
    release_payment(str(again.public_id), looked_at=sample, note="ok", by=paying.second(five), at=LATER)
    read_back(str(again.public_id), paying.results(again, "成功"), by=five.officer, at=LATER)
    batch.refresh_from_db()
    assert batch.state == "settled"
    assert [each.taken for each in replay_batch(batch).files] == [file.digest, again.digest]


@ON_SQLITE
def test_the_same_answer_again_changes_nothing_and_another_is_refused(five: Any) -> None:
    from zonary.services.incentives.grants.actions import read_back
    from zonary.services.incentives.grants.permissions import GrantError

    file = paying.released(five)
    answer = paying.results(file, "成功", "成功")
    read_back(str(file.public_id), answer[:1], by=five.officer, at=LATER)
    assert read_back(str(file.public_id), answer, by=five.officer, at=LATER) == (1, 0)
    assert read_back(str(file.public_id), answer, by=five.officer, at=LATER) == (0, 0)
    with pytest.raises(GrantError, match="Line 2 was answered otherwise"):
        read_back(str(file.public_id), paying.results(file, "成功", "失败"), by=five.officer, at=LATER)


@ON_SQLITE
def test_a_wrong_row_leaves_nothing_half_saved(five: Any) -> None:
    from zonary.services.incentives.grants.actions import read_back
    from zonary.services.incentives.grants.rules.payment_files import ResultsError

    file = paying.released(five)
    answer = paying.results(file, "成功", "成功")
    answer[1][1]["grant"] = "other"
    with pytest.raises(ResultsError, match="1 rows"):
        read_back(str(file.public_id), answer, by=five.officer, at=LATER)
    assert set(file.grants.values_list("state", flat=True)) == {"payable"}


@ON_SQLITE
def test_a_paid_grant_is_claimed_back_by_a_day_and_comes_back(five: Any) -> None:
    from zonary.foundation.deadlines.queries import deadline_of
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.incentives.grants.actions import claw_back_grant, record_repayment
    from zonary.services.incentives.grants.permissions import GrantError
    from zonary.services.incentives.grants.rules.steps import Reason, WrongStepError

    grant = paying.grant_of(paying.paid(five), five.rival)
    number, told = str(grant.public_id), {"why": Reason.FACT_RETRACTED, "note": "研发费用已撤回", "by": five.officer}
    with pytest.raises(GrantError, match="At most what was paid"):
        claw_back_grant(number, amount=150_000_01, at=LATER, **told)
    made = claw_back_grant(number, amount=50_000_00, at=LATER, **told)
    assert (made.amount, made.until.isoformat()) == (50_000_00, "2027-01-14")
    with pytest.raises(WrongStepError):
        claw_back_grant(number, at=LATER, **told)
    with pytest.raises(NotAllowedError, match="Another officer records"):
        record_repayment(number, by=five.officer, at=LATER)
    record_repayment(number, by=paying.second(five), at=LATER)
    deadline = deadline_of(str(made.public_id))
    assert paying.grant_of(grant.batch, five.rival).state == "repaid"
    assert deadline is not None
    assert deadline.met_at == LATER


@ON_SQLITE
def test_months_later_with_other_facts_and_rules_the_same_comes_out(five: Any) -> None:
    from zonary.services.incentives.grants.repeating import replay_batch

    batch = paying.paid(five)
    zone.spends(five, "1", at=zone.LONG_AFTER)
    zone.release(five, at=zone.LONG_AFTER, title={"zh": "新办法", "en": "New measures"})
    repeated = replay_batch(batch)
    assert (repeated.decisions, repeated.allocated) == (2, 250_000_00)
    assert [each.shown_digest for each in repeated.files] == [batch.files.get().shown_digest]
    assert repeated.list_digest == batch.list_digest


@ON_SQLITE
@pytest.mark.parametrize(
    ("model", "change", "match"),
    [
        ("Grant", {"allocated": 1}, "amount of grant"),
        ("Grant", {"computed": 5}, "amount of grant"),
        ("AutomaticBatch", {"spent": 10**12, "terms": ""}, "terms of the batch"),
        ("PaymentFile", {"digest": "0" * 64}, "Payment file 1"),
        ("PaymentFile", {"shown_digest": "0" * 64}, "Payment file 1"),
    ],
)
def test_what_somebody_changed_in_the_database_is_named(
    five: Any, model: str, change: dict[str, Any], match: str
) -> None:
    from zonary.engines.clauses.errors import ReplayError
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.services.incentives.grants import models
    from zonary.services.incentives.grants.repeating import replay_batch

    batch = paying.paid(five)
    with unrecorded("somebody with a database shell"):
        getattr(models, model).objects.update(**change)
    batch.refresh_from_db()
    with pytest.raises(ReplayError, match=match):
        replay_batch(batch)


@ON_SQLITE
def test_an_outsider_repeats_the_batch_from_one_file_without_accounts(five: Any) -> None:
    from zonary.engines.clauses.errors import ReplayError
    from zonary.services.incentives.grants.actions import export_batch
    from zonary.services.incentives.grants.rules.repeating import read_batch, repeat_batch

    batch = paying.paid(five)
    content = export_batch(str(batch.public_id), by=five.officer, at=LATER)
    assert paying.NUMBER.encode() not in content
    assert repeat_batch(read_batch(content)).list_digest == batch.list_digest
    for wrong in ("computed", "allocated"):
        changed = json.loads(content)
        changed["grants"][0][wrong] += 1
        with pytest.raises(ReplayError, match="comes out otherwise"):
            repeat_batch(read_batch(json.dumps(changed).encode()))
    for noise in (b"", b"{}", b"[]", content[:-1], b'{"form":"other"}'):
        with pytest.raises(ReplayError, match="no file with a batch"):
            read_batch(noise)


@ON_SQLITE
def test_of_a_stacking_group_the_second_measure_pays_what_is_missing_to_the_highest(five: Any) -> None:
    from zonary.services.incentives.grants.actions import (
        close_consents,
        look_again,
        open_consents,
        prepare_payment,
        start_batch,
    )

    first = paying.paid(five, notice_workdays=0, stacking="rd", cap=120_000_00)
    assert sorted(first.grants.values_list("allocated", "entitled_why")) == [
        (100_000_00, "full"), (120_000_00, "capped")
    ]  # fmt: skip
    other = zone.measure(notice_workdays=0, stacking="rd", title="另一项研发支持")
    batch = start_batch(str(other.public_id), by=five.officer, at=LATER)
    number = str(batch.public_id)
    open_consents(number, by=five.officer, at=LATER)
    for who in (five.owner, five.rival):
        paying.consent(batch, who, at=LATER)
    close_consents(number, by=five.officer, at=LATER)
    look_again(number, by=five.officer, at=LATER)
    assert prepare_payment(number, by=five.officer, at=LATER).total == 30_000_00
    assert sorted(batch.grants.values_list("state", "allocated", "entitled_why")) == [
        ("payable", 30_000_00, "topped-up"), ("unfunded", 0, "had-it")
    ]  # fmt: skip


@ON_SQLITE
def test_an_instant_measure_is_decided_on_the_spot_and_takes_the_same_way(five: Any) -> None:
    from zonary.services.incentives.grants.actions import claim_measure, close_consents, look_again, prepare_payment
    from zonary.services.incentives.grants.actions.claiming import NotEligibleError
    from zonary.services.incentives.grants.permissions import GrantError

    measure = paying.ready(five, spends=("1000000", "5"), mode="instant", notice_workdays=0)
    number = str(measure.public_id)
    grant = claim_measure(number, paying.account(), by=five.owner, at=AFTER_ANSWERS)
    assert (grant.state, grant.batch.state, grant.batch.is_instant) == ("consented", "open", True)
    with pytest.raises(NotEligibleError, match="does not fulfil"):
        claim_measure(number, paying.account(), by=five.rival, at=AFTER_ANSWERS)
    with pytest.raises(GrantError, match="claimed this already"):
        claim_measure(number, paying.account(), by=five.owner, at=LATER)
    batch = str(grant.batch.public_id)
    close_consents(batch, by=five.officer, at=LATER)
    look_again(batch, by=five.officer, at=LATER)
    assert prepare_payment(batch, by=five.officer, at=LATER).total == 100_000_00


@ON_SQLITE
@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"mode": "reviewed", "place": "政务大厅 3 号窗口"}, "applied for elsewhere: 政务大厅 3 号窗口"),
        ({"mode": "automatic"}, "Nobody has to apply"),
        ({"mode": "instant", "claim_until": "2026-12-01"}, "can be claimed from"),
    ],
)
def test_what_cannot_be_claimed_here_says_how_it_is_had(five: Any, changes: dict[str, Any], match: str) -> None:
    from zonary.services.incentives.grants.actions import claim_measure
    from zonary.services.incentives.grants.permissions import GrantError

    measure = paying.ready(five, **changes)
    with pytest.raises(GrantError, match=match):
        claim_measure(str(measure.public_id), paying.account(), by=five.owner, at=AFTER_ANSWERS)


@ON_SQLITE
def test_an_account_under_another_secret_is_said_to_be_unreadable(five: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    from zonary.services.incentives.grants.actions import take_payment_file
    from zonary.services.incentives.grants.keeping import UnreadableAccountError

    file = paying.released(five)
    monkeypatch.setattr(settings, "SECRET_KEY", "another")
    with pytest.raises(UnreadableAccountError, match="cannot be read"):
        take_payment_file(str(file.public_id), by=five.officer, at=LATER)


@ON_SQLITE
def test_the_command_repeats_a_batch_without_a_server(five: Any, tmp_path: Any) -> None:
    from tests.cli.test_replay import replay

    from zonary.services.incentives.grants.actions import export_batch

    batch, file = paying.paid(five), tmp_path / "batch.json"
    content = export_batch(str(batch.public_id), by=five.officer, at=LATER)
    file.write_bytes(content)
    done = replay(file)
    assert (done.returncode, done.stderr) == (0, "")
    assert "allocated, in yuan: 250000.00" in done.stdout
    computed, taken = done.stdout.split("Taken from the file as it stands")
    assert batch.list_digest in computed
    assert batch.files.get().shown_digest in computed
    assert batch.files.get().digest in taken
    told = json.loads(replay(file, "--json").stdout)
    assert (told["list"], told["terms"]) == (batch.list_digest, batch.terms_digest)
    assert told["files"] == [{"number": 1, "shown": batch.files.get().shown_digest}]
    file.write_bytes(content.replace(b'"computed":10000000', b'"computed":10000001'))
    changed = replay(file)
    assert (changed.returncode, changed.stderr) == (1, "")
    assert changed.stdout.endswith("Result: NOT THE SAME\n")

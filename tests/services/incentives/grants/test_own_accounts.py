"""Money goes to the enterprise the decision is about, and the second officer reads to whom."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="grants need the [web] extra")

from tests.five_accounts import browser
from tests.services.incentives.grants import paying
from tests.services.incentives.grants.paying import AFTER_ANSWERS

ON_SQLITE = pytest.mark.parametrize("data", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("payee", "registered", "is_own"),
    [
        ("星河精工（虚构）", "星河精工（虚构）", True),
        ("星河精工(虚构)", "星河精工（虚构）", True),
        ("星河精工〔虚构〕", "星河精工（虚构）", True),
        ("星河精工 （ 虚构 ）", "星河精工（虚构）", True),
        ("ＡＢＣ（中国）有限公司", "Abc(中国)有限公司", True),
        ("个人张三", "星河精工（虚构）", False),
        ("星河精工", "星河精工（虚构）", False),
        ("星河精工（虚构）分公司", "星河精工（虚构）", False),
        ("星河精工（虚构", "星河精工（虚构）", False),
    ],
)
def test_the_holder_is_the_enterprise_however_a_bank_writes_it(payee: str, registered: str, is_own: bool) -> None:
    from zonary.services.incentives.grants.rules.accounts import is_called

    assert is_called(payee, registered) is is_own


@ON_SQLITE
def test_an_account_of_somebody_else_is_refused_and_nothing_changes(five: Any) -> None:
    from zonary.services.incentives.grants.rules.accounts import WrongAccountError

    batch = paying.asked(five)
    with pytest.raises(WrongAccountError, match="has to be your enterprise's own: its holder is given as “个人张三”"):
        paying.consent(batch, five.owner, payee="个人张三")
    grant = paying.grant_of(batch, five.owner)
    assert (grant.state, grant.account, grant.consented_at) == ("listed", "", None)
    assert paying.consent(batch, five.owner, payee="星河精工(虚构)").state == "consented"


@ON_SQLITE
def test_what_is_claimed_on_the_spot_goes_to_the_claimant_alone(five: Any) -> None:
    from zonary.services.incentives.grants.actions import claim_measure
    from zonary.services.incentives.grants.models import Grant
    from zonary.services.incentives.grants.rules.accounts import WrongAccountError

    measure = paying.ready(five, mode="instant", notice_workdays=0)
    with pytest.raises(WrongAccountError, match="个人张三"):
        claim_measure(str(measure.public_id), paying.account(payee="个人张三"), by=five.owner, at=AFTER_ANSWERS)
    assert not Grant.objects.exists()


@ON_SQLITE
@pytest.mark.usefixtures("demo")
def test_the_page_says_in_place_that_the_account_is_somebody_elses(five: Any) -> None:
    from zonary.common.clock import now
    from zonary.services.incentives.grants import actions

    batch = paying.batch_of(five, notice_workdays=0)
    actions.open_consents(str(batch.public_id), by=five.officer, at=now())
    address = f"/incentives/grants/{paying.grant_of(batch, five.owner).public_id}"
    form = {"payee": "个人张三", "bank": "示例银行", "number": paying.NUMBER}
    answer = browser(five.owner).post(address, form)
    assert answer.status_code in (200, 422)
    assert "收款账户须为贵企业本身的账户" in answer.content.decode()


@ON_SQLITE
def test_no_file_is_made_to_a_name_that_slipped_in(five: Any) -> None:
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.services.incentives.grants import keeping
    from zonary.services.incentives.grants.actions import prepare_payment
    from zonary.services.incentives.grants.permissions import GrantError

    batch = paying.closed(five)
    grant = paying.grant_of(batch, five.owner)
    other = paying.account(payee="个人张三")
    with unrecorded("what an older version took is what is tried"):
        batch.grants.filter(pk=grant.pk).update(account=keeping.sealed(f"00 {other.text()}", of=str(grant.public_id)))
    with pytest.raises(GrantError, match="is in another name"):
        prepare_payment(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS)


@ON_SQLITE
@pytest.mark.usefixtures("demo")
def test_the_second_officer_reads_payee_bank_and_last_digits_before_releasing(five: Any) -> None:
    from zonary.services.incentives.grants.actions import prepare_payment

    batch = paying.closed(five)
    file = prepare_payment(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS)
    grant = paying.grant_of(batch, five.owner)
    second = browser(paying.second(five))
    page = second.get(f"/incentives/grants/files/{file.public_id}").content.decode()
    assert "付至 星河精工（虚构），示例银行示范支行，**** 5678" in page
    one = second.get(f"/incentives/grants/{grant.public_id}").content.decode()
    assert "示例银行示范支行" in one
    assert "该企业符合" in one
    assert "贵企业" not in one
    for each in (page, one):
        assert paying.NUMBER not in each

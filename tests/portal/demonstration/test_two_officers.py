"""What the story leaves for two officers: the first made it, and only the second lets it go."""

from __future__ import annotations

import html
from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

from tests.five_accounts import browser

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)


def _officers(told: Any) -> tuple[Any, Any]:
    """As the buttons of the first page sign them in."""
    clients = browser(None), browser(None)
    for client, role in zip(clients, ("officer", "officer-trade"), strict=True):
        client.post(f"/demonstration/as/{role}")
    return clients


def _shown(client: Any, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_the_file_that_shares_a_budget_waits_for_the_second_officer_alone(told: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.incentives.grants.actions import release_payment
    from zonary.services.incentives.grants.models import AutomaticBatch, PaymentFile
    from zonary.services.incentives.grants.rules.terms import terms_of
    from zonary.services.incentives.grants.sampled import sample_of_file

    batch = AutomaticBatch.objects.get(public_id=told.stage.things["shared-batch"])
    payable = batch.grants.filter(state="payable")
    paid, asked = (sum(payable.values_list(each, flat=True)) for each in ("allocated", "computed"))
    terms = terms_of(batch.terms)
    assert (terms.exhaustion, paid) == ("pro-rata", terms.budget)
    assert paid < asked
    assert any(each % 100 for each in payable.values_list("allocated", flat=True))

    file = PaymentFile.objects.get(public_id=told.stage.things["waiting-file"])
    looked_at = [str(each.grant.public_id) for each in sample_of_file(file)]
    first, second = (told.stage.acting(each, "zone", now()) for each in ("officer", "officer-trade"))
    with pytest.raises(NotAllowedError):
        release_payment(str(file.public_id), looked_at=looked_at, note="核对", by=first, at=now())
    release_payment(str(file.public_id), looked_at=looked_at, note="核对", by=second, at=now())
    file.refresh_from_db()
    assert file.state == "released"


def test_the_rules_that_wait_are_released_by_the_second_officer_alone(told: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.foundation.rules.actions import release_pack

    draft = told.stage.things["waiting-rules"]
    with pytest.raises(NotAllowedError):
        release_pack(draft, by=told.stage.acting("officer", "zone", now()), at=now())
    release_pack(draft, by=told.stage.acting("officer-trade", "zone", now()), at=now())


def test_the_objection_is_answered_by_the_second_officer_alone(told: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.services.incentives.grants.actions import decide_objection

    objection = told.stage.things["objection"]
    told_so: dict[str, Any] = {"is_upheld": False, "answer": "已核对报关单，生产销售单位为该企业。"}
    with pytest.raises(NotAllowedError):
        decide_objection(objection, **told_so, by=told.stage.acting("officer", "zone", now()), at=now())
    assert "青屿听雪精密机械有限公司" in _shown(_officers(told)[1], "/")
    decide_objection(objection, **told_so, by=told.stage.acting("officer-trade", "zone", now()), at=now())


def test_both_find_what_waits_from_their_first_page_and_only_the_second_has_the_button(told: Any) -> None:
    first, second = _officers(told)
    batch, file = told.stage.things["shared-batch"], told.stage.things["waiting-file"]
    for client, is_second in ((first, False), (second, True)):
        assert f"/incentives/grants/batches/{batch}" in _shown(client, "/")
        assert f"/incentives/grants/files/{file}" in _shown(client, f"/incentives/grants/batches/{batch}")
        page = _shown(client, f"/incentives/grants/files/{file}")
        assert ('value="release"' in page) is is_second
        assert ("须由另一名工作人员" in page) is not is_second


def test_a_claim_a_promise_and_a_claw_back_are_under_way(told: Any) -> None:
    from zonary.foundation.deadlines.queries import deadline_of
    from zonary.services.incentives.grants.models import ClawBack, Grant
    from zonary.services.incentives.matching.models import Promise

    claimed = Grant.objects.get(public_id=told.stage.things["claimed"])
    assert (claimed.state, claimed.batch.is_instant, claimed.computed > 0) == ("consented", True, True)
    promise = Promise.objects.get(public_id=told.stage.things["promise"])
    assert promise.state == "open"
    deadline = deadline_of(str(promise.public_id))
    assert deadline is not None
    assert deadline.due == promise.due > told.stage.days.today
    claw_back = ClawBack.objects.get(grant__public_id=told.stage.things["claw-back"])
    assert (claw_back.grant.state, claw_back.repaid_at) == ("clawed-back", None)
    assert claw_back.until >= told.stage.days.today


def test_every_account_is_the_enterprises_own(told: Any) -> None:
    from zonary.services.incentives.grants import keeping
    from zonary.services.incentives.grants.models import Grant

    kept = Grant.objects.exclude(account="").select_related("subject")
    assert kept.count() > 10
    for each in kept:
        assert each.subject.name in keeping.opened(each.account, of=str(each.public_id))

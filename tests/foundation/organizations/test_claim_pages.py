"""The pages of claims, from the form that founds to an officer's answer, as each of the five sees them."""

from __future__ import annotations

import html
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.five_accounts import browser
from tests.foundation import zone_at_work
from tests.foundation.organizations.listed import claim, decide, list_enterprises


@pytest.fixture
def listed(five: Any, data: Any, demo: None) -> Any:
    zone_at_work.start(data)
    return list_enterprises(five)[0]


def _text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def _enter(client: Any, listed: Any, **more: str) -> Any:
    form = {"kind": "enterprise", "name": "甲", "uscc": listed.uscc, "statement": "经理，0731-0000", **more}
    return client.post("/organization/found", form, HTTP_ACCEPT_LANGUAGE="zh")


def test_entered_claimed_and_confirmed(five: Any, listed: Any) -> None:
    claimant, officer = browser(five.outsider), browser(five.officer)
    sent = _enter(claimant, listed)
    assert sent.status_code == 302
    told = _text(claimant.get(sent.url, HTTP_ACCEPT_LANGUAGE="zh"))
    assert "工作人员先与其营业执照核对" in told
    assert "待工作人员审核" in told
    assert listed.name in _text(claimant.get("/"))
    again = _enter(claimant, listed)
    assert again.status_code == 422
    assert "您已认领" in _text(again)
    home = _text(officer.get("/", HTTP_ACCEPT_LANGUAGE="zh"))
    assert "待审核的企业认领" in home
    waiting = _text(officer.get("/claims/", HTTP_ACCEPT_LANGUAGE="zh"))
    assert sent.url in waiting
    page = _text(officer.get(sent.url, HTTP_ACCEPT_LANGUAGE="zh"))
    for shown in (listed.uscc, listed.legal_representative, listed.address, "经理，0731-0000", "outsider", "未经核实"):
        assert shown in page
    unsaid = officer.post(f"{sent.url}/decide", {"decision": "confirm"}, HTTP_ACCEPT_LANGUAGE="zh")
    assert unsaid.status_code == 422
    assert "请选择核对方式" in _text(unsaid)
    done = officer.post(f"{sent.url}/decide", {"decision": "confirm", "compared": "licence-seen"})
    assert done.status_code == 302
    listed.refresh_from_db()
    assert listed.state == "active"
    assert claimant.post("/act-for", {"organisation": str(listed.public_id)}).status_code == 302
    own = _text(claimant.get("/organization/", HTTP_ACCEPT_LANGUAGE="zh"))
    assert "已经片区确认" in own
    assert claimant.get(f"/receipts/{listed.confirmation_act}").status_code == 200
    assert "未经片区确认" in _text(browser(five.owner).get("/organization/", HTTP_ACCEPT_LANGUAGE="zh"))


def test_refused_the_reason_is_on_the_home_page(five: Any, listed: Any) -> None:
    claimant, officer = browser(five.outsider), browser(five.officer)
    address = _enter(claimant, listed).url
    unsaid = officer.post(f"{address}/decide", {"decision": "refuse"}, HTTP_ACCEPT_LANGUAGE="zh")
    assert unsaid.status_code == 422
    assert "请说明不予确认的理由" in _text(unsaid)
    assert officer.post(f"{address}/decide", {"decision": "refuse", "answer": "<b>不符</b>"}).status_code == 302
    for page in ("/", "/claims/", address):
        shown = claimant.get(page)
        assert "<b>不符</b>" in _text(shown), page
        assert "<b>不符</b>" not in shown.content.decode(), page
    late = officer.post(
        f"{address}/decide", {"decision": "confirm", "compared": "licence-seen"}, HTTP_ACCEPT_LANGUAGE="zh"
    )
    assert late.status_code == 422
    assert "已有审核结果" in _text(late)
    assert address in _text(officer.get("/claims/?state=decided"))
    assert address not in _text(officer.get("/claims/"))


def test_withdrawn_by_whoever_made_it(five: Any, listed: Any) -> None:
    claimant = browser(five.outsider)
    address = _enter(claimant, listed).url
    for other in ("owner", "rival"):
        assert browser(getattr(five, other)).post(f"{address}/withdraw").status_code == 404
    claimant.post(f"{address}/withdraw")
    claimant.post(f"{address}/withdraw")  # the second time it is told that nothing was changed
    assert "已撤回" in _text(claimant.get(address, HTTP_ACCEPT_LANGUAGE="zh"))


def test_nobody_decides_on_their_own_claim_nor_is_asked_to(five: Any, listed: Any) -> None:
    made = claim(listed, five.officer)
    officer = browser(five.officer)
    page = _text(officer.get(f"/claims/{made.public_id}"))
    assert "/decide" not in page
    assert "/withdraw" in page
    answer = officer.post(f"/claims/{made.public_id}/decide", {"decision": "confirm", "compared": "licence-seen"})
    assert answer.status_code == 422
    assert "yourself" in _text(answer) or "您本人" in _text(answer)
    listed.refresh_from_db()
    assert listed.state == "listed"


@pytest.mark.parametrize("who", ["owner", "colleague", "rival", "outsider", None])
def test_others_see_nothing_of_it(five: Any, listed: Any, who: str | None) -> None:
    made = claim(listed, five.officer)
    client = browser(getattr(five, who) if who else None)
    address = f"/claims/{made.public_id}"
    expected = 404 if who else 302
    assert client.get(address).status_code == expected
    for form in ("decide", "withdraw"):
        assert client.post(f"{address}/{form}", {"decision": "confirm"}).status_code == expected
    listing = client.get("/claims/")
    assert listing.status_code == (200 if who else 302)
    assert listed.name not in _text(listing)
    for nonsense in ("x", "00000000-0000-0000-0000-000000000000", str(made.public_id).upper()):
        assert client.get(f"/claims/{nonsense}").status_code == expected


def test_the_claims_of_who_left_show_nobody(five: Any, listed: Any) -> None:
    from tests.foundation.organizations.listed import LATER

    from zonary.foundation.accounts.actions import close_account

    made = claim(listed, five.outsider, statement="0731-0000")
    decide(made, five.officer, answer="不符")
    close_account(five.outsider.person, reason="", by=five.outsider, at=LATER)
    officer = browser(five.officer)
    for page in ("/claims/?state=decided", f"/claims/{made.public_id}"):
        shown = _text(officer.get(page, HTTP_ACCEPT_LANGUAGE="zh"))
        assert "已注销的用户" in shown
        assert "outsider" not in shown
        assert "0731-0000" not in shown


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_speak_both_languages(five: Any, listed: Any, language: str) -> None:
    made = claim(listed, five.outsider)
    for who in (five.officer, five.outsider):
        for page in ("/claims/", "/claims/?state=decided", f"/claims/{made.public_id}", "/"):
            answer = browser(who).get(page, {"lang": language} if "?" not in page else None)
            assert answer.status_code == 200, page

"""What the story has beside figures and seals: a copied shop, experts who answer, and a first page for each role."""

from __future__ import annotations

import html
from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

from tests.five_accounts import browser

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)


def _home(told: Any, key: str, organisation: str = "") -> str:
    at = told.stage.days.made_at
    who = told.stage.acting(key, organisation, at) if organisation else _as_administrator(told, key)
    return html.unescape(browser(who).get("/").content.decode())


def _as_administrator(told: Any, key: str) -> Any:
    from zonary.foundation.organizations.queries import standing_of

    return standing_of(told.stage.people[key], "", at=told.stage.days.made_at)


def test_the_copied_shop_is_captured_once_where_that_is_on_and_told_of_where_it_is_not(
    told: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    pytest.importorskip("playwright", reason="captures need the [capture] extra")
    from zonary.common.clock import now
    from zonary.config.places import capture_hosts
    from zonary.portal.demonstration import copycat
    from zonary.services.evidence.capture.queries import captures

    assert not copycat.have_copycat_captured(at=now)
    home = _home(told, "owner", "maker")
    assert "ZONARY_CAPTURE=1" in home
    assert "/demonstration/shop" in home
    assert "不销售任何商品" in browser(None).get("/demonstration/shop").content.decode()
    assert browser(None).get("/demonstration/shop/rig.svg")["Content-Type"] == "image/svg+xml"
    assert browser(None).get("/demonstration/shop/other").status_code == 404

    hosts = capture_hosts("", "http://127.0.0.1:8000", is_demo=True)
    assert hosts == {"127.0.0.1:8000"}
    assert capture_hosts("", "http://127.0.0.1:8000", is_demo=False) == frozenset()
    monkeypatch.setattr(settings, "ZONARY_URL", "http://127.0.0.1:8000")
    monkeypatch.setattr(settings, "ZONARY_CAPTURE_HOSTS", hosts)
    monkeypatch.setattr(settings, "ZONARY_CAPTURE", True)
    monkeypatch.setattr(settings, "ZONARY_CAPTURE_CHROMIUM", "/bin/sh")  # it is asked for here, and not carried out
    assert [copycat.have_copycat_captured(at=now) for _ in range(2)] == [True, False]
    owner = told.stage.acting("owner", "maker", now())
    assert [(each.address, each.state) for each in captures(owner)] == [
        ("http://127.0.0.1:8000/demonstration/shop", "waiting")
    ]
    assert captures(told.stage.acting("rival", "rival", now())).count() == 0


def test_experts_answered_and_the_officer_sees_what_and_why(told: Any) -> None:
    at = told.stage.days.made_at
    officer = browser(told.stage.acting("officer-ip", "zone", at))
    pledge, comparison = (
        html.unescape(officer.get(f"/documents/{told.stage.things[name]}").content.decode())
        for name in ("review-1", "review-2")
    )
    assert "接受评审" in pledge
    assert "已谢绝" in pledge
    assert "已回避" in comparison
    assert "曾作为代理人" in comparison
    assert "已回避 1 份" in _home(told, "expert-4", "pool")
    assert "3 份待评" in _home(told, "expert", "pool")


def test_what_lies_in_the_dossier_came_on_days_of_the_story(told: Any) -> None:
    from zonary.common.clock import zone_date
    from zonary.services.evidence.dossiers.models import DossierItem

    days = {zone_date(each.put_at) for each in DossierItem.objects.all()}
    assert len(days) >= 3
    assert max(days) == told.stage.days.today


def test_each_administrator_has_a_first_page_of_their_own(told: Any) -> None:
    it, security, audit = (_home(told, each) for each in ("it", "security", "audit"))
    assert "尚未用 zonary backup 备份过本片区" in it
    assert "以下均已关闭，不作任何连接：对用户所指网页取证；" in it
    for name in ("乔立言", "丁守拙", "蒋闻道"):
        assert name in security
    assert "没有被锁定的账户" in security
    assert "没有登录失败" in audit
    assert "账户最近的操作" in audit
    assert "您尚未代表任何单位" not in it + security + audit


def test_a_secret_is_kept_read_and_somebody_who_left_is_to_be_checked(told: Any) -> None:
    from zonary.services.evidence.secrets.queries import access_to, leavers_waiting, secrets

    at, secret = told.stage.days.made_at, told.stage.things["secret"]
    owner = told.stage.acting("owner", "maker", at)
    page = html.unescape(browser(owner).get(f"/secrets/{secret}").content.decode())
    for shown in ("减振环热处理工艺卡", "核心商业秘密", "姜以宁", "裴远之", "闻人越"):
        assert shown in page
    assert page.count("有效") == 1  # for the colleague alone: the engineer left, the partner has still to accept
    assert "已不是成员，权限已失效" in page
    (listed,) = secrets(owner, at=at).items
    assert listed.open_grants == 2
    assert leavers_waiting(owner, at=at) == [str(told.stage.people["former"].public_id)]
    colleague, outsider = (
        access_to(told.stage.acting(key, house, at), secret, at=at)
        for key, house in (("colleague", "maker"), ("institute", "institute"))
    )
    assert colleague.is_accepted
    assert not outsider.is_accepted
    assert access_to(told.stage.acting("rival", "rival", at), secret, at=at) is None
    assert access_to(told.stage.alone("former", at), secret, at=at) is None

"""A record is shown to one named outsider for a term: they see it and nothing else, and each opening is an act."""

from __future__ import annotations

import html
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.filled_zone import register_evidence
from tests.five_accounts import browser
from tests.foundation import zone_at_work

STRANGERS = ("rival", "outsider")


@pytest.fixture
def record(five: Any, demo: None, data: Any) -> str:
    """Of the enterprise, published; beside it one that is shared with nobody."""
    from zonary.common.clock import now
    from zonary.foundation.ledger.authority import ensure_authority, issuer_of

    at = now.last_trusted()
    ensure_authority(data, at)
    issuer_of.cache_clear()
    register_evidence(five.owner, 2, at)
    made = register_evidence(five.owner, 1, at)
    zone_at_work.start(data)
    return made


def _day(days: int) -> Any:
    from zonary.common.clock import now, zone_date

    return zone_date(now.last_trusted()) + timedelta(days=days)


def _share(five: Any, record: str, *, days: int = 30, **more: Any) -> tuple[str, str]:
    from zonary.common.clock import now
    from zonary.services.evidence.sharing.actions import share_evidence

    to = more or {"grantee": str(five.competitor.public_id)}
    made, secret = share_evidence("record", record, until=_day(days), by=five.owner, at=now.last_trusted(), **to)
    return str(made.public_id), secret


def _shown(client: Any, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, html.unescape(answer.content.decode(errors="replace"))


def test_who_it_is_shared_with_sees_it_all_and_the_holder_sees_that_they_did(five: Any, record: str) -> None:
    from zonary.foundation.organizations.queries import acts_seen_by

    share, _ = _share(five, record)
    client = browser(five.rival)
    status, page = _shown(client, f"/shared/{share}")
    assert status == 200
    assert "图纸 1" in page
    assert "存证不等于专利申请" in page
    assert "持有人声明，未经核实" in page
    assert client.get(f"/shared/{share}/records/{record}/proof").content.startswith(b"c2sp.org/tlog-proof@v1")
    assert client.get(f"/shared/{share}/records/{record}/package").content.startswith(b"PK")
    assert [each["what"] for each in zone_at_work.acts("sharing.share.opened")] == ["page", "proof", "package"]
    opened = [act for act in acts_seen_by(five.colleague, before=None, limit=50) if act.kind == "sharing.share.opened"]
    assert {act.actor for act in opened} == {five.rival.person}
    holders = _shown(browser(five.owner), f"/evidence/{record}")[1]
    assert "远航重工（虚构）" in holders
    assert opened[0].public_id in holders
    assert browser(five.owner).get(f"/receipts/{opened[0].public_id}").status_code == 200


def test_reading_on_is_the_same_opening(five: Any, record: str) -> None:
    share, _ = _share(five, record)
    for _ in range(3):
        assert browser(five.rival).get(f"/shared/{share}").status_code == 200
    assert len(zone_at_work.acts("sharing.share.opened")) == 1


def test_they_see_no_other_record(five: Any, record: str) -> None:
    from zonary.services.evidence.models import EvidenceRecord

    share, _ = _share(five, record)
    other = str(EvidenceRecord.objects.exclude(public_id=record).get().public_id)
    client, call = browser(five.rival), Caller(five.rival)
    for path in (f"/shared/{share}/records/{other}", f"/shared/{share}/records/{other}/package", f"/evidence/{record}"):
        assert client.get(path).status_code == 404
    assert call("GET", f"/evidence/shared/{share}/records/{other}").status_code == 404
    assert call("GET", f"/evidence/{record}").status_code == 404
    assert zone_at_work.acts("sharing.share.opened") == []


@pytest.mark.parametrize("who", ["owner", "colleague", "officer", "outsider"])
def test_what_is_shared_with_one_is_shared_with_nobody_else(five: Any, record: str, who: str) -> None:
    share, _ = _share(five, record)
    assert browser(getattr(five, who)).get(f"/shared/{share}").status_code == 404
    assert Caller(getattr(five, who))("GET", f"/evidence/shared/{share}").status_code == 404
    assert share not in _shown(browser(getattr(five, who)), "/shared/")[1]
    assert browser(None).get(f"/shared/{share}").status_code == 302


def test_a_registered_person_may_be_named(five: Any, record: str) -> None:
    share, _ = _share(five, record, grantee=five.outsider.person)
    assert _shown(browser(five.outsider), f"/shared/{share}")[0] == 200
    assert _shown(browser(five.rival), f"/shared/{share}")[0] == 404


def test_a_link_opens_without_an_account_and_its_secret_is_kept_nowhere(five: Any, record: str, data: Any) -> None:
    from tests.api.enterprise_things import everything

    share, secret = _share(five, record, name="王鉴定人（虚构）")
    assert secret not in str(everything())
    nobody = browser(None)
    assert nobody.get(f"/shared/{share}").status_code == 302
    status, page = _shown(nobody, f"/shared/link/{secret}")
    assert status == 200
    assert "图纸 1" not in page
    assert zone_at_work.acts("sharing.share.opened") == []  # a program that looks at links opens nothing
    answer = nobody.post(f"/shared/link/{secret}")
    assert answer["Location"] == f"/shared/{share}"
    assert "图纸 1" in _shown(nobody, f"/shared/{share}")[1]
    assert nobody.get(f"/shared/{share}/records/{record}/package").status_code == 200
    assert "王鉴定人（虚构）" in _shown(browser(five.owner), f"/evidence/{record}")[1]
    assert len(zone_at_work.acts("sharing.share.opened")) == 2
    assert "王鉴定人" not in str(zone_at_work.acts("sharing.evidence.shared"))
    assert browser(None).get("/shared/link/nonsense").status_code == 410


@pytest.mark.parametrize("by_link", [False, True])
def test_what_was_withdrawn_shows_nothing_and_says_so(five: Any, record: str, by_link: bool) -> None:
    share, secret = _share(five, record, name="鉴定人") if by_link else _share(five, record)
    client = browser(None if by_link else five.rival)
    if by_link:
        client.post(f"/shared/link/{secret}")
    assert client.get(f"/shared/{share}").status_code == 200
    assert browser(five.colleague).post(f"/shared/{share}/end").status_code == 302
    for path in (f"/shared/{share}", f"/shared/{share}/records/{record}/package"):
        status, page = _shown(client, path)
        assert status == 410
        assert "对方已结束共享" in page
        assert "图纸 1" not in page
    if not by_link:
        assert Caller(five.rival)("GET", f"/evidence/shared/{share}").json()["code"] == "share-over"
    assert len(zone_at_work.acts("sharing.share.ended")) == 1
    assert len(zone_at_work.acts("sharing.share.opened")) == 1


def test_what_is_past_its_day_shows_nothing_and_says_so(five: Any, record: str) -> None:
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.services.evidence.sharing.models import Share

    share, _ = _share(five, record)
    with unrecorded("a day that has passed"):
        Share.objects.update(until=_day(-1))
    status, page = _shown(browser(five.rival), f"/shared/{share}")
    assert status == 410
    assert "现已届满" in page
    assert zone_at_work.acts("sharing.share.opened") == []


@pytest.mark.parametrize("days", [-1, 367])
def test_a_term_is_neither_past_nor_endless(five: Any, record: str, days: int) -> None:
    from zonary.services.evidence.sharing.actions import SharingError

    with pytest.raises(SharingError, match="366"):
        _share(five, record, days=days)


@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_shares_or_ends_anothers(five: Any, record: str, who: str) -> None:
    from zonary.common.clock import now
    from zonary.services.evidence.sharing.actions import UnknownShareError, end_share, share_evidence

    share, _ = _share(five, record)
    by, at = getattr(five, who), now.last_trusted()
    with pytest.raises(UnknownShareError):
        share_evidence("record", record, name="x", until=_day(3), by=by, at=at)
    with pytest.raises(UnknownShareError):
        end_share(share, by=by, at=at)
    assert zone_at_work.acts("sharing.share.ended") == []


def test_shared_again_with_the_same_the_earlier_share_ends(five: Any, record: str) -> None:
    first, _ = _share(five, record, days=3)
    second, _ = _share(five, record, days=9)
    assert browser(five.rival).get(f"/shared/{first}").status_code == 410
    assert browser(five.rival).get(f"/shared/{second}").status_code == 200


def test_page_and_api_share_the_same(five: Any, record: str) -> None:
    client, until = browser(five.owner), _day(9).isoformat()
    form = {"uscc": five.competitor.uscc, "until": until, "receiver": "home"}
    assert client.post(f"/evidence/{record}/share", form | {"name": "x"}).status_code == 422
    assert client.post(f"/evidence/{record}/share", form | {"uscc": "91430100MA4L8XYA10"}).status_code == 422
    assert client.post(f"/evidence/{record}/share", form).status_code == 302
    made = client.post(f"/evidence/{record}/share", {"name": "鉴定人", "until": until, "receiver": "home"})
    assert "/shared/link/" in made.content.decode()
    call = Caller(five.colleague)
    listed = call("GET", f"/evidence/{record}/shares").json()["items"]
    assert [(each["grantee"], each["name"]) for each in listed] == [
        ("", "鉴定人"),
        (str(five.competitor.public_id), ""),
    ]
    answer = call("POST", f"/evidence/{record}/shares", {"name": "a", "until": until})
    assert answer.status_code == 201
    assert browser(None).post(f"/shared/link/{answer.json()['secret']}").status_code == 302
    assert call("DELETE", f"/evidence/{record}/shares/{answer.json()['id']}").status_code == 204
    assert Caller(five.rival)("GET", f"/evidence/shared/{listed[1]['id']}").json()["sections"][0]["records"] == [record]
    told = Caller(five.rival)("GET", f"/evidence/shared/{listed[1]['id']}/records/{record}").json()
    assert told["receipt"]["notices"][0]["code"] == "not-a-patent-application"
    assert Caller(five.rival)("GET", told["receipt"]["package"].removeprefix("/api/v1")).status_code == 200
    assert {each["what"] for each in call("GET", f"/evidence/{record}/openings").json()["items"]} == {"page", "package"}


def test_an_erased_record_is_gone_for_everybody(five: Any, record: str) -> None:
    share, _ = _share(five, record)
    Caller(five.owner)("POST", f"/evidence/{record}/declarations", {"topic": "other", "text": "geheim"})
    assert browser(five.rival).post(f"/evidence/{record}/erase", {"reason": "x"}).status_code == 404
    assert browser(five.owner).post(f"/evidence/{record}/erase", {"reason": "asked for"}).status_code == 302
    assert browser(five.rival).get(f"/shared/{share}").status_code == 410
    assert browser(five.owner).get(f"/evidence/{record}").status_code == 404
    assert "geheim" not in str(zone_at_work.acts("declarations.fact.declared"))
    assert len(zone_at_work.acts("sharing.record.erased")) == 1

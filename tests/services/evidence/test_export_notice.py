"""The notice before evidence goes abroad: shown, accepted or not, and put on record."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work
from tests.services.evidence import test_share_evidence

record, _day, _shown = test_share_evidence.record, test_share_evidence._day, test_share_evidence._shown
ACT = "exporting.notice.accepted"


def test_the_digest_is_that_of_the_text_in_both_languages(five: Any, record: str) -> None:
    said = {
        each: Caller(five.owner)("GET", "/evidence/export-notice", Accept_Language=each).json() for each in ("zh", "en")
    }
    assert said["zh"]["sha256"] == hashlib.sha256(said["en"]["canonical"].encode()).hexdigest()
    whole = json.loads(said["en"]["canonical"])
    assert {each: said[each]["text"] for each in said} == {each: whole[each] for each in ("zh", "en")}
    assert "第三十六条" in str(whole["zh"])
    assert "国令第801号" in str(whole["zh"])


@pytest.mark.parametrize("where", ["abroad", "authority"])
def test_nothing_goes_abroad_by_the_interface_before_it_is_accepted(five: Any, record: str, where: str) -> None:
    call, until = Caller(five.owner), _day(9).isoformat()
    body = {"name": "Court of X", "until": until, where: True}
    for digest in ("", "0" * 64):
        refused = call("POST", f"/evidence/{record}/shares", body | {"export_notice": digest})
        assert (refused.status_code, refused.json()["code"]) == (409, "export-notice")
        assert "/api/v1/evidence/export-notice" in refused.json()["detail"]
    assert call("GET", f"/evidence/{record}/shares").json()["items"] == []
    assert zone_at_work.acts(ACT) == []
    digest = call("GET", "/evidence/export-notice").json()["sha256"]
    made = call("POST", f"/evidence/{record}/shares", body | {"export_notice": digest})
    assert made.status_code == 201, made.content
    (act,) = zone_at_work.acts(ACT)
    assert (act["receiver"], act["notice"], act["share"]) == (where, digest, made.json()["id"])
    (accepted,) = call("GET", f"/evidence/{record}/export-acceptances").json()["items"]
    assert (accepted["accepted_by"], accepted["share"]) == (five.owner.person, made.json()["id"])
    assert browser(five.owner).get(f"/receipts/{accepted['receipt']}").status_code == 200


def test_at_home_nobody_is_asked(five: Any, record: str) -> None:
    body = {"name": "鉴定人", "until": _day(9).isoformat()}
    assert Caller(five.owner)("POST", f"/evidence/{record}/shares", body).status_code == 201
    assert zone_at_work.acts(ACT) == []


def test_the_page_shows_it_and_shares_only_when_it_is_ticked(five: Any, record: str) -> None:
    client, page = browser(five.owner), f"/evidence/{record}/share"
    form = {"name": "Customs of X", "until": _day(9).isoformat(), "receiver": "authority"}
    first = client.post(page, form)
    assert first.status_code == 422
    shown = first.content.decode()
    assert "数据安全法" in shown
    assert 'name="notice"' in shown
    assert "Customs of X" in shown  # what was filled in is still there
    assert client.post(page, form | {"receiver": ""}).status_code == 422
    assert zone_at_work.acts("sharing.evidence.shared") == zone_at_work.acts(ACT) == []
    digest = shown.split('name="notice" value="')[1].split('"')[0]
    assert client.post(page, form | {"notice": "0" * 64}).status_code == 422
    assert client.post(page, form | {"notice": digest}).status_code == 200  # the link, shown once
    assert len(zone_at_work.acts(ACT)) == len(zone_at_work.acts("sharing.evidence.shared")) == 1
    assert "已接受证据出境提示" in _shown(client, f"/evidence/{record}")[1]


def test_refusing_stops_nothing_else(five: Any, record: str) -> None:
    client = browser(five.owner)
    page = f"/evidence/{record}/export-notice"
    assert client.get(page).status_code == 200
    assert client.post(page, {"receiver": "abroad"}).status_code == 422
    assert client.get(f"/evidence/{record}/package").content.startswith(b"PK")
    assert zone_at_work.acts(ACT) == []


def test_it_is_accepted_for_a_package_taken_along(five: Any, record: str) -> None:
    client, page = browser(five.owner), f"/evidence/{record}/export-notice"
    digest = client.get(page).content.decode().split('name="notice" value="')[1].split('"')[0]
    assert client.post(page, {"receiver": "home", "notice": digest}).status_code == 422
    assert client.post(page, {"receiver": "abroad", "notice": digest}).status_code == 302
    (act,) = zone_at_work.acts(ACT)
    assert (act["receiver"], act["notice"], act["share"]) == ("abroad", digest, "")


@pytest.mark.parametrize("who", ["rival", "officer", "outsider"])
def test_nobody_accepts_for_another(five: Any, record: str, who: str) -> None:
    call = Caller(getattr(five, who))
    path, body = f"/evidence/{record}/export-acceptances", {"receiver": "abroad", "export_notice": "0" * 64}
    assert call("GET", path).status_code in (403, 404)
    assert call("POST", path, body).status_code in (403, 404)
    assert browser(getattr(five, who)).get(f"/evidence/{record}/export-notice").status_code in (403, 404)

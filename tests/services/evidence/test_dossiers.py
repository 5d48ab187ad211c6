"""Dossiers: evidence by stage, the gap told, nothing lost when two change one at a time, shared as a record is."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.filled_zone import register_evidence
from tests.five_accounts import AT, browser
from tests.foundation import zone_at_work

LATER = AT + timedelta(hours=1)
OTHERS = ("rival", "officer", "outsider")
FORM = {"title": "旋挖钻机", "template": "invention", "stands_at": "filing", "note": "第一版"}


@pytest.fixture
def at_work(demo: None, data: Any) -> None:
    zone_at_work.start(data)


def _cover(**more: str) -> Any:
    from zonary.services.evidence.dossiers.rules import Cover

    return Cover(**(FORM | more))


def _open(by: Any, **more: str) -> str:
    from zonary.services.evidence.dossiers.actions import open_dossier

    return str(open_dossier(_cover(**more), by=by, at=LATER).public_id)


def _file(by: Any, dossier: str, record: str, ask: str = "idea.record") -> str:
    from zonary.services.evidence.dossiers.actions import file_evidence

    return str(file_evidence(dossier, record, stage=ask.partition(".")[0], ask=ask, by=by, at=LATER).public_id)


def _page(client: Any, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return html.unescape(answer.content.decode())


def test_the_page_names_the_gap_that_hurts_most(five: Any, at_work: Any) -> None:
    dossier = _open(five.owner)
    client = browser(five.colleague)
    page = _page(client, f"/dossiers/{dossier}")
    assert "最要紧的缺口：形成时的技术图纸和工艺文件" in page
    assert "法释〔2009〕21号 第十五条" in page
    assert "存证不等于专利申请" in page
    record = register_evidence(five.owner, 1, LATER)
    form = {"record": record, "place": "development/development.drawings"}
    assert client.post(f"/dossiers/{dossier}/file", form).status_code == 302
    page = _page(client, f"/dossiers/{dossier}")
    assert "最要紧的缺口：申请前与全部知悉人员签订的保密协议" in page
    assert "图纸 1" in page
    listed = _page(client, f"/evidence/?dossier={dossier}")
    assert "图纸 1</a>" in listed
    assert _page(client, f"/evidence/{record}").count("旋挖钻机") == 1


def test_each_step_is_an_act_without_the_words(five: Any, at_work: Any) -> None:
    from zonary.services.evidence.dossiers.actions import take_evidence

    dossier, record = _open(five.owner), register_evidence(five.owner, 1, LATER)
    item = _file(five.colleague, dossier, record)
    take_evidence(dossier, item, by=five.owner, at=LATER)
    opened = zone_at_work.acts("dossiers.dossier.opened")[0]
    assert "旋挖" not in str(opened)
    assert zone_at_work.acts("dossiers.evidence.filed")[0]["record"] == record
    assert zone_at_work.acts("dossiers.evidence.taken")[0]["item"] == item
    assert "图纸 1" not in _page(browser(five.owner), f"/dossiers/{dossier}")
    assert _file(five.colleague, dossier, record) != item


def test_the_second_of_two_is_told_and_nothing_is_lost(five: Any, at_work: Any) -> None:
    dossier = _open(five.owner)
    first, second = browser(five.owner), browser(five.colleague)
    path = f"/dossiers/{dossier}/change"
    versions = [re.findall(r'name="version" value="(\d+)"', _page(each, path))[0] for each in (first, second)]
    assert versions == ["1", "1"]
    assert first.post(path, FORM | {"note": "所有者的话", "version": "1"}).status_code == 302
    refused = second.post(path, FORM | {"note": "同事的话", "version": "1"})
    page = html.unescape(refused.content.decode())
    assert refused.status_code == 422
    assert "已有他人修改此案卷" in page
    assert "所有者的话" in page
    assert "同事的话" in page
    assert _page(first, f"/dossiers/{dossier}").count("所有者的话") == 1
    version = re.findall(r'name="version" value="(\d+)"', page)[0]
    assert second.post(path, FORM | {"note": "两人的话", "version": version}).status_code == 302
    assert "两人的话" in _page(first, f"/dossiers/{dossier}")
    assert [each["number"] for each in zone_at_work.acts("dossiers.dossier.changed")] == [2, 3]


def test_the_api_refuses_an_old_version(five: Any, at_work: Any) -> None:
    call = Caller(five.owner)
    made = call("POST", "/dossiers", FORM).json()
    assert call("PUT", f"/dossiers/{made['id']}", FORM | {"title": "a", "version": 1}).json()["version"] == 2
    late = call("PUT", f"/dossiers/{made['id']}", FORM | {"title": "b", "version": 1})
    assert (late.status_code, late.json()["code"]) == (409, "changed-meanwhile")
    assert call("GET", f"/dossiers/{made['id']}").json()["title"] == "a"


def test_what_lies_there_lies_there_once(five: Any, at_work: Any) -> None:
    from zonary.services.evidence.actions import UnknownRecordError
    from zonary.services.evidence.dossiers.actions import DossierError

    dossier, record = _open(five.owner), register_evidence(five.owner, 1, LATER)
    _file(five.owner, dossier, record)
    with pytest.raises(DossierError, match="already"):
        _file(five.colleague, dossier, record)
    _file(five.owner, dossier, record, "idea.task")
    for no_id in ("", "x", record.upper()):
        with pytest.raises(UnknownRecordError):
            _file(five.owner, dossier, no_id)
    with pytest.raises(DossierError, match="no such place"):
        _file(five.owner, dossier, record, "idea.nonsense")


@pytest.mark.parametrize("who", OTHERS)
def test_a_dossier_is_its_holders_alone(five: Any, at_work: Any, who: str) -> None:
    from zonary.services.evidence.actions import UnknownRecordError
    from zonary.services.evidence.dossiers.actions import UnknownDossierError, change_dossier, take_evidence

    stranger = getattr(five, who)
    dossier, record = _open(five.owner), register_evidence(five.owner, 1, LATER)
    item = _file(five.owner, dossier, record)
    own = _open(stranger, title="own")
    with pytest.raises(UnknownRecordError):
        _file(stranger, own, record)
    for act in (
        lambda: _file(stranger, dossier, register_evidence(stranger, 7, LATER)),
        lambda: change_dossier(dossier, _cover(), version=1, by=stranger, at=LATER),
        lambda: take_evidence(dossier, item, by=stranger, at=LATER),
    ):
        with pytest.raises(UnknownDossierError):
            act()
    client = browser(stranger)
    for path in ("", "/change", "/file", "/share"):
        assert client.get(f"/dossiers/{dossier}{path}").status_code == 404
    assert "旋挖钻机" not in _page(client, "/dossiers/")
    assert "图纸 1" not in _page(client, f"/evidence/?dossier={dossier}")
    assert Caller(stranger)("GET", f"/dossiers/{dossier}").status_code == 404


def test_whoever_only_looks_changes_nothing(five: Any) -> None:
    from dataclasses import replace

    from zonary.foundation.organizations.permissions import NotAllowedError

    with pytest.raises(NotAllowedError):
        _open(replace(five.colleague, role="reader"))


def test_it_is_shared_as_a_record_is_and_shows_no_gap(five: Any, at_work: Any) -> None:
    from zonary.common.clock import now, zone_date

    dossier = _open(five.owner)
    record, hidden = (register_evidence(five.owner, number, LATER) for number in (1, 2))
    _file(five.owner, dossier, record)
    until = (zone_date(now.last_trusted()) + timedelta(days=9)).isoformat()
    call = Caller(five.owner)
    made = call("POST", f"/dossiers/{dossier}/shares", {"grantee": str(five.competitor.public_id), "until": until})
    assert made.status_code == 201, made.content
    share, client = made.json()["id"], browser(five.rival)
    page = _page(client, f"/shared/{share}")
    assert "图纸 1" in page
    assert "最初记录创意的材料" in page
    assert "缺口" not in page
    assert "保密协议" not in page
    assert "图纸 1" in _page(client, f"/shared/{share}/records/{record}")
    assert client.get(f"/shared/{share}/records/{hidden}").status_code == 404
    assert client.get(f"/dossiers/{dossier}").status_code == 404
    assert "远航重工（虚构）" in _page(browser(five.owner), f"/dossiers/{dossier}")
    assert call("DELETE", f"/dossiers/{dossier}/shares/{share}").status_code == 204
    assert client.get(f"/shared/{share}").status_code == 410


def test_an_erased_record_leaves_a_gap(five: Any, at_work: Any) -> None:
    call = Caller(five.owner)
    dossier, record = _open(five.owner, stands_at="idea"), register_evidence(five.owner, 1, LATER)
    _file(five.owner, dossier, record)
    before = call("GET", f"/dossiers/{dossier}").json()
    assert [each["key"] for each in before["gaps"]] == ["idea.task"]
    assert call("POST", f"/evidence/{record}/erasure", {"reason": "x"}).status_code == 204
    after = call("GET", f"/dossiers/{dossier}").json()
    assert [each["key"] for each in after["gaps"]] == ["idea.task", "idea.record"]
    assert [each["is_there"] for each in after["items"]] == [False]
    assert "已删除的存证" in _page(browser(five.owner), f"/dossiers/{dossier}")


def test_page_and_api_do_the_same(five: Any, at_work: Any) -> None:
    client, call = browser(five.owner), Caller(five.colleague)
    assert client.post("/dossiers/open", FORM | {"title": " "}).status_code == 422
    assert client.post("/dossiers/open", FORM | {"template": "x"}).status_code == 422
    assert call("POST", "/dossiers", FORM | {"template": "x"}).status_code == 422
    address = client.post("/dossiers/open", FORM)["Location"]
    dossier = address.rpartition("/")[2]
    assert [each["id"] for each in call("GET", "/dossiers").json()["items"]] == [dossier]
    record = register_evidence(five.owner, 1, LATER)
    body = {"record": record, "stage": "idea", "ask": "idea.record"}
    filed = call("POST", f"/dossiers/{dossier}/items", body)
    assert filed.status_code == 201
    assert call("POST", f"/dossiers/{dossier}/items", body).status_code == 409
    item = filed.json()["items"][0]["id"]
    assert client.post(f"/dossiers/{dossier}/items/{item}/take").status_code == 302
    assert call("GET", f"/dossiers/{dossier}").json()["items"] == []
    assert call("DELETE", f"/dossiers/{dossier}/items/{item}").status_code == 404
    assert "放入案卷" in _page(client, f"/dossiers/?record={record}")

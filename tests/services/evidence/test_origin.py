"""What is sealed with a file about where it came from: in its package, on its pages, and nowhere taken for more."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work

from zonary.proof.digests import digests_of
from zonary.proof.manifest import build_manifest, file_leaf, join_lines, random_salts, roots_of
from zonary.proof.statement import Statement

CONTENT = "旋挖钻机".encode()
STATED = {"source": "研发部\nPDM 导出", "custodian": "档案室"}
REPORTED = {
    "by": "browser", "user_agent": "Phone/1", "system": "Android", "time_zone": "Asia/Shanghai",
    "utc_offset_minutes": 480, "clock_ahead_seconds": -2, "clock": "2026-11-23T01:02:03.000Z", "selection": "file",
}  # fmt: skip


@pytest.fixture
def at_work(demo: None, data: Any) -> None:
    zone_at_work.start(data)


def _register(call: Caller, **more: Any) -> Any:
    body = {"digest": digests_of(CONTENT).hex(), "idempotency_key": "k", "description": {"title": "图纸"}}
    return call("POST", "/evidence", body | {"origin": {"stated": STATED, "reported": REPORTED}} | more)


@pytest.fixture
def record(five: Any, at_work: None, data: Any) -> str:
    answer = _register(Caller(five.owner))
    assert answer.status_code == 201, answer.content
    zone_at_work.start(data)
    return str(answer.json()["id"])


def test_it_stands_in_the_package_which_verifies(five: Any, record: str) -> None:
    from django.conf import settings

    from zonary.proof.package.container import Container
    from zonary.proof.package.files import ObservedFile
    from zonary.proof.package.verify import verify
    from zonary.proof.trust import parse_trust

    made = Caller(five.owner)("GET", f"/evidence/{record}/package")
    package = Container(io.BytesIO(made.content))
    trust = parse_trust(settings.ZONARY_DATA.trust.read_bytes())
    file = ObservedFile(name=b"f", path=b"/f", kind="file", size=len(CONTENT), digests=digests_of(CONTENT))
    facts = verify(package, trusts=[trust], observed=[file]).facts
    origin = {"version": "zonary-origin/1", "stated": STATED, "reported": REPORTED}
    assert (facts.declared, facts.observed) == ({"origin": origin}, {})
    answer = Caller(five.colleague)("GET", f"/evidence/{record}/origin")
    assert answer.json() == {"declared": {"origin": origin}, "observed": {}}


def test_it_is_still_a_record_of_the_file(five: Any, record: str) -> None:
    """Found by both digests, the same when it is sent again, and another when something else is said."""
    from zonary.services.evidence.digest_index import advance

    call, pair = Caller(five.owner), digests_of(CONTENT).hex()
    for _ in range(2):
        for name in ("sha256", "sm3"):
            (found,) = call("GET", f"/evidence?{name}={pair[name]}").json()["items"]
            assert (found["id"], found["kind"], found["sha256"]) == (record, "digest", pair["sha256"])
        advance()
    again = _register(call)
    assert (again.status_code, again.json()["id"]) == (200, record)
    assert _register(call, origin={"stated": {"source": "别处"}}).status_code == 409
    assert _register(call, origin=None).status_code == 409


def test_it_is_erased_with_the_record(five: Any, record: str) -> None:
    from tests.api.enterprise_things import everything

    call = Caller(five.owner)
    assert "PDM" in str(everything())
    assert call("POST", f"/evidence/{record}/erasure", {"reason": "x"}).status_code == 204
    assert "PDM" not in str(everything())
    assert call("GET", f"/evidence/{record}/origin").status_code == 404


@pytest.mark.parametrize("who", ["owner", "rival"])
def test_pages_show_who_says_what(five: Any, record: str, who: str) -> None:
    """To its holder and to whom it is shared with alike."""
    from tests.services.evidence.test_share_evidence import _share

    where = f"/evidence/{record}"
    if who == "rival":
        where = f"/shared/{_share(five, record)[0]}"
    page = browser(getattr(five, who)).get(where, HTTP_ACCEPT_LANGUAGE="zh").content.decode()
    seen, said = page.split("持有人声明，未经核实")
    stated, reported = said.split("由持有人的浏览器报告")
    for word in ("档案室", "Phone/1", "Asia/Shanghai"):
        assert word not in seen
    assert "档案室" in stated
    assert "Phone/1" not in stated
    for word in ("Phone/1", "UTC+08:00", "慢 2 秒", "单个文件"):
        assert word in reported


@pytest.mark.parametrize(
    "origin",
    [
        {"stated": {"source": "x" * 501}},
        {"stated": {"source": "left\u202eright"}},
        {"stated": {"who": "x"}},
        {"reported": {"by": "zone"}},
        {"reported": {"user_agent": "x"}},
        {"reported": {"by": "browser", "clock_ahead_seconds": {}}},
        {"reported": {"by": "browser", "clock_ahead_seconds": 1.5}},
        {"reported": {"by": "browser", "utc_offset_minutes": True}},
        {"reported": {"by": "browser", "utc_offset_minutes": 10**400}},
        {"observed": {"account": "officer"}},
    ],
)
def test_what_does_not_belong_there_is_refused(five: Any, at_work: None, origin: Any) -> None:
    assert _register(Caller(five.owner), origin=origin).status_code in (400, 422)


def test_a_statement_holds_its_own_origin(five: Any, at_work: None) -> None:
    for origin in ({"stated": STATED}, {"reported": {"by": "browser", "clock_ahead_seconds": 9999999999}}):
        body = {"statement": digests_of(b"x").hex(), "origin": origin}
        assert Caller(five.owner)("POST", "/evidence", body).status_code == 422


def test_nobody_writes_into_observed_but_the_zone(five: Any, at_work: None) -> None:
    """Else what somebody made up would be shown among what the zone saw."""
    salts, call = random_salts(2), Caller(five.owner)
    lines = build_manifest([file_leaf(b"a", 1, digests_of(b"a"), salts[0])], folder=True)
    for observed, expected in ({"account": "officer"}, 422), ({}, 200):
        made = Statement(
            manifest=roots_of(lines), salt=salts[1], declared={"place": "工地"}, observed=observed
        ).encode()
        record = call("POST", "/evidence", {"statement": digests_of(made).hex()}).json()["id"]
        body = made + b"\n" + join_lines(lines)
        answer = call("PUT", f"/evidence/{record}/material", body, content_type="application/jsonl")
        assert answer.status_code == expected, answer.content
        shown = call("GET", f"/evidence/{record}/origin").json()
        assert shown == (
            {"declared": None, "observed": None} if observed else {"declared": {"place": "工地"}, "observed": {}}
        )
        assert ("officer" in json.dumps(shown)) is False

"""The receipts of acts over the API: whose they are, page by page, and a file that anybody checks."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.api.calls import Caller, token_for
from tests.foundation import zone_at_work


def test_an_act_from_the_list_to_its_receipt(five: Any, data: Any, tmp_path: Any) -> None:
    from zonary.cli.main import main

    owner = Caller(five.owner)
    early = owner("GET", "/receipts").json()["items"][0]
    assert early["stage"] == "recorded"
    waiting = owner("GET", early["file"].removeprefix("/api/v1"))
    assert (waiting.status_code, waiting.json()["code"]) == (409, "not-yet-published")
    zone_at_work.start(data)
    act = owner("GET", f"/receipts/{early['id']}").json()
    assert act == {**early, "stage": "published", "index": act["index"], "generation": act["generation"]}
    assert act["body"]["scopes"]
    receipt = owner("GET", act["file"].removeprefix("/api/v1"))
    assert receipt["Content-Type"] == "text/plain; charset=utf-8"
    (tmp_path / "a.tlog-proof").write_bytes(receipt.content)
    assert main(["verify", str(tmp_path / "a.tlog-proof"), "--trust", str(data.trust)]) == 0


def test_the_list_comes_in_pages_and_is_ones_own(five: Any) -> None:
    owner = Caller(five.owner)
    first = owner("GET", "/receipts?limit=1").json()
    found, following = first["items"], first["next"]
    while following:
        page = owner("GET", following.removeprefix("/api/v1")).json()
        found, following = found + page["items"], page["next"]
    assert len(found) > 2
    assert len({each["id"] for each in found}) == len(found)
    holders = {five.owner.person, five.owner.organisation}
    assert all(holders & {each["actor"], each["organisation"], each["about"]} for each in found)
    theirs = {each["id"] for each in Caller(five.rival)("GET", "/receipts").json()["items"]}
    assert theirs
    assert not theirs & {each["id"] for each in found}
    for wrong in ("limit=0", "limit=201", "cursor=x"):
        assert owner("GET", f"/receipts?{wrong}").status_code == 422


def test_reading_receipts_is_a_scope_of_its_own(five: Any) -> None:
    other = Caller(five.owner, token_for(five.owner, "evidence:read"))
    assert other("GET", "/receipts").json()["code"] == "scope-needed"


def test_where_a_webhooks_message_points_there_is_something(five: Any, data: Any) -> None:
    import json

    from django.conf import settings
    from tests.api.enterprise_things import make_things

    from zonary.foundation.notifications.deliveries import message_of
    from zonary.foundation.notifications.models import Delivery

    make_things(five, data)
    owner = Caller(five.owner)
    kinds = set()
    for delivery in Delivery.objects.select_related("endpoint"):
        place = json.loads(message_of(delivery))["data"]["receipt"].removeprefix(f"{settings.ZONARY_URL}/api/v1")
        assert owner("GET", place).status_code == 200, (delivery.kind, place)
        kinds.add(delivery.kind)
    assert {"evidence.registered", "organizations.member.invited"} <= kinds

"""What holders declare of their evidence: recorded, kept apart from what was observed, never changed, only replaced."""

from __future__ import annotations

import html
from datetime import date, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.api.calls import Caller
from tests.filled_zone import register_evidence
from tests.five_accounts import AT, browser
from tests.foundation import zone_at_work

LATER = AT + timedelta(hours=1)


def _said(text: str = "由设计部绘制") -> Any:
    from zonary.services.evidence.declarations.rules import Said

    return Said(topic="creation", text=text, who="张工（虚构）", happened_on=date(2026, 3, 1))


def _declare(by: Any, record: str, **more: Any) -> Any:
    from zonary.services.evidence.declarations.actions import declare_fact

    said = more.pop("said", None) or _said()
    return declare_fact(record, said, by=by, at=LATER, **more)


def test_it_is_recorded_with_a_receipt_of_its_own(five: Any) -> None:
    from zonary.foundation.organizations.queries import act_seen_by

    record = register_evidence(five.owner, 1, LATER)
    made = _declare(five.colleague, record)
    said = {"declaration": str(made.public_id), "event_version": 1, "happened_on": "2026-03-01", "replaces": ""}
    said |= {"text": "由设计部绘制", "topic": "creation", "who": "张工（虚构）"}
    assert zone_at_work.acts("declarations.fact.declared") == [said]
    act = act_seen_by(five.owner, str(made.entry))
    assert act is not None
    assert act.about == record
    assert act_seen_by(five.rival, str(made.entry)) is None


@pytest.mark.parametrize("who", ["rival", "officer", "outsider"])
def test_nobody_declares_anything_of_anothers_record(five: Any, who: str) -> None:
    from zonary.services.evidence.actions import UnknownRecordError
    from zonary.services.evidence.declarations.queries import declarations_of

    record = register_evidence(five.owner, 1, LATER)
    with pytest.raises(UnknownRecordError):
        _declare(getattr(five, who), record)
    _declare(five.owner, record)
    assert declarations_of(getattr(five, who), record) == []
    assert zone_at_work.acts("declarations.fact.declared")[1:] == []


def test_who_was_wrong_declares_again_and_both_stay(five: Any) -> None:
    from zonary.services.evidence.declarations.actions import DeclarationError
    from zonary.services.evidence.declarations.queries import declarations_of
    from zonary.services.evidence.declarations.rules import in_force

    record, other = (register_evidence(five.owner, number, LATER) for number in (1, 2))
    first = _declare(five.owner, record)
    second = _declare(five.owner, record, said=_said("由工艺部绘制"), replaces=str(first.public_id))
    found = [(each.text, later and later.text) for each, later in in_force(declarations_of(five.owner, record))]
    assert found == [("由设计部绘制", "由工艺部绘制"), ("由工艺部绘制", None)]
    with pytest.raises(DeclarationError, match="replaced already"):
        _declare(five.owner, record, replaces=str(first.public_id))
    with pytest.raises(DeclarationError, match="no such declaration"):
        _declare(five.owner, other, replaces=str(second.public_id))


def test_whoever_only_looks_declares_nothing(five: Any) -> None:
    from dataclasses import replace

    from zonary.foundation.organizations.permissions import NotAllowedError

    record = register_evidence(five.owner, 1, LATER)
    with pytest.raises(NotAllowedError):
        _declare(replace(five.colleague, role="reader"), record)


def test_page_and_api_show_it_apart_from_what_was_observed(five: Any, demo: None, data: Any) -> None:
    record = register_evidence(five.owner, 1, LATER)
    zone_at_work.start(data)
    client = browser(five.owner)
    form = {"topic": "tool", "text": "相机\r\n型号 1", "who": "", "happened_on": "2026-03-01"}
    assert client.post(f"/evidence/{record}/declare", form).status_code == 302
    page = html.unescape(client.get(f"/evidence/{record}").content.decode())
    assert page.index("平台观察到的情况") < page.index("持有人声明，未经核实") < page.index("型号 1")
    told = Caller(five.owner)("GET", f"/evidence/{record}/declarations").json()["items"][0]
    assert (told["topic"], told["text"], told["happened_on"]) == ("tool", "相机\n型号 1", "2026-03-01")
    body = {"topic": "other", "text": "更正", "replaces": told["id"]}
    again = Caller(five.colleague)("POST", f"/evidence/{record}/declarations", body)
    assert (again.status_code, again.json()["replaces"]) == (201, told["id"])
    assert Caller(five.owner)("POST", f"/evidence/{record}/declarations", body).status_code == 409
    assert "更正声明" in html.unescape(client.get(f"/evidence/{record}").content.decode())


@pytest.mark.parametrize(
    "wrong", [{"text": " "}, {"text": "a\u202eb"}, {"topic": "x"}, {"who": "a\nb"}, {"happened_on": "2026-02-30"}]
)
def test_what_cannot_be_read_is_refused_everywhere(five: Any, demo: None, data: Any, wrong: dict[str, str]) -> None:
    record = register_evidence(five.owner, 1, LATER)
    zone_at_work.start(data)
    given = {"topic": "other", "text": "a", "who": "b"} | wrong
    assert Caller(five.owner)("POST", f"/evidence/{record}/declarations", given).status_code == 422
    assert browser(five.owner).post(f"/evidence/{record}/declare", given).status_code == 422
    assert zone_at_work.acts("declarations.fact.declared") == []

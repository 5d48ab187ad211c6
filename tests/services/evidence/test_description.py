"""What holders call their evidence: each field of it, those to come too, goes in and comes out everywhere."""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import fields
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation import zone_at_work

DIGESTS = {"sha256": "11" * 32, "sm3": "22" * 32}


SUBJECTS = ("invention", "design")
"""What a subject can be is a word of the program; all else is the holder's own text."""


def _values(ending: str, subject: str) -> dict[str, str]:
    return {name: subject if name == "subject" else f"{name} {ending}" for name in _names()}


def _names() -> list[str]:
    from zonary.services.evidence.rules import Description

    return [each.name for each in fields(Description)]


@pytest.fixture
def at_work(demo: None, data: Any) -> None:
    zone_at_work.start(data)


def _shown(client: Any, path: str) -> str:
    return html.unescape(client.get(path).content.decode())


def test_every_field_goes_in_by_the_page_and_stays(five: Any, at_work: Any) -> None:
    client = browser(five.owner)
    given = _values("图纸", SUBJECTS[0])
    once = re.search(r'name="once" value="([\w-]+)"', _shown(client, "/evidence/register"))
    assert once is not None
    offered = _shown(client, "/evidence/register")
    assert [name for name in given if f'name="{name}"' not in offered] == []
    address = client.post("/evidence/register", given | DIGESTS | {"once": once[1]})["Location"]
    record = _shown(client, address)
    shown = given | {"subject": "发明创造"}
    assert [value for value in shown.values() if value not in record] == []
    form = _shown(client, f"{address}/describe")
    assert [value for value in given.values() if value not in form] == []
    client.post(f"{address}/describe", given | {"title": "另一个名称"})
    record = _shown(client, address)
    assert [value for value in (shown | {"title": "另一个名称"}).values() if value not in record] == []


def test_every_field_goes_in_and_out_by_the_api(five: Any, at_work: Any) -> None:
    call = Caller(five.owner)
    given = _values("drawing", SUBJECTS[0])
    made = call("POST", "/evidence", {"digest": DIGESTS, "description": given})
    assert made.status_code == 201, made.content
    address = f"/evidence/{made.json()['id']}/description"
    told = call("GET", address).json()
    assert {name: told[name] for name in given} == given
    listed = call("GET", "/evidence/described").json()["items"][0]
    assert {name: listed[name] for name in given} == given
    changed = _values("again", SUBJECTS[1])
    answer = call("PUT", address, changed)
    assert {name: answer.json()[name] for name in given} == changed


def test_what_is_registered_again_keeps_its_first_title(five: Any, at_work: Any) -> None:
    call = Caller(five.owner)
    body = {"digest": DIGESTS, "idempotency_key": str(uuid.uuid4()), "description": {"title": "first"}}
    made = call("POST", "/evidence", body)
    again = call("POST", "/evidence", body | {"description": {"title": "second"}})
    assert (made.status_code, again.status_code) == (201, 200)
    assert call("GET", f"/evidence/{made.json()['id']}/description").json()["title"] == "first"


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"title": "a\nb"},
        {"title": "a\u202eb"},
        {"title": "a", "subject": "patent"},
        {"title": "a", "note": "\x00"},
    ],
)
def test_what_cannot_be_read_is_refused_on_the_page_and_by_the_api(
    five: Any, at_work: Any, wrong: dict[str, str]
) -> None:
    from zonary.services.evidence.models import EvidenceRecord

    call = Caller(five.owner)
    assert call("POST", "/evidence", {"digest": DIGESTS, "description": wrong}).status_code in (400, 422)
    form = {"title": "", "note": "", "once": str(uuid.uuid4())} | DIGESTS | wrong
    assert browser(five.owner).post("/evidence/register", form).status_code in (400, 422)
    assert not EvidenceRecord.objects.exists()


def test_a_title_may_have_the_wide_space_and_a_note_lines(five: Any, at_work: Any) -> None:
    call = Caller(five.owner)
    given = {"title": "旋挖钻机\u3000图纸", "note": "第一行\n第二行"}
    assert call("POST", "/evidence", {"digest": DIGESTS, "description": given}).status_code == 201


def test_a_record_without_title_has_no_description(five: Any, at_work: Any) -> None:
    call = Caller(five.owner)
    made = call("POST", "/evidence", {"digest": DIGESTS}).json()
    assert call("GET", f"/evidence/{made['id']}/description").status_code == 404

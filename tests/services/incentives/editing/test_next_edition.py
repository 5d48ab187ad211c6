"""Released rules are taken up as the draft of their next edition; until two officers release that, nothing changes."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.five_accounts import browser
from tests.foundation.facts.stating import second_officer
from tests.foundation.rules.releasing import release_of
from tests.services.incentives.documents import record

pytestmark = pytest.mark.usefixtures("migrated")  # Django is set up
on_sqlite = pytest.mark.parametrize("data", ["sqlite"], indirect=True)


@pytest.fixture
def released(five: Any) -> Any:
    from zonary.foundation.rules.offered import offered_pack

    return release_of(five, offered_pack("tech-sme").content, by=second_officer(five))


def text_with_quotations() -> str:
    """A document that says at its articles what the released rules quote from them."""
    from zonary.foundation.rules.offered import offered_pack

    shape = offered_pack("tech-sme").shape
    said: dict[str, list[str]] = {}
    for each in (*shape.clauses, *shape.tables):
        said.setdefault(each.article.partition("条")[0] + "条", []).append(each.quote)
    return "科技型中小企业评价办法\n" + "\n".join(f"{article}　{'。'.join(quotes)}" for article, quotes in said.items())


def take_up(five: Any, first: str) -> tuple[Any, Any]:
    """The client and the draft."""
    from zonary.services.incentives.editing.models import WorkingDraft

    edition = record(five.officer, "国科发政〔2017〕115号", text_with_quotations())
    client = browser(five.officer)
    asked = client.get("/incentives/editor/again/tech-sme")
    assert str(edition.public_id) in asked.content.decode()
    sent = {"edition": str(edition.public_id), "first": first}
    begun = client.post("/incentives/editor/again/tech-sme", sent)
    assert begun.status_code == 302, html.unescape(begun.content.decode())
    return client, WorkingDraft.objects.get(public_id=begun.headers["location"].split("/")[-2])


@on_sqlite
@pytest.mark.usefixtures("demo")
def test_everything_is_taken_over_as_it_is(five: Any, released: Any) -> None:
    before = json.loads(released.content)
    _client, draft = take_up(five, "2026-01-01")
    content = json.loads(draft.content)
    for name in ("clauses", "tables", "points", "cases", "id"):
        assert content[name] == before[name], name
    for name in ("parameters", "lists"):
        assert content[name] == before.get(name, []), name
    assert [each["condition"] for each in content["items"]] == [each["condition"] for each in before["items"]]
    assert {each["first"] for each in content["items"]} == {"2026-01-01"}
    assert content["terms"] == before["terms"]  # none of them is as the dictionary has it
    released.refresh_from_db()
    assert json.loads(released.content) == before


@on_sqlite
@pytest.mark.usefixtures("demo")
def test_the_next_edition_goes_the_way_of_two_people(five: Any, released: Any) -> None:
    from zonary.foundation.rules.models import PackDraft, PackRelease

    client, draft = take_up(five, "2027-01-01")
    where = f"/incentives/editor/{draft.public_id}"
    for part in ("clauses", "items", "words", "tables", "cases", "propose"):
        assert client.get(f"{where}/{part}").status_code == 200, part
    shown = html.unescape(client.get(f"{where}/propose", headers={"accept-language": "en"}).content.decode())
    assert "Nothing stands in the way of a release." in shown
    client.post(f"{where}/propose", {"version": draft.version, "note": "2027"})
    proposed = PackDraft.objects.get(pack="tech-sme", state="proposed")
    assert json.loads(proposed.content)["items"][0]["first"] == "2027-01-01"
    assert PackRelease.objects.filter(pack="tech-sme").count() == 1  # the released one decides until then


def test_cases_from_before_the_new_edition_ask_the_same_later() -> None:
    from zonary.services.incentives.editing.again import content_again

    case = {"name": "x", "day": "2026-06-01", "expected": {"a": "符合"},
            "data": {"rd-expense@2025": "1万元", "founded": "2024-02-29", "kind": "C35", "resident": True}}  # fmt: skip
    item = {"id": "a", "condition": "c", "first": "2026-01-01", "last": "2026-12-31"}
    released = {"terms": [], "items": [item], "cases": [case]}
    again = content_again(released, {}, date(2027, 7, 1))
    (moved,) = again["cases"]
    assert moved["day"] == "2028-06-01"
    assert moved["data"] == {"rd-expense@2027": "1万元", "founded": "2026-02-28", "kind": "C35", "resident": True}
    assert again["items"] == [{"id": "a", "condition": "c", "first": "2027-07-01"}]
    assert content_again(released, {}, date(2026, 6, 1))["cases"] == [case]
    assert released == {"terms": [], "items": [item], "cases": [case]}


def test_a_term_that_is_the_dictionarys_is_left_to_it() -> None:
    from zonary.services.incentives.editing import checks
    from zonary.services.incentives.editing.again import content_again

    dictionary = checks.dictionary_shapes()
    plain = {key: value for key, value in dictionary["staff"].items() if value not in ("", 0, False, "是/不是")}
    other = {**dictionary["revenue"], "name": {"zh": "销售收入", "en": "sales"}}
    again = content_again({"terms": [plain, other], "items": [], "cases": []}, dictionary, date(2026, 1, 1))
    assert again["terms"] == [other]


def test_every_pack_that_comes_with_the_program_can_be_taken_up() -> None:
    from zonary.foundation.rules.offered import offered_packs
    from zonary.services.incentives.editing import checks
    from zonary.services.incentives.editing.again import content_again

    for pack in offered_packs():
        first = max(each.first for each in pack.shape.items)
        content = content_again(json.loads(pack.content), checks.dictionary_shapes(), first)
        checks.require_readable(content)
        looked = checks.looked_at(content, date(2026, 11, 23))
        assert looked.problem is None, (pack.shape.id, looked.problem)


@on_sqlite
@pytest.mark.usefixtures("demo")
def test_who_is_no_officer_takes_up_nothing(five: Any, released: Any) -> None:
    assert released.number == 1
    for who in (five.owner, five.outsider):
        assert browser(who).get("/incentives/editor/again/tech-sme").status_code == 403
    assert browser(five.officer).get("/incentives/editor/again/no-such").status_code == 404
    listed = browser(five.officer).get("/incentives/editor/").content.decode()
    assert re.search(r'href="/incentives/editor/again/tech-sme"', listed)

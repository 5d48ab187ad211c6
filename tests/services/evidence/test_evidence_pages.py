"""The pages of the evidence service, as each of the five sees them."""

from __future__ import annotations

import hashlib
import html
import re
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.five_accounts import browser
from tests.foundation import zone_at_work

FILE = b"a drawing"
SHA256 = hashlib.sha256(FILE).hexdigest()
SM3 = hashlib.new("sm3", FILE).hexdigest()


@pytest.fixture
def at_work(demo: None, data: Any) -> None:
    zone_at_work.start(data)


def _text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def _filled_in(client: Any) -> dict[str, str]:
    once = re.search(r'name="once" value="([\w-]+)"', _text(client.get("/evidence/register")))
    assert once is not None
    return {"once": once[1], "title": "旋挖钻机图纸", "note": "第三版", "sha256": SHA256, "sm3": SM3}


def _register(client: Any) -> str:
    answer = client.post("/evidence/register", _filled_in(client))
    assert answer.status_code == 302, _text(answer)
    return str(answer["Location"])


def test_what_is_registered_on_the_page_gives_a_package(data: Any, five: Any, at_work: Any) -> None:
    import io

    from zonary.proof.package.container import Container
    from zonary.proof.package.report import Outcome
    from zonary.proof.package.verify import examine

    client = browser(five.owner)
    address = _register(client)
    page = _text(client.get(address))
    assert "旋挖钻机图纸" in page
    assert SHA256 in page
    assert "存证不等于专利申请" in page
    assert client.get(f"{address}/package").status_code == 302  # not yet published
    zone_at_work.start(data)
    package = client.get(f"{address}/package")
    assert package.status_code == 200
    report = examine(Container(io.BytesIO(package.content)), trusts=[zone_at_work.trust_of(data)])
    assert report.outcome is Outcome.VERIFIED
    assert client.get(f"{address}/proof").content.startswith(b"c2sp.org/tlog-proof@v1")
    assert "已发布" in _text(client.get("/evidence/"))


def test_the_same_form_sent_twice_registers_once(five: Any, at_work: Any) -> None:
    from zonary.services.evidence.models import EvidenceRecord

    client = browser(five.owner)
    form = _filled_in(client)
    first, second = client.post("/evidence/register", form), client.post("/evidence/register", form)
    assert first["Location"] == second["Location"]
    assert EvidenceRecord.objects.count() == 1
    # The same form with other content is another's registration, and is refused in a sentence.
    other = client.post("/evidence/register", form | {"sha256": "0" * 64})
    assert other.status_code == 422
    assert EvidenceRecord.objects.count() == 1


@pytest.mark.parametrize("who", ["colleague", "rival", "officer", "outsider"])
def test_records_are_seen_by_those_they_belong_to(five: Any, at_work: Any, who: str) -> None:
    address = _register(browser(five.owner))
    client = browser(getattr(five, who))
    is_own = who == "colleague"
    assert ("旋挖钻机图纸" in _text(client.get("/evidence/"))) is is_own
    for page in (address, f"{address}/describe"):
        assert client.get(page).status_code == (200 if is_own else 404), page
    found = _text(client.get(f"/evidence/?digest={SHA256}"))
    assert (address in found) is is_own
    if not is_own:
        for page in (f"{address}/package", f"{address}/proof"):
            assert client.get(page).status_code == 404
        assert client.post(f"{address}/describe", {"title": "抢来的"}).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"sha256": "xyz"}, {"sm3": "0" * 63}, {"title": ""}, {"title": "长" * 121}, {"once": "x"}, {"note": "长" * 1001}],
)
def test_a_form_filled_in_wrongly_registers_nothing(five: Any, at_work: Any, wrong: dict[str, str]) -> None:
    from zonary.services.evidence.models import EvidenceRecord

    client = browser(five.owner)
    answer = client.post("/evidence/register", _filled_in(client) | wrong)
    assert answer.status_code == 422
    assert not EvidenceRecord.objects.exists()


def test_who_only_looks_registers_nothing(five: Any, at_work: Any) -> None:
    from datetime import timedelta

    from tests.five_accounts import AT

    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import change_membership
    from zonary.foundation.organizations.queries import standing_of

    later = AT + timedelta(minutes=1)
    change_membership(five.colleague.membership, role="reader", until=None, by=five.owner, at=later)
    person = Person.objects.get(public_id=five.colleague.person)
    reader = browser(standing_of(person, str(five.enterprise.public_id), at=later))
    assert reader.get("/evidence/").status_code == 200
    assert reader.get("/evidence/register").status_code == 403


def test_a_title_is_changed_and_the_evidence_stays(five: Any, at_work: Any) -> None:
    client = browser(five.owner)
    address = _register(client)
    assert client.post(f"{address}/describe", {"title": "图纸终稿", "note": ""}).status_code == 302
    page = _text(client.get(address))
    assert "图纸终稿" in page
    assert "旋挖钻机图纸" not in page
    assert SHA256 in page
    [first, second] = zone_at_work.acts("evidence.described")
    assert first["description_sha256"] != second["description_sha256"]


def test_the_interface_for_programs_describes_and_lists(five: Any, at_work: Any) -> None:
    from datetime import timedelta

    from django.test import Client

    from zonary.common.clock import now
    from zonary.foundation.organizations.actions import issue_personal_token

    def asking(who: Any) -> Any:
        at = now()
        scopes = ["evidence:read", "evidence:write"]
        _, secret = issue_personal_token(name="x", scopes=scopes, expires_at=at + timedelta(days=1), by=who, at=at)
        return Client(headers={"authorization": f"Bearer {secret}"})

    owner, rival = asking(five.owner), asking(five.rival)
    made = owner.post(
        "/api/v1/evidence", {"digest": {"sha256": SHA256, "sm3": SM3}}, content_type="application/json"
    ).json()
    address = f"/api/v1/evidence/{made['id']}/description"
    words = {"title": "图纸", "note": "一"}
    assert rival.put(address, words, content_type="application/json").status_code == 404
    assert owner.put(address, words | {"holder": "x"}, content_type="application/json").status_code == 422
    assert owner.put(address, {"title": " "}, content_type="application/json").status_code == 422
    assert owner.put(address, words, content_type="application/json").json()["title"] == "图纸"
    [listed] = owner.get("/api/v1/evidence/described").json()["items"]
    assert (listed["id"], listed["note"]) == (made["id"], "一")
    assert rival.get("/api/v1/evidence/described").json()["items"] == []

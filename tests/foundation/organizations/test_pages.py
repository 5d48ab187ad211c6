"""The pages about organisations, members and receipts, as each of the five sees them."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.five_accounts import browser

PAGES = (
    "/organization/",
    "/organization/found",
    "/organization/members",
    "/organization/members/invite",
    "/receipts/",
    "/receipts/corrections",
)


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(five: Any, page: str) -> None:
    answer = browser(None).get(page)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"?next={page}")


def _text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_founding_inviting_and_accepting(five: Any, demo: Any) -> None:
    from zonary.foundation.organizations.models import Membership, Organization

    founder, invited = browser(five.outsider), browser(five.rival)
    answer = founder.post("/organization/found", {"kind": "enterprise", "name": "云杉智造（虚构）", "uscc": "9143"})
    assert answer.status_code == 422
    assert "18" in _text(answer)
    form = {"kind": "enterprise", "name": "云杉智造（虚构）", "uscc": "91430100MA4L8XYB0H"}
    from stdnum.cn import uscc

    form["uscc"] = form["uscc"][:17] + uscc.calc_check_digit(form["uscc"][:17])
    assert founder.post("/organization/found", form).status_code == 302
    # The same form sent twice.
    again = founder.post("/organization/found", form)
    assert again.status_code == 422
    assert Organization.objects.filter(name="云杉智造（虚构）").count() == 1
    made = founder.post("/organization/members/invite", {"email": "x@zone.example", "role": "agent", "until": ""})
    assert made.status_code == 200
    link = re.search(r"/organization/join/[\w-]+", _text(made))
    assert link is not None
    assert "云杉智造" in _text(invited.get(link[0]))
    assert invited.post(link[0]).status_code == 302
    assert Membership.objects.filter(organization__name="云杉智造（虚构）", ended_at=None).count() == 2
    assert "alert" in _text(invited.get(link[0]))


@pytest.mark.parametrize("who", ["colleague", "rival", "officer", "outsider"])
def test_ids_of_others_lead_nowhere(five: Any, demo: Any, who: str) -> None:
    from zonary.foundation.ledger.models import Entry

    client = browser(getattr(five, who))
    owner = five.owner.membership
    for path in (f"members/{owner}/change", f"members/{owner}/end", f"members/{owner}/hand-over"):
        for method in (client.get, client.post):
            assert method(f"/organization/{path}").status_code in (403, 404), path
    act = Entry.objects.get(kind="organizations.organization.founded", about=str(five.enterprise.public_id)).public_id
    expected = 200 if who == "colleague" else 404
    assert client.get(f"/receipts/{act}").status_code == expected
    assert client.get(f"/receipts/{act}/correct").status_code == expected
    if expected == 404:
        assert client.get(f"/receipts/{act}/file").status_code == 404
    for nonsense in ("x", "00000000-0000-0000-0000-000000000000", "%2e%2e", str(act).upper(), "1'--"):
        assert client.get(f"/receipts/{nonsense}").status_code == 404


def test_a_correction_is_proposed_on_one_page_and_approved_on_another(five: Any, demo: Any) -> None:
    from zonary.foundation.ledger.models import Entry

    act = Entry.objects.get(kind="organizations.organization.founded", about=str(five.enterprise.public_id)).public_id
    owner, colleague = browser(five.owner), browser(five.colleague)
    page = _text(owner.get(f"/receipts/{act}/correct"))
    assert 'value="星河精工（虚构）"' in page
    form = {"to_name": "星河精密（虚构）", "to_address": "", "to_legal_representative": "", "to_industry_code": ""}
    refused = owner.post(f"/receipts/{act}/correct", form)
    assert refused.status_code == 422
    assert owner.post(f"/receipts/{act}/correct", form | {"reason": "照执照更正"}).status_code == 302
    waiting = _text(colleague.get("/receipts/corrections"))
    assert "照执照更正" in waiting
    assert "照执照更正" not in _text(owner.get("/receipts/corrections"))
    decide = re.search(r'action="(/receipts/corrections/[\w-]+)"', waiting)
    assert decide is not None
    assert owner.post(decide[1], {"decision": "approve"}, follow=True).status_code == 200
    five.enterprise.refresh_from_db()
    assert five.enterprise.name == "星河精工（虚构）"
    colleague.post(decide[1], {"decision": "approve"})
    five.enterprise.refresh_from_db()
    assert five.enterprise.name == "星河精密（虚构）"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_speaks_both_languages(five: Any, demo: Any, language: str) -> None:
    for who in (five.owner, five.officer):
        client = browser(who)
        for page in PAGES:
            answer = client.get(f"{page}?lang={language}")
            assert answer.status_code == 200, page
            assert f'<html lang="{"zh-Hans" if language == "zh" else "en"}"' in _text(answer)


def test_a_name_is_shown_as_it_is_written_and_never_as_markup(five: Any, demo: Any) -> None:
    from tests.five_accounts import AT

    from zonary.foundation.organizations.actions import found_organization
    from zonary.foundation.organizations.actions.founding import Founding

    name = "<script>alert(1)</script>{% say %}"
    found_organization(Founding(kind="verifier", name=name), by=five.outsider, at=AT)
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.models import Organization
    from zonary.foundation.organizations.queries import standing_of

    person = Person.objects.get(public_id=five.outsider.person)
    organization = Organization.objects.get(name=name)
    standing = standing_of(person, str(organization.public_id), at=AT)
    page = browser(standing).get("/organization/").content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_every_kind_of_event_has_its_sentence(migrated: Any) -> None:
    import django.apps

    from zonary.common.language import CATALOGUE
    from zonary.foundation.ledger.acts import Event
    from zonary.foundation.organizations.happenings import HAPPENINGS

    assert django.apps.apps.ready

    def kinds(of: type[Event]) -> set[str]:
        own = {of.kind} if hasattr(of, "kind") and of.__module__.startswith("zonary.") else set()
        return own.union(*(kinds(each) for each in of.__subclasses__()))

    assert kinds(Event) - set(HAPPENINGS) == set()
    assert {sentence for sentence in HAPPENINGS.values() if sentence not in CATALOGUE} == set()

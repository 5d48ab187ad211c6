"""Who somebody is, checked at a counter: found by the code they show and by nothing else, recorded, taken back."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.five_accounts import browser

SHOW, FIND, CHECK = "/account/identity-code/", "/identity/", "/identity/check"
SEEN = {"document": "passport", "same": "on"}


def _text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def no_tries_yet(demo: None) -> None:
    from zonary.foundation.organizations.views.identity import _attempts

    _attempts.cache_clear()


def _show_code(who: Any) -> str:
    answer = browser(who).post(SHOW)
    assert answer["Cache-Control"] == "no-store"
    found = re.search(r"<code>([2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4})</code>", _text(answer))
    assert found is not None
    return found[1]


def test_from_the_code_to_the_account_page_and_back(five: Any, no_tries_yet: None) -> None:
    from zonary.foundation.accounts.models import IdentityCheck
    from zonary.foundation.ledger.models import Entry

    officer, owner = browser(five.officer), browser(five.owner)
    assert SHOW in _text(owner.get("/account/"))
    assert "<code>" not in _text(owner.get(SHOW)).partition("<main")[2]
    code = _show_code(five.owner)
    asked = _text(officer.post(FIND, {"code": f" {code.lower().replace('-', ' ')} "}))
    assert ">owner<" in asked
    assert "owner@zone.example" not in asked
    assert officer.post(CHECK, {"code": code, "document": "passport"}).status_code == 422
    for missing in ({}, {"document": "another"}, {"document": "letter"}):
        assert officer.post(CHECK, {"code": code, "same": "on", **missing}).status_code == 422
    number = {"code": code, "document": "another", "other": "军官证 430102199001011234", "same": "on"}
    assert officer.post(CHECK, number).status_code == 422
    assert not IdentityCheck.objects.exists()
    assert officer.post(CHECK, {"code": code, **SEEN}).status_code == 302
    assert Entry.objects.filter(kind="accounts.identity.checked", about=five.owner.person).count() == 1
    for language, words in (("zh", "片区工作人员查验了：护照"), ("en", "An officer of the zone saw: Passport")):
        assert words in _text(owner.get(f"/account/?lang={language}"))
    # A code is for one check.
    assert officer.post(CHECK, {"code": code, **SEEN}, follow=True).status_code == 200
    assert IdentityCheck.objects.count() == 1
    revoke = re.search(r"/identity/checks/[0-9a-f-]{36}/revoke", _text(officer.get(FIND)))
    assert revoke is not None
    assert officer.post(revoke[0], {"reason": ""}).status_code == 422
    assert officer.post(revoke[0], {"reason": "错认"}).status_code == 302
    assert officer.get(revoke[0]).status_code == 404
    assert SHOW in _text(owner.get("/account/"))


def test_nobody_is_found_without_a_code_that_is_shown_now(five: Any, no_tries_yet: None) -> None:
    from django.core.cache import cache

    officer = browser(five.officer)
    for guess in (five.owner.person, "owner@zone.example", "owner", "AAAA-AAAA", "%", "'"):
        assert officer.post(FIND, {"code": guess[:20]}).status_code == 422, guess
    first, second = _show_code(five.owner), _show_code(five.owner)
    assert officer.post(FIND, {"code": first}).status_code == 422
    assert officer.post(FIND, {"code": second}).status_code == 200
    cache.clear()  # as when their time is over
    assert officer.post(FIND, {"code": second}).status_code == 422


@pytest.mark.parametrize("who", ["owner", "colleague", "rival", "outsider"])
def test_only_officers_come_here(five: Any, no_tries_yet: None, who: str) -> None:
    code = _show_code(five.colleague)
    client = browser(getattr(five, who))
    assert client.get(FIND).status_code == 403
    for path in (FIND, CHECK):
        answer = client.post(path, {"code": code, **SEEN})
        assert answer.status_code == 403
        assert ">colleague<" not in _text(answer).partition("<main")[2]


def test_an_officer_vouches_not_for_themselves(five: Any, no_tries_yet: None) -> None:
    answer = browser(five.officer).post(CHECK, {"code": _show_code(five.officer), **SEEN})
    assert answer.status_code == 422


def test_codes_are_not_tried_out(five: Any, no_tries_yet: None) -> None:
    from zonary.foundation.organizations.views.identity import ATTEMPTS

    officer, code = browser(five.officer), _show_code(five.owner)
    statuses = [officer.post(FIND, {"code": f"AAAA-AA{number:02}"}).status_code for number in range(ATTEMPTS[1] + 5)]
    assert statuses[0] == 422
    assert statuses[-1] == 429
    assert officer.post(FIND, {"code": code}).status_code == 429


def test_what_a_colleague_checked_is_no_list_of_people(five: Any, no_tries_yet: None) -> None:
    """Another officer takes a check back who knows its number, and sees no list of those that were checked."""
    from tests.filled_zone import add_member

    from zonary.common.clock import now
    from zonary.foundation.organizations.actions import check_identity

    at = now.last_trusted()
    other = add_member(five.officer, "second-officer", at)
    check = check_identity(five.owner.person, document="passport", by=other, at=at)
    client = browser(five.officer)
    assert ">owner<" not in _text(client.get(FIND))
    assert client.get(f"/identity/checks/{check.public_id}/revoke").status_code == 200

"""Leaving by the pages: what one is told, what is asked again, and what the security administrator may do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.five_accounts import AT, browser
from tests.foundation.accounts.conftest import PASSWORD, Visitor

YES = {"reason": "不再使用", "sure": "on"}


@pytest.fixture
def keep() -> Iterator[Any]:
    """Says how long what is known of people is kept."""
    from django.conf import settings

    before = settings.ZONARY_RETENTION
    yield lambda days: setattr(settings, "ZONARY_RETENTION", timedelta(days=days))
    settings.ZONARY_RETENTION = before


def _leave(visitor: Visitor) -> Any:
    from zonary.foundation.accounts.models import Person

    visitor.register()
    asked = visitor.get("/account/close/")
    assert asked.headers["location"].startswith("/account/reauthenticate/")
    visitor.show_password_again()
    assert visitor.post("/account/close/", reason="").status_code == 422
    assert Person.objects.get(email=visitor.email).is_active
    return visitor.post("/account/close/", **YES)


def test_closing_ones_account(visitor: Visitor, keep: Any) -> None:
    from zonary.foundation.accounts.models import Person

    keep(184)
    gone = _leave(visitor)
    assert gone.status_code == 200
    person = Person.objects.get(email=visitor.email)
    assert person.restricted_until.isoformat() in gone.content.decode()
    assert not visitor.is_signed_in
    assert visitor.sign_in(PASSWORD).headers["location"] == "/account/inactive/"


def test_where_nothing_has_to_be_kept_the_person_is_erased_at_once(visitor: Visitor, keep: Any) -> None:
    from zonary.foundation.accounts.models import Person

    keep(0)
    assert _leave(visitor).status_code == 200
    erased = Person.objects.get(erased_at__isnull=False)
    assert (erased.email, erased.name) == ("", "")


def test_upkeep_erases_whose_time_has_come_and_nobody_else(five: Any, keep: Any) -> None:
    import threading

    from zonary.config.upkeep import Upkeep
    from zonary.foundation.accounts.actions import close_account
    from zonary.foundation.accounts.models import Person

    keep(0)
    close_account(five.outsider.person, reason="", by=five.outsider, at=AT)
    keep(90_000)
    close_account(five.colleague.person, reason="", by=five.colleague, at=AT)
    Upkeep(lambda: True, threading.Event())._leavers()
    assert Person.objects.get(public_id=five.outsider.person).erased_at is not None
    assert Person.objects.get(public_id=five.colleague.person).email


@pytest.fixture
def security(five: Any) -> Any:
    """The standing of a security administrator."""
    from zonary.foundation.accounts.actions import register_person
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.organizations.actions import appoint_first_admins
    from zonary.foundation.organizations.standing import Standing

    roles = ("system", "security", "audit")
    people = {role: register_person(email=f"{role}@zone.example", name=role, by=SYSTEM, at=AT) for role in roles}
    appoint_first_admins(people, by=SYSTEM, at=AT)
    return Standing(person=str(people["security"].public_id), admin="security")


def _show_again(client: Any) -> None:
    """As after the password was asked again."""
    import time

    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()


def test_the_security_administrator_closes_and_erases(five: Any, security: Any, demo: None, keep: Any) -> None:
    from zonary.foundation.accounts.models import Person

    client, page = browser(security), f"/account/people/{five.outsider.person}/"
    assert client.post("/account/people/", {"person": "nobody@zone.example"}).status_code == 422
    found = client.post("/account/people/", {"person": "Outsider@zone.example"})
    assert found.headers["location"] == page
    _show_again(client)
    keep(184)
    assert client.post(page, YES).status_code == 302
    person = Person.objects.get(public_id=five.outsider.person)
    assert not person.is_active
    assert person.email
    # Asked for again, it is refused: it has to be kept.
    refused = client.post(page, YES)
    assert refused.status_code == 422
    assert person.restricted_until.isoformat() in refused.content.decode()
    assert five.outsider.person in client.get("/account/people/").content.decode()
    keep(0)
    other = f"/account/people/{five.colleague.person}/"
    assert client.post(other, YES).status_code == 302
    assert Person.objects.get(public_id=five.colleague.person).erased_at is not None
    assert client.get(other).status_code == 200


@pytest.mark.parametrize("who", ["owner", "colleague", "rival", "officer", "outsider"])
def test_nobody_else_looks_people_up(five: Any, demo: None, who: str) -> None:
    from zonary.foundation.accounts.models import Person

    client = browser(getattr(five, who))
    _show_again(client)
    for path in ("/account/people/", f"/account/people/{five.rival.person}/"):
        assert client.get(path).status_code == 403
        assert client.post(path, {"person": "owner@zone.example", **YES}).status_code == 403
    assert Person.objects.get(public_id=five.rival.person).is_active

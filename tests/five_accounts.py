"""The five whom every test of permissions asks for: what one of them may not see, no other page shows either.

- ``owner`` owns the enterprise 星河精工; ``colleague`` is an agent of it.
- ``rival`` owns another enterprise, 远航重工.
- ``officer`` works for the zone authority.
- ``outsider`` has an account and acts for nobody.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

AT = datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC)
PASSWORD = "five-different-Trees-9"
NAMES = ("owner", "colleague", "rival", "officer", "outsider")
ADDRESSES = {name: f"{name}@zone.example" for name in NAMES}
TEMPLATE = "five"
"""The database that ``data`` copies for tests that ask for the five."""
OWN_USCC, RIVAL_USCC = "91430100MA4L8XYA1N", "91430100MA4L9ABC2E"


@dataclass(frozen=True)
class FiveAccounts:
    """Standings of the five, and the organisations they act for."""

    owner: Any
    colleague: Any
    rival: Any
    officer: Any
    outsider: Any
    enterprise: Any
    competitor: Any
    authority: Any

    def others(self) -> dict[str, Any]:
        """Those to whom the enterprise's own things are no business of theirs."""
        return {"rival": self.rival, "outsider": self.outsider}


def make_five(password: str | None = None) -> FiveAccounts:
    """In the present database, through the actions everybody uses."""
    from zonary.foundation.accounts.actions import register_person
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.organizations.actions import (
        accept_invitation,
        found_organization,
        found_zone,
        invite_member,
    )
    from zonary.foundation.organizations.actions.founding import Founding
    from zonary.foundation.organizations.queries import standing_of
    from zonary.foundation.organizations.standing import Standing

    people = {
        name: register_person(email=ADDRESSES[name], name=name, password=password, by=SYSTEM, at=AT) for name in NAMES
    }

    def alone(name: str) -> Standing:
        return Standing(person=str(people[name].public_id))

    def acting(name: str, organization: Any) -> Standing:
        person = Person.objects.get(pk=people[name].pk)
        return standing_of(person, str(organization.public_id), at=AT)

    enterprise = found_organization(
        Founding(kind="enterprise", name="星河精工（虚构）", uscc=OWN_USCC), by=alone("owner"), at=AT
    )
    competitor = found_organization(
        Founding(kind="enterprise", name="远航重工（虚构）", uscc=RIVAL_USCC), by=alone("rival"), at=AT
    )
    areas = [("示例片区", "Example Area")]
    founder = Standing(person="system")
    authority, secret = found_zone(name="示例片区管委会", english_name="Example Zone", areas=areas, by=founder, at=AT)
    accept_invitation(secret, by=alone("officer"), at=AT)
    _, secret = invite_member(
        role="agent", email=ADDRESSES["colleague"], until=None, by=acting("owner", enterprise), at=AT
    )
    accept_invitation(secret, by=alone("colleague"), at=AT)
    return FiveAccounts(
        owner=acting("owner", enterprise),
        colleague=acting("colleague", enterprise),
        rival=acting("rival", competitor),
        officer=acting("officer", authority),
        outsider=alone("outsider"),
        enterprise=enterprise,
        competitor=competitor,
        authority=authority,
    )


@pytest.fixture(scope="session")
def five_made() -> dict[str, FiveAccounts]:
    """By kind of database: whom the template holds. Made through the actions once, and copied from then on."""
    return {}


@pytest.fixture
def five(data: Any, copies: Any, migrated: Path, five_made: dict[str, FiveAccounts]) -> FiveAccounts:
    from django.db import connection

    if connection.vendor not in five_made:
        five_made[connection.vendor] = make_five()
        copies.save_as_template(TEMPLATE, migrated.parent)
    return copy.deepcopy(five_made[connection.vendor])


@pytest.fixture
def demo(migrated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Officers and administrators do without the second factor, for which they would be asked before anything else."""
    from django.conf import settings

    monkeypatch.setattr(settings, "ZONARY_DEMO", True)


def browser(who: Any) -> Any:
    """A browser in which the person of this standing is signed in, acting for the organisation of it."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import Client

    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.standing import ACTS_FOR

    client = Client()
    if who is not None:
        person = Person.objects.get(public_id=who.person)
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session[ACTS_FOR] = who.organisation
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client

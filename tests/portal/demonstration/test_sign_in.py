"""One click signs in as anybody of the story: in a demonstration, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the portal needs the [web] extra")

from tests.five_accounts import browser

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)

DOORS = tuple(
    f"/demonstration/{each}" for each in ("verify", "folder.zip", "changed-folder.zip", "shop", "shop/rig.svg")
)
BUTTON = "/demonstration/as/"


def test_each_role_comes_in_by_one_click(told: Any) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.ledger.models import Entry
    from zonary.portal.demonstration.cast import ROLES

    client = browser(None)
    for role in ROLES:
        answer = client.post(f"{BUTTON}{role.key}", follow=True)
        assert answer.status_code == 200
        standing = answer.wsgi_request.standing
        assert Person.objects.get(public_id=standing.person).pk == told.stage.people[role.key].pk
        assert standing.organisation == told.stage.organisations.get(role.organisation, "")
        assert "演示环境" in answer.content.decode()
    assert Entry.objects.filter(kind="accounts.session.signed-in").count() == len(ROLES)


def test_the_first_page_and_the_page_to_sign_in_have_a_button_for_each_role(told: Any) -> None:
    from zonary.portal.demonstration.cast import ROLES

    for path in ("/", "/account/login/"):
        answer = browser(None).get(path, headers={"host": "127.0.0.1:8000"})
        text = answer.content.decode()
        assert answer.status_code == 200, answer.headers
        assert [role.key for role in ROLES if f'action="{BUTTON}{role.key}"' not in text] == []
        assert "/demonstration/verify" in text


def test_nobody_comes_in_by_asking_for_a_page_or_as_somebody_else(told: Any) -> None:
    assert browser(None).get(f"{BUTTON}owner").status_code == 405
    assert browser(None).post(f"{BUTTON}head").status_code == 404
    assert browser(None).post(f"{BUTTON}security").status_code == 404


def test_no_other_site_can_have_somebody_sign_in(told: Any) -> None:
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(f"{BUTTON}owner").status_code == 403


@pytest.mark.parametrize("is_demo", [False, True])
def test_a_real_zone_has_no_such_door(five: Any, monkeypatch: pytest.MonkeyPatch, is_demo: bool) -> None:
    """Also when it runs as a demonstration by mistake: its people are nobody's to be."""
    from django.conf import settings

    monkeypatch.setattr(settings, "ZONARY_DEMO", is_demo)
    assert browser(None).post(f"{BUTTON}officer").status_code == 404
    assert [browser(None).get(door).status_code for door in DOORS] == [404] * len(DOORS)
    assert BUTTON not in browser(None).get("/account/login/", headers={"host": "127.0.0.1:8000"}).content.decode()


def test_a_demonstration_that_is_not_served_as_one_has_no_such_door(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "ZONARY_DEMO", False)
    assert browser(None).post(f"{BUTTON}owner").status_code == 404
    assert [browser(None).get(door).status_code for door in DOORS] == [404] * len(DOORS)
    assert BUTTON not in browser(None).get("/", headers={"host": "127.0.0.1:8000"}).content.decode()


def test_who_is_locked_is_no_longer_to_be_had(told: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.organizations.actions import lock_person
    from zonary.foundation.organizations.queries import standing_of

    security = standing_of(told.stage.people["security"], "", at=now())
    lock_person(str(told.stage.people["rival"].public_id), reason="演示", by=security, at=now())
    assert browser(None).post(f"{BUTTON}rival").status_code == 404

"""Making an access token asks again who somebody is, when they showed it more than ten minutes ago."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="accounts need the [web] extra")

from tests.five_accounts import ADDRESSES, PASSWORD, make_five
from tests.foundation.accounts.conftest import Visitor

MAKE = "/organization/tokens/make"


@pytest.fixture
def owner(visit: Callable[..., Visitor]) -> Visitor:
    make_five(PASSWORD)
    visitor = visit(ADDRESSES["owner"])
    assert visitor.sign_in(PASSWORD).status_code == 302
    return visitor


def age(visitor: Visitor, seconds: float) -> None:
    """Have all that this browser showed have been shown so long ago."""
    session = visitor.client.session
    for each in session["account_authentication_methods"]:
        each["at"] = time.time() - seconds
    session.save()


def form() -> dict[str, Any]:
    from zonary.common.clock import now, zone_date

    last = zone_date(now.last_trusted()) + timedelta(days=1)
    return {"name": "接口", "scopes": ["organization:read"], "last_day": last.isoformat()}


def made() -> int:
    from zonary.foundation.accounts.models import AccessToken

    return AccessToken.objects.count()


def by_api(visitor: Visitor) -> Any:
    csrf = "a" * 32
    visitor.client.cookies["csrftoken"] = csrf
    return visitor.client.post("/api/v1/tokens", json.dumps(form()), "application/json", headers={"X-CSRFToken": csrf})


def test_soon_after_signing_in_nothing_is_asked(owner: Visitor) -> None:
    age(owner, 9 * 60)
    assert owner.get(MAKE).status_code == 200
    assert owner.client.post(MAKE, form()).status_code == 200
    assert by_api(owner).status_code == 201
    assert made() == 2


def test_later_the_password_is_asked_for(owner: Visitor) -> None:
    age(owner, 11 * 60)
    for answer in (owner.get(MAKE), owner.client.post(MAKE, form())):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/reauthenticate/?next=")
    refused = by_api(owner)
    assert (refused.status_code, refused.json()["code"]) == (403, "sign-in-again")
    assert made() == 0
    where = owner.get(MAKE)["Location"]
    assert owner.client.post(where, {"password": "wrong"}).status_code == 200
    assert owner.get(MAKE).status_code == 302
    again = owner.client.post(where, {"password": PASSWORD})
    assert again["Location"] == MAKE
    assert owner.client.post(MAKE, form()).status_code == 200
    assert made() == 1


def test_a_second_factor_is_not_changed_without_it(owner: Visitor) -> None:
    age(owner, 11 * 60)
    for page in ("/account/2fa/totp/activate/", "/account/2fa/webauthn/add/"):
        assert "/account/reauthenticate/" in owner.get(page)["Location"]
    owner.show_password_again(PASSWORD)
    assert owner.get("/account/2fa/totp/activate/").status_code == 200
    age(owner, 11 * 60)
    assert owner.get("/account/2fa/totp/activate/").status_code == 302

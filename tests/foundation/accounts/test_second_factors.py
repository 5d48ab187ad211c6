"""Second factors: adding, using and removing each leaves its record; officers and administrators need one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.five_accounts import ADDRESSES, AT, make_five
from tests.five_accounts import PASSWORD as SHARED_PASSWORD
from tests.foundation.accounts.conftest import Visitor, kinds, recorded
from tests.foundation.accounts.passkey import Passkey


def totp_code(secret: str, steps: int = 0) -> str:
    import time

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def add_totp(visitor: Visitor) -> str:
    """Sets up an authenticator app; returns its secret."""
    visitor.get("/account/2fa/totp/activate/")
    secret: str = visitor.client.session["mfa.totp.secret"]
    response = visitor.post("/account/2fa/totp/activate/", code=totp_code(secret))
    assert response.status_code == 302, response.content.decode()
    return secret


def add_passkey(visitor: Visitor) -> Passkey:
    page = visitor.get("/account/2fa/webauthn/add/")
    passkey = Passkey()
    credential = passkey.create(options_of(page))
    response = visitor.post("/account/2fa/webauthn/add/", name="手机", passwordless="on", credential=credential)
    assert response.status_code == 302, response.content.decode()
    return passkey


def options_of(page: Any) -> dict[str, Any]:
    """What the page hands to its script."""
    found = re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page.content.decode())
    assert found, page.content.decode()
    (options,) = json.loads(found[1]).values()
    return options  # type: ignore[no-any-return]


def codes_of(page: Any) -> list[str]:
    return re.findall(r"\b\d{8}\b", page.content.decode())


@pytest.fixture
def person(visitor: Visitor) -> Visitor:
    """Registered, and has just shown the password again."""
    visitor.register()
    visitor.show_password_again()
    return visitor


def test_an_authenticator_app(person: Visitor) -> None:
    from allauth.mfa.models import Authenticator

    secret = add_totp(person)
    assert kinds("accounts.second-factor.") == ["added", "added"]  # the app, and recovery codes with it
    stored = str(Authenticator.objects.get(type="totp").data)
    assert secret not in stored  # a stolen database does not tell the codes
    person.sign_out()
    assert person.sign_in().headers["location"] == "/account/2fa/authenticate/"
    assert not person.is_signed_in
    person.post("/account/2fa/authenticate/", code="000000")
    assert recorded("accounts.sign-in")[-1][0] == "accounts.sign-in.failed"
    person.post("/account/2fa/authenticate/", code=totp_code(secret, 1))
    assert person.is_signed_in
    assert kinds()[-2:] == ["second-factor.used", "session.signed-in"]
    person.show_password_again()
    assert person.post("/account/2fa/totp/deactivate/").status_code == 302
    assert kinds("accounts.second-factor.")[-2:] == ["removed", "removed"]


def test_recovery_codes(person: Visitor) -> None:
    add_totp(person)
    shown = person.get("/account/2fa/recovery-codes/")
    codes = codes_of(shown)
    assert len(codes) == 10
    assert kinds("accounts.second-factor.")[-1] == "changed"  # that they were shown
    assert person.get("/account/2fa/recovery-codes/download/").status_code == 200
    assert person.post("/account/2fa/recovery-codes/generate/").status_code == 302
    assert kinds("accounts.second-factor.")[-2:] == ["removed", "added"]
    fresh = codes_of(person.get("/account/2fa/recovery-codes/"))
    assert not set(fresh) & set(codes)
    person.sign_out()
    person.sign_in()
    person.post("/account/2fa/authenticate/", code=codes[0])
    assert not person.is_signed_in
    person.post("/account/2fa/authenticate/", code=fresh[0])
    assert person.is_signed_in
    person.sign_out()
    person.sign_in()
    person.post("/account/2fa/authenticate/", code=fresh[0])  # each works once
    assert not person.is_signed_in


def test_a_passkey(person: Visitor) -> None:
    from allauth.mfa.models import Authenticator

    passkey = add_passkey(person)
    number = Authenticator.objects.get(type="webauthn").pk
    assert person.post(f"/account/2fa/webauthn/keys/{number}/edit/", name="办公室").status_code == 302
    assert kinds("accounts.second-factor.")[-1] == "changed"
    person.sign_out()
    options = person.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"}).json()
    person.post("/account/2fa/webauthn/login/", credential=passkey.get(options["request_options"]))
    assert person.is_signed_in
    assert kinds()[-2:] == ["second-factor.used", "session.signed-in"]
    page = person.get("/account/2fa/webauthn/reauthenticate/")
    again = passkey.get(options_of(page))
    assert person.post("/account/2fa/webauthn/reauthenticate/", credential=again).status_code == 302
    assert person.post(f"/account/2fa/webauthn/keys/{number}/remove/").status_code == 302
    assert "removed" in kinds("accounts.second-factor.")[-2:]


@pytest.mark.parametrize("credential", ["", "{", "[]", "{}", '{"id": 1}', '"x"', '{"response": null}', "null"])
def test_what_is_no_credential_is_refused(person: Visitor, credential: str) -> None:
    for path in ("/account/2fa/webauthn/add/", "/account/2fa/webauthn/login/", "/account/2fa/webauthn/reauthenticate/"):
        person.get(path)
        assert person.post(path, credential=credential).status_code < 500
    person.sign_out()
    person.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert person.post("/account/2fa/webauthn/login/", credential=credential).status_code < 500


def test_an_officer_needs_a_second_factor(visit: Callable[..., Visitor]) -> None:
    from django.conf import settings

    make_five(SHARED_PASSWORD)
    officer, owner = visit(ADDRESSES["officer"]), visit(ADDRESSES["owner"])
    for each in (officer, owner):
        each.sign_in(SHARED_PASSWORD)
        assert each.is_signed_in
    assert owner.get("/account/").status_code == 200
    assert officer.get("/account/").headers["location"] == "/account/2fa/"
    refused = officer.get("/api/v1/evidence?sha256=" + "00" * 32)
    assert (refused.status_code, refused.json()["code"]) == (403, "second-factor-needed")
    assert officer.get("/account/2fa/").status_code == 200
    officer.show_password_again(SHARED_PASSWORD)
    add_totp(officer)
    assert officer.get("/account/").status_code == 200
    settings.ZONARY_DEMO = True
    try:
        waived = visit(ADDRESSES["outsider"])
        waived.sign_in(SHARED_PASSWORD)
        assert waived.get("/account/").status_code == 200
    finally:
        settings.ZONARY_DEMO = False


def test_an_administrator_needs_a_second_factor(visit: Callable[..., Visitor]) -> None:
    from zonary.foundation.accounts.actions import register_person
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.organizations.actions import appoint_first_admins

    people = {
        role: register_person(email=f"{role}@zone.example", name=role, password=SHARED_PASSWORD, by=SYSTEM, at=AT)
        for role in ("system", "security", "audit")
    }
    appoint_first_admins(people, by=SYSTEM, at=AT)
    for role in people:
        administrator = visit(f"{role}@zone.example")
        administrator.sign_in(SHARED_PASSWORD)
        assert administrator.get("/").headers["location"] == "/account/2fa/"

"""Everything the account library's pages change is recorded, with the change: each is posted here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.foundation.accounts.conftest import (
    AGENT,
    NAME,
    PASSWORD,
    Visitor,
    kinds,
    last_code,
    last_link,
    last_mail,
    recorded,
)

ANOTHER_PASSWORD = "nine-Copper-kettles"


def _person(visitor: Visitor) -> Any:
    from zonary.foundation.accounts.models import Person

    return Person.objects.get(email=visitor.email)


def test_registering(visitor: Visitor) -> None:
    response = visitor.register()
    assert response.headers["location"] == "/account/begin/"
    assert visitor.is_signed_in
    person = _person(visitor)
    assert (person.name, person.emailaddress_set.get().verified) == (NAME, True)
    told = kinds()
    assert told[:2] == ["person.registered", "address.added"]
    assert set(told[2:-1]) == {"address.changed"}
    assert told[-1] == "session.signed-in"
    assert {row[1:] for row in recorded("accounts.")} == {(str(person.public_id), str(person.public_id))}


def test_signing_in_and_out(visitor: Visitor) -> None:
    from zonary.foundation.ledger.models import Entry, EntryBody

    visitor.register()
    visitor.sign_out()
    assert visitor.sign_in().status_code == 302
    assert kinds()[-2:] == ["session.signed-out", "session.signed-in"]
    signed_in = Entry.objects.order_by("pk").last()
    assert signed_in is not None
    body = EntryBody.objects.get(entry=signed_in).bodies
    assert b'"methods":["password"]' in body
    assert AGENT.encode() in body  # which can be erased; what stays does not know it
    assert AGENT.encode() not in bytes(signed_in.leaves)
    assert "127.0.0.1" not in "".join(map(str, (signed_in.actor, signed_in.about, signed_in.kind)))


def test_failing_to_sign_in(visitor: Visitor, visit: Callable[..., Visitor]) -> None:
    visitor.register()
    person = str(_person(visitor).public_id)
    assert visit().sign_in("not-the-password").status_code == 200
    assert recorded("accounts.sign-in") == [("accounts.sign-in.failed", "anonymous", person)]
    visit("nobody@people.example").sign_in("not-the-password")
    assert recorded("accounts.sign-in")[-1] == ("accounts.sign-in.failed", "anonymous", "")


def test_changing_the_password(visitor: Visitor) -> None:
    visitor.register()
    fields = {"oldpassword": PASSWORD, "password1": ANOTHER_PASSWORD}
    assert visitor.post("/account/password/change/", **fields, password2=ANOTHER_PASSWORD).status_code == 302
    assert kinds()[-1] == "password.changed"
    assert visitor.is_signed_in
    visitor.sign_out()
    visitor.sign_in(ANOTHER_PASSWORD)
    assert visitor.is_signed_in


def test_resetting_the_password(visitor: Visitor, visit: Callable[..., Visitor]) -> None:
    visitor.register()
    forgetful = visit()
    forgetful.post("/account/password/reset/", email=visitor.email)
    form = forgetful.get(last_link()).headers["location"]
    response = forgetful.post(form, password1=ANOTHER_PASSWORD, password2=ANOTHER_PASSWORD)
    assert response.status_code == 302
    assert kinds()[-1] == "password.changed"
    # Nobody is let in by the link alone, and whoever was in with the old password is out.
    assert not forgetful.is_signed_in
    assert visitor.get("/account/").status_code == 302
    assert forgetful.sign_in(ANOTHER_PASSWORD).status_code == 302
    assert forgetful.is_signed_in


def test_changing_the_address(visitor: Visitor) -> None:
    visitor.register()
    visitor.show_password_again()
    new = "lin.yizhou@people.example"
    assert visitor.post("/account/email/", email=new, action_add="").status_code == 302
    assert last_mail().to == [new]
    assert visitor.post("/account/confirm-email/", code=last_code(), action="verify").status_code == 302
    assert "address.removed" in kinds()
    visitor.email = new
    assert _person(visitor).emailaddress_set.get().email == new


def test_asking_for_the_code_again(visitor: Visitor) -> None:
    from django.core import mail
    from django.core.cache import cache

    visitor.fill_in()
    first = last_code()
    cache.clear()  # one mail in ten seconds
    visitor.post("/account/confirm-email/", action="resend")
    assert len(mail.outbox) == 2
    assert last_code() != first
    assert visitor.post("/account/confirm-email/", code=last_code(), action="verify").status_code == 302
    assert visitor.is_signed_in


def test_a_wrong_code_lets_nobody_in(visitor: Visitor) -> None:
    visitor.fill_in()
    for _attempt in range(3):
        response = visitor.post("/account/confirm-email/", code="AAAA-AAAA", action="verify")
    assert response.headers["location"] == "/account/login/"
    assert not visitor.is_signed_in
    assert "session.signed-in" not in kinds()

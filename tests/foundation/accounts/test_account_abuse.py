"""What strangers try at the account pages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from tests.foundation.accounts.conftest import PASSWORD, Visitor, kinds, last_code, last_link, last_mail, recorded
from tests.foundation.accounts.test_account_pages import words_of

NOBODY = "nobody@people.example"


def _said(response: Any, visitor: Visitor) -> tuple[int, str, str]:
    """What somebody sees of an answer, but for the address they gave themselves."""
    words = words_of(response.content.decode()).replace(visitor.email, "ADDRESS")
    return response.status_code, response.headers.get("location", ""), words


def test_signing_in_tells_nobody_who_is_registered(visitor: Visitor, visit: Callable[..., Visitor]) -> None:
    visitor.register()
    known, unknown = visit(visitor.email), visit(NOBODY)
    assert _said(known.sign_in("wrong"), known) == _said(unknown.sign_in("wrong"), unknown)


def test_a_password_is_hashed_for_nobody_too(
    visitor: Visitor, visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the time an answer takes would tell who is registered."""
    import argon2

    visitor.register()
    hashed: list[str] = []

    def noted(name: str) -> Callable[..., Any]:
        before = getattr(argon2.low_level, name)

        def call(*arguments: Any, **named: Any) -> Any:
            hashed.append(name)
            return before(*arguments, **named)

        return call

    monkeypatch.setattr(argon2.low_level, "hash_secret", noted("hash_secret"))
    monkeypatch.setattr(argon2.low_level, "verify_secret", noted("verify_secret"))
    monkeypatch.setattr(argon2._password_hasher, "verify_secret", argon2.low_level.verify_secret)
    visit(visitor.email).sign_in("wrong")
    assert hashed == ["verify_secret"]
    visit(NOBODY).sign_in("wrong")
    assert hashed == ["verify_secret", "hash_secret"]


def test_registering_tells_nobody_who_is_registered(visitor: Visitor, visit: Callable[..., Visitor]) -> None:
    from django.core.cache import cache

    visitor.register()
    cache.clear()  # one mail to an address in ten seconds
    known, unknown = visit(visitor.email), visit(NOBODY)
    first, second = known.fill_in(), unknown.fill_in()
    assert _said(first, known) == _said(second, unknown)
    pages = [each.get("/account/confirm-email/") for each in (known, unknown)]
    assert _said(pages[0], known) == _said(pages[1], unknown)
    wrong = [each.post("/account/confirm-email/", code="AAAA-AAAA", action="verify") for each in (known, unknown)]
    assert _said(wrong[0], known) == _said(wrong[1], unknown)
    assert not known.is_signed_in


def test_asking_for_a_link_tells_nobody_who_is_registered(visitor: Visitor, visit: Callable[..., Visitor]) -> None:
    from django.core import mail

    visitor.register()
    known, unknown = visit(visitor.email), visit(NOBODY)
    sent = len(mail.outbox)
    answers = [each.post("/account/password/reset/", email=each.email) for each in (known, unknown)]
    assert _said(answers[0], known) == _said(answers[1], unknown)
    assert len(mail.outbox) == sent + 2  # each gets one, so that neither takes longer


def test_an_account_is_locked_and_opened_again(visitor: Visitor, visit: Callable[..., Visitor]) -> None:
    visitor.register()
    visitor.sign_out()
    guesser = visit()
    for _attempt in range(6):
        guesser.sign_in("guess")
    for _attempt in range(3):
        assert not visitor.sign_in().headers.get("location")  # even the right password
    told = kinds("accounts.sign-in.")
    assert told == ["failed"] * 6 + ["locked-out"]  # once, not with every attempt
    assert recorded("accounts.sign-in.locked-out")[0][1] == "anonymous"
    forgetful = visit()
    forgetful.post("/account/password/reset/", email=visitor.email)
    form = forgetful.get(last_link()).headers["location"]
    forgetful.post(form, password1="eleven-blue-Whales", password2="eleven-blue-Whales")
    forgetful.sign_in("eleven-blue-Whales")
    assert forgetful.is_signed_in


def test_a_link_works_once(visitor: Visitor, visit: Callable[..., Visitor]) -> None:
    visitor.register()
    first, second = visit(), visit()
    first.post("/account/password/reset/", email=visitor.email)
    link = last_link()
    form = first.get(link).headers["location"]
    first.post(form, password1="eleven-blue-Whales", password2="eleven-blue-Whales")
    assert second.get(link).status_code == 200  # and says that it is no longer good
    assert "location" not in second.get(link).headers


def test_a_session_given_to_somebody_is_not_theirs_when_they_sign_in(
    visitor: Visitor, visit: Callable[..., Visitor]
) -> None:
    visitor.register()
    victim = visit()
    victim.get("/account/login/?lang=en")
    session = victim.client.session
    session["planted"] = "by somebody who knows this session's key"
    session.save()
    planted = session.session_key
    victim.client.cookies["session"] = planted
    victim.sign_in()
    assert victim.is_signed_in
    assert victim.client.session.session_key != planted
    thief = visit()
    thief.client.cookies["session"] = planted
    assert thief.get("/account/").status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "\t//evil",
    ],
)
def test_nobody_is_led_elsewhere(visitor: Visitor, elsewhere: str) -> None:
    visitor.register()
    visitor.sign_out()
    location = visitor.sign_in(next=elsewhere).headers["location"]
    assert location == "/", location
    assert visitor.post("/account/logout/", next=elsewhere).headers["location"] == "/"


def test_a_page_of_ours_is_come_back_to(visitor: Visitor) -> None:
    visitor.register()
    visitor.sign_out()
    assert visitor.sign_in(next="/account/sessions/").headers["location"] == "/account/sessions/"


def test_forged_forms_are_refused(visitor: Visitor, visit: Callable[..., Visitor]) -> None:
    visitor.register()
    careful = visit(enforce_csrf_checks=True)
    for path in ("login/", "signup/", "password/reset/", "logout/"):
        assert careful.post(f"/account/{path}").status_code == 403
    careful.client.cookies = visitor.client.cookies
    for path in ("password/change/", "email/", "2fa/totp/deactivate/", "sessions/", "sessions/1/end/", "3rdparty/"):
        assert careful.post(f"/account/{path}").status_code == 403, path


def test_ending_sessions(visitor: Visitor, visit: Callable[..., Visitor]) -> None:
    from allauth.usersessions.models import UserSession

    visitor.register()
    phone, tablet, stranger = visit(), visit(), visit("rival@people.example")
    phone.sign_in()
    tablet.sign_in()
    stranger.register()
    own = {each.client.session.session_key: each for each in (phone, tablet)}
    numbers = {own[s.session_key].client: s.pk for s in UserSession.objects.filter(session_key__in=own)}
    assert stranger.post(f"/account/sessions/{numbers[phone.client]}/end/").status_code == 404
    assert visitor.post(f"/account/sessions/{numbers[phone.client]}/end/").status_code == 302
    assert phone.get("/account/").status_code == 302
    assert tablet.get("/account/").status_code == 200
    assert visitor.post("/account/sessions/").status_code == 302
    assert tablet.get("/account/").status_code == 302
    assert visitor.get("/account/").status_code == 200
    assert kinds()[-2:] == ["session.ended", "session.ended"]


def test_a_locked_person_is_out_at_once(visitor: Visitor) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.ledger.guard import unrecorded

    visitor.register()
    with unrecorded("a test's own doing"):
        Person.objects.update(is_active=False)
    assert visitor.get("/account/").status_code == 302
    visitor.sign_in()
    assert visitor.get("/account/").status_code == 302


def test_secrets_are_in_no_log(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    visitor.fill_in()
    code = last_code()
    visitor.post("/account/confirm-email/", code="AAAA-AAAA", action="verify")
    visitor.post("/account/confirm-email/", code=code, action="verify")
    visitor.post("/account/password/reset/", email=visitor.email)
    link = last_link()
    logged = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db.backends")
    )
    for secret in (PASSWORD, code, link, str(last_mail().to)):
        assert secret not in logged


def test_who_may_write_waits_for_no_mail_server(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.mail import EmailMessage
    from django.db import connection

    during: list[bool] = []
    monkeypatch.setattr(EmailMessage, "send", lambda _self: during.append(connection.in_atomic_block))
    visitor.fill_in()
    assert during == [False]


def test_a_mail_server_that_fails_undoes_nothing(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.mail import EmailMessage

    def fail(_self: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailMessage, "send", fail)
    assert visitor.fill_in().status_code == 302
    assert "person.registered" in kinds()

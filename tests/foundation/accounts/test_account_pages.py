"""Every page of one's account opens, in both languages, and says nothing in the other."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from tests.foundation.accounts.conftest import Visitor
from tests.foundation.accounts.test_second_factors import add_passkey, add_totp

STRANGERS = ("login/", "signup/", "password/reset/", "password/reset/done/", "password/reset/key/done/", "inactive/")
OWN = (
    "", "begin/", "email/", "password/change/", "reauthenticate/", "logout/", "sessions/", "3rdparty/", "2fa/",
    "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/",
)  # fmt: skip
PROTECTED = (
    "", "2fa/", "2fa/totp/deactivate/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/webauthn/",
    "2fa/reauthenticate/", "2fa/webauthn/reauthenticate/", "close/",
)  # fmt: skip
_NAMES = re.compile(
    r"Zonary test browser|手机|Zonary|English|JavaScript|UTC\+8|API|\S+@\S+|mail|[0-9a-f]{8}-\S+|\d+\.\d+\.\d+\.\d+"
    r"|[A-Z2-7]{32}|TOTP|CSV|Cookie"
)


def words_of(page: str) -> str:
    """What a person reads: no tags, scripts or attributes."""
    text = re.sub(r"<(script|style|svg|title|code)\b.*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(text).split())


def check_language(visitor: Visitor, path: str) -> None:
    visitor.get("/account/password/reset/")  # shows what was to be told of what was done before
    for language in ("en", "zh"):
        response = visitor.get(f"/account/{path}?lang={language}")
        assert response.status_code == 200, (path, response.status_code, response.headers)
        words = _NAMES.sub(" ", words_of(response.content.decode()))
        if language == "zh":
            assert re.findall(r"[A-Za-z]{4,}", words) == [], path
        else:
            rest = words.replace("中文", "").replace("林一舟", "")
            assert re.findall(r"[\u4e00-\u9fff]+", rest) == [], path


def test_pages_for_everybody(visitor: Visitor) -> None:
    for path in STRANGERS:
        check_language(visitor, path)


def test_refused_forms_are_told_in_the_readers_language(visitor: Visitor) -> None:
    for path, fields in (
        ("/account/login/", {"login": "x", "password": ""}),
        ("/account/login/", {"login": "a@b.example", "password": "wrong"}),
        ("/account/signup/", {"name": "\u202e", "email": "x", "password1": "1234"}),
        ("/account/signup/", {"name": "林", "email": "lin@b.example", "password1": "password12"}),
        ("/account/password/reset/", {"email": "x"}),
    ):
        words = _NAMES.sub(" ", words_of(visitor.post(f"{path}?lang=zh", **fields).content.decode()))
        assert re.findall(r"[A-Za-z]{4,}", words) == [], path


def test_own_pages(visitor: Visitor) -> None:
    visitor.register()
    visitor.show_password_again()
    for path in OWN:
        check_language(visitor, path)


def test_pages_of_a_protected_account(visitor: Visitor) -> None:
    visitor.register()
    visitor.show_password_again()
    add_totp(visitor)
    add_passkey(visitor)
    for path in PROTECTED:
        check_language(visitor, path)
    visitor.sign_out()
    visitor.sign_in()
    check_language(visitor, "2fa/authenticate/")


def test_the_code_page(visitor: Visitor) -> None:
    visitor.fill_in()
    check_language(visitor, "confirm-email/")


@pytest.mark.parametrize("path", ["", "begin/", "email/", "sessions/", "2fa/", "3rdparty/"])
def test_strangers_are_led_to_sign_in(visit: Callable[..., Visitor], path: str) -> None:
    assert visit().get(f"/account/{path}").headers["location"].startswith("/account/login/?next=")

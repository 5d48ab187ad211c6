"""A person registers on a phone in three screens, adds a passkey, and signs in by it alone, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.browser.conftest import PHONE

EMAIL, SECRET = "lin@people.example", "seven-green-Lanterns"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def server(new_server: Callable[..., Any]) -> Any:
    """Called localhost: a passkey belongs to a name, never to a number."""
    made = new_server()
    made.environment["ZONARY_URL"] = f"http://localhost:{made.port}"
    made.start()
    return made


def _code(server: Any) -> str:
    """What the operator finds among the mails that were not sent."""
    newest = max((server.data / "mail").iterdir(), key=lambda file: file.stat().st_mtime_ns)
    return re.findall(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", newest.read_text("utf-8"), re.MULTILINE)[-1]


def test_three_screens_and_a_passkey(chromium: Any, server: Any) -> None:
    url = server.environment["ZONARY_URL"]
    context = chromium.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{url}/account/signup/")
    page.fill("[name=name]", "林一舟")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password1]", SECRET)
    page.get_by_role("button", name="继续").click()
    page.wait_for_url("**/account/confirm-email/")
    page.fill("[name=code]", _code(server))
    page.get_by_role("button", name="确认").click()
    page.wait_for_url("**/account/begin/")
    assert page.get_by_role("heading", name="您代表谁？").is_visible()

    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto(f"{url}/account/2fa/webauthn/add/")
    page.fill("[name=password]", SECRET)
    page.get_by_role("button", name="继续").click()
    page.wait_for_url("**/account/2fa/webauthn/add/")
    page.check("[name=passwordless]")
    page.get_by_role("button", name="继续").click()
    page.wait_for_url("**/account/2fa/recovery-codes/")
    context.clear_cookies()
    page.goto(f"{url}/account/login/")
    page.get_by_role("button", name="使用通行密钥登录").click()
    page.wait_for_url(f"{url}/")
    page.goto(f"{url}/account/")
    assert page.locator("main").get_by_text(EMAIL).is_visible()
    assert complaints == []
    context.close()

"""People at a browser, in a zone that was founded the way an operator founds one: what the journeys are acted out by.

A journey knows the sentences of the pages by their English; what stands on the screen is looked up in the catalogue, so
that the same journey is gone in both languages.
"""

from __future__ import annotations

import base64
import email
import hashlib
import hmac
import os
import random
import re
import struct
import subprocess
import sys
import time
from dataclasses import dataclass, field
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any

from tests.conftest import RunningServer
from tests.registries import make_uscc

PASSWORD = "seven-green-Lanterns"
SECONDS = 60
"""How long anything may take on a machine that has much else to do; nothing waits longer than it has to."""
DESKTOP, PHONE = {"width": 1366, "height": 900}, {"width": 390, "height": 844}
_CODE = re.compile(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", re.MULTILINE)
_REFUSED = "the server responded with a status of 422"
"""What Chromium says of a form that was refused; the page says why."""


@dataclass
class Town:
    """A server of a zone made by ``zonary init``, and the links that it printed."""

    server: RunningServer
    links: dict[str, str]
    drawn: random.Random = field(default_factory=lambda: random.Random(7))
    states: dict[str, Any] = field(default_factory=dict)
    """Cookies of those who act for the zone, who come in once."""
    people: int = 0

    def mails_to(self, address: str) -> list[Message]:
        """The mails to ``address``, the latest last."""
        files = sorted((self.server.data / "mail").glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
        texts = [text for file in files for text in re.split(rb"\n-{79}\n", file.read_bytes()) if text.strip()]
        return [mail for text in texts if (mail := email.message_from_bytes(text, policy=default))["To"] == address]

    def code_for(self, address: str) -> str:
        """The code of the latest mail to ``address``."""
        text = self.mails_to(address)[-1].get_body().get_content()  # type: ignore[attr-defined]
        found = _CODE.search(text)
        assert found, text
        return found[0]

    def new_uscc(self) -> str:
        """A number of an enterprise that does not exist, with the right check character; never one twice."""
        return make_uscc(self.drawn)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """``zonary`` with ``arguments``, as on somebody's machine."""
        return run_zonary(self.server, *arguments)


def run_zonary(server: RunningServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(server.config), "ZONARY_LANG": "en", **server.environment}
    command = [sys.executable, "-m", "zonary.cli.main", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)


def found_town(server: RunningServer) -> Town:
    """``zonary init``, then ``zonary serve``."""
    server.environment["ZONARY_TRUSTED_PROXIES"] = "127.0.0.1"  # each visitor comes from an address of their own
    admins = [f"--{role}-admin={role}@zone.example" for role in ("system", "security", "audit")]
    names = ["--name=云溪示范区（虚构）", "--english-name=Yunxi Demonstration Zone"]
    told = run_zonary(server, "init", f"--data={server.data}", f"--url={server.url}", *names, *admins)
    assert told.returncode == 0, told.stderr
    links = re.findall(r"^  (http://\S+)$", told.stdout, re.MULTILINE)
    server.start()
    return Town(server, dict(zip(("system", "security", "audit", "owner"), links, strict=True)))


class Visitor:
    """Somebody with a browser of their own; everything the browser complained of is in ``said``."""

    def __init__(self, town: Town, chromium: Any, name: str, *, lang: str, phone: bool = False, **options: Any) -> None:
        town.people += 1
        self.town, self.lang, self.name = town, lang, name
        self.email = f"person{town.people}@people.example"
        viewport = PHONE if phone else DESKTOP
        options["extra_http_headers"] = {"X-Forwarded-For": f"10.1.{town.people // 256}.{town.people % 256}"}
        self.context = chromium.new_context(viewport=viewport, has_touch=phone, locale=_LOCALES[lang], **options)
        self.context.set_default_timeout(SECONDS * 1000)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self._hear(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self._hear(f"error: {error}"))

    def _hear(self, text: str) -> None:
        if _REFUSED not in text:
            self.said.append(f"{self.page.url} {text}")

    def words(self, msgid: str, **params: object) -> str:
        """What stands on the page for ``msgid``; a sentence that is no longer in the catalogue fails here."""
        from zonary.common.language import CATALOGUE, translate

        assert msgid in CATALOGUE, msgid
        return translate(msgid, self.lang, params)  # type: ignore[arg-type]

    def goto(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.town.server.url + path)

    @property
    def heading(self) -> str:
        return str(self.page.locator("h1").inner_text())

    @property
    def told(self) -> str:
        """What a line at the top says was done."""
        return str(self.page.locator(".messages").inner_text())

    def sees(self, msgid: str, **params: object) -> None:
        """Waits until the page has this heading."""
        self.page.get_by_role("heading", name=self.words(msgid, **params), exact=True, level=1).wait_for()

    def press(self, msgid: str, **params: object) -> None:
        """Presses the button with these words, and waits for the page that comes."""
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=self.words(msgid, **params), exact=True).click()

    def follow(self, msgid: str, within: str = "main") -> None:
        fold = self.page.locator(".nav-fold summary")
        if within == ".site-nav" and fold.is_visible():  # on a phone
            fold.click()
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role("link", name=self.words(msgid), exact=True).first.click()

    def fill(self, **fields: str) -> None:
        """Fields by name; of a choice, the value."""
        for name, value in fields.items():
            place = self.page.locator(f"main [name={name}]").first
            kind = place.evaluate("field => field.tagName == 'SELECT' ? 'select' : field.type")
            if kind == "select":
                place.select_option(value)
            elif kind == "radio":
                self.page.check(f"main [name={name}][value={value}]")
            elif kind == "checkbox":
                place.check()
            elif kind == "file":
                place.set_input_files(value)
            else:
                place.fill(value)

    def refusals(self) -> str:
        """What is told above a form that was refused."""
        return str(self.page.locator(".error-summary").inner_text())

    def register(self) -> Visitor:
        """The three screens, from the start page."""
        self.goto("/")
        self.follow("Register", "header")
        return self.fill_in_registration()

    def fill_in_registration(self) -> Visitor:
        self.sees("Register")
        self.fill(name=self.name, email=self.email, password1=PASSWORD)
        self.press("Go on")
        self.sees("Confirm your address")
        self.fill(code=self.town.code_for(self.email))
        self.press("Confirm")
        return self

    def sign_in(self, address: str = "") -> None:
        self.goto("/account/login/")
        self.fill(login=address or self.email, password=PASSWORD)
        self.press("Sign in")

    def sign_out(self) -> None:
        self.page.locator(".menu summary").click()
        with self.page.expect_navigation():
            self.page.locator(".menu-body").get_by_role("button", name=self.words("Sign out"), exact=True).click()

    def show_it_is_me(self) -> None:
        """Types the password again, where it is asked for."""
        self.sees("Show that it is you")
        self.fill(password=PASSWORD)
        self.press("Go on")

    def found_enterprise(self, name: str) -> Visitor:
        self.goto("/account/begin/")
        self.follow("For an enterprise")
        self.fill(kind="enterprise", name=name, uscc=self.town.new_uscc())
        self.press("Enter it")
        assert self.heading == name
        return self

    def invite(self, address: str, role: str = "agent") -> str:
        """Returns the link of the invitation."""
        self.follow("Members", ".site-nav")
        self.follow("Invite somebody")
        self.fill(email=address, role=role)
        self.press("Make the invitation")
        self.sees("The invitation is made")
        return str(self.page.locator(".copyable code").inner_text())

    def accept(self, link: str) -> Visitor:
        """Opens the link; who has no account yet registers on the way, and opens it again."""
        self.goto(link)
        if self.page.url.partition("?")[0].endswith("/account/login/"):
            self.follow("Register")
            self.fill_in_registration()
            self.goto(link)
        self.sees("Invitation")
        self.press("Accept")
        return self


def drop(page: Any, *paths: Path, place: str = "[data-drop]") -> None:
    """As from the machine's own file manager."""
    page.locator(place).scroll_into_view_if_needed()
    box = page.locator(place).bounding_box()
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    devtools = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        devtools.send("Input.dispatchDragEvent", {"type": kind, "data": data, **place})


_LOCALES = {"zh": "zh-CN", "en": "en-GB"}


def one_time_code(secret: str, *, steps: int = 0, at: float | None = None) -> str:
    """What an authenticator app shows for ``secret`` (RFC 6238: SHA-1, thirty seconds, six digits)."""
    counter = int((time.time() if at is None else at) // 30) + steps
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    place = digest[-1] & 15
    return f"{(int.from_bytes(digest[place : place + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def screenshots() -> Path | None:
    """Where pictures of pages are put (``ZONARY_SCREENSHOTS``), if anybody wants any."""
    folder = os.environ.get("ZONARY_SCREENSHOTS")
    return Path(folder) if folder else None

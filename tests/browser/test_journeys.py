"""What people come for, from the first page to the end, as each of them would go; in Chinese and again in English."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.browser.visitors import Town, Visitor, found_town, one_time_code
from tests.conftest import RunningServer
from tests.registries import HEADER, csv_of, enterprises
from tests.servers.processes import free_port

ENTERPRISE, WRONG_NAME = "云杉精密制造（虚构）", "云衫精密制造（虚构）"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A demonstration, so that officers come in without a second factor; and nothing has to be kept for long."""
    folder = tmp_path_factory.mktemp("town")
    environment = {"ZONARY_DEMO": "1", "ZONARY_RETENTION_DAYS": "0"}
    server = RunningServer(folder / "var", free_port(), folder / "config", environment=environment)
    yield found_town(server)
    server.stop()


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def person(town: Town, lang: str, chromium: Any) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors; of nobody's page may the browser have complained when the journey ends."""
    came: list[Visitor] = []

    def come(name: str = "林一舟", *, into: Town = town, **options: Any) -> Visitor:
        came.append(Visitor(into, chromium, name, lang=lang, **options))
        return came[-1]

    yield come
    for visitor in came:
        visitor.context.close()
    assert [each for visitor in came for each in visitor.said] == []


@pytest.fixture
def officer(town: Town, person: Callable[..., Visitor]) -> Callable[[str], Visitor]:
    """The zone authority's owner, who comes in by the link that ``zonary init`` printed, and whom they invite."""

    def come(name: str) -> Visitor:
        if name in town.states:
            made = person(town.states[name][0], storage_state=town.states[name][1])
            made.goto("/")
            return made
        if name == "owner":
            made = person("周望").accept(town.links["owner"])
        else:
            made = person("许衡")
            made.accept(come("owner").invite(made.email))
        town.states[name] = (made.name, made.context.storage_state())
        return made

    return come


def _receipt_file(who: Visitor, folder: Path) -> Path:
    """Downloads the receipt of the page that is open, once it is published."""
    button = who.page.get_by_role("link", name=who.words("Download the receipt"), exact=True)
    who.page.locator(".stage-done").nth(2).wait_for()
    who.page.reload()
    with who.page.expect_download() as download:
        button.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_registering_as_a_person_on_a_phone(town: Town, person: Callable[..., Visitor]) -> None:
    me = person(phone=True).register()
    me.sees("Whom do you act for?")
    me.follow("For myself")
    assert me.heading == me.words("Welcome, {name}", name=me.name)
    me.follow("Receipts", ".site-nav")
    assert me.page.locator("tbody tr").count() >= 2
    me.sign_out()
    me.sign_in()
    assert me.heading == me.words("Welcome, {name}", name=me.name)


def test_founding_an_enterprise(town: Town, person: Callable[..., Visitor]) -> None:
    owner = person().register()
    owner.follow("For an enterprise")
    good = town.new_uscc()
    slip = good[:-1] + ("0" if good[-1] != "0" else "1")
    owner.fill(kind="enterprise", name=ENTERPRISE, uscc=slip)
    owner.press("Enter it")
    assert owner.words("Unified social credit code") in owner.refusals()
    owner.fill(uscc=good)
    owner.press("Enter it")
    assert owner.heading == ENTERPRISE
    assert owner.words("{name} is entered, and you act for it now.", name=ENTERPRISE) in owner.told
    assert good in owner.page.locator("dl.facts").inner_text()
    # A second time: it is there already, and nothing is doubled.
    other = person("高原").register()
    other.follow("For an enterprise")
    other.fill(kind="enterprise", name=ENTERPRISE, uscc=good)
    other.press("Enter it")
    assert other.refusals()


def test_inviting_a_colleague(town: Town, person: Callable[..., Visitor]) -> None:
    owner = person().register().found_enterprise(ENTERPRISE)
    colleague = person("苏晓岚", phone=True)
    link = owner.invite(colleague.email)
    colleague.accept(link)
    colleague.follow("Members", ".site-nav")
    rows = colleague.page.locator("tbody tr")
    assert {owner.name in text or colleague.name in text for text in rows.all_inner_texts()} == {True}
    assert rows.count() == 2
    late = person("高原").register()
    late.goto(link)
    assert late.page.get_by_role("button", name=late.words("Accept"), exact=True).count() == 0
    owner.follow("Members", ".site-nav")
    assert colleague.name in owner.page.locator("tbody").inner_text()


def test_correcting_a_slip(town: Town, person: Callable[..., Visitor], tmp_path: Path) -> None:
    owner = person().register().found_enterprise(WRONG_NAME)
    colleague = person("苏晓岚")
    colleague.accept(owner.invite(colleague.email))
    owner.follow("Organisation", ".site-nav")
    owner.follow("Receipt of its entry")
    receipt = owner.page.url
    owner.follow("Correct what was written")
    owner.fill(to_name=ENTERPRISE, reason="第二个字写错了")
    owner.press("Propose the correction")
    assert owner.words("Waits for a decision") in owner.page.locator("#corrections + ul").inner_text()
    # Nobody approves their own.
    owner.goto("/receipts/corrections")
    assert owner.page.get_by_role("button", name=owner.words("Approve"), exact=True).count() == 0
    colleague.goto("/organization/")
    assert colleague.heading == WRONG_NAME
    colleague.page.locator(".alert-warning a").click()
    colleague.press("Approve")
    assert colleague.words("The correction is made.") in colleague.told
    owner.goto("/organization/")
    assert owner.heading == ENTERPRISE
    owner.goto(receipt)
    assert WRONG_NAME in owner.page.locator("main").inner_text()
    correction = owner.page.locator("#corrections + ul")
    assert owner.words("Approved") in correction.inner_text()
    with owner.page.expect_navigation():
        correction.get_by_role("link").first.click()
    assert "第二个字写错了" in owner.page.locator("main").inner_text()
    kept = _receipt_file(owner, tmp_path)
    assert town.command("verify", "--trust", str(town.server.data / "trust.txt"), str(kept)).returncode == 0


def test_disputing_a_fact(town: Town, person: Callable[..., Visitor], officer: Callable[[str], Visitor]) -> None:
    recorder, other = officer("owner"), officer("second")
    owner = person().register().found_enterprise(f"{ENTERPRISE}{town.people}")
    recorder.follow("Facts", ".site-nav")
    recorder.fill(q=owner.heading)
    recorder.press("Find")
    recorder.follow("Record a fact")
    recorder.fill(
        indicator="revenue",
        value="120",
        unit="wan-yuan",
        period="2025",
        source_kind="shared-by-authority",
        source="示例统计局年报",
    )
    recorder.fill(sharing_basis="示例共享目录 2025-17", consent_not_needed="依法共享")
    recorder.press("Record")
    owner.follow("Facts", ".site-nav")
    with owner.page.expect_navigation():
        owner.page.locator("tbody th a").click()
    fact = owner.page.url
    owner.follow("Dispute")
    owner.fill(reason="漏了一个零", ought="1200 万元")
    owner.press("Dispute")
    assert owner.page.locator(".state-warn").inner_text() == owner.words("Disputed")
    owner.follow("Facts", ".site-nav")
    assert owner.words("Disputed") in owner.page.locator("tbody").inner_text()
    # Who recorded it does not judge it.
    for each, is_theirs in ((recorder, True), (other, False)):
        each.goto("/facts/disputes")
        with each.page.expect_navigation():
            each.page.locator("tbody a").last.click()
        each.fill(outcome="upheld", answer="已核对纳税申报表", value="1200", unit="wan-yuan", period="2025")
        each.fill(source="示例税务局", sharing_basis="示例共享目录 2025-17", consent_not_needed="依法共享")
        each.press("Answer")
        assert bool(each.page.locator(".error-summary").count()) is is_theirs
    owner.goto(fact)
    assert owner.page.locator(".state-warn").count() == 0
    assert "已核对纳税申报表" in _answers(owner)
    owner.follow("Facts", ".site-nav")
    assert "12,000,000" in owner.page.locator("tbody").inner_text()


def test_importing_a_registry(
    town: Town, person: Callable[..., Visitor], officer: Callable[[str], Visitor], tmp_path: Path
) -> None:
    importer = officer("owner")
    rows = list(enterprises(200, seed=41 if importer.lang == "zh" else 42))
    slips = [list(row) for row in rows]
    slips[9][0] = slips[9][0][:-1] + ("0" if slips[9][0][-1] != "0" else "1")
    slips[49][1] = ""
    _send_registry(importer, tmp_path / "名录.csv", slips)
    # Told beforehand, and again of what was done.
    assert importer.words("Of the first {looked_at} rows {refused} would be refused.", looked_at=200, refused=2) in (
        importer.page.locator("main").inner_text()
    )
    importer.press("Start the import")
    assert _imported(importer) == {"New": 198, "Changed": 0, "Unchanged": 0, "Rows refused": 2}
    remarks = importer.page.locator("#progress li").all_inner_texts()
    column = HEADER[0], HEADER[1]
    told = [
        importer.words("Row {row}, {column}:", row=row, column=name) for row, name in zip((11, 51), column, strict=True)
    ]
    assert [text.startswith(start) for text, start in zip(remarks, told, strict=True)] == [True, True]
    with importer.page.expect_download() as download:
        importer.page.get_by_role("link", name=importer.words("Download the report"), exact=True).click()
    assert slips[9][0] in Path(download.value.path()).read_text("utf-8-sig")
    # The very same file does nothing; the mended one what is left to do.
    _send_registry(importer, tmp_path / "名录.csv", slips)
    importer.press("Start the import")
    assert importer.page.locator("main .alert-danger").count() == 1
    _send_registry(importer, tmp_path / "名录（更正）.csv", rows)
    importer.press("Start the import")
    assert _imported(importer) == {"New": 2, "Changed": 0, "Unchanged": 198, "Rows refused": 0}
    importer.follow("Registry", ".site-nav")
    importer.fill(q=rows[9][0])
    importer.press("Search")
    assert importer.page.locator("main tbody tr").count() == 1


def _send_registry(officer: Visitor, path: Path, rows: list[list[str]]) -> None:
    """As far as the preview."""
    path.write_bytes(csv_of(rows))
    officer.follow("Registry", ".site-nav")
    officer.follow("Import a registry")
    officer.fill(file=str(path), source="示例市场监督管理局")
    officer.press("Go on to the preview")


def _imported(officer: Visitor) -> dict[str, int]:
    """What became of the rows, once all were looked at; the page follows by itself."""
    officer.page.locator("#progress .state-good").wait_for()
    facts = officer.page.locator("#progress dl.facts div")
    by_name = dict(text.split("\n", 1) for text in facts.all_inner_texts())
    return {name: int(by_name[officer.words(name)]) for name in ("New", "Changed", "Unchanged", "Rows refused")}


def _answers(owner: Visitor) -> str:
    """What the page of the fact's dispute says."""
    with owner.page.expect_navigation():
        owner.page.locator("main ul a[href*='/disputes/']").first.click()
    return str(owner.page.locator("main").inner_text())


def test_erasing_a_person(town: Town, person: Callable[..., Visitor], tmp_path: Path) -> None:
    me = person("欧阳望舒").register()
    me.follow("For myself")
    me.follow("Receipts", ".site-nav")
    registered = me.page.locator("tbody a").last
    with me.page.expect_navigation():
        registered.click()
    kept = _receipt_file(me, tmp_path)
    trust = str(town.server.data / "trust.txt")
    before = town.command("verify", "--trust", trust, str(kept))
    assert before.returncode == 0, before.stdout + before.stderr
    me.goto("/account/")
    me.follow("Close the account")
    me.show_it_is_me()
    me.sees("Close the account")
    me.press("Close my account")
    assert me.refusals()
    me.fill(sure="on")
    me.press("Close my account")
    me.sees("The account is closed")
    me.sign_in()
    assert me.refusals()
    after = town.command("verify", "--trust", trust, str(kept))
    assert (after.returncode, "VERIFIED" in after.stdout) == (0, True), after.stdout + after.stderr
    checked = town.command("fsck", "--url", f"{town.server.url}/log", "--trust", trust)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert _tables_with(town.server.data / "zonary.sqlite3", me.name, me.email) == []


def _tables_with(database: Path, *texts: str) -> list[str]:
    """The tables of which a row has one of ``texts`` in it."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    connection.text_factory = bytes
    # What a virtual table holds stands in tables of its own, which are looked at.
    real = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    tables = [row[0].decode() for row in connection.execute(real)]
    wanted = [text.encode() for text in texts]
    found = []
    for table in tables:
        cells = (cell for row in connection.execute(f'SELECT * FROM "{table}"') for cell in row)
        if any(want in cell for cell in cells if isinstance(cell, bytes) for want in wanted):
            found.append(table)
    connection.close()
    return found


def test_an_officer_sets_up_a_second_factor(
    new_server: Callable[..., RunningServer], migrated: Path, person: Callable[..., Visitor]
) -> None:
    server = new_server()
    server.data.mkdir(mode=0o700)
    # The tables are there already: making them anew shows nothing here.
    shutil.copyfile(migrated, server.data / "zonary.sqlite3")
    strict = found_town(server)
    _set_up_and_come_back(person("周望", into=strict), strict)


def _set_up_and_come_back(me: Visitor, strict: Town) -> None:
    me.accept(strict.links["owner"])
    # Before anything else.
    me.goto("/organization/members")
    me.sees("Second factor")
    me.follow("Set up")
    me.show_it_is_me()
    me.sees("Set up an authenticator app")
    secret = me.page.locator(".copyable code").inner_text()
    me.fill(code=one_time_code(secret))
    me.press("Switch on")
    me.goto("/account/2fa/recovery-codes/")
    me.sees("Recovery codes")
    recovery = me.page.locator("main li code").all_inner_texts()
    assert len(recovery) == 10
    me.goto("/organization/members")
    me.sees("Members")
    for code in (lambda: one_time_code(secret, steps=1), lambda: recovery[0]):
        me.sign_out()
        me.sign_in()
        me.sees("Second step")
        me.fill(code="000000")
        me.press("Sign in")
        assert me.refusals()
        me.fill(code=code())
        me.press("Sign in")
        assert me.heading == me.words("Welcome, {name}", name=me.name)

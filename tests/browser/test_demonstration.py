"""The demonstration as somebody from a zone goes through it: from the button of each role to what the role is for."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.conftest import RunningServer
from tests.servers.processes import free_port

from zonary.common.language import translate

DESKTOP, PHONE = {"width": 1366, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("demonstration")
    (folder / "var").mkdir(mode=0o700)
    shutil.copyfile(migrated, folder / "var" / "zonary.sqlite3")
    (folder / "var" / "zonary.sqlite3").chmod(0o600)
    server = RunningServer(folder / "var", free_port(), folder / "config", options=("--demo",))
    began = time.perf_counter()
    server.start()
    print(f"from the command to the first page: {time.perf_counter() - began:.1f} s")
    yield server
    server.stop()


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Guest:
    """Somebody who was handed the first page, on a desktop or a phone."""

    def __init__(self, server: RunningServer, page: Any, lang: str) -> None:
        self.server, self.page, self.lang = server, page, lang

    def words(self, sentence: str, **params: object) -> str:
        return translate(sentence, "zh" if self.lang == "zh" else "en", params)

    def comes_as(self, role: str) -> Guest:
        self.page.goto(self.server.url)
        self.page.click(f"form[action$='/demonstration/as/{role}'] button")
        self.page.wait_for_url(self.server.url + "/")
        assert self.page.locator(".demo-banner").is_visible()
        self.fits()
        return self

    def sees(self, sentence: str, **params: object) -> None:
        self.page.get_by_text(self.words(sentence, **params)).first.wait_for()

    def follows(self, sentence: str) -> None:
        self.page.locator("main").get_by_role("link", name=self.words(sentence), exact=True).first.click()
        self.fits()

    def fits(self) -> None:
        """Nothing slides sideways, and the page says what it is."""
        width = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1], self.page.url


@pytest.fixture
def guest(demonstration: RunningServer, chromium: Any, lang: str) -> Iterator[Callable[..., Guest]]:
    contexts, said = [], []

    def come(*, phone: bool = False, **options: Any) -> Guest:
        context = chromium.new_context(viewport=PHONE if phone else DESKTOP, locale="en-US", **options)
        context.set_default_timeout(30_000)
        context.add_cookies([{"name": "language", "value": lang, "url": demonstration.url}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        return Guest(demonstration, page, lang)

    yield come
    for context in contexts:
        context.close()
    assert said == []


def test_the_officer_answers_what_is_late(guest: Callable[..., Guest]) -> None:
    officer = guest().comes_as("officer")
    heading = officer.page.locator("#waiting").inner_text()
    numbers = [int(each) for each in re.findall(r"\d+", heading)]
    items = officer.page.locator(".work > li")
    assert numbers[0] == items.count() > 0
    assert numbers[1] == officer.page.locator(".work .state-bad").count()
    officer.follows("Answer")
    officer.page.wait_for_url("**/facts/disputes/**")
    assert officer.page.locator("main form").count() == 1


def test_the_owner_sees_the_sealed_folder_and_what_is_missing(guest: Callable[..., Guest]) -> None:
    owner = guest().comes_as("owner")
    owner.sees("Gaps that would hurt")
    owner.sees("You wait for the zone")
    owner.sees("Missing: {what}", what=owner.words("Agreements of confidentiality with all who saw it before filing"))
    owner.page.get_by_role("link", name="旋挖钻机 LC-220 整备设计文件夹").click()
    owner.page.wait_for_url("**/evidence/**")
    assert owner.page.locator(".stage-done, .state-good").count() > 0


def test_the_inventor_has_three_doors_on_a_phone_without_scripts(guest: Callable[..., Guest]) -> None:
    inventor = guest(phone=True, java_script_enabled=True).comes_as("inventor")
    for door, lands in (("I want to apply", "/guide/apply"), ("I was copied", "/guide/copied")):
        inventor.page.goto(inventor.server.url)
        inventor.follows(door)
        assert inventor.page.url.endswith(lands)
    inventor.page.goto(inventor.server.url)
    inventor.follows("I have an idea")
    assert "/evidence/register" in inventor.page.url


def test_the_loan_officer_reads_the_one_dossier(guest: Callable[..., Guest]) -> None:
    bank = guest(phone=True).comes_as("loan-officer")
    bank.sees("Dossiers handed to you: {count}", count=1)
    bank.sees("Evidence shared with you: {count}", count=1)
    assert bank.page.get_by_text("出口销售合同").is_visible()
    bank.follows("Read")
    bank.page.wait_for_url("**/facts/of/**")
    assert bank.page.locator("h1").is_visible()


def test_the_expert_finds_three_files_and_the_day(guest: Callable[..., Guest]) -> None:
    expert = guest(phone=True).comes_as("expert")
    assert expert.page.locator("#reviews").inner_text().startswith("3")
    expert.follows("Open the file")
    expert.page.wait_for_url("**/documents/**")


def test_the_administrator_reads_the_doctors_report(guest: Callable[..., Guest]) -> None:
    it = guest().comes_as("it")
    it.sees("The doctor's report, just now")
    assert it.page.locator("table .state-good").count() > 5
    assert it.page.locator("tr", has=it.page.locator(".state-bad")).all_inner_texts() == []


def test_the_competitor_finds_nothing(guest: Callable[..., Guest]) -> None:
    rival = guest().comes_as("rival")
    rival.sees("Nothing is registered yet")
    rival.page.goto(rival.server.url + "/evidence/?q=LC-220")
    assert "旋挖钻机 LC-220" not in rival.page.locator("main").inner_text().replace("LC-220\n", "")


def test_the_judge_sees_one_sentence_and_a_copy_that_fails(guest: Callable[..., Guest]) -> None:
    judge = guest(java_script_enabled=False)
    judge.page.goto(judge.server.url)
    judge.follows("Judge or notary")
    judge.page.wait_for_url("**/demonstration/verify")
    for _ in range(50):
        if judge.page.locator("#changed").count():
            break
        time.sleep(0.2)
        judge.page.reload()
    assert judge.page.locator(".state-bad").count() == 1
    assert judge.page.locator(".state-good").count() == 9
    with judge.page.expect_download() as download:
        judge.page.get_by_role("link", name=judge.words("Download the changed copy")).click()
    assert download.value.suggested_filename == "lc-220-changed.zip"


def test_the_guide_is_followed_and_put_aside_without_scripts(guest: Callable[..., Guest]) -> None:
    owner = guest(java_script_enabled=False).comes_as("owner")
    owner.page.get_by_role("button", name=owner.words("Hide these steps")).click()
    owner.page.get_by_role("button", name=owner.words("Show the three first steps")).click()
    assert owner.page.locator(".guide li").count() == 3

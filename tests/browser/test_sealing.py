"""Files and folders registered in a browser: read there by a worker, proved afterwards by the command of others."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.browser.visitors import drop, run_zonary

SECONDS = 60_000
RECORD = re.compile(r"/evidence/[0-9a-f-]{36}$")


@pytest.fixture
def design(tmp_path: Path) -> Path:
    """A folder as one is dropped: folders in it, an empty one, an empty file, names of all kinds."""
    top = tmp_path / "设计 v3"
    for path, body in {
        "图纸/rotary drilling rig.step": b"solid" * 5000,
        "图纸/零件 “甲”.txt": "零件".encode(),
        "notes\\a.txt": b"",
        "a/b/c/d.bin": os.urandom(3_000_000),
    }.items():
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(body)
    (top / "drafts" / "empty").mkdir(parents=True)
    return top


def wait_for_state(page: Any, name: str) -> None:
    page.wait_for_selector(f"[data-state={name}]:visible", timeout=SECONDS)


def register(page: Any, title: str = "") -> None:
    if title:
        page.fill("#seal-title", title)
    page.click("[data-register]")


def package_of(page: Any, folder: Path) -> Path:
    """The package, from the page of the record, once it is published."""
    page.wait_for_url(RECORD, timeout=SECONDS)
    page.wait_for_selector("a[href$='/package']", timeout=SECONDS)
    with page.expect_download() as fetched:
        page.click("a[href$='/package']")
    kept = folder / "fetched.zonary"
    fetched.value.save_as(kept)
    return kept


def verified(visit: Any, package: Path, *paths: Path) -> str:
    trust = str(visit.zone.data / "trust.txt")
    done = run_zonary(visit.zone, "verify", "--trust", trust, str(package), *map(str, paths))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def made_by_the_command(package: Path) -> None:
    """Statement and manifest have the bytes that the command's own code makes of the same leaves, salts and order."""
    from zonary.proof.digests import Digests
    from zonary.proof.manifest import (
        FileLeaf,
        directory_leaf,
        encode_leaf_line,
        file_leaf,
        join_lines,
        padding_leaf,
        parse_manifest,
        roots_of,
    )
    from zonary.proof.package.container import Container
    from zonary.proof.statement import Statement, decode_statement

    with package.open("rb") as file:
        container = Container(file)
        statement, manifest = container.read("statement.json"), container.read("manifest.jsonl")
    lines = []
    for leaf in parse_manifest(manifest).leaves:
        salt = bytes.fromhex(leaf.salt)
        if isinstance(leaf, FileLeaf):
            digests = Digests.from_hex(leaf.sha256, leaf.sm3)
            lines.append(encode_leaf_line(file_leaf(leaf.name_bytes, int(leaf.size), digests, salt)))
        elif hasattr(leaf, "name_bytes"):
            lines.append(encode_leaf_line(directory_leaf(leaf.name_bytes, salt)))
        else:
            lines.append(encode_leaf_line(padding_leaf(salt)))
    assert join_lines(lines) == manifest
    read = decode_statement(statement)
    assert Statement(manifest=roots_of(lines), salt=read.salt, declared=read.declared).encode() == statement


@pytest.mark.parametrize(("lang", "phone"), [("zh", False), ("en", True)])
def test_a_dropped_folder_is_one_record_and_its_package_verifies(
    visit: Any, design: Path, tmp_path: Path, lang: str, phone: bool
) -> None:
    page = visit("/evidence/register", lang, who="owner", phone=phone)
    drop(page, design)
    wait_for_state(page, "hashed")
    assert page.input_value("#seal-title") == "设计 v3"
    page.click("details:has([name=report]) summary")
    page.fill("#seal-source", "研发部\u202e “PDM”\n\\导出 😀")
    shown = page.inner_text("[data-reported=user_agent]")
    assert shown
    assert page.is_visible("[data-reported=clock_ahead_seconds]")
    register(page)
    kept = package_of(page, tmp_path)
    told = verified(visit, kept, design)
    assert "5 of 5 sealed files" in told
    said, reported = told.split("Said by the holder, checked by nobody")[1].split("Reported by the holder’s browser")
    assert "Source: 研发部 “PDM” \\导出 😀" in said
    assert shown in reported
    assert "设计" not in said + reported  # no name of a file or folder
    made_by_the_command(kept)
    assert visit.said == []


@pytest.mark.parametrize("report", [True, False])
def test_one_file_says_where_it_comes_from_unless_it_is_unticked(
    visit: Any, tmp_path: Path, report: bool, barriers: Callable[[Any], list[str]]
) -> None:
    """The page of the record shows it, apart from what the zone saw."""
    file = tmp_path / "one.txt"
    file.write_text(f"one {report}")
    page = visit("/evidence/register", "en", who="owner", bypass_csp=True)
    page.set_input_files("[data-files]", str(file))
    wait_for_state(page, "hashed")
    assert page.get_attribute("[data-bar]", "value") == "1"
    page.click("details:has([name=report]) summary")
    page.fill("#seal-custodian", "Archive of the works")
    assert barriers(page) == []
    if not report:
        page.uncheck("[name=report]")
    register(page)
    told = verified(visit, package_of(page, tmp_path), file)
    assert ("Reported by the holder’s browser" in told) is report
    assert "Who kept it: Archive of the works" in told
    assert page.is_visible("text=Archive of the works")
    assert page.is_visible("text=reported by the holder’s browser") is report
    assert visit.said == []


@pytest.mark.parametrize("tried", ["eval('1')", "new Function('return 1')()", "new WebAssembly.Module(empty)"])
def test_the_page_itself_evaluates_nothing(visit: Any, tried: str) -> None:
    page = visit("/evidence/register", who="owner")
    empty = "new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])"  # the shortest module there is
    # In a callback, for what a debugger calls itself may evaluate.
    attempt = f"() => {{ try {{ const empty = {empty}; {tried}; tell(''); }} catch (error) {{ tell(error.name); }} }}"
    told = page.evaluate(f"() => new Promise((tell) => setTimeout({attempt}))")
    assert told in ("EvalError", "CompileError")


def test_a_folder_the_browser_gives_no_handle_of_is_registered_all_the_same(visit: Any, design: Path) -> None:
    """It asks somebody first, for some folders, and shows nobody the question for others."""
    page = visit("/evidence/register", who="owner")
    page.evaluate("() => { DataTransferItem.prototype.getAsFileSystemHandle = () => new Promise(() => {}) }")
    drop(page, design)
    wait_for_state(page, "hashed")
    register(page)
    page.wait_for_url(RECORD, timeout=SECONDS)
    assert visit.said == []


def test_each_loose_file_is_a_record_of_its_own(visit: Any, design: Path, tmp_path: Path) -> None:
    one, other = design / "a/b/c/d.bin", design / "图纸/rotary drilling rig.step"
    page = visit("/evidence/register", "en", who="owner")
    drop(page, one)
    wait_for_state(page, "hashed")
    register(page, "One of two")
    verified(visit, package_of(page, tmp_path), one)
    assert page.text_content("h1") == "One of two"
    page.goto(visit.zone.url + "/evidence/register")
    page.set_input_files("[data-files]", [one, other])
    wait_for_state(page, "hashed")
    register(page)
    wait_for_state(page, "done")
    page.click("[data-done] a")
    assert page.get_by_role("link", name="d.bin").count() == 1
    assert page.get_by_role("link", name=other.name).count() == 1
    assert visit.said == []


def test_a_list_kept_by_oneself_never_reaches_the_server(visit: Any, design: Path, tmp_path: Path) -> None:
    page = visit("/evidence/register", who="owner")
    sent: list[bytes] = []
    page.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    drop(page, design)
    wait_for_state(page, "hashed")
    page.check("[name=keep][value=here]")
    register(page, "无名")
    wait_for_state(page, "to-save")
    with page.expect_download() as fetched:
        page.click("[data-package]")
    assert fetched.value.suggested_filename == "设计 v3.zonary"
    kept = tmp_path / "own.zonary"
    fetched.value.save_as(kept)
    assert "5 of 5 sealed files" in verified(visit, kept, design)
    made_by_the_command(kept)
    page.click("[data-saved]")
    page.wait_for_url(RECORD, timeout=SECONDS)
    assert page.locator("a[href$='/package']").count() == 0
    assert not any(b"drilling" in body or "图纸".encode() in body for body in sent)
    assert visit.said == []


MEGABYTE = 1024 * 1024
BIG = 512 * MEGABYTE


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """A folder with one file that takes a while."""
    top = tmp_path / "recordings"
    top.mkdir()
    with (top / "machine.raw").open("wb") as file:
        file.write(os.urandom(MEGABYTE))
        file.truncate(BIG)
    (top / "notes.txt").write_text("测量")
    return top


def sleep_a_while(page: Any) -> None:
    """As when a laptop is closed: nothing of the page runs, and then it goes on, with a gap in its time."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    page.wait_for_timeout(1000)
    devtools.send("Page.setWebLifecycleState", {"state": "active"})


def stop_in_the_middle(page: Any) -> None:
    while page.evaluate("document.querySelector('[data-bar]').value") < 0.1:  # what waits in the page would evaluate
        page.wait_for_timeout(20)
    page.click("[data-pause]")
    wait_for_state(page, "paused")
    assert page.get_attribute("[data-pause]", "aria-pressed") == "true"


def note_shares(page: Any) -> None:
    """Have the page note how far the bar is whenever it moves."""
    watch = "new MutationObserver(() => shares.push(document.querySelector('[data-bar]').value))"
    what = "document.querySelector('[data-count]'), { childList: true }"
    page.evaluate(f"() => {{ window.shares = []; {watch}.observe({what}); }}")


def lowest(page: Any) -> float:
    return float(min(each for each in page.evaluate("shares") if each > 0.01))  # the small file may come first


def test_a_large_file_goes_on_after_the_page_was_closed(visit: Any, recordings: Path, tmp_path: Path) -> None:
    page = visit("/evidence/register", "en", who="owner")
    drop(page, recordings)
    sleep_a_while(page)
    stop_in_the_middle(page)
    share = page.evaluate("document.querySelector('[data-bar]').value")
    assert 0 < share < 1
    page.reload()
    page.wait_for_selector("[data-unfinished]:visible")
    assert "recordings" in page.inner_text("[data-unfinished]")
    note_shares(page)
    # The handle of the folder was kept: while the tab is open its permission holds, and nobody has to drop it again.
    page.click("[data-row-go]")
    stop_in_the_middle(page)
    assert lowest(page) >= share * 0.9, "the large file was begun anew"
    page.reload()
    page.wait_for_selector("[data-unfinished]:visible")
    note_shares(page)
    drop(page, recordings)
    wait_for_state(page, "hashed")
    assert lowest(page) >= share * 0.9, "the large file was begun anew"
    register(page)
    verified(visit, package_of(page, tmp_path), recordings)
    assert visit.said == []


def test_a_worker_that_fails_holds_nothing_up(visit: Any, recordings: Path, tmp_path: Path) -> None:
    """The one that makes SM3 beside the other: that one then makes both digests."""
    page = visit("/evidence/register", "en", who="owner")
    drop(page, recordings)
    stop_in_the_middle(page)
    (beside,) = [worker for worker in page.workers if worker.evaluate("self.name") == "beside"]
    beside.evaluate("MessagePort.prototype.postMessage = () => {}")
    beside.evaluate("setTimeout(() => { throw new Error('failed'); })")
    page.wait_for_timeout(200)
    page.click("[data-pause]")
    wait_for_state(page, "hashed")
    register(page)
    kept = package_of(page, tmp_path)
    verified(visit, kept, recordings)
    made_by_the_command(kept)


def test_a_file_that_changes_meanwhile_is_named_and_read_again(visit: Any, recordings: Path, tmp_path: Path) -> None:
    page = visit("/evidence/register", "en", who="owner")
    drop(page, recordings)
    stop_in_the_middle(page)
    with (recordings / "machine.raw").open("r+b") as file:
        file.write(b"changed")
        file.truncate(BIG // 4)
    page.click("[data-pause]")
    page.wait_for_selector("[data-note=changed]:visible", timeout=SECONDS)
    assert "machine.raw" in page.inner_text("[data-note=changed]")
    wait_for_state(page, "hashed")
    register(page)
    verified(visit, package_of(page, tmp_path), recordings)


def test_the_line_breaks_and_the_session_ends_and_it_is_registered_once(visit: Any, design: Path) -> None:
    page = visit("/evidence/register", "en", who="owner")
    drop(page, design)
    wait_for_state(page, "hashed")
    page.context.set_offline(True)
    register(page, "Registered once")
    page.wait_for_selector("[data-line=offline]:visible")
    page.context.clear_cookies(name="session")
    page.context.set_offline(False)
    page.wait_for_selector("[data-line=signed-out]:visible", timeout=SECONDS)
    page.context.add_cookies(visit.cookies["owner"])
    page.wait_for_url(RECORD, timeout=SECONDS)
    page.goto(visit.zone.url + "/evidence/")
    assert page.get_by_role("link", name="Registered once").count() == 1


def test_what_was_being_registered_when_the_page_closed_is_registered(visit: Any, design: Path) -> None:
    page = visit("/evidence/register", "en", who="owner")
    drop(page, design)
    wait_for_state(page, "hashed")
    lost = []

    def answer_lost(route: Any) -> None:
        lost.append(route.fetch())  # the server has it, and nobody hears of it
        route.abort()

    page.route("**/api/v1/evidence", answer_lost)
    register(page, "Heard of later")
    page.wait_for_selector("[data-line=offline]:visible")
    page.unroute("**/api/v1/evidence")
    page.goto(visit.zone.url + "/evidence/register")
    page.wait_for_url(RECORD, timeout=SECONDS)
    assert page.url.endswith(lost[0].json()["id"])
    assert page.text_content("h1") == "Heard of later"


def test_two_thousand_files_are_one_record(visit: Any, tmp_path: Path) -> None:
    top = tmp_path / "many"
    for folder in range(20):
        (top / f"{folder:02}").mkdir(parents=True)
        for number in range(100):
            (top / f"{folder:02}" / f"{number:03}.txt").write_text(f"{folder} {number}")
    page = visit("/evidence/register", who="owner")
    page.set_input_files("[data-folder]", top)
    wait_for_state(page, "hashed")
    register(page)
    assert "2000 of 2000" in verified(visit, package_of(page, tmp_path), top)


def test_a_record_is_found_by_dropping_its_file(visit: Any, design: Path) -> None:
    page = visit("/evidence/register", "en", who="owner")
    file = design / "图纸/rotary drilling rig.step"
    drop(page, file)
    wait_for_state(page, "hashed")
    register(page, "Found by its file")
    page.wait_for_url(RECORD, timeout=SECONDS)
    number = page.url.rpartition("/")[2]
    page.goto(visit.zone.url + "/evidence/")
    page.set_input_files("[data-file]", file)
    page.wait_for_url("**/evidence/?digest=*", timeout=SECONDS)
    assert page.locator(f"[role=status] a[href$='{number}']").count() == 1
    (design / "other").write_bytes(os.urandom(64))
    page.set_input_files("[data-file]", design / "other")
    page.wait_for_selector("text=You have no record of this digest.", timeout=SECONDS)
    assert visit.said == []

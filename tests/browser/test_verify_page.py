"""The page that verifies without us: from disk, with the network cut, it says what the command says, word for word."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from tests.assets.scripts import sentences
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.verifying import Opened, barriers, by_the_command, by_the_page
from tests.browser.visitors import drop
from tests.proof.package.factory import FILES, Zone
from tests.proof.package.samples import samples

from zonary.common.language import CATALOGUE


def test_the_page_says_of_every_sample_what_the_command_says(opened: Any) -> None:
    page = opened().page
    differing, told, count = {}, set(), 0
    for sample in samples():
        expected, found = by_the_command(sample), by_the_page(page, sample)
        count += 1
        told |= {layer["text"] for layer in expected["en"]["layers"]} | {expected["en"].get("reason", "")}
        if found != expected:
            differing[sample.name] = (
                (expected["zh"], found["zh"]) if found["en"] == expected["en"] else (expected["en"], found["en"])
            )
    assert differing == {}
    assert count > 250
    assert len(told) > 120  # different sentences: the samples do fail in different ways


def test_what_python_says_in_chinese_the_page_says_too() -> None:
    """Every sentence that the scripts hold is one of the table: none was misspelt, none has no Chinese."""
    said = sentences()
    assert len(said) > 200
    assert sorted(said - CATALOGUE.keys()) == []


# --- a person and the page --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def design(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed folder with its package and the zone's trust file beside it."""
    top, zone = tmp_path_factory.mktemp("design"), Zone()
    for name, content in FILES.items():
        path = top / "设计" / name.decode()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (top / "设计.zonary").write_bytes(zone.package())
    (top / "zone.trust").write_bytes(zone.trust.encode())
    (top / "changed").mkdir()
    (top / "changed" / "a.txt").write_bytes(b"First")
    return top


def conclusion_of(page: Any) -> str:
    return str(page.inner_text("#conclusion"))


def start(page: Any) -> None:
    page.click("#start")
    page.wait_for_selector("#conclusion")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_somebody_verifies_a_folder(opened: Any, design: Path, viewport: dict[str, int]) -> None:
    page = opened(viewport=viewport, bypass_csp=True).page
    assert barriers(page) == []
    page.set_input_files("#package", design / "设计.zonary")
    start(page)
    assert conclusion_of(page) == "结果：内容一致，来源未能确认"
    page.set_input_files("#trust", design / "zone.trust")
    page.set_input_files("#folder", design / "设计")
    page.wait_for_selector("#files-chosen:not(:empty)")
    start(page)
    page.wait_for_selector(".verdict.verified")
    assert conclusion_of(page) == "结果：核验通过"
    assert "已比对 3 项存证文件中的 3 项" in page.inner_text("#result")
    page.click("#language")
    assert conclusion_of(page) == "Result: VERIFIED"
    assert "What was not checked" in page.inner_text("#result")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_fails_is_said_first_and_printed_without_the_form(opened: Any, design: Path) -> None:
    page = opened().page
    page.set_input_files("#package", design / "设计.zonary")
    page.set_input_files("#trust", design / "zone.trust")
    page.set_input_files("#files", design / "changed" / "a.txt")
    start(page)
    assert conclusion_of(page) == "结果：核验不通过（文件 ↔ 清单）"
    assert page.evaluate("document.activeElement.id") == "result"
    assert "“/a.txt”" in page.inner_text(".layers .failed")
    page.emulate_media(media="print")
    assert not page.is_visible("#form")
    assert page.is_visible("#conclusion")


def test_a_package_and_its_files_may_be_dropped(opened: Any, design: Path) -> None:
    page = opened().page
    drop(page, design / "设计.zonary", place="[data-drop=package]")
    drop(page, design / "zone.trust", place="[data-drop=trust]")
    drop(page, design / "设计" / "a.txt", design / "设计" / "empty", place="[data-drop=files]")
    page.wait_for_selector("#files-chosen:not(:empty)")
    start(page)
    assert conclusion_of(page) == "结果：核验通过"


def test_a_dropped_folder_is_read_or_the_page_says_how_else(opened: Any, design: Path) -> None:
    """Chromium hands no folder to a page from disk; other browsers do."""
    page = opened().page
    drop(page, design / "设计", place="[data-drop=files]")
    page.wait_for_selector("#files-chosen:not(:empty), #problem:not(:empty)")
    told = page.inner_text("#files-chosen") + page.inner_text("#problem")
    assert "3 个文件" in told or "选择文件夹" in told


def test_gigabytes_are_read_with_a_bar_and_can_be_left(opened: Any, design: Path, tmp_path: Path) -> None:
    page = opened().page
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(3 * 1024**3)  # takes no room
    page.set_input_files("#package", design / "设计.zonary")
    page.set_input_files("#files", large)
    page.click("#start")
    page.wait_for_selector("#bar[value]:not([value='0'])")
    assert "3.2 GB" in page.inner_text("#work-says")
    page.click("#cancel")
    assert "已取消" in page.inner_text("#problem")
    page.set_input_files("#files", design / "设计" / "a.txt")
    start(page)  # and it is ready for the next
    assert conclusion_of(page) == "结果：内容一致，来源未能确认"


def test_a_trust_file_that_is_none_and_no_package_are_said_in_words(opened: Any, design: Path) -> None:
    page = opened().page
    page.click("#start")
    assert "请先选择存证包" in page.inner_text("#problem")
    page.set_input_files("#package", design / "设计.zonary")
    page.set_input_files("#trust", design / "changed" / "a.txt")
    page.click("#start")
    page.wait_for_selector("#problem:visible")
    assert "信任文件第 1 行" in page.inner_text("#problem")
    page.click("[type=reset]")
    page.set_input_files("#package", design / "zone.trust")
    start(page)
    assert conclusion_of(page) == "结果：核验不通过"


def test_a_trust_file_that_names_signers_of_certificates_too_is_read(opened: Any, design: Path, tmp_path: Path) -> None:
    page, trust = opened().page, tmp_path / "zone.trust"
    line = b"#zonary certificate-root " + base64.b64encode(b"\x30\x00") + b"\n"
    trust.write_bytes((design / "zone.trust").read_bytes() + line)
    page.set_input_files("#package", design / "设计.zonary")
    page.set_input_files("#trust", trust)
    start(page)
    assert conclusion_of(page).startswith("结果：核验通过")
    trust.write_bytes(trust.read_bytes() + line)  # twice
    page.set_input_files("#trust", trust)
    page.click("#start")
    page.wait_for_selector("#problem:visible")


@pytest.mark.parametrize("tried", ["fetch('https://example.com/')", "import('https://example.com/x.js')"])
def test_the_page_can_reach_nobody_even_if_it_wanted_to(chromium: Any, file: Path, tried: str) -> None:
    page = Opened(chromium, file)
    # In a callback, for what a debugger calls itself may evaluate.
    settled = f"Promise.resolve({tried}).then(() => tell('done'), () => tell('refused'))"
    attempt = f"setTimeout(() => {{ try {{ {settled}; }} catch {{ tell('refused'); }} }})"
    assert page.page.evaluate(f"() => new Promise((tell) => {{ {attempt} }})") == "refused"
    page.context.close()
    assert any("Content Security Policy" in each for each in page.said)


def test_the_served_page_works_under_its_own_policy(visit: Any, design: Path) -> None:
    page = visit("/verify")
    page.set_input_files("#package", design / "设计.zonary")
    page.set_input_files("#trust", design / "zone.trust")
    drop(page, design / "设计", place="[data-drop=files]")
    page.wait_for_selector("#files-chosen:not(:empty)")
    start(page)
    assert conclusion_of(page) == "结果：核验通过"
    assert visit.said == []

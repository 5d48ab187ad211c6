"""The page that verifies without us: from disk, with the network cut, it says what the command says, word for word."""

from __future__ import annotations

import base64
import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.assets.scripts import sentences
from tests.browser.conftest import AXE, DESKTOP, PHONE, WCAG
from tests.browser.visitors import drop
from tests.proof.package.factory import FILES, Zone
from tests.proof.package.sample import Sample
from tests.proof.package.samples import samples

from zonary.cli.origin.telling import print_origin
from zonary.cli.verdicts import layer_json, layer_name, status_name
from zonary.cli.verify import conclusion, does_not_prove, proves
from zonary.common.language import CATALOGUE, _, say, speaking
from zonary.common.verify_page import verify_page
from zonary.proof.errors import MalformedError
from zonary.proof.package.container import Container
from zonary.proof.package.report import Outcome, Report
from zonary.proof.package.verify import examine

LANGUAGES = ("zh", "en")
SECONDS = 30_000
ASK = """async ({ package: bytes, trusts, files }) => {
  const un = (text) => text === null ? null : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const seen = files && files.map((each) => ({
    ...each, name: un(each.name), path: un(each.path), target: un(each.target), blob: un(each.blob) }));
  return zonary.verify({ package: un(bytes), trusts: trusts.map(un), files: seen });
}"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "verify.html"
    path.write_bytes(verify_page())
    return path


class Opened:
    """The page in a browser that reaches nothing, and whatever it asked for or complained of."""

    def __init__(self, chromium: Any, file: Path, **options: Any) -> None:
        self.context = chromium.new_context(**options)
        self.context.set_offline(True)
        self.context.set_default_timeout(SECONDS)
        self.asked: list[str] = []
        self.said: list[str] = []
        self.context.route("**/*", self._refuse)
        self.page = self.context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.goto(file.as_uri())
        self.address = file.as_uri()

    def _refuse(self, route: Any) -> None:
        if route.request.url.startswith(("file:", "blob:")):
            route.continue_()
        else:
            route.abort()

    @property
    def reached(self) -> list[str]:
        """What was asked for beside the page itself and its own worker."""
        return [url for url in self.asked if url != self.address and not url.startswith(("blob:null/", "blob:file:"))]


@pytest.fixture
def opened(chromium: Any, file: Path) -> Iterator[Any]:
    made: list[Opened] = []

    def open_page(**options: Any) -> Opened:
        made.append(Opened(chromium, file, **{"viewport": DESKTOP} | options))
        return made[-1]

    yield open_page
    for each in made:
        each.context.close()
        assert each.reached == []
        assert each.said == []


# --- the same verdict -------------------------------------------------------------------------------------------------


def encoded(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def by_the_page(page: Any, sample: Sample) -> dict[str, Any]:
    files = sample.files and [
        {
            "name": encoded(seen.name),
            "path": encoded(seen.path),
            "kind": seen.kind,
            "byItself": seen.by_itself,
            "target": encoded(seen.target),
            "blob": encoded(content),
        }
        for seen, content in sample.files
    ]
    trusts = [encoded(trust.encode()) for trust in sample.trusts]
    given = {"package": encoded(sample.package), "trusts": trusts, "files": files if sample.files else sample.files}
    answer: dict[str, Any] = page.evaluate(ASK, given)
    return {each: {name: value for name, value in answer[each].items() if name != "outcome"} for each in LANGUAGES}


def by_the_command(sample: Sample) -> dict[str, Any]:
    try:
        box = Container(io.BytesIO(sample.package))
    except MalformedError as error:
        return {each: _refused(error, each) for each in LANGUAGES}
    observed = None if sample.files is None else [seen for seen, _content in sample.files]
    report = examine(box, trusts=sample.trusts, observed=observed)
    return {each: _told(report, each) for each in LANGUAGES}


def _refused(error: MalformedError, into: Any) -> dict[str, Any]:
    with speaking(into):
        told = {"conclusion": _("Result: NOT VERIFIED"), "reason": say(error)}
        return told | {"layers": [], "origin": [], "proves": [], "doesNotProve": []}


def _told(report: Report, into: Any) -> dict[str, Any]:
    with speaking(into):
        layers = []
        for verdict in report.layers:
            told = layer_json(verdict)
            names = {"name": layer_name(verdict.layer), "statusName": status_name(verdict.status)}
            layers.append({"status": told.pop("verdict"), **told, **names})
        return {
            "conclusion": conclusion(report),
            "layers": layers,
            "origin": _origin(report),
            "proves": [say(each) for each in proves(report)] if report.outcome is Outcome.VERIFIED else [],
            "doesNotProve": [say(each) for each in does_not_prove()],
        }


def _origin(report: Report) -> list[dict[str, Any]]:
    told, parts = io.StringIO(), []
    with contextlib.redirect_stdout(told):
        print_origin(report.facts.declared, report.facts.observed)
    for line in told.getvalue().removesuffix("\n").split("\n") if told.getvalue() else []:
        if line.startswith("  · "):
            parts[-1]["lines"].append(line.removeprefix("  · "))
        else:
            parts.append({"title": line, "lines": []})
    return parts


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


def barriers(page: Any) -> list[str]:
    """What axe-core finds, put in by the test's own means: the page itself takes in nothing."""
    page.evaluate(AXE.read_text("utf-8") + "; window.axe = axe; 0")
    options = json.dumps({"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run(document, {options})")["violations"]
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


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

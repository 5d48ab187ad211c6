"""The page that verifies without us: from disk, with the network cut, it says what the command says, word for word."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import DESKTOP
from tests.proof.package.sample import Sample
from tests.proof.package.samples import samples

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
        return told | {"layers": [], "proves": [], "doesNotProve": []}


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
            "proves": [say(each) for each in proves(report)] if report.outcome is Outcome.VERIFIED else [],
            "doesNotProve": [say(each) for each in does_not_prove()],
        }


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
    from tests.assets.scripts import sentences

    said = sentences()
    assert len(said) > 200
    assert sorted(said - CATALOGUE.keys()) == []

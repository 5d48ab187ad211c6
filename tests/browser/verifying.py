"""The verifying page in a browser that reaches nothing, and what the command says, in one form to be compared."""

from __future__ import annotations

import base64
import contextlib
import io
import json
from pathlib import Path
from typing import Any

from tests.proof.package.sample import Sample

from zonary.cli.origin.telling import print_origin
from zonary.cli.verdicts import layer_json, layer_name, status_name
from zonary.cli.verify import conclusion, does_not_prove, proves
from zonary.common.language import _, say, speaking
from zonary.proof.errors import Error, MalformedError
from zonary.proof.package.container import Container
from zonary.proof.package.report import LayerVerdict, Outcome, Report
from zonary.proof.package.verify import examine

LANGUAGES = ("zh", "en")
SECONDS = 30_000
ASK = """async ({ package: bytes, trusts, files }) => {
  const un = (text) => text === null ? null : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const seen = files && files.map((each) => ({
    ...each, name: un(each.name), path: un(each.path), target: un(each.target), blob: un(each.blob) }));
  return zonary.verify({ package: un(bytes), trusts: trusts.map(un), files: seen });
}"""


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


def encoded(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode("ascii")


def by_the_page(page: Any, sample: Any) -> dict[str, Any]:
    """What the page says of a sample of a package, or of a certificate."""
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
    content = sample.package if isinstance(sample, Sample) else sample.pdf
    given = {"package": encoded(content), "trusts": trusts, "files": files if sample.files else sample.files}
    answer: dict[str, Any] = page.evaluate(ASK, given)
    return {each: {name: value for name, value in answer[each].items() if name != "outcome"} for each in LANGUAGES}


def by_the_command(sample: Sample) -> dict[str, Any]:
    try:
        box = Container(io.BytesIO(sample.package))
    except MalformedError as error:
        return {each: refused(error, each) for each in LANGUAGES}
    observed = None if sample.files is None else [seen for seen, _content in sample.files]
    report = examine(box, trusts=sample.trusts, observed=observed)
    return {each: told_of(report, each) for each in LANGUAGES}


def refused(error: Error, into: Any) -> dict[str, Any]:
    with speaking(into):
        told = {"conclusion": _("Result: NOT VERIFIED"), "reason": say(error)}
        return told | {"layers": [], "origin": [], "proves": [], "doesNotProve": []}


def told_of(report: Report, into: Any) -> dict[str, Any]:
    with speaking(into):
        return {
            "conclusion": conclusion(report),
            "layers": [layer_of(verdict) for verdict in report.layers],
            "origin": _origin(report),
            "proves": [say(each) for each in proves(report)] if report.outcome is Outcome.VERIFIED else [],
            "doesNotProve": [say(each) for each in does_not_prove()],
        }


def layer_of(verdict: LayerVerdict) -> dict[str, Any]:
    told = layer_json(verdict)
    names = {"name": layer_name(verdict.layer), "statusName": status_name(verdict.status)}
    return {"status": told.pop("verdict"), **told, **names}


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


def barriers(page: Any) -> list[str]:
    """What axe-core finds, put in by the test's own means: the page itself takes in nothing."""
    from tests.browser.conftest import AXE, WCAG

    page.evaluate(AXE.read_text("utf-8") + "; window.axe = axe; 0")
    options = json.dumps({"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run(document, {options})")["violations"]
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]

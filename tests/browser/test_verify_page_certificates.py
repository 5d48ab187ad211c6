"""Evidence certificates in the verifying page: what it says of each is what the command says, with the network cut."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyhanko", reason="certificates need the [web] extra")
pytest.importorskip("typst", reason="certificates need the [web] extra")

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.verifying import LANGUAGES, barriers, by_the_page, layer_of, refused, told_of
from tests.browser.visitors import drop
from tests.services.evidence.certificates.making import NAME, NUMBER, make_zone
from tests.services.evidence.certificates.samples import CertificateSample, certificates

from zonary.cli.verify_certificate import conclusion_of as concluded
from zonary.common.language import speaking
from zonary.proof.certificate.verify import examine_certificate
from zonary.proof.errors import Error
from zonary.proof.package.verify import examine


@dataclass(frozen=True)
class Judged:
    """A sample, and what the command says of it in both languages."""

    sample: CertificateSample
    said: dict[str, Any]


def _by_the_command(sample: CertificateSample) -> dict[str, Any]:
    seen = None if sample.files is None else [each for each, _content in sample.files]
    try:
        report = examine_certificate(
            sample.pdf,
            trusts=sample.trusts,
            examine=lambda inside: examine(inside, trusts=sample.trusts, observed=seen),
        )
    except Error as error:
        return {each: refused(error, each) for each in LANGUAGES}
    told: dict[str, Any] = {each: told_of(report.package, each) for each in LANGUAGES}
    for language in LANGUAGES:
        with speaking(language):  # type: ignore[arg-type]
            layers = [layer_of(verdict) for verdict in report.layers]
            told[language] |= {
                "conclusion": concluded(report),
                "certificate": {
                    "number": report.facts.number,
                    "holder": report.facts.subject.name,
                    "layers": layers,
                },
            }
    return told


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[Judged]:
    """Made in a thread of its own: pyHanko runs an event loop, and the browser's counts as running in this one."""

    def make() -> list[Judged]:
        zone = make_zone(tmp_path_factory.mktemp("zone"))
        made = certificates(zone, tmp_path_factory.mktemp("more"))
        return [Judged(sample, _by_the_command(sample)) for sample in made]

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(make).result()


def test_the_page_says_of_every_certificate_what_the_command_says(opened: Any, judged: list[Judged]) -> None:
    page = opened().page
    differing: dict[str, Any] = {}
    for each in judged:
        found = by_the_page(page, each.sample)
        if found != each.said:
            language = "zh" if found["en"] == each.said["en"] else "en"
            differing[each.sample.name] = (each.said[language], found[language])
    assert differing == {}
    assert len(judged) > 60


# --- a person and the page --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(judged: list[Judged], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A genuine certificate and a changed one, the file they are about, and the zone's trust file."""
    folder, samples = tmp_path_factory.mktemp("desk"), {each.sample.name: each.sample for each in judged}
    genuine = samples["genuine"]
    (folder / "证书.pdf").write_bytes(genuine.pdf)
    (folder / "changed.pdf").write_bytes(samples["another title, timestamped"].pdf)
    (folder / NAME.decode()).write_bytes(b"first")
    (folder / "zone.trust").write_bytes(genuine.trusts[0].encode())
    return folder


def _start(page: Any) -> str:
    page.click("#start")
    page.wait_for_selector("#conclusion")
    return str(page.inner_text("#conclusion"))


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_somebody_chooses_a_certificate(opened: Any, desk: Path, viewport: dict[str, int]) -> None:
    page = opened(viewport=viewport, bypass_csp=True).page
    page.set_input_files("#package", desk / "证书.pdf")
    assert _start(page) == "结果：内容一致，来源未能确认"
    page.set_input_files("#trust", desk / "zone.trust")
    page.set_input_files("#files", desk / NAME.decode())
    page.click("#start")
    page.wait_for_selector(".verdict.verified")
    told = page.inner_text("#result")
    assert "结果：核验通过（证书及内附的存证包）" in told
    assert NUMBER in told
    assert "证书所载存证主体：星火燎原智能工程机械" in told
    assert "已比对 1 项存证文件中的 1 项" in told
    assert "页面文字与证书所附数据是否一致" in told
    page.click("#language")
    assert page.inner_text("#conclusion") == "Result: VERIFIED (the certificate and the package inside)"
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_dropped_certificate_that_got_a_new_title_is_refused(opened: Any, desk: Path) -> None:
    page = opened().page
    drop(page, desk / "changed.pdf", place="[data-drop=package]")
    page.set_input_files("#trust", desk / "zone.trust")
    assert _start(page) == "结果：核验不通过：该 PDF 在签名之后被添加或替换了内容。"
    assert "该 PDF 在签名之后被添加或替换了内容" in page.inner_text(".layers .failed")
    assert "内附的存证包能证明什么" in page.inner_text("#result")


def test_a_pdf_among_the_files_is_one_to_be_compared(opened: Any, desk: Path) -> None:
    page = opened().page
    page.set_input_files("#package", desk / "证书.pdf")
    drop(page, desk / NAME.decode(), place="[data-drop=files]")
    assert "总装图.pdf" in page.inner_text("#files-chosen")
    assert "证书.pdf" in page.inner_text("#package-chosen")

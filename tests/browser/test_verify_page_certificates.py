"""Evidence certificates in the verifying page: what it says of each is what the command says, with the network cut."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

pytest.importorskip("pyhanko", reason="certificates need the [web] extra")
pytest.importorskip("typst", reason="certificates need the [web] extra")

from tests.browser.verifying import LANGUAGES, by_the_page, layer_of, refused, told_of
from tests.services.evidence.certificates.making import make_zone
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
                "certificate": {"number": report.facts.number, "layers": layers},
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

"""What is said of certificates that are genuine and of those that are not: the samples the page is held against too."""

from __future__ import annotations

from pathlib import Path

from tests.services.evidence.certificates.making import CertifyingZone
from tests.services.evidence.certificates.samples import CertificateSample, certificates

from zonary.common.language import say, speaking
from zonary.proof.errors import Error
from zonary.proof.package.report import Outcome, Sentence


def _told(sample: CertificateSample) -> tuple[bool, list[str]]:
    """Whether it verifies, and every sentence about it in English."""
    from zonary.proof.certificate.verify import examine_certificate
    from zonary.proof.package.verify import examine

    seen = None if sample.files is None else [each for each, _content in sample.files]
    with speaking("en"):
        try:
            report = examine_certificate(
                sample.pdf,
                trusts=sample.trusts,
                examine=lambda inside: examine(inside, trusts=sample.trusts, observed=seen),
            )
        except Error as error:
            return False, [say(Sentence(error.msgid, error.params))]
        said = [say(each) for layer in report.layers for each in (layer.sentence, *layer.details)]
        return report.outcome is Outcome.VERIFIED, said


def test_each_is_judged_for_what_is_wrong_with_it(certifying: CertifyingZone, tmp_path: Path) -> None:
    wrong, count = {}, 0
    for sample in certificates(certifying, tmp_path):
        is_verified, said = _told(sample)
        count += 1
        if is_verified is not sample.is_verified or not any(sample.wanted in each for each in said):
            wrong[sample.name] = (is_verified, said)
    assert wrong == {}
    assert count > 60

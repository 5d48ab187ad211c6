"""Checking an evidence certificate offline: its signature, what it says beside the package inside, and that package."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from zonary.proof.certificate.facts import (
    FACTS_NAME,
    PACKAGE_NAME,
    CertificateFacts,
    differences,
    facts_of_package,
    parse_facts,
)
from zonary.proof.certificate.reading import Document
from zonary.proof.certificate.signature import SIGNATURE, judge_signature
from zonary.proof.certificate.steps import STEPS_NAME, script_of
from zonary.proof.errors import Error, MalformedError, VerificationError
from zonary.proof.package.container import Container
from zonary.proof.package.report import LayerVerdict, Outcome, Report, Sentence, Status, verdict_of
from zonary.proof.printable import printable
from zonary.proof.trust import Trust, select

CONTENT: Final = "certificate-content"
"""The layer's name."""
ADDRESS_PATH: Final = "/certificates/"
Examine = Callable[[Container], Report]
_WORST: Final = (Outcome.NOT_VERIFIED, Outcome.NOT_CHECKED, Outcome.VERIFIED)


@dataclass(frozen=True, slots=True)
class CertificateReport:
    """What was found: the verdicts on the certificate itself, and those on the package inside."""

    layers: tuple[LayerVerdict, ...]
    facts: CertificateFacts
    package: Report

    @property
    def outcome(self) -> Outcome:
        """The worst of all."""
        if any(each.status is Status.FAILED for each in self.layers):
            return Outcome.NOT_VERIFIED
        mine = all(each.status is Status.VERIFIED for each in self.layers)
        found = (self.package.outcome, Outcome.VERIFIED if mine else Outcome.NOT_CHECKED)
        return next(each for each in _WORST if each in found)


def package_in(document: Document) -> tuple[bytes, bytes, bytes]:
    """The attached package, facts and commands.

    :raises MalformedError: when one is missing.
    """
    attached = document.attachments()
    missing = [name for name in (PACKAGE_NAME, FACTS_NAME, STEPS_NAME) if name not in attached]
    if missing:
        raise MalformedError(
            "This PDF is not an evidence certificate: “{name}” is not attached to it.", name=missing[0]
        )
    return attached[PACKAGE_NAME], attached[FACTS_NAME], attached[STEPS_NAME]


def examine_certificate(data: bytes, *, trusts: Sequence[Trust], examine: Examine) -> CertificateReport:
    """The report on a certificate.

    :param examine: how the package inside is examined, with the caller's trust files and files to compare.
    :raises MissingReaderError: without pyHanko.
    :raises MalformedError: when it is no certificate at all.
    """
    document = Document(data)
    package, stated, commands = package_in(document)
    facts = parse_facts(stated)
    report = examine(Container(io.BytesIO(package)))
    origin = report.facts.origin or ""
    signature = _judged(SIGNATURE, lambda: judge_signature(document, select(trusts, origin)))
    content = _judged(CONTENT, lambda: _judge_content(document, facts, package, commands, report, trusts))
    return CertificateReport((signature, content), facts, report)


def _judged(layer: str, judge: Callable[[], LayerVerdict]) -> LayerVerdict:
    try:
        return judge()
    except Error as error:
        return verdict_of(layer, error)


def _judge_content(
    document: Document,
    facts: CertificateFacts,
    package: bytes,
    commands: bytes,
    report: Report,
    trusts: Sequence[Trust],
) -> LayerVerdict:
    differing = differences(facts.package, facts_of_package(package, report))
    if differing:
        raise VerificationError(
            "The certificate was made about another package than the one attached to it: its {fields} are others.",
            fields=", ".join(differing),
        )
    address = f"{facts.operator.url}{ADDRESS_PATH}{facts.number}"
    links = document.links()
    if facts.address != address or links != {address}:
        raise VerificationError(
            "The QR code or a link of the certificate leads elsewhere: to “{found}” instead of “{address}”.",
            found=next(iter(sorted((links | {facts.address}) - {address})), ""),
            address=address,
        )
    if commands != script_of(facts.package):
        raise VerificationError("The commands attached to the certificate are not those that this format has.")
    known = {log.url for trust in trusts for log in trust.logs if log.url and log.key.name == facts.package.origin}
    moved = bool(known) and not any(url.startswith(f"{facts.operator.url}/") for url in known)
    text = "Number {number}: digests, log, times and list of files stated on its pages are those of the package inside."
    # Servers move, and what they signed before stays genuine: it is said, and no more.
    elsewhere = "Its QR code leads to {address}; your trust file has this log elsewhere."
    details = (Sentence(elsewhere, {"address": printable(address.encode())}),) if moved else ()
    number = printable(facts.number.encode())
    return LayerVerdict(CONTENT, Status.VERIFIED, Sentence(text, {"number": number}), details)

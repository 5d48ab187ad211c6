"""``zonary verify CERTIFICATE.pdf``: an evidence certificate, and the package inside it."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable
from typing import IO

from zonary.cli.verdicts import layer_json, print_layers
from zonary.common.language import _, say
from zonary.proof.certificate.reading import MAX_CERTIFICATE_BYTES, PDF_BEGINS
from zonary.proof.certificate.verify import CertificateReport, examine_certificate
from zonary.proof.errors import MalformedError, UnsupportedError
from zonary.proof.package.container import Container
from zonary.proof.package.report import Outcome, Report, Sentence, Status
from zonary.proof.printable import printable
from zonary.proof.trust import Trust


def is_certificate(file: IO[bytes]) -> bool:
    """Whether the file is a PDF; it is read from its beginning again afterwards."""
    begins = file.read(len(PDF_BEGINS))
    file.seek(0)
    return begins == PDF_BEGINS


def run_certificate(
    options: argparse.Namespace,
    file: IO[bytes],
    trusts: list[Trust],
    examine: Callable[[Container], Report],
    tell: Callable[[Report], list[str]],
) -> int:
    """Examine and print; the exit code.

    :param examine: of the package inside.
    :param tell: what a verified package amounts to, line by line.
    """
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # what it finds wrong is said below, in our words
    try:
        report = examine_certificate(file.read(MAX_CERTIFICATE_BYTES + 1), trusts=trusts, examine=examine)
    except (MalformedError, UnsupportedError) as error:
        return _refuse(options, error)
    if options.json:
        print(json.dumps(_as_json(report, options), ensure_ascii=False, indent=2))
    else:
        _print(report, options, tell)
    return int(report.outcome)


def _refuse(options: argparse.Namespace, error: MalformedError | UnsupportedError) -> int:
    if options.json:
        name = printable(os.fsencode(options.package))
        value = {"result": "not-verified", "exit_code": 1, "certificate": name, "reason": say(error)}
        print(json.dumps(value, ensure_ascii=False, indent=2))
    else:
        print(f"zonary: {say(error)}", file=sys.stderr)
        print(_("Result: NOT VERIFIED"))
    return int(Outcome.NOT_VERIFIED)


def _print(report: CertificateReport, options: argparse.Namespace, tell: Callable[[Report], list[str]]) -> None:
    name = printable(os.fsencode(options.package))
    print(_("Evidence certificate {name}, number {number}", name=name, number=printable(report.facts.number.encode())))
    holder = printable(report.facts.subject.name.encode())
    if holder:
        print(_("Holder, as the certificate states: {holder}", holder=holder))
    print_layers(Report(report.layers, report.package.facts))
    print(_("The package inside"))
    print_layers(report.package)
    print()
    for line in tell(report.package):
        print(line)
    print()
    print(conclusion_of(report))


def conclusion_of(report: CertificateReport) -> str:
    """The final line."""
    if report.outcome is Outcome.VERIFIED:
        return _("Result: VERIFIED (the certificate and the package inside)")
    if report.outcome is Outcome.NOT_VERIFIED:
        wrong = [each for each in (*report.layers, *report.package.layers) if each.status is Status.FAILED]
        reason = Sentence(wrong[0].sentence.msgid, wrong[0].sentence.params)
        return _("Result: NOT VERIFIED: {reason}", reason=say(reason))
    return _("Result: consistent, origin not established")


def _as_json(report: CertificateReport, options: argparse.Namespace) -> dict[str, object]:
    results = {Outcome.VERIFIED: "verified", Outcome.NOT_VERIFIED: "not-verified"}
    return {
        "result": results.get(report.outcome, "origin-not-established"),
        "exit_code": int(report.outcome),
        "conclusion": conclusion_of(report),
        "certificate": printable(os.fsencode(options.package)),
        "number": report.facts.number,
        "holder": report.facts.subject.name,
        "layers": [layer_json(verdict) for verdict in report.layers],
        "package": [layer_json(verdict) for verdict in report.package.layers],
    }

"""``zonary verify`` of an act's receipt: what was done, by whom, when, and whether the log holds it."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from typing import IO

from zonary.cli.verdicts import layer_json, layer_name, print_layers
from zonary.common.language import _
from zonary.proof.act import RECEIPT_MAGIC, Act, ReceiptReport, examine_receipt
from zonary.proof.package.report import Outcome, Report, Status
from zonary.proof.printable import printable
from zonary.proof.tlog.proof import MAX_PROOF_BYTES
from zonary.proof.trust import Trust


def is_receipt(file: IO[bytes]) -> bool:
    """Whether ``file`` begins as a receipt does; it is read from its beginning afterwards."""
    beginning = file.read(len(RECEIPT_MAGIC))
    file.seek(0)
    return beginning == RECEIPT_MAGIC


def run_receipt(options: argparse.Namespace, file: IO[bytes], trusts: Sequence[Trust]) -> int:
    """Print the report on the receipt ``file``; returns the exit code."""
    found = examine_receipt(file.read(MAX_PROOF_BYTES + 1), trusts=trusts)
    if options.json:
        print(json.dumps(_as_json(found, options.package), ensure_ascii=False, indent=2))
    else:
        _print(found, options.package)
    return int(found.report.outcome)


def _print(found: ReceiptReport, name: str) -> None:
    print(_("Receipt {name}", name=printable(os.fsencode(name))))
    print_layers(found.report)
    print()
    if found.act is not None:
        _print_act(found.act)
    print(_("What this does not prove"))
    print("  · " + _("That what the act says is true: only that the platform recorded it, unchanged since."))
    print()
    print(_conclusion(found.report))


def _print_act(act: Act) -> None:
    print(_("The act"))
    rows = {
        _("what happened"): act.kind,
        _("recorded at (UTC)"): act.recorded_at,
        _("by"): act.actor,
        _("for the organisation"): act.organisation,
        _("about"): act.about,
        **{str(key): json.dumps(value, ensure_ascii=False) for key, value in act.body.items()},
    }
    for label, value in rows.items():
        if value:
            print(f"  {printable(label.encode())}: {printable(value.encode())}")


def _conclusion(report: Report) -> str:
    if report.outcome is Outcome.VERIFIED:
        return _("Result: VERIFIED")
    if report.outcome is Outcome.NOT_VERIFIED:
        wrong = [layer_name(v.layer) for v in report.layers if v.status is Status.FAILED]
        return _("Result: NOT VERIFIED ({layers})", layers="; ".join(wrong))
    if any(v.status is Status.ORIGIN_NOT_ESTABLISHED for v in report.layers):
        return _("Result: consistent, origin not established")
    return _("Result: could not be checked")


def _as_json(found: ReceiptReport, name: str) -> dict[str, object]:
    report, act = found.report, found.act
    results = {Outcome.VERIFIED: "verified", Outcome.NOT_VERIFIED: "not-verified", Outcome.NOT_CHECKED: "not-checked"}
    if any(v.status is Status.ORIGIN_NOT_ESTABLISHED for v in report.layers):
        results[Outcome.NOT_CHECKED] = "origin-not-established"
    facts = report.facts
    return {
        "result": results[report.outcome],
        "exit_code": int(report.outcome),
        "conclusion": _conclusion(report),
        "receipt": printable(os.fsencode(name)),
        "layers": [layer_json(verdict) for verdict in report.layers],
        "log": {"origin": facts.origin, "index": facts.index, "size": facts.tree_size, "root": facts.root},
        "act": None
        if act is None
        else {
            "kind": act.kind,
            "about": act.about,
            "actor": act.actor,
            "organisation": act.organisation,
            "recorded_at": act.recorded_at,
            "body": dict(act.body),
        },
    }

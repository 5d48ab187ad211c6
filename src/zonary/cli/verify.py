"""``zonary verify``: check a package offline and say, layer by layer, what was found."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from zonary.cli import trust_store
from zonary.cli.durable import open_regular
from zonary.cli.origin.telling import print_origin
from zonary.cli.packages import package_in
from zonary.cli.verdicts import layer_json, layer_name, print_layers
from zonary.cli.verify_certificate import is_certificate, run_certificate
from zonary.cli.verify_receipt import is_receipt, run_receipt
from zonary.common.language import _, say
from zonary.proof.digests import Digests
from zonary.proof.errors import MalformedError
from zonary.proof.package.container import Container
from zonary.proof.package.report import Layer, Outcome, Report, Sentence, Status
from zonary.proof.package.verify import examine
from zonary.proof.printable import printable
from zonary.proof.trust import Trust


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", metavar="PACKAGE")
    parser.add_argument("paths", metavar="PATH", nargs="*", help=_("sealed files or folders to compare"))
    parser.add_argument("--json", action="store_true", help=_("print the report as JSON"))
    parser.add_argument("--trust", metavar="FILE", action="append", default=[],
                        help=_("trust the keys in FILE, instead of those in your configuration"))  # fmt: skip


def run(options: argparse.Namespace) -> int:
    gc.disable()  # a hundred thousand leaves, none in a cycle: looking for cycles would take longer than parsing them
    trusts = read_trusts(options.trust)
    with open_regular(options.package) as file:
        if is_receipt(file):
            return run_receipt(options, file, trusts)
        if is_certificate(file):
            return run_certificate(options, file, trusts, lambda inside: _examine(inside, trusts, options), _told)
        try:
            package = package_in(file, options.package)
        except MalformedError as error:
            return _refuse(options, error)
        report = _examine(package, trusts, options)
    if options.json:
        print(json.dumps(_as_json(report, options), ensure_ascii=False, indent=2))
    else:
        _print(report, options.package)
    return int(report.outcome)


def _examine(package: Container, trusts: list[Trust], options: argparse.Namespace) -> Report:
    if not options.paths:
        return examine(package, trusts=trusts, manifest_roots=_roots)
    from zonary.cli.sealing.observe import observe_paths

    paths = [os.fsencode(os.path.abspath(path)) for path in options.paths]
    given = {os.path.realpath(path) if os.path.islink(path) else path for path in paths if not os.path.isdir(path)}
    observed = (
        replace(item, by_itself=True) if item.path in given else item
        for item in observe_paths(paths, leave_out=os.path.realpath(os.fsencode(options.package)))
    )
    return examine(package, trusts=trusts, observed=observed, manifest_roots=_roots)


def examine_in_parallel(package: Container, trusts: Sequence[Trust]) -> Report:
    """The report on a package alone, its roots computed by all cores."""
    return examine(package, trusts=trusts, manifest_roots=_roots)


def read_trusts(files: Sequence[str]) -> list[Trust]:
    """The trust files named, else the user's own."""
    if files:
        return [trust_store.read_trust_file(Path(name)) for name in files]
    return [known.trust for known in trust_store.pinned()]


def _roots(lines: Sequence[bytes]) -> Digests:
    from zonary.cli.sealing.trees import roots_in_parallel

    return roots_in_parallel(lines)


def _refuse(options: argparse.Namespace, error: MalformedError) -> int:
    """The package cannot even be opened: that is a verdict too, not verified."""
    if options.json:
        value = {
            "result": "not-verified",
            "exit_code": 1,
            "package": printable(os.fsencode(options.package)),
            "reason": say(error),
        }
        print(json.dumps(value, ensure_ascii=False, indent=2))
    else:
        print(f"zonary: {say(error)}", file=sys.stderr)
        print(_("Result: NOT VERIFIED"))
    return int(Outcome.NOT_VERIFIED)


# --- for a person -----------------------------------------------------------------------------------------------------


def _print(report: Report, package: str) -> None:
    print(_("Package {name}", name=printable(os.fsencode(package))))
    print_layers(report)
    print()
    for line in _told(report):
        print(line)
    print_origin(report.facts.declared, report.facts.observed)
    print()
    print(conclusion(report))


def _told(report: Report) -> list[str]:
    """What it proves, where it verified, and what it never does."""
    lines = []
    if report.outcome is Outcome.VERIFIED:
        lines = [_("What this proves"), *(f"  · {say(sentence)}" for sentence in proves(report))]
    return [*lines, _("What this does not prove"), *(f"  · {say(sentence)}" for sentence in does_not_prove())]


def proves(report: Report) -> list[Sentence]:
    """What a verified report amounts to."""
    facts = report.facts
    sentences: list[Sentence] = []
    if report.verdict(Layer.FILES).status is Status.VERIFIED:
        sentences.append(Sentence("The files compared are, bit for bit, those that were sealed."))
    trusted = [token for token in facts.tokens if token.trusted]
    if trusted:
        first = min(trusted, key=lambda token: token.latest)
        latest = first.latest.strftime("%Y-%m-%d %H:%M:%S")
        sentences.append(Sentence("What was sealed existed no later than {time} UTC, by the clock of {authority}.",
                                  {"time": latest, "authority": first.authority}))  # fmt: skip
    sentences.append(
        Sentence(
            "The seal stands at index {index} of the log “{origin}”; anyone who kept a later checkpoint of that log "
            "would see it taken out.",
            {"index": facts.index or 0, "origin": facts.origin or ""},
        )
    )
    return sentences


def does_not_prove() -> list[Sentence]:
    """The limits, said with every verdict."""
    return [
        Sentence("Who made the files, or whose they are."),
        Sentence("That what stands in them is true."),
        Sentence("That nobody else had them earlier. A seal is not a patent application."),
    ]


def conclusion(report: Report) -> str:
    """The final line."""
    if report.outcome is Outcome.NOT_VERIFIED:
        wrong = [v for v in report.layers if v.status is Status.FAILED]
        return _("Result: NOT VERIFIED ({layers})", layers="; ".join(layer_name(v.layer) for v in wrong))
    if report.outcome is Outcome.NOT_CHECKED:
        if any(v.status is Status.ORIGIN_NOT_ESTABLISHED for v in report.layers):
            return _("Result: consistent, origin not established")
        return _("Result: could not be checked")
    if report.verdict(Layer.FILES).status is Status.NOT_CHECKED:
        return _("Result: VERIFIED (the package; no file was compared)")
    return _("Result: VERIFIED")


# --- for a program ----------------------------------------------------------------------------------------------------


def _as_json(report: Report, options: argparse.Namespace) -> dict[str, object]:
    results = {Outcome.VERIFIED: "verified", Outcome.NOT_VERIFIED: "not-verified", Outcome.NOT_CHECKED: "not-checked"}
    if any(v.status is Status.ORIGIN_NOT_ESTABLISHED for v in report.layers):
        results[Outcome.NOT_CHECKED] = "origin-not-established"
    facts = report.facts
    return {
        "result": results[report.outcome],
        "exit_code": int(report.outcome),
        "conclusion": conclusion(report),
        "package": printable(os.fsencode(options.package)),
        "layers": [layer_json(verdict) for verdict in report.layers],
        "leaf_class": facts.leaf_class,
        "log": {"origin": facts.origin, "index": facts.index, "size": facts.tree_size, "root": facts.root},
        "timestamps": [
            {"member": t.member, "covers": str(t.covers), "time": t.time.isoformat().replace("+00:00", "Z"),
             "authority": t.authority, "development": t.development, "trusted": t.trusted}
            for t in facts.tokens
        ],
        "partial": facts.partial,
        "declared": dict(facts.declared),
        "observed": dict(facts.observed),
        "proves": [say(s) for s in proves(report)] if report.outcome is Outcome.VERIFIED else [],
        "does_not_prove": [say(s) for s in does_not_prove()],
    }  # fmt: skip

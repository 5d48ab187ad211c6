"""``zonary replay``: a decision made again from the file an enterprise was given, or a whole batch of grants."""

from __future__ import annotations

import argparse
import json
import os

from zonary.cli.durable import open_regular
from zonary.cli.replay_batch import run_batch
from zonary.common.language import _, language, say
from zonary.engines.clauses.bundles import FORM as DECISION_FORM
from zonary.engines.clauses.bundles import Bundle, Repeated, read_bundle, repeat, setting_of
from zonary.engines.clauses.errors import PackError, ReplayError
from zonary.engines.clauses.interpreter.amounts import amount_said
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.explaining import Explaining
from zonary.engines.clauses.interpreter.findings import ClauseFinding
from zonary.engines.clauses.interpreter.records import digest
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.language import print_chinese, render_english
from zonary.proof.printable import printable
from zonary.services.incentives.grants.rules.repeating import MAX_BATCH, is_batch, read_batch

_MARKS = {Truth.YES: "✓", Truth.NO: "✗", Truth.UNKNOWN: "?"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=_("the file with the decision, as its page gives it"))
    parser.add_argument("--json", action="store_true", help=_("print the result as JSON"))


def run(options: argparse.Namespace) -> int:
    """0 when the same bytes came out, 1 when not, 2 when the file cannot be read."""
    with open_regular(options.file) as file:
        data = file.read(MAX_BATCH + 1)
    try:
        if is_batch(data):
            return run_batch(options, read_batch(data))
        bundle = read_bundle(data)
    except ReplayError as error:
        raise _unreadable(options.file, data, error) from error
    try:
        again = repeat(bundle)
    except (ReplayError, PackError) as error:
        if options.json:
            print(json.dumps({"result": "other", "reason": say(error)}, ensure_ascii=False))
        else:
            print(say(error))
            print(_("Result: NOT THE SAME"))
        return 1
    if options.json:
        print(json.dumps(_as_json(bundle, again), ensure_ascii=False, indent=2))
    else:
        _print(options.file, bundle, again)
    return 0


def _unreadable(name: str, data: bytes, error: ReplayError) -> ReplayError:
    """Names the file and where to get a right one; what is wrong with it only where it says it is one."""
    shown = printable(os.fsencode(name))
    if DECISION_FORM.encode() in data or len(data) > MAX_BATCH or is_batch(data):
        return ReplayError(
            "“{file}” cannot be repeated; it was changed or cut off. {why} Download it again from the page of the "
            "decision or of the batch of grants.",
            file=shown,
            why=say(error),
        )
    return ReplayError(
        "“{file}” is neither a decision nor a batch of grants. This command repeats the file that the page of a kept "
        "decision gives (“Download the file”) or the page of a batch (“Hand it out to be repeated elsewhere”).",
        file=shown,
    )


def _print(name: str, bundle: Bundle, again: Repeated) -> None:
    decision = again.decision
    print(_("Decision {name}", name=printable(os.fsencode(name))))
    rows = {
        _("measure"): decision.item.title_english if language() == "en" else decision.item.title,
        _("rules"): f"{decision.document} ({again.pack.id})",
        _("enterprise"): decision.snapshot.subject,
        _("as of"): decision.snapshot.day.isoformat(),
        _("as known at"): decision.snapshot.known_at.isoformat(),
        _("answer"): _answer(decision.truth),
    }
    if again.amount is not None:
        rows[_("amount, in fen")] = str(again.amount)
    for label, value in rows.items():
        print(f"  {printable(label.encode())}: {printable(value.encode())}")
    if again.amount is not None:
        _print_amount(again)
    print()
    if decision.error is not None:
        print("  " + say(decision.error))
    for finding in decision.clauses:
        _print_clause(finding, again)
    print()
    _print_end(bundle, again)


def _print_amount(again: Repeated) -> None:
    """What it is reckoned from: the figures, the rate, the row of a table."""
    asking = Asking(setting_of(again.pack), again.decision.snapshot)
    for each in amount_said(asking, again.decision.item.amount, in_english=language() == "en"):
        print("      " + printable(_(each.msgid, **each.params).encode()))


def _print_end(bundle: Bundle, again: Repeated) -> None:
    print(_("What the receipt of act {entry} has to name", entry=printable(bundle.entry.encode()) or "—"))
    print(f"  decisions: {again.list_digest}")
    print(f"  count: {len(bundle.decisions)}")
    print(_("What this does not prove"))
    print("  · " + _("That the data were true: only that the answer follows from them and from these rules."))
    print("  · " + _("That the act is in the zone's log: check its receipt with zonary verify."))
    print()
    print(_("Result: THE SAME ({digest})", digest=digest(bundle.decision.encode())))


def _print_clause(finding: ClauseFinding, again: Repeated) -> None:
    vocabulary, clause = again.pack.vocabulary, finding.clause
    in_english = language() == "en"
    sentence = (render_english if in_english else print_chinese)(clause.expression, vocabulary)
    print(f"  {_MARKS[finding.truth]} {printable(sentence.encode())}")
    cited = f"{clause.citation.document} {clause.citation.article}"
    print(f"      {printable(cited.encode())}: {printable(clause.citation.quote.encode())}")
    for each in Explaining(vocabulary, in_english=in_english).sentences(finding, again.decision.snapshot):
        print("      " + printable(_(each.msgid, **each.params).encode()))


def _answer(truth: Truth | None) -> str:
    names = {
        Truth.YES: _("met"),
        Truth.NO: _("not met"),
        Truth.UNKNOWN: _("not known yet"),
        None: _("not asked"),
    }
    return names[truth]


def _as_json(bundle: Bundle, again: Repeated) -> dict[str, object]:
    return {
        "result": "same",
        "decision": digest(bundle.decision.encode()),
        "truth": None if again.decision.truth is None else again.decision.truth.name.lower(),
        "amount": again.amount,
        "rules": again.pack.id,
        "act": bundle.entry,
        "decisions": again.list_digest,
        "count": len(bundle.decisions),
    }

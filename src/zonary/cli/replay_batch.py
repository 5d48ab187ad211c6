"""``zonary replay`` of a batch of grants: every decision, the allocation and the payment files, without the zone."""

from __future__ import annotations

import argparse
import json
import os

from zonary.common.language import _, language, say
from zonary.engines.clauses.errors import PackError, ReplayError
from zonary.proof.errors import Error
from zonary.proof.printable import printable
from zonary.services.incentives.grants.rules.payment_files import yuan
from zonary.services.incentives.grants.rules.repeating import Batch, RepeatedBatch, repeat_batch
from zonary.services.incentives.grants.rules.terms import terms_of


def run_batch(options: argparse.Namespace, batch: Batch) -> int:
    """0 when the same comes out, 1 when not."""
    try:
        again = repeat_batch(batch)
    except (ReplayError, PackError, Error) as error:
        if options.json:
            print(json.dumps({"result": "other", "reason": say(error)}, ensure_ascii=False))
        else:
            print(say(error))
            print(_("Result: NOT THE SAME"))
        return 1
    if options.json:
        print(json.dumps(_as_json(batch, again), ensure_ascii=False, indent=2))
    else:
        _print(options.file, batch, again)
    return 0


def _print(name: str, batch: Batch, again: RepeatedBatch) -> None:
    print(_("Batch of grants {name}", name=printable(os.fsencode(name))))
    terms = terms_of(batch.terms)
    rows = {
        _("measure"): terms.title_english if language() == "en" and terms.title_english else terms.title,
        _("batch"): batch.number,
        _("as of"): batch.day,
        _("item of the rules"): again.item,
        _("decisions"): str(again.decisions),
        _("allocated, in yuan"): yuan(again.allocated),
    }
    _print_rows(rows)
    print()
    print(_("Computed here: what the receipts have to name, each of them"))
    _print_rows(_computed(batch, again))
    print(_("Taken from the file as it stands: compare it with the receipts, too"))
    _print_rows(_taken(again))
    print("  · " + _("When each consented, what each had earlier in the year, states and reasons."))
    print(_("What this does not prove"))
    print(
        "  · " + _("That the data were true: only that the list and the amounts follow from them and from these rules.")
    )
    print("  · " + _("That this is the batch of the receipts: a changed file is a batch, too, with other digests."))
    print(
        "  · "
        + _("To which accounts the money went: none is in this file; the acts name both digests of a payment file.")
    )
    print()
    print(_("Result: THE SAME ({digest})", digest=again.list_digest))


def _computed(batch: Batch, again: RepeatedBatch) -> dict[str, str]:
    """Of claims made one by one the act that started the batch names no list, and each claim has an act of its own."""
    rows = {_("SHA-256 of the terms"): batch.terms_digest}
    if batch.is_instant:
        rows |= {
            _("SHA-256 of the decision of grant {grant}", grant=each.grant): each.decision_digest
            for each in again.grants
        }
    else:
        rows[_("SHA-256 of the list")] = again.list_digest
    return rows | {
        _("SHA-256 of payment file {number} without accounts", number=each.number): each.shown_digest
        for each in again.files
    }


def _taken(again: RepeatedBatch) -> dict[str, str]:
    spent = _("nothing was allocated yet") if again.spent is None else yuan(again.spent)
    rows = {_("spent by other batches, in yuan"): spent}
    return rows | {
        _("SHA-256 of payment file {number} with accounts", number=each.number): each.taken or "–"
        for each in again.files
    }


def _print_rows(rows: dict[str, str]) -> None:
    for label, value in rows.items():
        print(f"  {printable(label.encode())}: {printable(value.encode())}")


def _as_json(batch: Batch, again: RepeatedBatch) -> dict[str, object]:
    """What was computed, and apart from it what is only repeated from the file."""
    return {
        "result": "same",
        "batch": again.number,
        "item": again.item,
        "decisions": again.decisions,
        "allocated": again.allocated,
        "terms": batch.terms_digest,
        "list": again.list_digest,
        "grants": [
            {"grant": each.grant, "enterprise": each.enterprise, "decision": each.decision_digest, "fen": each.computed}
            for each in again.grants
        ],
        "files": [{"number": each.number, "shown": each.shown_digest} for each in again.files],
        "taken": {
            "spent": again.spent,
            "files": [{"number": each.number, "digest": each.taken} for each in again.files],
        },
    }

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
from zonary.services.incentives.grants.rules.repeating import Batch, RepeatedBatch, read_batch, repeat_batch
from zonary.services.incentives.grants.rules.terms import terms_of


def run_batch(options: argparse.Namespace, data: bytes) -> int:
    """0 when the same comes out, 1 when not.

    :raises ReplayError: when the file cannot be read.
    """
    batch = read_batch(data)
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
        print(json.dumps(_as_json(again), ensure_ascii=False, indent=2))
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
        _("decisions"): str(again.decisions),
        _("allocated, in yuan"): yuan(again.allocated),
    }
    for label, value in rows.items():
        print(f"  {printable(label.encode())}: {printable(value.encode())}")
    print()
    print(_("What the receipts of its payment files have to name"))
    for digest in again.files:
        print(f"  {printable(digest.encode())}")
    print(_("What this does not prove"))
    print(
        "  · " + _("That the data were true: only that the list and the amounts follow from them and from these rules.")
    )
    print(
        "  · "
        + _("To which accounts the money went: none is in this file; the acts name both digests of a payment file.")
    )
    print()
    print(_("Result: THE SAME ({digest})", digest=printable(batch.terms_digest.encode())))


def _as_json(again: RepeatedBatch) -> dict[str, object]:
    return {
        "result": "same",
        "batch": again.number,
        "decisions": again.decisions,
        "allocated": again.allocated,
        "files": list(again.files),
    }

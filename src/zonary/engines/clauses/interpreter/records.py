"""A decision as bytes: what is kept of it, and what it is repeated against, months later.

Canonical JSON (RFC 8785) of codes and numbers, without sentences: a sentence that is worded better one day must not
make an old decision look another. Numbers are texts, because JSON's lose digits beyond 2^53.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

import rfc8785

from zonary.engines.clauses.errors import ReplayError
from zonary.engines.clauses.extents import Exact
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.decisions import Decision, decide
from zonary.engines.clauses.interpreter.findings import ClauseFinding
from zonary.engines.clauses.interpreter.leaves import LeafFinding
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.snapshots import Key, Snapshot, instant
from zonary.engines.clauses.vocabulary import Vocabulary

FORM: Final = "zonary-decision/1"
MAX_RECORD: Final = 4_000_000
"""Bytes of one; 200 conditions with all they read are some hundred thousand."""

_TRUTHS: Final = {Truth.YES: "yes", Truth.NO: "no", Truth.UNKNOWN: "unknown", None: None}


def record(decision: Decision, vocabulary: Vocabulary) -> bytes:
    """What is stored. The same rules and snapshot give the same bytes, wherever and whenever they are asked."""
    text = {
        "form": FORM,
        "document": decision.document,
        "version": decision.version,
        "item": decision.item.id,
        "subject": decision.snapshot.subject,
        "day": decision.snapshot.day.isoformat(),
        "known_at": instant(decision.snapshot.known_at),
        "snapshot": decision.snapshot.digest(),
        "truth": _TRUTHS[decision.truth],
        "stop": _stop(decision),
        "promised": [*decision.promised],
        "promises": [*decision.promises],
        "short": [*decision.short],
        "nearest": [*decision.nearest],
        "clauses": [_clause(each, decision.snapshot, vocabulary) for each in decision.clauses],
    }
    return rfc8785.dumps(text)


def digest(stored: bytes) -> str:
    """SHA-256 of a stored decision, hexadecimal: what the ledger names."""
    return hashlib.sha256(stored).hexdigest()


def replay(stored: bytes, plan: Plan, asking: Asking) -> Decision:
    """Decide again what was decided, from the rules and the snapshot it names.

    :raises ReplayError: when ``stored`` is no decision, is of another snapshot, or comes out otherwise.
    """
    kept = _read(stored)
    if kept.get("snapshot") != asking.snapshot.digest():
        raise ReplayError("The decision was made from another snapshot than this one.")
    item, version, promised = kept.get("item"), kept.get("version"), kept.get("promised")
    if not isinstance(item, str) or not isinstance(version, str) or not isinstance(promised, list):
        raise ReplayError("The decision names no item, version or promises.")
    again = decide(plan, item, asking, version=version, promised=frozenset(str(each) for each in promised))
    bytes_ = record(again, asking.vocabulary)
    if bytes_ != stored:
        raise ReplayError(
            "The decision on “{item}” comes out otherwise: {now}, and it was {then}. The rules are not those it names.",
            item=item,
            now=digest(bytes_),
            then=digest(stored),
        )
    return again


def version_of(stored: bytes) -> str:
    """Of which rules a stored decision says to be.

    :raises ReplayError: when it is none.
    """
    return str(_read(stored).get("version", ""))


def _read(stored: bytes) -> dict[str, Any]:
    try:
        kept = json.loads(stored) if len(stored) <= MAX_RECORD else None
    except (ValueError, RecursionError):
        kept = None
    if not isinstance(kept, dict) or kept.get("form") != FORM:
        raise ReplayError("This is no stored decision of the form {form}.", form=FORM)
    return kept


def _stop(decision: Decision) -> dict[str, Any] | None:
    if decision.stop is None or decision.error is None:
        return None
    return {"reason": decision.stop.value, "with": {name: str(each) for name, each in decision.error.params.items()}}


def _clause(finding: ClauseFinding, snapshot: Snapshot, vocabulary: Vocabulary) -> dict[str, Any]:
    clause = finding.clause
    return {
        "id": clause.id,
        "citation": [clause.citation.document, clause.citation.article, clause.citation.quote],
        "judging": clause.judging.value,
        "when_unknown": clause.when_unknown.value,
        "truth": _TRUTHS[finding.truth],
        "promised": finding.is_promised,
        "leaves": [_leaf(each, snapshot, vocabulary) for each in finding.leaves],
        "needs": [
            {
                "leaf": each.leaf,
                "to": _text(each.to),
                "by": _text(each.by),
                "from_day": None if each.from_day is None else each.from_day.isoformat(),
            }
            for each in finding.needs
        ],
    }


def _leaf(finding: LeafFinding, snapshot: Snapshot, vocabulary: Vocabulary) -> dict[str, Any]:
    thresholds = [
        {
            "relation": relation.value,
            "number": str(each.amount.number),
            "unit": each.amount.unit,
            "per": each.amount.per,
            "parameter": each.parameter,
            "citation": each.citation,
        }
        for relation, each in zip(finding.relations, finding.thresholds, strict=True)
    ]
    return {
        "form": type(finding.leaf).__name__,
        "truth": _TRUTHS[finding.truth],
        "reason": finding.reason.value,
        "values": [[_text(each.extent.low), _text(each.extent.high), each.dimension] for each in finding.measures],
        "thresholds": thresholds,
        "read": [_datum(key, snapshot) for key in finding.read],
        "missing": [[id, year, vocabulary.term(id).source] for id, year in finding.missing],
    }


def _datum(key: Key, snapshot: Snapshot) -> list[Any]:
    datum = snapshot.data[key]
    value = datum.value if isinstance(datum.value, bool) else str(datum.value)
    about = [datum.as_of.isoformat(), instant(datum.recorded_at), datum.source, datum.reference]
    return [*key, value, *about]


def _text(number: Exact | None) -> str | None:
    """An integer, or a fraction as 1/3."""
    return None if number is None else str(number)

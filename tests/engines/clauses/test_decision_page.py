"""The example in specs/decision.md is what the interpreter writes, and its digests are those a reader computes."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path

import rfc8785
from tests.engines.clauses.situations import SETTING, VOCABULARY, document, snapshot

from zonary.engines.clauses.documents import WhenUnknown
from zonary.engines.clauses.expressions import ClauseRef, Compare, Comparison, Every, Flag
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.decisions import decide
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.interpreter.records import digest, record
from zonary.engines.clauses.quantities import Amount, Period, Reading

PAGE = Path(__file__).resolve().parents[3] / "specs" / "decision.md"
RULES = document(
    {
        "spend": Compare(Reading("rnd", Period.LAST_YEAR), Comparison.NOT_BELOW, Amount(Decimal("100"), "万元")),
        "reserve": Flag("reserve"),
    },
    Every((ClauseRef("spend"), ClauseRef("reserve"))),
    {"reserve": WhenUnknown.PROMISE},
)
ASKING = Asking(SETTING, snapshot({("rnd", 2025): 88_000_000}))


def example(name: str) -> str:
    return dict(re.findall(r"<!-- example: ([^>]+) -->\n```[a-z]*\n(.*?)\n```", PAGE.read_text("utf-8"), re.DOTALL))[
        name
    ]


def test_the_example_is_what_is_written() -> None:
    stored = record(decide(Plan(RULES), "item", ASKING, version="1"), VOCABULARY)
    assert stored == example("decision").encode()
    assert digest(stored) == hashlib.sha256(stored).hexdigest() == example("digest of the decision")


def test_the_snapshot_of_the_example_has_the_digest_that_stands_in_it() -> None:
    text = example("snapshot").encode()
    assert rfc8785.dumps(json.loads(text)) == text
    assert hashlib.sha256(text).hexdigest() == json.loads(example("decision"))["snapshot"]

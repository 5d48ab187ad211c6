"""A sample of ``make crash``: faults at single calls of the sequencer, on all combinations of database and store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from tests.crash.harness.combinations import ALL, Combination
from tests.crash.harness.every_call import AnyFault, RequestFault, carry_out, plan

SAMPLED = 28
"""Faults of each combination; ``make crash`` tries them all."""


@pytest.mark.slow
@pytest.mark.parametrize("combination", ALL, ids=str)
def test_every_promise_holds_after_a_fault(
    combination: Combination, grounds: Callable[[Combination], Any], strace: None
) -> None:
    ground = grounds(combination)
    with ground.stage() as stage:
        faults = plan(stage, ground)
    assert len(faults) > 500
    if combination.objects:
        assert {fault.kind for fault in faults if isinstance(fault, RequestFault)} >= {"store lies", "answer lost"}
    chosen = _sample(faults)
    tally = carry_out(ground, chosen, jobs=2)
    assert tally.failures == []
    # A conversation with a server is not always of the same length.
    assert len(tally.missed) <= len(chosen) // 10, tally.missed
    assert tally.acknowledged > 0


def _sample(faults: list[AnyFault]) -> list[AnyFault]:
    """Spread over the whole work, and some of each kind."""
    by_kind: dict[str, list[AnyFault]] = {}
    for fault in faults:
        by_kind.setdefault(fault.kind, []).append(fault)
    few = [fault for kind in by_kind.values() for fault in kind[:: len(kind) // 2 + 1]]
    return faults[:: len(faults) // (SAMPLED - len(few)) + 1] + few

"""Where many items stand in the log, looked up at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")


def test_places_are_those_of_the_items_and_cost_one_statement(
    make_log: Callable[..., Any], record_leaves: Callable[..., list[str]], record_batch: Callable[..., list[str]]
) -> None:
    from dataclasses import replace

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from zonary.common.clock import now
    from zonary.foundation.ledger.leadership import claim
    from zonary.foundation.ledger.queries import items_of, places_of
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.foundation.ledger.sequencing import tick

    log = make_log()
    start_up(log, now)
    ids = record_leaves(b"one", b"two") + record_batch(b"three", b"four", b"five") + record_leaves(b"six")
    tick(replace(log, epoch=claim("main", "test", alone=True) or 0), at=now())
    late = record_leaves(b"seven")
    nobody = "00000000-0000-7000-8000-000000000000"
    wanted = [nobody, *reversed(ids), *late]
    expected = {
        each.public_id: None if each.index is None else (each.generation, each.index) for each in items_of(wanted)
    }
    with CaptureQueriesContext(connection) as asked:
        found = places_of(wanted)
    assert found == expected
    assert set(found) == {*ids, *late}
    assert found[late[0]] is None
    assert len(asked) == 1

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta, timezone

from zonary.common.clock import now, rfc3339
from zonary.common.ids import consecutive, consecutive_after, distance, new_id
from zonary.common.problems import Problem

AT = datetime(2026, 11, 22, 3, 4, 5, 678000, tzinfo=UTC)


def test_ids_are_uuids_of_version_7_in_order_of_time() -> None:
    batch = consecutive(new_id(AT + timedelta(milliseconds=1)), 70_000)
    made = [new_id(AT), *batch, new_id(AT + timedelta(milliseconds=2))]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    for text in made:
        parsed = uuid.UUID(text)
        assert str(parsed) == text
        assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    assert int.from_bytes(uuid.UUID(made[0]).bytes[:6], "big") == int(AT.timestamp() * 1000)


def test_the_ids_of_a_batch_follow_its_first() -> None:
    first = new_id(AT)
    batch = consecutive(first, 300)
    assert [uuid.UUID(text).int - uuid.UUID(first).int for text in batch] == list(range(300))
    assert [distance(first, text) for text in batch] == list(range(300))
    assert consecutive_after(first, 299) == batch[-1]
    assert distance(batch[5], first) == -5


def test_times_are_written_in_utc() -> None:
    assert rfc3339(AT) == "2026-11-22T03:04:05.678000Z"
    assert rfc3339(AT.astimezone(timezone(timedelta(hours=8)))) == rfc3339(AT)
    assert now().utcoffset() == timedelta(0)


def test_a_problem_is_problem_details() -> None:
    problem = Problem(404, "not-found", "没有这条记录。")
    assert json.loads(problem.encode()) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "没有这条记录。",
        "code": "not-found",
    }

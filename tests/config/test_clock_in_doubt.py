"""A clock that was set: nothing is timestamped or recorded, and every door says so."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from tests.config.wire import answers, talk

from zonary.common.clock import GuardedClock
from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.timestamp.token import RefusedError, TimestampToken

TOKEN = "a-token-for-this-test-only"
DIGESTS = {"sha256": "ab" * 32, "sm3": "cd" * 32}


class SetByHand:
    """The machine's real clock, and by how many seconds it was set."""

    def __init__(self) -> None:
        self.by = 0
        self.guarded = GuardedClock(real=self._real)

    def _real(self) -> int:
        return time.time_ns() + self.by * 10**9


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SetByHand:
    """The clock of this process, as the API and the authority ask it."""
    from zonary.config import application
    from zonary.services.evidence import api

    made = SetByHand()
    monkeypatch.setattr(application, "now", made.guarded)
    monkeypatch.setattr(api, "now", made.guarded)
    return made


@pytest.fixture
def post(data: Any, clock: SetByHand) -> Iterator[Callable[..., Any]]:
    """Registers evidence in this process, with a token of its own."""
    from django.test import Client

    from zonary.config.zone import open_zone
    from zonary.foundation.ledger.sequencer import start_up

    data.token.write_text(TOKEN)
    zone = open_zone(data, url="http://127.0.0.1", origin=None, open_log=False, at=datetime.now(UTC))
    start_up(zone.logs[0], clock.guarded)

    def run(path: str, value: object) -> Any:
        return Client(raise_request_exception=False).post(
            f"/api/v1{path}", value, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {TOKEN}"
        )

    yield run
    from zonary.foundation.ledger import authority

    authority.issuer_of.cache_clear()


@pytest.mark.parametrize("by", [86400, -86400, 3, -3])
@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/evidence", {"statement": DIGESTS}),
        ("/evidence", {"digest": DIGESTS}),
        ("/evidence/batch", {"items": [{"digest": DIGESTS}] * 3}),
    ],
)
def test_nothing_is_recorded_in_doubt(post: Any, clock: SetByHand, by: int, path: str, value: object) -> None:
    from zonary.foundation.ledger.queries import log_status

    before = log_status("main")
    clock.by = by
    answer = post(path, value)
    assert answer.status_code == 503, answer.content
    assert int(answer["Retry-After"]) > 1
    problem = json.loads(answer.content)
    assert problem["code"] == "clock-in-doubt"
    assert f"jumped {'forward' if by > 0 else 'back'} by {abs(by)}.0 seconds" in problem["detail"]
    assert log_status("main") == before
    clock.by = 0
    assert post(path, value).status_code == 503


def test_what_was_recorded_before_stays_and_can_be_read(post: Any, clock: SetByHand) -> None:
    from django.test import Client

    made = json.loads(post("/evidence", {"statement": DIGESTS}).content)
    clock.by = -86400
    assert post("/evidence", {"statement": DIGESTS}).status_code == 503
    found = Client().get(f"/api/v1/evidence/{made['id']}", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")
    assert found.status_code == 200
    assert json.loads(found.content)["recorded_at"] == made["recorded_at"]


def test_a_step_of_a_second_back_is_not_seen_in_any_record(post: Any, clock: SetByHand) -> None:
    times = []
    for number in range(6):
        clock.by = -(number % 2)
        answer = post("/evidence", {"digest": DIGESTS})
        assert answer.status_code == 201
        times.append(json.loads(answer.content)["recorded_at"])
    assert times == sorted(set(times))


@pytest.fixture
def ask(post: Any, data: Any) -> Callable[[bytes], bytes]:
    """One request to /tsa, through the whole application; returns the response's body."""
    from zonary.config.application import Application

    application = Application()

    def run(query: bytes) -> bytes:
        head = (
            "POST /tsa HTTP/1.1\r\nHost: zone.example\r\nContent-Type: application/timestamp-query\r\n"
            f"Content-Length: {len(query)}\r\n\r\n"
        )
        (answer,) = answers(talk(application, head.encode() + query, close=True))
        assert (answer.status, answer.headers["content-type"]) == (200, "application/timestamp-reply")
        return answer.body

    return run


QUERY = TimestampRequest.new("sha256", bytes(32)).encode()


@pytest.mark.parametrize("by", [86400, -86400])
def test_the_authority_stops_issuing_and_says_so(ask: Any, clock: SetByHand, by: int) -> None:
    assert TimestampToken.parse(ask(QUERY)).gen_time
    clock.by = by
    for _ in range(3):
        with pytest.raises(RefusedError, match="jumped"):
            TimestampToken.parse(ask(QUERY))
        clock.by = 0


def test_no_token_is_earlier_than_one_before(ask: Any, clock: SetByHand) -> None:
    times = []
    for number in range(6):
        clock.by = -(number % 2)
        times.append(TimestampToken.parse(ask(QUERY)).gen_time)
    assert times == sorted(times)
    assert times[-1] - times[0] < timedelta(seconds=30)


def test_openssl_shows_why(ask: Any, clock: SetByHand, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    clock.by = 86400
    (tmp_path / "reply.tsr").write_bytes(ask(QUERY))
    command = ["openssl", "ts", "-reply", "-in", "reply.tsr", "-text"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
    assert "Status: Rejected." in shown.stdout
    assert "jumped forward by 86400.0 seconds" in shown.stdout
    assert "Failure info: the TSA's time source is not available" in shown.stdout
    assert "TST info:\nNot included." in shown.stdout


def test_a_clock_behind_the_log_issues_nothing(ask: Any, clock: SetByHand) -> None:
    clock.guarded.hold_until(datetime.now(UTC) + timedelta(hours=1))
    with pytest.raises(RefusedError, match="recorded at"):
        TimestampToken.parse(ask(QUERY))
    clock.by = 7200
    assert TimestampToken.parse(ask(QUERY)).gen_time > datetime.now(UTC) + timedelta(hours=1)

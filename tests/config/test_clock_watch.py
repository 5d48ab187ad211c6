"""A clock that is off by more than the bound: nothing is signed, everybody is told, and it goes on once it is right."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from tests.common.time_source import time_source

from zonary.common.sntp import Difference, TimeSourceError
from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.timestamp.token import RefusedError, TimestampToken

pytestmark = pytest.mark.usefixtures("migrated")
AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


def _look(*answers: float | None, before: Any = None, error: float = 0.001) -> Any:
    """One round with sources that have us behind by so many seconds; None: one that gives no time."""
    from zonary.config.clock_sources import ClockWatching, Source
    from zonary.config.clock_watch import look

    def ask(host: str, _port: int) -> Difference:
        seconds = answers[int(host)]
        if seconds is None:
            raise TimeSourceError("It did not answer in time.")
        return Difference(timedelta(seconds=seconds), timedelta(seconds=error))

    sources = tuple(Source(str(n), 123) for n in range(len(answers)))
    return look(ClockWatching(sources), at=AT, before=before, ask=ask)


@pytest.mark.parametrize(
    ("answers", "is_off"),
    [
        ((0.0,), False), ((0.49,), False), ((0.6,), True), ((-0.6,), True), ((3600.0,), True),
        ((0.0, 3600.0), True),  # of two that disagree nobody knows which is right
        ((0.0, 0.1, 3600.0), False), ((5.0, 5.0, 0.0), True), ((None, 0.0, 0.0), False), ((None, 9.0, 9.0), True),
        ((0.0, 0.0, 9.0, 9.0), True), ((None, 0.0, 9.0, 9.0), True), ((None, 0.0, 0.0, 0.1), False),
    ],
)  # fmt: skip
def test_it_is_off_as_soon_as_half_of_those_configured_say_so(answers: Any, is_off: bool) -> None:
    found = _look(*answers)
    assert (found.is_off, found.is_known) == (is_off, True)


@pytest.mark.parametrize(
    "answers",
    [
        (None, None, 9.0), (None, 9.0), (None, None, 9.0, 9.0), (None, None, 0.0), (None, 0.0, 9.0),
        (None, 0.0, 0.0, 9.0), (None,), (None, None, None),
    ],
)  # fmt: skip
def test_too_few_that_say_the_same_decide_nothing_and_everybody_is_told(answers: Any) -> None:
    """Whoever silences the others and answers in the place of one neither stops timestamps nor frees them."""
    was_off, was_right = _look(9.0), _look(0.0)
    for before, severity in ((None, "warning"), (was_right, "warning"), (was_off, "fault")):
        found = _look(*answers, before=before)
        assert found.is_off is (before is was_off)
        assert not found.is_known
        [judged] = _findings(found)
        assert judged.severity.value == severity
        assert "is not known" in judged.found.msgid
    assert _look(0.0, 0.0, None, before=_look(*answers, before=was_off)).is_known


def _findings(found: Any) -> list[Any]:
    from zonary.config.clock_watch import _judged

    return [_judged(found)]


def test_what_they_cannot_know_better_is_no_reason_to_stop() -> None:
    assert not _look(0.6, error=0.2).is_off


def test_while_none_answers_it_stays_what_it_was() -> None:
    was_off, was_right = _look(9.0), _look(0.0)
    assert _look(None, before=was_off).is_off
    assert _look(None, before=was_off).behind == 9.0
    assert not _look(None, before=was_right).is_off
    assert not _look(None).is_off
    assert not _look(0.0, before=was_off).is_off


@pytest.mark.parametrize(
    "environment",
    [
        {"ZONARY_CLOCK_SOURCES": "a b"}, {"ZONARY_CLOCK_SOURCES": "ntp.example:0"},
        {"ZONARY_CLOCK_SOURCES": "a,a"}, {"ZONARY_CLOCK_SOURCES": ",".join(f"n{n}" for n in range(9))},
        {"ZONARY_CLOCK_BOUND": "1001"}, {"ZONARY_CLOCK_BOUND": "x"}, {"ZONARY_CLOCK_INTERVAL": "0"},
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_stop(environment: dict[str, str]) -> None:
    from zonary.config.clock_sources import ClockSettingError, clock_watching

    with pytest.raises(ClockSettingError):
        clock_watching(environment)


def test_sources_are_hosts_with_and_without_a_port() -> None:
    from zonary.config.clock_sources import clock_watching

    found = clock_watching({"ZONARY_CLOCK_SOURCES": "ntp.example, 10.0.0.1:1123,[2001:db8::1]:123"})
    assert [each.name for each in found.sources] == ["ntp.example:123", "10.0.0.1:1123", "2001:db8::1:123"]
    assert clock_watching({}).sources == ()


@pytest.fixture
def watching(data: Any) -> Iterator[Callable[[bool], None]]:
    """Has the watch of this process find the clock off, or right."""
    from django.conf import settings

    from zonary.config.clock_sources import ClockWatching, Source
    from zonary.foundation.ledger.watched_clock import keep

    before, settings.ZONARY_CLOCK = settings.ZONARY_CLOCK, ClockWatching((Source("ntp.example", 123),))
    yield lambda is_off: keep(data, replace(_look(9.0 if is_off else 0.0), checked_at=datetime.now(UTC).isoformat()))
    settings.ZONARY_CLOCK = before


def test_evidence_is_registered_all_the_same_and_stamped_later(
    demo: None, data: Any, five: Any, watching: Callable[[bool], None]
) -> None:
    from tests.api.calls import Caller
    from tests.foundation import zone_at_work

    from zonary.common.clock import now
    from zonary.foundation.ledger.authority import ensure_authority, issuer_of
    from zonary.services.evidence.models import EvidenceTimestamps

    ensure_authority(data, now.last_trusted())
    issuer_of.cache_clear()
    watching(True)
    call = Caller(five.owner)
    answer = call("POST", "/evidence", {"digest": {"sha256": "1" * 64, "sm3": "2" * 64}})
    assert answer.status_code == 201
    zone_at_work.start(data)
    package = call("GET", f"/evidence/{answer.json()['id']}/package")
    assert (package.status_code, package.json()["code"]) == (409, "not-yet-timestamped")
    assert not EvidenceTimestamps.objects.exists()
    watching(False)
    assert call("GET", f"/evidence/{answer.json()['id']}/package").status_code == 200


_AN_HOUR = r"off by \+?(3599\.9|3600\.)"
"""As far as an answer that takes its time on the way lets it be measured."""


def test_a_server_stops_signing_says_so_everywhere_and_goes_on(new_server: Callable[..., Any], tmp_path: Path) -> None:
    with time_source(ahead=3600.0) as source:
        environment = {"ZONARY_CLOCK_SOURCES": f"127.0.0.1:{source.port}", "ZONARY_CLOCK_INTERVAL": "1"}
        server = new_server(environment=environment)
        server.start()
        refused = _until(lambda: _refusal(server))
        assert re.search(_AN_HOUR, refused)
        assert "zonary_clock_off 1.0" in server.get("/metrics").body.decode()
        told = _doctor(server, environment)
        assert re.search(_AN_HOUR, told)
        assert "outward" in told
        assert f"127.0.0.1:{source.port}" in told
        source.ahead = 0.0
        assert _until(lambda: not _refusal(server))
        assert "zonary_clock_off 0.0" in server.get("/metrics").body.decode()
        source.silent = True  # a network that fails says nothing of the clock
        assert not _refusal(server)


def _refusal(server: Any) -> str:
    """What the authority says when it refuses; nothing when it signs."""
    query = TimestampRequest.new("sha256", bytes(32)).encode()
    answer = server.request("POST", "/tsa", query, {"Content-Type": "application/timestamp-query"})
    try:
        TimestampToken.parse(answer.body)
    except RefusedError as error:
        return str(error) if "timeNotAvailable" in str(error) else ""
    return ""


def _until(what: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 20
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)
    return found


def _doctor(server: Any, environment: dict[str, str]) -> str:
    import os
    import sys

    kept = {k: v for k, v in os.environ.items() if not k.startswith("ZONARY")}
    done = subprocess.run(
        [sys.executable, "-m", "zonary.cli.main", "doctor", "--data", str(server.data)],
        env={**kept, "ZONARY_LANG": "en", "XDG_STATE_HOME": str(server.config / "state"), **environment},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout

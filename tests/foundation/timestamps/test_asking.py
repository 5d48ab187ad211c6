"""An authority that is down, slow or lying gives no token, and the reason is told in words."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the application needs the [web] extra")

from tests.foundation.timestamps.authority_server import Outside, openssl_authority, outside_authority

from zonary.foundation.notifications import posting
from zonary.foundation.notifications.rules import Target
from zonary.foundation.timestamps.asking import MAX_ANSWER_BYTES, AskingError, ask
from zonary.foundation.timestamps.authorities import External
from zonary.proof.package.timestamps import read_chain

DATA = b"a statement\n"
DIGEST = sha256(DATA).digest()


def clock() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def running() -> Iterator[Outside]:
    with outside_authority() as outside:
        yield outside


@pytest.fixture
def outside(running: Outside) -> Iterator[Outside]:
    running.asked.clear()
    running.authorizations.clear()
    yield running
    running.mode, running.respond = "honest", None


def known(outside: Outside, **changes: Any) -> External:
    made = External(
        name="notary", target=Target(False, "127.0.0.1", outside.port, "/tsr", True),
        roots=tuple(read_chain(outside.made.root_pem)),
    )  # fmt: skip
    return replace(made, **changes)


def test_an_honest_authority_gives_a_token_that_openssl_accepts(outside: Outside, tmp_path: Path) -> None:
    stamp = ask(known(outside), DIGEST, clock=clock)
    [request] = outside.asked
    assert (request.digest, request.cert_request) == (DIGEST, True)
    assert request.nonce is not None
    for name, content in {"data": DATA, "token": stamp.token, "chain": stamp.chain, "answer": stamp.answer}.items():
        (tmp_path / name).write_bytes(content)
    for what in (["-in", "token", "-token_in"], ["-in", "answer"]):
        command = ["openssl", "ts", "-verify", "-data", "data", *what, "-CAfile", "chain"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert "Verification: OK" in done.stdout, done


def test_openssl_as_the_authority_is_believed_too(outside: Outside, tmp_path: Path) -> None:
    openssl_authority(outside, tmp_path / "openssl")
    stamp = ask(known(outside, policy="1.2.3.4.5"), DIGEST, clock=clock)
    assert (stamp.verified.policy, stamp.verified.imprint) == ("1.2.3.4.5", DIGEST)


@pytest.mark.parametrize(
    ("mode", "reason"),
    [
        ("refusing", "It refused: "),
        (
            "other_imprint",
            "Its token is for something else: The authority answered with a timestamp for another digest.",
        ),
        ("wrong_nonce", "Its token is for something else: The authority's answer does not repeat the nonce"),
        ("in_1970", "Its clock shows 1970-01-01T00:00:01Z, ours "),
        ("without_purpose", "Its token does not hold: "),
        ("with_a_bad_signature", "Its token does not hold: "),
        ("html", "It answered with another content type than application/timestamp-reply."),
        ("nonsense", "What it answered is no timestamp: "),
        ("huge", f"It answered more than {MAX_ANSWER_BYTES} bytes"),
        ("redirecting", "It sends us elsewhere (HTTP 302)"),
        ("locked", "It does not accept our user and password (HTTP 401)."),
        ("broken", "It answered HTTP 500."),
        ("no_http", "What it answered is no HTTP."),
        ("hanging_up", "It cannot be reached: "),
    ],
)
def test_each_fault_is_refused_for_its_own_reason(outside: Outside, mode: str, reason: str) -> None:
    outside.mode = mode
    with pytest.raises(AskingError) as caught:
        ask(known(outside), DIGEST, clock=clock)
    assert str(caught.value).startswith(reason), str(caught.value)
    assert str(caught.value).endswith(".")


def test_the_purpose_that_is_missing_is_named(outside: Outside) -> None:
    outside.mode = "without_purpose"
    with pytest.raises(AskingError, match="timestamp"):
        ask(known(outside), DIGEST, clock=clock)


def test_what_it_says_when_it_refuses_is_told(outside: Outside) -> None:
    outside.mode = "refusing"
    with pytest.raises(AskingError, match="The quota of this month is used up"):
        ask(known(outside), DIGEST, clock=clock)


def test_whoever_drips_bytes_is_broken_off(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "SECONDS", 0.4)
    outside.mode = "dripping"
    began = time.monotonic()
    with pytest.raises(AskingError, match="It did not answer in time"):
        ask(known(outside), DIGEST, clock=clock)
    assert time.monotonic() - began < 30  # the whole answer would take a minute


def test_one_that_is_down_cannot_be_reached(outside: Outside) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(AskingError, match="It cannot be reached: Connection refused"):
        ask(known(outside, target=Target(False, "127.0.0.1", port, "/", True)), DIGEST, clock=clock)


def test_one_inside_is_asked_only_if_the_settings_say_so(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("connected"))
    with pytest.raises(AskingError, match="inside = true"):
        ask(known(outside, target=Target(False, "127.0.0.1", outside.port, "/tsr", False)), DIGEST, clock=clock)


def test_another_root_and_another_policy_are_refused(outside: Outside, tmp_path: Path) -> None:
    with outside_authority("Other") as other, pytest.raises(AskingError, match="Its token does not hold"):
        ask(known(outside, roots=known(other).roots), DIGEST, clock=clock)
    with pytest.raises(AskingError, match="It refused"):
        ask(known(outside, policy="1.2.3.4.5"), DIGEST, clock=clock)


def test_user_and_password_are_sent_and_not_shown(outside: Outside) -> None:
    authority = known(outside, credentials="Basic em9uZTpnZWhlaW0=")
    ask(authority, DIGEST, clock=clock)
    assert outside.authorizations == ["Basic em9uZTpnZWhlaW0="]
    assert "em9uZTpnZWhlaW0" not in repr(authority)

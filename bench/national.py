"""SM2 through the machine's OpenSSL, beside pure-Python gmssl; tokens of an authority with an SM2 key; the second tree.

What is counted is processor seconds. In the first two no server and no disk is: how much one core does.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from gmssl import func
from gmssl.sm2 import CryptSM2

from bench import server
from bench.batches import Filling, published_size
from bench.row import Row
from zonary.proof.sm2 import SM2PrivateKey
from zonary.proof.timestamp.cms import signed_bytes
from zonary.proof.timestamp.development import SM2_KEYS, create_development_authority, load_certificates
from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.timestamp.verify import verify_token

_SECONDS = 1.5
_SIGNATURES = 1_500
_TIMES_GMSSL = 20
_TOKENS = 1_000
_LEAVES = 200_000
_TIMES_SECOND = 2.5
"""By which a leaf in two trees may cost more than in one: SM3 takes three times what SHA-256 does."""
_PATIENCE = 60.0


class NationalBench:
    """Ours and gmssl's by turns, over the same message; a server with a second tree and one without."""

    def __init__(self, own: Path, env: dict[str, str], rounds: int) -> None:
        self._own = own
        self._env = env
        self._rounds = rounds

    def rows(self) -> Iterator[Row]:
        yield from self._signatures()
        yield from self._second_tree()

    def _signatures(self) -> Iterator[Row]:
        covered = _covered_by_a_token()
        key = SM2PrivateKey.generate()
        peer = CryptSM2(secrets.token_hex(32), key.public_key().point.hex()[2:], asn1=True)
        for size, name in ((128, "128 bytes"), (covered, f"{covered} bytes, as in a token"), (1024, "1 KiB")):
            message = os.urandom(size)
            ours, theirs = [], []
            for _ in range(self._rounds):
                ours.append(_rate(partial(key.sign, message)))
                theirs.append(_rate(partial(_sign_with, peer, message)))
            rate, gmssl = statistics.median(ours), statistics.median(theirs)
            title = f"SM2 signatures with SM3 over {name}"
            yield Row(title, f"{rate:,.0f} /s", "", f"{_SIGNATURES:,}/s", rate / _SIGNATURES)
            times = rate / gmssl
            yield Row("  beside pure-Python gmssl", f"{times:,.1f} x", f"{gmssl:,.0f} /s", f"{_TIMES_GMSSL} x",
                      times / _TIMES_GMSSL)  # fmt: skip
        public, signature = key.public_key(), key.sign(message)
        checked = statistics.median(_rate(lambda: public.verify(signature, message)) for _ in range(self._rounds))
        yield Row("  verified", f"{checked:,.0f} /s", "", "", None)
        yield from self._tokens(message)

    def _tokens(self, message: bytes) -> Iterator[Row]:
        now = datetime.now(UTC)
        made = create_development_authority("Bench", now, keys=SM2_KEYS)
        authority, roots = made.authority(), load_certificates(made.root_pem)
        request = TimestampRequest.new("sm3", hashlib.new("sm3", message).digest()).encode()
        issued = statistics.median(_rate(lambda: authority.respond(request, now)) for _ in range(self._rounds))
        token = TimestampToken.parse(authority.respond(request, now))
        believed = statistics.median(
            _rate(lambda: verify_token(token, data=message, roots=roots)) for _ in range(self._rounds)
        )
        yield Row("timestamp tokens with SM2, certificates included", f"{issued:,.0f} /s", "", f"{_TOKENS:,}/s",
                  issued / _TOKENS)  # fmt: skip
        yield Row("  verified up to the root", f"{believed:,.0f} /s", "", "", None)

    def _second_tree(self) -> Iterator[Row]:
        """What the process that sequences and publishes spends on a leaf, with the second tree and without."""
        spent: dict[str, list[float]] = {"0": [], "1": []}
        for number in range(self._rounds):
            for setting, seconds in spent.items():
                data = self._own / f"second-{number}-{setting}"
                with server.running(data, self._env | {"ZONARY_SECOND_TREE": setting}) as running:
                    before = _processor_seconds(running.pid)
                    Filling(running, data, _LEAVES).run()
                    _wait_for_second(data, wanted=setting == "1")
                    seconds.append((_processor_seconds(running.pid) - before) / _LEAVES)
        without, both = (statistics.median(each) for each in spent.values())
        times, beside = both / without, f"{without * 1e6:.2f} µs in one"
        title = "a leaf, sequenced and published in both trees"
        yield Row(title, f"{both * 1e6:.2f} µs", beside, f"{_TIMES_SECOND} x", _TIMES_SECOND / times)
        yield Row("  times as much as in one", f"{times:.2f} x", "", "", None)


def _covered_by_a_token() -> int:
    """Bytes of what the signature of a real token of SM2 is over: its signed attributes."""
    now = datetime.now(UTC)
    authority = create_development_authority("Bench", now, keys=SM2_KEYS).authority()
    request = TimestampRequest.new("sm3", hashlib.new("sm3", b"data").digest()).encode()
    return len(signed_bytes(TimestampToken.parse(authority.respond(request, now)).signer))


def _processor_seconds(pid: int) -> float:
    """Of the main process, all threads (proc(5), utime and stime); the workers answer requests alone."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _wait_for_second(data: Path, *, wanted: bool) -> None:
    until = time.monotonic() + _PATIENCE
    while wanted and published_size(data / "log" / "sm3") < _LEAVES:
        if time.monotonic() > until:
            raise SystemExit("bench: the second tree falls behind")
        time.sleep(0.05)


def _sign_with(peer: CryptSM2, message: bytes) -> None:
    """As its own pages show it: with a random number of its making."""
    peer.sign_with_sm3(message, func.random_hex(peer.para_len))


def _rate(operation: Callable[[], object]) -> float:
    done, started = 0, time.thread_time()
    while (spent := time.thread_time() - started) < _SECONDS:
        operation()
        done += 1
    return done / spent

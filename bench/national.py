"""SM2 through the machine's OpenSSL, beside pure-Python gmssl; and tokens of an authority with an SM2 key.

No server and no disk is in it, so that what is counted is processor seconds: how much one core does.
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

from gmssl import func
from gmssl.sm2 import CryptSM2

from bench.row import Row
from zonary.proof.sm2 import SM2PrivateKey
from zonary.proof.timestamp.development import SM2_KEYS, create_development_authority, load_certificates
from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.timestamp.verify import verify_token

_SECONDS = 1.5
_SIGNATURES = 1_500
_TIMES_GMSSL = 20
_TOKENS = 1_000


class NationalBench:
    """Ours and gmssl's by turns, over the same message."""

    def __init__(self, rounds: int) -> None:
        self._rounds = rounds

    def rows(self) -> Iterator[Row]:
        key = SM2PrivateKey.generate()
        peer = CryptSM2(secrets.token_hex(32), key.public_key().point.hex()[2:], asn1=True)
        for size, name in ((128, "128 bytes"), (1024, "1 KiB")):
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


def _sign_with(peer: CryptSM2, message: bytes) -> None:
    """As its own pages show it: with a random number of its making."""
    peer.sign_with_sm3(message, func.random_hex(peer.para_len))


def _rate(operation: Callable[[], object]) -> float:
    done, started = 0, time.thread_time()
    while (spent := time.thread_time() - started) < _SECONDS:
        operation()
        done += 1
    return done / spent

"""Timestamp tokens over HTTP, beside the raw signature rate and Sigstore's authority in the same run."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from bench import limits, peers, server, wrk
from bench.row import Row

_CONNECTIONS = 64
_LIMIT = 7_000
_SHARE = 0.3


class TimestampBench:
    """One server for all rounds: tokens leave nothing behind."""

    def __init__(self, own: Path, env: dict[str, str], seconds: int, rounds: int) -> None:
        self._own = own
        self._env = env
        self._seconds = seconds
        self._rounds = rounds

    def rows(self) -> Iterator[Row]:
        ours: list[float] = []
        theirs: list[float] = []
        signatures: list[float] = []
        with (
            server.running(self._own / "timestamps", self._env) as running,
            peers.running_timestamp_server(self._own / "sigstore") as sigstore,
        ):
            for number in range(self._rounds):
                signatures.append(limits.signatures())
                for which in (0, 1) if number % 2 else (1, 0):
                    (ours if which else theirs).append(
                        self._load(f"{running.url}/tsa") if which else self._load(sigstore.url)
                    )
        rate, peer, raw = statistics.median(ours), statistics.median(theirs), statistics.median(signatures)
        yield Row("timestamp tokens over HTTP", f"{rate:,.0f} tokens/s", "", f"{_LIMIT:,}/s", rate / _LIMIT)
        yield Row(
            "  beside the raw P-256 rate", f"{rate / raw:.0%}", f"{raw:,.0f} signatures/s", f"{_SHARE:.0%}",
            rate / raw / _SHARE,
        )  # fmt: skip
        yield Row("  beside timestamp-authority", f"{rate:,.0f} tokens/s", f"{peer:,.0f} tokens/s", "1 x", rate / peer)

    def _load(self, url: str) -> float:
        return wrk.run(
            "post_timestamp", url, connections=_CONNECTIONS, seconds=self._seconds, arguments=("certs",)
        ).rate

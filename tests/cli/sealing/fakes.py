"""A server in memory that hands out real evidence, and can be made to fail at any call."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.proof.package.factory import NOW, Zone

from zonary.cli.sealing.client import NotYetError, Receipt
from zonary.proof.digests import Digests
from zonary.proof.leaf import EVIDENCE, encode_leaf

CALLS = ("reach", "trust", "register", "authority_chain", "timestamp", "log_proof")


@dataclass
class FakeServer:
    """Has the calls of :class:`zonary.cli.sealing.client.Server`.

    :ivar fail_at: (call, how many times it went well before) -> what is raised then, once.
    """

    zone: Zone = field(default_factory=Zone)
    url: str = "http://127.0.0.1:8000"
    is_private: bool = True
    records: dict[str, bytes] = field(default_factory=dict)
    """Idempotency key -> leaf."""
    calls: Counter[str] = field(default_factory=Counter)
    fail_at: dict[tuple[str, int], BaseException] = field(default_factory=dict)
    unpublished: int = 1
    """How often the proof is not ready yet."""
    token: str | None = None
    ahead: int | None = None

    def reach(self) -> None:
        self._count("reach")

    def close(self) -> None:
        pass

    def clock_ahead(self) -> int | None:
        return self.ahead

    def trust(self) -> bytes:
        self._count("trust")
        return self.zone.trust.encode()

    def register(self, digests: Mapping[str, str], idempotency_key: str) -> Receipt:
        self._count("register")
        leaf = encode_leaf(EVIDENCE, Digests.from_hex(digests["sha256"], digests["sm3"]))
        assert self.records.setdefault(idempotency_key, leaf) == leaf
        return Receipt(f"record-{idempotency_key[:8]}", base64.b64encode(leaf).decode())

    def authority_chain(self) -> bytes:
        self._count("authority_chain")
        return self.zone.tsa.ca_pem

    def timestamp(self, request: bytes) -> bytes:
        self._count("timestamp")
        return self.zone.tsa.authority().respond(request, NOW)

    def log_proof(self, record: str) -> bytes:
        self._count("log_proof")
        if self.calls["log_proof"] <= self.unpublished:
            raise NotYetError("The server at {url} refuses for now: {detail}", url=self.url, detail="wait")
        leaf = next(leaf for key, leaf in self.records.items() if record == f"record-{key[:8]}")
        return self.zone.proof(leaf)

    def _count(self, call: str) -> None:
        error = self.fail_at.pop((call, self.calls[call]), None)
        if error is not None:
            raise error
        self.calls[call] += 1

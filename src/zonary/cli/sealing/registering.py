"""Registering a prepared seal, waiting for the log, and collecting the evidence for its package.

Everything the server hands out is verified against the pinned trust before it is kept in the work directory; what is
kept there already is not asked for again.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Generic, TypeVar

from zonary.cli.sealing.client import NotYetError, Receipt, Server, ServerError
from zonary.cli.sealing.preparing import Prepared
from zonary.cli.sealing.work import Work, WorkError
from zonary.proof.trust import Trust

PUBLISH_SECONDS = 120.0
"""How long we wait for the log; it is meant to take one or two."""
_FIRST_POLL, _LAST_POLL = 0.02, 0.5

_RECORD = "record.json"
_PROOF = "statement.tlog-proof"
_PACKAGE_TOKEN = "package.tst"  # noqa: S105 - a timestamp token, and no secret
_PLAIN_TOKEN = "plain.tsr"  # noqa: S105 - as above
_CHAIN = "ca.pem"
_PACKAGE = "package.zonary"

_T = TypeVar("_T")


class NotPublishedError(ServerError):
    """The log did not publish in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What there is to tell about a finished seal."""

    record: str
    index: int
    size: int
    origin: str
    time: datetime
    authority: str
    development: bool


class Registration:
    """One prepared seal on its way into the log of ``server`` and into a package.

    :param connect: a new connection to the server, for a thread of its own.
    """

    def __init__(self, work: Work, prepared: Prepared, trust: Trust, connect: Callable[[], Server]) -> None:
        self._work = work
        self._prepared = prepared
        self._trust = trust
        self._connect = connect

    def run(self) -> tuple[Sealed, IO[bytes]]:
        """Register, wait, collect, verify; the result is told, and the finished package, open and not yet durable.

        :raises ServerError: when the server cannot be reached, refuses, or does not publish in time.
        :raises VerificationError: when what it hands out does not hold.
        """
        beginning = Background(self._begin_package)
        stamping = Background(self._timestamps)
        record, index = self._record()
        proof, index, size, origin = self._proof(record, index)
        tokens = stamping.result()
        file, writer = beginning.result()
"""to be continued"""

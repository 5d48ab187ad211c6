"""A file that has arrived, looked at whole: its digests, and what it is."""

from __future__ import annotations

import hmac
import os
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from zonary.foundation.documents.age_files import AGE, recipients_of, require_escrow
from zonary.foundation.documents.announcements import Announcement
from zonary.foundation.documents.errors import RefusedContentError
from zonary.foundation.documents.sniffing import LOOKED_AT, sniff
from zonary.proof.digests import Digests, Hasher, hasher

AGE_TYPE = "application/x-age-encryption"
_PIECE_BYTES = 1024 * 1024
_CAUGHT_UP_BYTES = 128 * 1024 * 1024
"""Read at most with one piece of what came by other processes; the rest when the next piece comes, or the last has."""
_REMEMBERED = 256
"""Uploads whose digests so far are in memory; others are begun again."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a file consists of."""

    digests: Digests
    size: int
    media_type: str


def encryption_of(media_type: str) -> str:
    """How a file of that type is encrypted, or empty."""
    return AGE if media_type == AGE_TYPE else ""


@dataclass(slots=True)
class _State:
    """The digests of the first ``size`` bytes of a file."""

    size: int
    sha256: Hasher
    sm3: Hasher

    def add(self, piece: bytes) -> None:
        self.sha256.update(piece)
        self.sm3.update(piece)
        self.size += len(piece)

    def catch_up(self, staged: Path, until: int) -> None:
        """Take in what ``staged`` has up to ``until``."""
        if self.size >= until:
            return
        with staged.open("rb") as file:
            file.seek(self.size)
            while self.size < until and (piece := file.read(min(_PIECE_BYTES, until - self.size))):
                self.add(piece)


class Hashing:
    """The digests of files while they arrive. Of what came by another process, or before a restart, a part is read with
    each piece, so that little is left to be read when the last one has come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: OrderedDict[str, _State] = OrderedDict()

    def update(self, public_id: str, staged: Path, offset: int, piece: bytes) -> None:
        """``piece`` was added to ``staged`` at ``offset``; one caller at a time for each upload."""
        state = self._take(public_id, offset)
        state.catch_up(staged, min(offset, state.size + _CAUGHT_UP_BYTES))
        if state.size == offset:
            state.add(piece)
        with self._lock:
            self._states[public_id] = state
            if len(self._states) > _REMEMBERED:
                self._states.popitem(last=False)

    def finish(self, public_id: str, staged: Path, size: int) -> Digests:
        """The digests of all ``size`` bytes."""
        state = self._take(public_id, size)
        state.catch_up(staged, size)
        return Digests(state.sha256.digest(), state.sm3.digest())

    def forget(self, public_id: str) -> None:
        with self._lock:
            self._states.pop(public_id, None)

    def _take(self, public_id: str, most: int) -> _State:
        """What is known of the first bytes, ``most`` at most: of more, which were written over, nothing is."""
        with self._lock:
            state = self._states.pop(public_id, None)
        return state if state is not None and state.size <= most else _State(0, hasher("sha256"), hasher("sm3"))


HASHING = Hashing()


def examine(staged: Path, public_id: str, announced: Announcement) -> Arrived:
    """What the whole file ``staged`` consists of.

    :raises RefusedContentError: when that is not what was ``announced``.
    """
    size = staged.stat().st_size
    digests = HASHING.finish(public_id, staged, size)
    if announced.sha256 and not hmac.compare_digest(digests.sha256.hex(), announced.sha256):
        raise RefusedContentError(
            "What arrived has another SHA-256 than was announced. It was not kept; send the file again."
        )
    head, tail = _ends(staged, size)
    media_type = sniff(head, tail)
    if announced.encryption:
        recipients = recipients_of(head, size)
        if announced.escrow:
            require_escrow(recipients)
    return Arrived(digests, size, media_type)


def _ends(staged: Path, size: int) -> tuple[bytes, bytes]:
    with staged.open("rb") as file:
        head = file.read(LOOKED_AT)
        file.seek(max(0, size - LOOKED_AT), os.SEEK_SET)
        return head, file.read(LOOKED_AT)

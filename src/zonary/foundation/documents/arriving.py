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
_REMEMBERED = 256
"""Uploads whose digests so far are in memory; of others the file is read once more when it is whole."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a file consists of."""

    digests: Digests
    size: int
    media_type: str


def encryption_of(media_type: str) -> str:
    """How a file of that type is encrypted, or empty."""
    return AGE if media_type == AGE_TYPE else ""


class Hashing:
    """The digests of files while they arrive here. What is lost of this, or goes by another process, is read again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: OrderedDict[str, tuple[int, Hasher, Hasher]] = OrderedDict()

    def update(self, public_id: str, offset: int, piece: bytes) -> None:
        """``piece`` was added at ``offset``; one caller at a time for each upload."""
        with self._lock:
            state = self._states.pop(public_id, None)
        if offset == 0:
            state = (0, hasher("sha256"), hasher("sm3"))
        if state is None or state[0] != offset:
            return
        _, sha256, sm3 = state
        sha256.update(piece)
        sm3.update(piece)
        with self._lock:
            self._states[public_id] = (offset + len(piece), sha256, sm3)
            if len(self._states) > _REMEMBERED:
                self._states.popitem(last=False)

    def finish(self, public_id: str, size: int) -> Digests | None:
        """The digests of all ``size`` bytes, if all of them came by here."""
        with self._lock:
            state = self._states.pop(public_id, None)
        return Digests(state[1].digest(), state[2].digest()) if state is not None and state[0] == size else None

    def forget(self, public_id: str) -> None:
        with self._lock:
            self._states.pop(public_id, None)


HASHING = Hashing()


def examine(staged: Path, public_id: str, announced: Announcement) -> Arrived:
    """What the whole file ``staged`` consists of.

    :raises RefusedContentError: when that is not what was ``announced``.
    """
    size = staged.stat().st_size
    digests = HASHING.finish(public_id, size) or _digests(staged)
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


def _digests(staged: Path) -> Digests:
    sha256, sm3 = hasher("sha256"), hasher("sm3")
    with staged.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            sha256.update(piece)
            sm3.update(piece)
    return Digests(sha256.digest(), sm3.digest())

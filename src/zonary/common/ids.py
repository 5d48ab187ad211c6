"""Public identifiers: UUID version 7 (RFC 9562 §5.7), in the usual 36 characters.

Beginning with the time, they are written at the end of an index instead of all over it; the 73 random bits make them
impossible to guess and free of any count. Those of a batch follow each other by one, so that a batch keeps only its
first.
"""

from __future__ import annotations

import os
from datetime import datetime

_RANDOM_BITS = 80
_LOW_BITS = 48
MAX_CONSECUTIVE = 1 << (_LOW_BITS - 1)
"""Identifiers that may follow one made by :func:`new_id` without changing more than its last twelve digits."""


def new_id(at: datetime) -> str:
    """One identifier made at the moment ``at``."""
    drawn = int.from_bytes(os.urandom(_RANDOM_BITS // 8), "big")
    # The four bits of the version, the two of the variant, and one left free for what a batch adds.
    marked = drawn & ~(0xF << 76 | 0x3 << 62 | 1 << (_LOW_BITS - 1)) | (0x7 << 76 | 0x2 << 62)
    digits = f"{int(at.timestamp() * 1000) << _RANDOM_BITS | marked:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def first_id_at(at: datetime) -> str:
    """The smallest identifier that can be made in the millisecond of ``at``: those made before it are smaller."""
    digits = f"{int(at.timestamp() * 1000) << _RANDOM_BITS | 0x7 << 76 | 0x2 << 62:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def consecutive(first: str, count: int) -> list[str]:
    """``first`` and those that follow it: ``count`` in all, at most ``MAX_CONSECUTIVE``."""
    head, low = first[:-12], int(first[-12:], 16)
    return [f"{head}{number:012x}" for number in range(low, low + count)]


def consecutive_after(first: str, steps: int) -> str:
    """The identifier ``steps`` after ``first``."""
    return f"{first[:-12]}{int(first[-12:], 16) + steps:012x}"


def distance(first: str, other: str) -> int:
    """How far ``other`` comes after ``first``; negative when before."""
    return int(other.replace("-", ""), 16) - int(first.replace("-", ""), 16)

"""Public identifiers: UUID version 7 (RFC 9562 §5.7), in the usual 36 characters.

Beginning with the time, they are written at the end of an index instead of all over it; the 74 random bits
make them impossible to guess and free of any count.
"""

from __future__ import annotations

import os
from datetime import datetime

_RANDOM_BYTES = 10
_RANDOM_BITS = 8 * _RANDOM_BYTES


def new_id(at: datetime) -> str:
    """One identifier made at the moment ``at``."""
    return new_ids(1, at)[0]


def new_ids(count: int, at: datetime) -> list[str]:
    """``count`` identifiers made at the same moment, in ascending order."""
    pool = os.urandom(_RANDOM_BYTES * count)
    prefix = int(at.timestamp() * 1000) << _RANDOM_BITS
    drawn = (int.from_bytes(pool[n : n + _RANDOM_BYTES], "big") for n in range(0, len(pool), _RANDOM_BYTES))
    return [_text(prefix | number) for number in sorted(map(_marked, drawn))]


def _marked(number: int) -> int:
    """80 random bits with the four of the version and the two of the variant put in their places."""
    return number & ~(0xF << 76 | 0x3 << 62) | (0x7 << 76 | 0x2 << 62)


def _text(value: int) -> str:
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

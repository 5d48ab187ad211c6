"""Asking one time source what time it is: a client of SNTP, version 4 (RFC 5905 §14, RFC 4330).

One datagram there and one back, bounded in time; what comes back is believed only so far as it answers what was asked.
The source itself may lie: whoever compares asks several.
"""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from zonary.proof.errors import Error

PORT: Final = 123
SECONDS: Final = 3.0
"""For one answer. A round trip that takes longer says too little of the time."""
_PACKET = struct.Struct(">BBbb II4s 8s 8s II II".replace(" ", ""))
_REQUEST_HEAD: Final = 0b00_100_011
"""No leap warning, version 4, mode 3: a client."""
_UNSYNCHRONISED, _SERVER, _MOST_STRATUM = 3, 4, 15
_SINCE_1900 = 2_208_988_800
"""Seconds from 1900, where NTP begins to count, to 1970."""
_ERA = 1 << 32
_FIXED: Final = 1 << 16
"""Root delay and dispersion are counted in such parts of a second."""
_MOST_DISTANCE: Final = timedelta(seconds=1)

Nanoseconds = Callable[[], int]


class TimeSourceError(Error):
    """The source gave no time that can be used."""


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much our clock is behind the source's; less than nothing where it is ahead.

    :ivar error: how far that may be off: half the round trip, and what the source says of itself.
    """

    behind: timedelta
    error: timedelta

    def exceeds(self, bound: timedelta) -> bool:
        """Whether our clock is surely further off than ``bound``, if the source is right."""
        return abs(self.behind) - self.error > bound


def compare(host: str, port: int = PORT, *, real: Nanoseconds = time.time_ns, seconds: float = SECONDS) -> Difference:
    """Ask the source at ``host`` once.

    :param real: our clock, in nanoseconds since 1970.
    :raises TimeSourceError: when it does not answer, or not what can be used.
    """
    asked = os.urandom(8)  # where our time would stand: nobody needs it, and nobody can guess this
    request = struct.pack(">B39s8s", _REQUEST_HEAD, b"", asked)
    try:
        [(family, kind, protocol, _name, address), *_others] = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        with socket.socket(family, kind, protocol) as connected:
            connected.settimeout(seconds)
            connected.connect(address)  # so that only this address is heard
            began, sent = time.monotonic(), real()
            connected.send(request)
            answer = connected.recv(512)
            came, took = real(), time.monotonic() - began
    except TimeoutError:
        raise TimeSourceError("It did not answer in time.") from None
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise TimeSourceError("It cannot be reached: {reason}.", reason=reason) from None
    if abs((came - sent) / 1e9 - took) > 0.1:
        raise TimeSourceError("Our own clock was set while it answered.")
    return _read(answer, asked, sent, came)


def _read(answer: bytes, asked: bytes, sent: int, came: int) -> Difference:
    if len(answer) < _PACKET.size:
        raise TimeSourceError("What it answered is no time.")
    head, stratum, _poll, _precision, delay, dispersion, kiss, _set, origin, *times = _PACKET.unpack(
        answer[: _PACKET.size]
    )
    if origin != asked or head & 0b111 != _SERVER:
        raise TimeSourceError("What it answered is not for what was asked.")
    if stratum == 0:
        code = kiss.decode("ascii", "replace") if kiss.isalnum() else "?"
        raise TimeSourceError("It refuses to tell the time ({code}).", code=code)
    distance = timedelta(seconds=delay / 2 / _FIXED + dispersion / _FIXED)
    if head >> 6 == _UNSYNCHRONISED or stratum > _MOST_STRATUM or not any(times[2:]) or distance > _MOST_DISTANCE:
        raise TimeSourceError("It says itself that it does not know the time well.")
    arrived, left = _near(times[0], times[1], sent), _near(times[2], times[3], came)
    behind = ((arrived - sent) + (left - came)) // 2
    round_trip = max(0, (came - sent) - (left - arrived))
    return Difference(_duration(behind), _duration(round_trip // 2) + distance)


def _near(seconds: int, fraction: int, ours: int) -> int:
    """A time of NTP in nanoseconds since 1970; of those 136 years apart the one next to ours."""
    found = seconds - _SINCE_1900
    era = round((ours / 1e9 - found) / _ERA)
    return (found + era * _ERA) * 10**9 + (fraction * 10**9 >> 32)


def _duration(nanoseconds: int) -> timedelta:
    return timedelta(microseconds=nanoseconds // 1000)

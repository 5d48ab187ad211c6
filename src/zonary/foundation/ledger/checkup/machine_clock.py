"""Whether the machine's clock can be believed: what the kernel says of it, and what the log does."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from datetime import datetime

from zonary.common.clock import TOLERANCE, to_the_second
from zonary.foundation.ledger.checkup.findings import Finding, Severity
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.queries import log_status
from zonary.proof.package.report import Sentence

_UNSYNCHRONISED = 0x40  # STA_UNSYNC of <sys/timex.h>


class _Timex(ctypes.Structure):
    """``struct timex`` up to what is read of it, and room for the rest (<sys/timex.h>; adjtimex(2))."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("frequency", ctypes.c_long),
        ("maximum_error", ctypes.c_long),
        ("estimated_error", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 256),
    )


def kernel_says_synchronised() -> bool | None:
    """Whether something (an NTP daemon, usually) keeps the clock and told the kernel so; None when it does not say."""
    timex = _Timex()  # modes 0: asked, nothing set
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    except (AttributeError, OSError):
        return None  # not a Linux, or one whose C library has no such call
    return None if state < 0 else not timex.status & _UNSYNCHRONISED


def check_synchronised(
    _data: DataDirectory, now: datetime, ask: Callable[[], bool | None] = kernel_says_synchronised
) -> Iterator[Finding]:
    synchronised = ask()
    told = {"time": to_the_second(now)}
    if synchronised:
        found = Sentence("The clock shows {time}; the kernel says that it is synchronised.", told)
        yield Finding("clock", Severity.OK, found)
        return
    yield Finding(
        "clock",
        Severity.WARNING,
        Sentence("The clock shows {time}; whether it is synchronised cannot be told here.", told)
        if synchronised is None
        else Sentence("The clock shows {time}; the kernel says that nothing synchronises it.", told),
        Sentence(
            "Compare it with another clock. Have chrony or systemd-timesyncd keep it (timedatectl set-ntp true), on "
            "the host if this is a container."
        ),
    )


def check_clock_against_log(_data: DataDirectory, now: datetime) -> Iterator[Finding]:
    status = log_status(MAIN)
    if status is None:
        return
    told = {"time": to_the_second(now), "signed": to_the_second(status.signed_at)}
    # A small step back is bridged by the server, and what it signs is that much ahead; and it may sign at this moment.
    if now + TOLERANCE >= status.signed_at:
        found = Sentence("The clock is not behind the last checkpoint, which was signed at {signed}.", told)
        yield Finding("clock-and-log", Severity.OK, found)
        return
    yield Finding(
        "clock-and-log",
        Severity.FAULT,
        Sentence("The clock shows {time}, but the last checkpoint was signed at {signed} already.", told),
        Sentence(
            "Set the clock right, then restart the server. If the clock is right now, it was ahead when that was "
            "signed: note down from when to when, for the times recorded meanwhile are wrong."
        ),
    )

"""``python -m zonary.services.evidence.capture.browsing``: one capture, ordered on standard input."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import resource
import signal
import sys

from zonary.services.evidence.capture.browsing.opening import Opening
from zonary.services.evidence.capture.browsing.orders import Order, Teller

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_FILE_BYTES = 512 * 1024**2
_FILES = 4096


def give_up_rights() -> None:
    """What this process and all it starts cannot do from now on, and when it ends."""
    with contextlib.suppress(OSError):  # a unit may deny it (@resources of systemd); it is a courtesy
        os.nice(5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if sys.platform == "linux":
        library = ctypes.CDLL(None, use_errno=True)
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def main() -> int:
    order = Order.decode(sys.stdin.buffer.readline())
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no step
    give_up_rights()
    tell = Teller(order.began, out)
    seen = asyncio.run(Opening(order, tell).run())
    tell.send({"seen": seen})
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A worker must not outlive the server that started it: it would hold the port, and nobody would sequence."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

_PR_SET_PDEATHSIG = 1
_SECONDS = 1.0


def die_with(parent: int) -> None:
    """Have this process end when the process ``parent``, which started it, does, however that ended.

    On Linux the kernel sees to it at once; everywhere, and should the kernel refuse, a thread looks once a second.
    """
    # A group of its own: an interrupt typed at the terminal goes to the parent, which stops this process in order.
    os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)

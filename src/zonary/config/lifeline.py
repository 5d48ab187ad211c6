"""A worker must not outlive the server that started it: it would hold the port, and nobody would sequence."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading

_PR_SET_PDEATHSIG = 1


def die_with_server() -> None:
    """Have this process end when the server that started it does, however that ended.

    A thread waits for the end of the server. On Linux the kernel also ends this process with the one that it was
    forked off, which ends with the server.
    """
    # A group of its own: an interrupt typed at the terminal goes to the server, which stops this process in order.
    os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_watch, name="lifeline", daemon=True).start()


def _watch() -> None:
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        os.kill(os.getpid(), signal.SIGKILL)

"""Half the top rate for ten minutes or so: memory and latency have to stay flat."""

from __future__ import annotations

import os
import socket
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.processes import family

from bench import machine, server, wrk

_CLIENTS = 160
_WINDOWS = 10
_END = 3
"""Windows at either end that are compared: one alone may have had a neighbour on the machine."""


@dataclass
class Window:
    """A tenth of the run: latencies in seconds, and the server's memory at its end in bytes."""

    seconds: list[float] = field(default_factory=list)
    memory: float = 0.0


def soak(own: Path, env: dict[str, str], seconds: int, warm: int) -> None:
    """Print ten windows: rate, median and p99 of the acknowledgement, memory of all processes."""
    with server.running(own / "soak", env | {"ZONARY_OPEN_LOG": "1"}) as running:
        top = wrk.run("post_leaf", f"{running.url}/openlog/add", connections=256, seconds=warm).rate
        print(f"top rate {top:,.0f} adds/s; {seconds} s at half of it")
        print(f"{'window':>8}{'adds/s':>10}{'median':>10}{'p99':>10}{'memory':>10}", flush=True)
        windows = [Window() for _ in range(_WINDOWS)]
        refused: list[bytes] = []
        began = time.perf_counter()
        clients = [
            threading.Thread(target=_client, args=(running.port, windows, refused, began, seconds, top / 2, number))
            for number in range(_CLIENTS)
        ]
        for client in clients:
            client.start()
        for number, window in enumerate(windows):
            time.sleep(max(0.0, began + (number + 1) * seconds / _WINDOWS - time.perf_counter()))
            window.memory = float(sum(map(machine.pss, family(running.pid))))
            rate, median = len(window.seconds) * _WINDOWS / seconds, statistics.median(window.seconds)
            print(
                f"{number + 1:>8}{rate:>10,.0f}{median * 1e3:>7.1f} ms{_p99(window) * 1e3:>7.1f} ms"
                f"{window.memory / 1e6:>7.0f} MB",
                flush=True,
            )
        for client in clients:
            client.join()
    if refused:
        raise SystemExit(f"bench: an addition was answered with {refused[0][:200]!r}")
    early, late = windows[:_END], windows[-_END:]
    print(f"\nlast {_END} windows beside the first {_END}:", end=" ")
    print(f"memory {_middle(late, _memory) / _middle(early, _memory):.2f} x,", end=" ")
    print(f"p99 {_middle(late, _p99) / _middle(early, _p99):.2f} x")


def _memory(window: Window) -> float:
    return window.memory


def _p99(window: Window) -> float:
    return statistics.quantiles(window.seconds, n=100)[98]


def _middle(windows: list[Window], figure: Callable[[Window], float]) -> float:
    return statistics.median(map(figure, windows))


def _client(
    port: int, windows: list[Window], refused: list[bytes], began: float, seconds: int, total: float, number: int
) -> None:
    """Adds at its share of ``total``, each addition due at its own moment whether or not the one before was late."""
    rate = total / _CLIENTS
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    head = b"POST /openlog/add HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 64\r\n\r\n"
    due = began + number / rate / _CLIENTS
    while due < began + seconds:
        time.sleep(max(0.0, due - time.perf_counter()))
        started = time.perf_counter()
        # Written by hand, because a client that takes as long as the server would measure itself. The answer is a few
        # hundred bytes, sent at once.
        connection.sendall(head + os.urandom(64))
        answer = connection.recv(4096)
        if not answer.startswith(b"HTTP/1.1 200 "):
            refused.append(answer)
            return
        now = time.perf_counter()
        windows[min(int((started - began) / seconds * _WINDOWS), _WINDOWS - 1)].seconds.append(now - started)
        due += 1 / rate
    connection.close()

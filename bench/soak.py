"""Half the top rate for ten minutes or so: memory and latency have to stay flat."""

from __future__ import annotations

import os
import socket
import statistics
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.processes import family

from bench import machine, server, wrk

_CLIENTS = 48
_WINDOWS = 10


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
        began = time.perf_counter()
        clients = [
            threading.Thread(target=_client, args=(running.port, windows, began, seconds, top / 2 / _CLIENTS, number))
            for number in range(_CLIENTS)
        ]
        for client in clients:
            client.start()
        for number, window in enumerate(windows):
            time.sleep(max(0.0, began + (number + 1) * seconds / _WINDOWS - time.perf_counter()))
            window.memory = float(sum(map(machine.pss, family(running.pid))))
            times = sorted(window.seconds)
            print(
                f"{number + 1:>8}{len(times) * _WINDOWS / seconds:>10,.0f}{statistics.median(times) * 1e3:>7.1f} ms"
                f"{times[int(len(times) * 0.99)] * 1e3:>7.1f} ms{window.memory / 1e6:>7.0f} MB",
                flush=True,
            )
        for client in clients:
            client.join()


def _client(port: int, windows: list[Window], began: float, seconds: int, rate: float, number: int) -> None:
    """Adds at ``rate``, each addition due at its own moment whether or not the one before was late."""
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
            raise SystemExit(f"bench: an addition was answered with {answer[:200]!r}")
        now = time.perf_counter()
        windows[min(int((started - began) / seconds * _WINDOWS), _WINDOWS - 1)].seconds.append(now - started)
        due += 1 / rate
    connection.close()

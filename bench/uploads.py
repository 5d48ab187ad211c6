"""A document of up to 5 GiB through tus: how fast it comes in whole, and what memory the server takes for it.

How fast is told, and no claim: both digests are taken of every byte, which is on disk before it is acknowledged.
"""

from __future__ import annotations

import base64
import http.client
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.servers.processes import family

from bench import machine, server
from bench.row import Row

BYTES = 5 * 1024**3
_PATCH_BYTES = 64 * 1024**2
"""Of one request, as a client on a steady line sends it; the server takes it in pieces of its own."""
_MEMORY = 500e6
_MIB = 1024**2
_SAMPLE_SECONDS = 0.2


class UploadBench:
    """One upload by the operator's token, into the data directory."""

    def __init__(self, own: Path, env: dict[str, str]) -> None:
        self._own = own
        self._env = env

    def rows(self, size: int = BYTES) -> Iterator[Row]:
        """:param size: bytes of the document."""
        data = self._own / "uploads"
        with server.running(data, self._env) as running:
            token = (data / "token").read_text("utf-8").strip()
            ended, peak = threading.Event(), [0]
            watching = threading.Thread(target=_watch, args=(running.pid, ended, peak))
            watching.start()
            try:
                seconds = _upload(running.port, token, size)
            finally:
                ended.set()
                watching.join()
        rate = size / _MIB / seconds
        title = f"upload of {size / _MIB:,.0f} MiB through tus"
        yield Row(title, f"{rate:.1f} MiB/s", "", "", None)
        yield Row("  memory of the server", f"{peak[0] / 1e6:.0f} MB", "", f"{_MEMORY / 1e6:.0f} MB", _MEMORY / peak[0])


def _watch(pid: int, ended: threading.Event, peak: list[int]) -> None:
    while not ended.wait(_SAMPLE_SECONDS):
        peak[0] = max(peak[0], sum(map(machine.pss, family(pid))))


def _upload(port: int, token: str, size: int) -> float:
    """Seconds from the first byte until it is a document."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    common = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}
    name = base64.b64encode(b"large.bin").decode("ascii")
    begun = {"Upload-Length": str(size), "Upload-Metadata": f"filename {name}"}
    where = _ask(connection, "POST", "/api/v1/uploads", None, common | begun, 201)["location"]
    piece = bytes(range(256)) * (_PATCH_BYTES // 256)
    began, offset, last = time.perf_counter(), 0, {}
    while offset < size:
        body = memoryview(piece)[: min(_PATCH_BYTES, size - offset)]
        kind = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        last = _ask(connection, "PATCH", where, body, common | kind, 204)
        offset += len(body)
    seconds = time.perf_counter() - began
    connection.close()
    if "zonary-document" not in last:
        raise SystemExit("bench: the upload became no document")
    return seconds


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: memoryview | None,
    headers: dict[str, str],
    status: int,
) -> dict[str, str]:
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    told = response.read()
    if response.status != status:
        raise SystemExit(f"bench: {method} {path} was answered {response.status}: {told[:300]!r}")
    return {key.lower(): value for key, value in response.getheaders()}

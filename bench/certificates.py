"""Evidence certificates: one as its holder waits for it, a thousand in one file; each issued, drawn and signed."""

from __future__ import annotations

import hashlib
import io
import json
import statistics
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

from bench import server
from bench.row import Row

_ONE_SECONDS = 1.0
_MANY_SECONDS = 300.0
_FULL = 1000
_PUBLISHED_SECONDS = 60


class CertificateBench:
    """A server on SQLite; records of one file each, their timestamps made as their certificates are asked for."""

    def __init__(self, own: Path, env: dict[str, str], rounds: int) -> None:
        self._data = own / "certificates"
        self._env = env
        self._rounds = rounds
        self._url = ""

    def rows(self, many: int) -> Iterator[Row]:
        with server.running(self._data, self._env) as running:
            self._url = running.url
            records = self._registered(many + self._rounds + 1)
            self._one(records.pop())  # the first of a process loads typst, its fonts and pyHanko
            seconds = statistics.median(self._one(records.pop()) for _ in range(self._rounds))
            yield Row("one certificate, issued and fetched", f"{seconds:.2f} s", "", "1 s", _ONE_SECONDS / seconds)
            began = time.perf_counter()
            content = self._ask("POST", "/evidence/certificates", {"records": records})
            taken = time.perf_counter() - began
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.namelist()) != many or archive.testzip() is not None:
                raise SystemExit("bench: not every certificate came")
        limit = _MANY_SECONDS * many / _FULL
        said = f"{limit:.0f} s"
        yield Row(f"{many:,} certificates in a ZIP file", f"{taken:.1f} s", f"{len(content) / 1e6:.0f} MB", said,
                  limit / taken)  # fmt: skip

    def _registered(self, count: int) -> list[str]:
        """Ids of so many records that are published."""
        items = []
        for number in range(count):
            content = b"certificate %d" % number
            digests = {"sha256": hashlib.sha256(content).hexdigest(), "sm3": hashlib.new("sm3", content).hexdigest()}
            items.append({"digest": digests})
        made = json.loads(self._ask("POST", "/evidence/batch", {"items": items}))
        records = [str(each["id"]) for each in made["receipts"]]
        until = time.monotonic() + _PUBLISHED_SECONDS
        while json.loads(self._ask("GET", f"/evidence/{records[-1]}"))["stage"] != "published":
            if time.monotonic() > until:
                raise SystemExit("bench: the log did not publish the records")
            time.sleep(0.2)
        return records

    def _one(self, record: str) -> float:
        began = time.perf_counter()
        self._ask("POST", f"/evidence/{record}/certificate")
        content = self._ask("GET", f"/evidence/{record}/certificate")
        if not content.startswith(b"%PDF-"):
            raise SystemExit("bench: no certificate came")
        return time.perf_counter() - began

    def _ask(self, method: str, path: str, value: object = None) -> bytes:
        token = (self._data / "token").read_text("ascii").strip()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = None if value is None else json.dumps(value).encode()
        request = urllib.request.Request(f"{self._url}/api/v1{path}", body, headers, method=method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310 - our own server
            content: bytes = answer.read()
        return content

"""What a browser does with files: how fast it hashes, what 20,000 of them take, how soon one is recorded.

Chromium runs the page as people get it. Beside it stand the same digests by OpenSSL, and the whole of ``zonary seal``,
of the same file in the same run.
"""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.browser.visitors import Town, Visitor, drop, found_town
from tests.conftest import RunningServer
from tests.servers.processes import free_port

from bench import data, machine
from bench.row import Row
from bench.verification import verification

FILES = 20_000
CROWD = 200_000
"""More than the list of which is kept at the server: the package is put together in the browser."""
_MEGA = 1e6
_SHA256, _BOTH = 120.0, 55.0
_MANY_SECONDS = 60.0
_RECORDED, _SEQUENCED, _PAINT = 1.0, 3.0, 1.0
_LONGEST = 0.2
"""Of one task of the page: beyond it people notice that it does not answer. Told, and our own limit."""
_SMALL_BYTES = 1024
_ALONE_BYTES = 256 * 1024 * 1024
_ALONE = """async (bytes) => {
  const piece = new Uint8Array(4 << 20), seconds = [];
  for (const made of [await hashwasm.createSHA256(), await hashwasm.createSM3()]) {
    made.init();
    const started = performance.now();
    for (let at = 0; at < bytes; at += piece.length) made.update(piece);
    made.digest();
    seconds.push((performance.now() - started) / 1e3);
  }
  return seconds;
}"""
"""Both digests one after the other, of nothing that had to be read: what the library can do on one core here."""
_LIBRARY = Path(__file__).resolve().parents[1] / "assets" / "node_modules" / "hash-wasm" / "dist" / "index.umd.min.js"
_TIMES = 9
_PATIENCE = 1_800_000
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
_WATCH = """() => {
  window.longest = 0;
  const note = (list) => { for (const task of list.getEntries()) longest = Math.max(longest, task.duration); };
  new PerformanceObserver(note).observe({ entryTypes: ["longtask"] });
}"""
_PAINTED = """() => new Promise((tell) => {
  const first = (list) => tell(list.getEntriesByName("first-contentful-paint")[0].startTime);
  new PerformanceObserver(first).observe({ type: "paint", buffered: true });
})"""


class BrowserBench:
    """A zone, and one person in it at a browser."""

    def __init__(self, root: Path, own: Path, env: dict[str, str]) -> None:
        self._root = root
        self._own = own
        self._env = env

    def rows(self, *, big: int, files: int = FILES, crowd: int = CROWD) -> Iterator[Row]:
        """:param big: bytes of the large file. :param crowd: files of a folder far beyond the usual; 0: none."""
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        if chromium is None:
            yield Row("in a browser", "no Chromium here", "", "", None)
            return
        from playwright.sync_api import sync_playwright

        folder = self._own / "browser"
        folder.mkdir()
        server = RunningServer(folder / "var", free_port(), folder / "config", environment={"ZONARY_DEMO": "1"})
        town = found_town(server)
        try:
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=chromium, args=_ARGUMENTS)
                person = Visitor(town, browser, "林测", lang="en").register()
                person.context.set_default_timeout(_PATIENCE)
                yield from self._hashing(person, data.big_file(self._root, big), server, _alone(browser))
                yield from _many(person, data.small_files(self._root, _SMALL_BYTES, files), files)
                if crowd:
                    yield from _crowd(person, data.small_files(self._root, _SMALL_BYTES, crowd), crowd)
                yield from _one(person, town, self._own)
                yield from _paint(person)
                yield from verification(browser, self._own, self._env)
                browser.close()
        finally:
            server.stop()

    def _hashing(self, person: Visitor, file: Path, server: RunningServer, alone: tuple[float, float]) -> Iterator[Row]:
        """:param alone: MB/s of each digest by the library alone."""
        size = file.stat().st_size
        one = size / _MEGA / _find(person, file)
        both = size / _MEGA / _read(person, file)[0]
        openssl = [size / _MEGA / self._openssl(name, file) for name in ("sha256", "sm3")]
        together = 1 / (1 / openssl[0] + 1 / openssl[1])
        seal = size / _MEGA / self._seal(file, server)
        title = f"SHA-256 of {size / _MEGA:,.0f} MB in the browser"
        yield Row(title, f"{one:.0f} MB/s", f"OpenSSL {openssl[0]:.0f}", f"{_SHA256:.0f} MB/s", one / _SHA256)
        yield Row("  both digests", f"{both:.0f} MB/s", f"OpenSSL {together:.0f}", f"{_BOTH:.0f} MB/s", both / _BOTH)
        turns = 1 / (1 / alone[0] + 1 / alone[1])
        yield Row("  hash-wasm alone: SHA-256", f"{alone[0]:.0f} MB/s", f"ours x {one / alone[0]:.2f}", "", None)
        yield Row("  SM3", f"{alone[1]:.0f} MB/s", f"ours x {both / alone[1]:.2f}", "", None)
        yield Row("  both, one after the other", f"{turns:.0f} MB/s", f"ours x {both / turns:.2f}", "", None)
        yield Row("  zonary seal, the whole of it", f"{seal:.0f} MB/s", "", "", None)

    def _openssl(self, name: str, file: Path) -> float:
        return machine.run(["openssl", "dgst", f"-{name}", str(file)], self._env, self._own)

    def _seal(self, file: Path, server: RunningServer) -> float:
        token = str(server.data / "token")
        command = ["seal", str(file), "-q", "--server", server.url, "--token-file", token, "-o", "browser.zonary"]
        return machine.run([*machine.zonary(), *command], self._env, self._own)


def _alone(browser: Any) -> tuple[float, float]:
    """MB/s of SHA-256 and of SM3 by the library in a page that does nothing else."""
    page = browser.new_page()
    page.add_script_tag(path=_LIBRARY)
    sha256, sm3 = page.evaluate(_ALONE, _ALONE_BYTES)
    page.close()
    return _ALONE_BYTES / _MEGA / sha256, _ALONE_BYTES / _MEGA / sm3


def _open(person: Visitor, path: str = "/evidence/register") -> Any:
    person.goto(path)
    page = person.page
    page.evaluate(_WATCH)
    return page


def _read(person: Visitor, path: Path) -> tuple[float, Any]:
    """Seconds from dropping it until everything is hashed, and the page then."""
    page = _open(person)
    started = time.perf_counter()
    drop(page, path)
    page.wait_for_selector("[data-state=hashed]:visible")
    return time.perf_counter() - started, page


def _find(person: Visitor, file: Path) -> float:
    """Seconds of hashing alone that looking for a file by its SHA-256 takes."""
    page = _open(person, "/evidence/?digest=" + "0" * 64)
    started = time.perf_counter()
    page.set_input_files("[data-find] [data-file]", file)
    page.wait_for_url(lambda address: not address.endswith("0" * 12))
    return time.perf_counter() - started


def _many(person: Visitor, folder: Path, files: int) -> Iterator[Row]:
    started = time.perf_counter()
    _, page = _read(person, folder)
    page.click("[data-register]")
    longest = 0.0
    while person.page.url.endswith("/register"):
        with contextlib.suppress(Exception):  # the page goes while it is asked
            longest = max(longest, _longest(page))
        page.wait_for_timeout(100)
    page.wait_for_url("**/evidence/*-*")
    seconds = time.perf_counter() - started
    limit = f"{_MANY_SECONDS:.0f} s"
    yield Row(f"{files:,} files, dropped until registered", f"{seconds:.1f} s", "", limit, _MANY_SECONDS / seconds)
    yield _longest_row(longest)
    page = _open(person)
    page.evaluate(
        "document.querySelector('[data-folder]').addEventListener('change', (e) => e.stopImmediatePropagation(), true)"
    )
    page.set_input_files("[data-folder]", folder)
    still = f"{_longest(page) * 1e3:.0f} ms"
    yield Row("  chosen instead: while the browser lists it", still, "the browser's own", "", None)


def _longest(page: Any) -> float:
    """Seconds of the longest task of the page so far."""
    return float(page.evaluate("window.longest ?? 0")) / 1e3


def _longest_row(longest: float) -> Row:
    limit = f"{_LONGEST * 1e3:.0f} ms"
    return Row("  longest task of the page", f"{longest * 1e3:.0f} ms", "", limit, _LONGEST / max(longest, 0.001))


def _crowd(person: Visitor, folder: Path, files: int) -> Iterator[Row]:
    """A folder whose list is too long for the server: registered all the same, and its package saved from the page."""
    started = time.perf_counter()
    _, page = _read(person, folder)
    page.click("[data-register]")
    page.wait_for_selector("[data-state=to-save]:visible")
    with page.expect_download() as fetched:
        page.click("[data-package]")
    size = Path(fetched.value.path()).stat().st_size
    seconds, longest = time.perf_counter() - started, _longest(page)
    saved = f"{size / _MEGA:.0f} MB package"
    yield Row(f"{files:,} files, dropped until saved", f"{seconds:.1f} s", saved, "", None)
    yield _longest_row(longest)
    page.click("[data-saved]")
    page.wait_for_url("**/evidence/*-*")


def _one(person: Visitor, town: Town, own: Path) -> Iterator[Row]:
    recorded, sequenced = [], []
    for number in range(_TIMES):
        file = own / f"one-{number}.txt"
        file.write_text(f"{number} {time.time_ns()}")
        _, page = _read(person, file)
        started = time.perf_counter()
        with page.expect_response(lambda answer: answer.url.endswith("/api/v1/evidence")):
            page.click("[data-register]")
        recorded.append(time.perf_counter() - started)
        page.wait_for_url("**/evidence/*-*", wait_until="commit")
        receipt = f"{town.server.url}/api/v1/evidence/{page.url.rpartition('/')[2]}"
        while person.context.request.get(receipt).json()["stage"] == "recorded":
            time.sleep(0.02)
        sequenced.append(time.perf_counter() - started)
    middle, worst = sorted(recorded)[_TIMES // 2], max(sequenced)
    yield Row(
        "one file, click until recorded, median", f"{middle * 1e3:.0f} ms", "", f"{_RECORDED:.0f} s", _RECORDED / middle
    )
    yield Row("  until sequenced, the slowest", f"{worst * 1e3:.0f} ms", "", f"{_SEQUENCED:.0f} s", _SEQUENCED / worst)


def _paint(person: Visitor) -> Iterator[Row]:
    slowest, where = 0.0, ""
    for path in ("/", "/evidence/", "/evidence/register"):
        person.goto(path)
        painted = person.page.evaluate(_PAINTED)
        slowest, where = max((slowest, where), (painted / 1e3, path))
    yield Row(
        "first contentful paint, the slowest page",
        f"{slowest * 1e3:.0f} ms",
        where,
        f"{_PAINT:.0f} s",
        _PAINT / slowest,
    )

"""Offline verification of a package with all its layers: by the command, and by the one-file page in Chromium.

The files are read before the clock starts for the page: what hashing takes is measured elsewhere.
"""

from __future__ import annotations

import base64
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.proof.package.factory import Zone

from bench import machine
from bench.row import Row
from zonary.common.verify_page import verify_page

_BY_COMMAND, _BY_PAGE = 1.0, 2.0
_FILES = 10_000
_TIMES = 5
_ASK = """async ([bytes, trust]) => {
  const un = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const what = { package: un(bytes), trusts: [un(trust)], files: null };
  const { en } = await zonary.verify(what);
  const started = performance.now();
  await zonary.verify(what);
  return [en.conclusion, (performance.now() - started) / 1e3];
}"""


def verification(browser: Any, own: Path, env: dict[str, str]) -> Iterator[Row]:
    """:param browser: a Chromium of Playwright's."""
    folder = own / "verification"
    folder.mkdir()
    zone = Zone()
    (folder / "zone.trust").write_bytes(zone.trust.encode())
    (folder / "verify.html").write_bytes(verify_page())
    page = browser.new_page()
    page.goto((folder / "verify.html").as_uri())
    for count in (1, _FILES):
        package = zone.package({b"%d.dwg" % n: b"%d" % n for n in range(count)})
        name = folder / f"{count}.zonary"
        name.write_bytes(package)
        title = (
            f"offline verification, all layers, {count:,} files" if count > 1 else "offline verification, all layers"
        )
        seconds = statistics.median(_by_command(name, folder, env) for _ in range(_TIMES))
        yield Row(title, f"{seconds:.2f} s", "by the command", f"{_BY_COMMAND:.0f} s", _BY_COMMAND / seconds)
        seconds = statistics.median(_by_page(page, package, zone.trust.encode()) for _ in range(_TIMES))
        yield Row("", f"{seconds:.2f} s", "in the browser", f"{_BY_PAGE:.0f} s", _BY_PAGE / seconds)
    page.close()


def _by_command(package: Path, folder: Path, env: dict[str, str]) -> float:
    trust = str(folder / "zone.trust")
    return machine.run([*machine.zonary(), "verify", str(package), "--trust", trust], env, folder)


def _by_page(page: Any, package: bytes, trust: bytes) -> float:
    given = [base64.b64encode(each).decode("ascii") for each in (package, trust)]
    conclusion, seconds = page.evaluate(_ASK, given)
    if "VERIFIED" not in conclusion or "NOT" in conclusion:
        raise RuntimeError(conclusion)
    return float(seconds)

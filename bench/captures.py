"""Capturing an ordinary page: some sixty things of two megabytes together, served on this machine."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from tests.services.evidence.capture.capturing import CHROMIUM, opened
from tests.services.evidence.capture.sites import serve, shop

from bench.row import Row

_PICTURES = 57
_SIZE = (120, 97)
"""Pixels of noise: 35 KB each, so that all together are 2 MB."""
_SECONDS = 20.0


class CaptureBench:
    """From the order to the files, the browser's start and end included; without the network, which differs."""

    def rows(self, rounds: int) -> Iterator[Row]:
        title = f"capture of a page with {_PICTURES + 3} resources"
        if not CHROMIUM:
            yield Row(title, "no Chromium here", "", f"{_SECONDS:.0f} s", None)
            return
        taken = []
        with serve(shop(_PICTURES, _SIZE)) as site:
            for _round in range(rounds):
                began = time.perf_counter()
                with opened(f"{site.url}/", site.host) as (watched, folder):
                    taken.append(time.perf_counter() - began)
                    if watched.seen is None or not (folder / "page.wacz").exists():
                        raise SystemExit("bench: the page was not captured")
                    received = watched.seen["received"]
        seconds = statistics.median(taken)
        limit = f"{_SECONDS:.0f} s"
        yield Row(f"{title}, {received / 1e6:.1f} MB", f"{seconds:.1f} s", "", limit, _SECONDS / seconds)

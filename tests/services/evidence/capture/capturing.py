"""Capturing, for the tests beside this."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.services.evidence.capture.sites import png

AT = datetime(2026, 11, 22, 3, 5, 6, tzinfo=UTC)
CHROMIUM = next(filter(os.path.exists, ("/usr/lib/chromium/chromium", shutil.which("chromium") or "")), "")
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium on this machine")


def turn_on(monkeypatch: pytest.MonkeyPatch, *hosts: str) -> None:
    """Captures are on, and ``hosts`` inside may be captured."""
    from django.conf import settings

    monkeypatch.setattr(settings, "ZONARY_CAPTURE", True)
    monkeypatch.setattr(settings, "ZONARY_CAPTURE_HOSTS", frozenset(hosts))


@contextmanager
def opened(address: str, *hosts: str, goes_on: bool = False, memory: int = 3 * 1024**3, **limits: int) -> Iterator[Any]:
    """What the browsing process saw of ``address``, and the folder it left its files in."""
    from zonary.services.evidence.capture.browsing.orders import Limits, Order
    from zonary.services.evidence.capture.tasks.supervising import browse

    folder = tempfile.mkdtemp(prefix="zonary-test-")
    order = Order(
        address=address,
        goes_on=goes_on,
        hosts=hosts,
        chromium=CHROMIUM,
        is_sandboxed=os.geteuid() != 0,
        folder=folder,
        began=AT.isoformat(),
        limits=Limits(**limits),
    )
    try:
        watched = browse(order, memory=memory, stopping=threading.Event())
        yield watched, Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def steps_of(watched: Any) -> list[str]:
    return [each["step"] for each in watched.steps]


def facts_of(watched: Any, step: str) -> list[dict[str, Any]]:
    return [each["facts"] for each in watched.steps if each["step"] == step]


def sealed_capture(by: Any, address: str = "https://shop.example/", *, subject: str = "", at: datetime = AT) -> Any:
    """A capture that was sealed, of a page nobody opened."""
    from django.conf import settings

    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.ledger.authority import ensure_authority
    from zonary.services.evidence.capture.actions import begin_capture, request_capture
    from zonary.services.evidence.capture.tasks.carrying_out import seal_folder
    from zonary.services.evidence.capture.tasks.sealing import capture_log
    from zonary.services.evidence.capture.tasks.supervising import Watched

    ensure_authority(settings.ZONARY_DATA, at)
    asked = request_capture(address, goes_on=False, subject=subject, by=by, at=at)
    capture = begin_capture(asked, by=SYSTEM, at=at)
    steps = [
        {"at": "2026-11-22T03:05:07.000000Z", "step": "opens", "facts": {"address": address}},
        {"at": "2026-11-22T03:05:08.000000Z", "step": "answered", "facts": {"address": address, "status": 200}},
    ]
    certificate = {"subject": "CN=shop.example", "issuer": "CN=Example", "from": "a", "until": "b", "sha256": "c"}
    chain = {"host": "shop.example", "port": 443, "address": "203.0.113.5", "protocol": "TLSv1.3", "cipher": "AES",
             "pem": [], "reason": "", "certificates": [certificate], "trusted": True}  # fmt: skip
    name = {"host": "shop.example", "port": 443, "answers": ["203.0.113.5"], "connected": "203.0.113.5", "outcome": ""}
    seen = {"outcome": "captured", "title": "星河旗舰店（仿冒）", "final": address, "status": 200, "names": [name],
            "chains": [chain], "browser": {"version": "1.2.3"}}  # fmt: skip
    environment = {"software": "zonary", "system": "x", "kernel": "y", "sandbox": "none", "browser_sha256": "d",
                   "clock": {"kernel_synchronised": "yes"}}  # fmt: skip
    watched = Watched(steps=steps, seen=seen)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "screenshot.png").write_bytes(png(60, 40, seed=hash(address)))
        log = capture_log(capture, watched, environment, began=at, ended=at)
        seal_folder(capture, Path(folder), log, at=at)
    capture.refresh_from_db()
    return capture

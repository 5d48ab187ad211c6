"""Threads that work beside the requests: whatever a piece of work meets, the next is done."""

from __future__ import annotations

import logging
import threading

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")


def test_a_failure_nobody_foresaw_ends_no_thread_and_is_told_once(
    data: object, caplog: pytest.LogCaptureFixture
) -> None:
    from zonary.config.background import BackgroundWork

    done, stopping = threading.Event(), threading.Event()

    class Stumbling(BackgroundWork):
        called, waits, pause = "stumbling", "stumbling waits", 0.001
        pieces = 0

        def work(self) -> bool:
            self.pieces += 1
            if self.pieces <= 3:
                raise LookupError("a piece that cannot be done")
            done.set()
            return False

    thread = Stumbling(lambda: True, stopping)
    with caplog.at_level(logging.WARNING, "zonary.server"):
        thread.start()
        assert done.wait(20)
        stopping.set()
        thread.join(20)
    assert not thread.is_alive()
    assert [each.getMessage() for each in caplog.records] == ["stumbling waits: a piece that cannot be done"]
    assert caplog.records[0].exc_info, "a fault of ours is told with where it happened"


def test_only_who_leads_works(data: object) -> None:
    from zonary.config.background import BackgroundWork

    asked, stopping, worked = threading.Event(), threading.Event(), threading.Event()

    class Waiting(BackgroundWork):
        called, waits, pause = "waiting", "waiting waits", 0.001

        def work(self) -> bool:
            worked.set()
            return False

    def leads() -> bool:
        asked.set()
        return False

    thread = Waiting(leads, stopping)
    thread.start()
    assert asked.wait(20)
    stopping.set()
    thread.join(20)
    assert not worked.is_set()

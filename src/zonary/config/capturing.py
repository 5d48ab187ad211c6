"""Captures are carried out in the background, by whoever leads, one after the other."""

from __future__ import annotations

from zonary.common.clock import now
from zonary.config.background import BackgroundWork
from zonary.services.evidence.capture.tasks.carrying_out import remove_remains, work_off


class Capturing(BackgroundWork):
    """Opens what was asked for; one that was stopped over it tells so later."""

    called, waits = "capturing", "captures wait"

    def begin(self) -> None:
        remove_remains()

    def work(self) -> bool:
        return work_off(now, self.stopping)

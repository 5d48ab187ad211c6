"""Mails and messages to people are sent in the background, by whoever leads."""

from __future__ import annotations

from django.conf import settings

from zonary.common.clock import now
from zonary.config.background import BackgroundWork
from zonary.foundation.notifications.inbox.sending import send_due


class MessagePosting(BackgroundWork):
    """Sends what is due."""

    called, waits, pause = "messages", "messages to people wait", 2.0

    def work(self) -> bool:
        return send_due(now, settings.ZONARY_MESSENGER) > 0

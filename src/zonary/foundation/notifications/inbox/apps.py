from __future__ import annotations

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "zonary.foundation.notifications.inbox"
    label = "inbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from zonary.foundation.accounts.leaving import when_leaving
        from zonary.foundation.ledger.watching import when_recorded
        from zonary.foundation.notifications.inbox import leaving
        from zonary.foundation.notifications.inbox.messages import note_language, tell_people

        when_recorded("inbox", tell_people)
        when_leaving("inbox", erasing=leaving.erase)
        user_logged_in.connect(note_language, dispatch_uid="inbox")

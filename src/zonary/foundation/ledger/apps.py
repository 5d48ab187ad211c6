from __future__ import annotations

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class LedgerConfig(AppConfig):
    name = "zonary.foundation.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.ledger.guard import watch
        from zonary.foundation.ledger.immutability import protect

        connection_created.connect(watch, dispatch_uid="ledger-watch")
        # After whatever is migrated last, in this app or another.
        post_migrate.connect(protect, dispatch_uid="ledger-protect")

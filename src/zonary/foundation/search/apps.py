from __future__ import annotations

from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "zonary.foundation.search"
    label = "search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.ledger.watching import when_recorded
        from zonary.foundation.search.indexing import index_what_changed

        when_recorded("search", index_what_changed)

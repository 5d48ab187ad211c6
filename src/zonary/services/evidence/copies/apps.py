from __future__ import annotations

from django.apps import AppConfig


class CopiesConfig(AppConfig):
    name = "zonary.services.evidence.copies"
    label = "copies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.documents.references import make_known
        from zonary.services.evidence.copies.queries import records_with

        make_known(records_with)

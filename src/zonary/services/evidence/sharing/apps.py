from __future__ import annotations

from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "zonary.services.evidence.sharing"
    label = "sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.services.evidence.sharing.queries import RECORD, section_of_record, title_of_record
        from zonary.services.evidence.sharing.shareable import Shareable, make_shareable

        make_shareable(RECORD, Shareable(title_of_record, section_of_record, "evidence:record"))

from __future__ import annotations

from django.apps import AppConfig


class OnsiteConfig(AppConfig):
    name = "zonary.services.evidence.onsite"
    label = "onsite"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.ledger.watching import when_recorded
        from zonary.services.evidence.onsite.actions import forget_with_record
        from zonary.services.evidence.onsite.queries import records_of_digest, with_record_erased
        from zonary.services.evidence.queries import find_also

        find_also("onsite", records_of_digest)
        when_recorded("onsite", with_record_erased(forget_with_record))

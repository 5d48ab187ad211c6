from __future__ import annotations

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "zonary.services.incentives.matching"
    label = "incentives_matching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.ledger.immutability import declare_append_only
        from zonary.services.incentives.matching.models import Push, StoredDecision

        declare_append_only(StoredDecision, (("id",), ("public_id",)))
        declare_append_only(Push, (("id",), ("public_id",), ("decision_id",), ("measure_id", "subject_id")))

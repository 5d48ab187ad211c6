from __future__ import annotations

from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "zonary.foundation.rules"
    label = "rules"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.ledger.immutability import declare_append_only
        from zonary.foundation.rules.models import FairCompetitionReview, PackRelease

        declare_append_only(FairCompetitionReview, (("id",), ("public_id",)))
        declare_append_only(PackRelease, (("id",), ("public_id",), ("pack", "number"), ("draft_id",)))

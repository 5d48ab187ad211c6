from __future__ import annotations

from django.apps import AppConfig


class FactsConfig(AppConfig):
    name = "zonary.foundation.facts"
    label = "facts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.facts.models import Fact, Reading, ReadingFact, Retraction
        from zonary.foundation.ledger.immutability import declare_append_only

        declare_append_only(Fact, (("id",), ("public_id",), ("supersedes_id",)), emptied=("value", "number"))
        declare_append_only(Retraction, (("id",), ("fact_id",)))
        declare_append_only(Reading, (("id",), ("public_id",)))
        declare_append_only(ReadingFact, (("id",), ("reading_id", "fact_id")))

from __future__ import annotations

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "zonary.services.incentives.library"
    label = "incentives_library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.ledger.immutability import declare_append_only
        from zonary.foundation.rules.citations import look_up_with
        from zonary.services.incentives.library.citing import looked_up
        from zonary.services.incentives.library.models import PolicyDocument, PolicyEdition, Repeal

        declare_append_only(PolicyDocument, (("id",), ("public_id",), ("number",)))
        declare_append_only(PolicyEdition, (("id",), ("public_id",), ("document_id", "number")))
        declare_append_only(Repeal, (("id",), ("public_id",)))
        look_up_with(looked_up)

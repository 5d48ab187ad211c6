from __future__ import annotations

from django.apps import AppConfig


class GrantsConfig(AppConfig):
    name = "zonary.services.incentives.grants"
    label = "incentives_grants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.services.incentives.grants.queries import granted_of
        from zonary.services.incentives.grants.underway import underway_of
        from zonary.services.incentives.matching.underway import say_what_is_underway
        from zonary.services.incentives.measures.budgets import say_what_is_granted

        say_what_is_granted(granted_of)
        say_what_is_underway(underway_of)

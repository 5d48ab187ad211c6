from __future__ import annotations

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "zonary.services.incentives.matching"
    label = "incentives_matching"
    default_auto_field = "django.db.models.BigAutoField"

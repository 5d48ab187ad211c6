from __future__ import annotations

from django.apps import AppConfig


class GrantsConfig(AppConfig):
    name = "zonary.services.incentives.grants"
    label = "incentives_grants"
    default_auto_field = "django.db.models.BigAutoField"

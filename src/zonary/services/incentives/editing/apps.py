from __future__ import annotations

from django.apps import AppConfig


class EditingConfig(AppConfig):
    name = "zonary.services.incentives.editing"
    label = "incentives_editing"
    default_auto_field = "django.db.models.BigAutoField"

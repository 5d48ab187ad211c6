from __future__ import annotations

from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    name = "zonary.services.evidence.declarations"
    label = "declarations"
    default_auto_field = "django.db.models.BigAutoField"

from __future__ import annotations

from django.apps import AppConfig


class ExportingConfig(AppConfig):
    name = "zonary.services.evidence.exporting"
    label = "exporting"
    default_auto_field = "django.db.models.BigAutoField"

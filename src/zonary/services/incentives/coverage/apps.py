from __future__ import annotations

from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "zonary.services.incentives.coverage"
    label = "incentives_coverage"
    default_auto_field = "django.db.models.BigAutoField"

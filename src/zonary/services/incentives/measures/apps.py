from __future__ import annotations

from django.apps import AppConfig


class MeasuresConfig(AppConfig):
    name = "zonary.services.incentives.measures"
    label = "incentives_measures"
    default_auto_field = "django.db.models.BigAutoField"

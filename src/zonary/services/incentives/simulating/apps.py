from __future__ import annotations

from django.apps import AppConfig


class SimulatingConfig(AppConfig):
    """It keeps nothing: no table, and no row. That it was begun is an act, and so is what names enterprises."""

    name = "zonary.services.incentives.simulating"
    label = "incentives_simulating"
    default_auto_field = "django.db.models.BigAutoField"

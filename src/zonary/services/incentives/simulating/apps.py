from __future__ import annotations

from django.apps import AppConfig


class SimulatingConfig(AppConfig):
    """It keeps nothing: no table, and no row. What names enterprises is an act of its own."""

    name = "zonary.services.incentives.simulating"
    label = "incentives_simulating"
    default_auto_field = "django.db.models.BigAutoField"

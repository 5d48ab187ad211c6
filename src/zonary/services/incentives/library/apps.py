from __future__ import annotations

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "zonary.services.incentives.library"
    label = "incentives_library"
    default_auto_field = "django.db.models.BigAutoField"

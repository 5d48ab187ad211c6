from __future__ import annotations

from django.apps import AppConfig


class SecretsConfig(AppConfig):
    name = "zonary.services.evidence.secrets"
    label = "secrets"
    default_auto_field = "django.db.models.BigAutoField"

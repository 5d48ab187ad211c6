from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "zonary.services.evidence"
    label = "services_evidence"
    default_auto_field = "django.db.models.BigAutoField"

from __future__ import annotations

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "zonary.services.evidence.certificates"
    label = "certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.services.evidence.certificates.queries import bytes_of_certificates
        from zonary.services.evidence.queries import count_also

        count_also("certificates", bytes_of_certificates)

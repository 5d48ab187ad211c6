from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "zonary.foundation.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.documents.registry_files import registry_file
        from zonary.foundation.organizations.registry.arrivals import files_come_from

        files_come_from(registry_file)

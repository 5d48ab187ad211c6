from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "zonary.foundation.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.foundation.documents.actions import correct_document_title
        from zonary.foundation.documents.queries import holder_of_act, present_title
        from zonary.foundation.documents.registry_files import registry_file
        from zonary.foundation.documents.rules import MAX_TITLE
        from zonary.foundation.organizations.corrections import Corrector, correctable
        from zonary.foundation.organizations.registry.arrivals import files_come_from

        files_come_from(registry_file)
        titled = Corrector(
            fields={"title": "Title"},
            limits={"title": MAX_TITLE},
            needed=frozenset({"title"}),
            subject=holder_of_act,
            present=present_title,
            apply=correct_document_title,
        )
        correctable("documents.document.added", titled)

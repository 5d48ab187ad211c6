from __future__ import annotations

from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "zonary.services.evidence.dossiers"
    label = "dossiers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zonary.services.evidence.dossiers.queries import DOSSIER, sections_of, title_of_dossier
        from zonary.services.evidence.sharing.shareable import Shareable, make_shareable

        make_shareable(DOSSIER, Shareable(title_of_dossier, sections_of, "dossiers:dossier"))

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from django.apps import AppConfig, apps


class PortalConfig(AppConfig):
    name = "zonary.portal"
    label = "portal"

    def ready(self) -> None:
        """Learn what each app says: its sentences in Chinese, what its events are called, and their fields."""
        from zonary.common.language import add_words
        from zonary.foundation.ledger.act_labels import label_fields
        from zonary.foundation.ledger.notices import name_notices
        from zonary.foundation.organizations.happenings import name_happenings
        from zonary.foundation.organizations.searching import make_searchable

        name_happenings(_of("zonary.portal.demonstration", "events", "HAPPENINGS"))
        label_fields(_of("zonary.portal.demonstration", "events", "FIELDS"), area=self.label)
        for app in apps.get_app_configs():
            if app.name.startswith("zonary.foundation."):
                label_fields(_of(app.name, "labels", "FIELDS"), area=app.label)
                name_notices(_of(app.name, "notices", "NOTICES"))
                make_searchable(_of(app.name, "search", "SEARCHED"))
            if app.name.startswith("zonary.services."):
                add_words(_of(app.name, "words", "WORDS"))
                name_happenings(_of(app.name, "events", "HAPPENINGS"))
                name_notices(_of(app.name, "events", "NOTICES"))
                make_searchable(_of(app.name, "search", "SEARCHED"))
                label_fields(_of(app.name, "events", "FIELDS"), area=app.name.rpartition(".")[2])


def _of(service: str, room: str, name: str) -> dict[Any, Any]:
    """What the room of an app has under that name; nothing where it has no such room."""
    if importlib.util.find_spec(f"{service}.{room}") is None:
        return {}
    found: dict[Any, Any] = getattr(importlib.import_module(f"{service}.{room}"), name, {})
    return found

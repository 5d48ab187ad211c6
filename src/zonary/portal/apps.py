from __future__ import annotations

import importlib
import importlib.util

from django.apps import AppConfig, apps


class PortalConfig(AppConfig):
    name = "zonary.portal"
    label = "portal"

    def ready(self) -> None:
        """Learn what each service says: its sentences in Chinese (``words``), and what its events are called."""
        from zonary.common.language import add_words
        from zonary.foundation.organizations.happenings import name_happenings

        for app in apps.get_app_configs():
            if app.name.startswith("zonary.services."):
                add_words(_of(app.name, "words", "WORDS"))
                name_happenings(_of(app.name, "events", "HAPPENINGS"))


def _of(service: str, room: str, name: str) -> dict[str, str]:
    """What the room of a service has under that name; nothing where it has no such room."""
    if importlib.util.find_spec(f"{service}.{room}") is None:
        return {}
    found: dict[str, str] = getattr(importlib.import_module(f"{service}.{room}"), name, {})
    return found

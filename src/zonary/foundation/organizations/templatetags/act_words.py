"""What happened, in words: every kind of event has a sentence, which the app that records it gives."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django import template

from zonary.common.language import _
from zonary.foundation.organizations.happenings import HAPPENINGS

register = template.Library()


@register.filter
def happening(kind: str) -> str:
    """A kind of event in the reader's language; one nobody gave a sentence by its name."""
    sentence = HAPPENINGS.get(kind)
    return _(sentence) if sentence else kind


@register.filter
def of(names: Mapping[str, str], public_id: str) -> str:
    """The name that belongs to an id, or nothing."""
    return names.get(public_id, "")


@register.filter
def entries(body: Mapping[str, object]) -> list[tuple[str, str]]:
    """The fields of an event as they were recorded, those that say nothing left out."""
    shown = ((key, value) for key, value in body.items() if key != "event_version" and value not in ("", [], {}))
    return [(key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) for key, value in shown]

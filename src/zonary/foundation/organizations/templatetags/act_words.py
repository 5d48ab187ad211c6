"""What happened, in words: every kind of event has a sentence, which the app that records it gives."""

from __future__ import annotations

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

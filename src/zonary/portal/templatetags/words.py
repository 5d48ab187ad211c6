"""Words of pages: ``{% say "There are {count} members." count=members|length %}``, in the reader's language.

What a template says stands in quotes, so that a test finds it and asks for its Chinese. Everything is escaped.
"""

from __future__ import annotations

from django import template

from zonary.common import language

register = template.Library()


@register.simple_tag(name="say")
def say_tag(msgid: str, **params: object) -> str:
    """``msgid`` with its places filled; with ``as name`` for later in the template."""
    return language.translate(msgid, language.language(), {name: _plain(value) for name, value in params.items()})


@register.filter
def said(sentence: object) -> str:
    """An error or a verdict (something with ``msgid`` and ``params``) in the reader's language; a text as it is."""
    if hasattr(sentence, "msgid") and hasattr(sentence, "params"):
        return language.say(sentence)
    return str(sentence)


def _plain(value: object) -> object:
    """Lazy texts as texts; numbers and sentences as they are."""
    return value if hasattr(value, "msgid") or isinstance(value, int | float) else str(value)

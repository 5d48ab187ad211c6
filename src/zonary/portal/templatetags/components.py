"""Pieces that pages are put together from; what each looks like: ``docs/design.md``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zonary.common.clock import ZONE_TIME
from zonary.portal import assets

register = template.Library()

TONES = ("good", "wait", "warn", "bad", "plain")


@register.simple_tag
def asset(name: str) -> str:
    """Where the browser gets a style sheet, a script or an image."""
    return assets.address(name)


@register.simple_tag
def badge(word: str, tone: str = "plain") -> SafeString:
    """A state: its word, and a colour and a sign that say the same.

    :param tone: ``good`` done and well, ``wait`` under way, ``warn`` look at it, ``bad`` failed or refused, ``plain``.
    """
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"a badge is {', '.join(TONES)}; not {tone!r}")
    return format_html('<span class="state state-{}">{}</span>', tone, word)


@register.simple_tag
def moment(at: datetime | None, precise: bool = False) -> SafeString:
    """A moment in the zone's own time, which is China's; ``precise`` to the second."""
    if at is None:
        return SafeString("–")
    local = at.astimezone(ZONE_TIME)
    shown = local.strftime("%Y-%m-%d %H:%M:%S" if precise else "%Y-%m-%d %H:%M")
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return format_html('<time datetime="{}">{} <span class="offset">UTC+8</span></time>', stamp, shown)


@register.simple_tag
def day(on: date | None) -> SafeString:
    """A day, in one piece: a browser would break its line after either hyphen."""
    return SafeString("–") if on is None else format_html("<time>{}</time>", on.isoformat())


@register.inclusion_tag("portal/_components/page_header.html")
def page_header(title: str, lead: str = "", back: str = "", back_name: str = "") -> dict[str, str]:
    """The page's one ``h1``, a sentence below it, and the way back above it."""
    return {"title": title, "lead": lead, "back": back, "back_name": back_name}


@register.inclusion_tag("portal/_components/empty_state.html")
def empty_state(title: str, text: str = "", address: str = "", action: str = "") -> dict[str, str]:
    """Where a list would be: what would stand here, and how one gets there."""
    return {"title": title, "text": text, "address": address, "action": action}


@register.inclusion_tag("portal/_components/copyable.html")
def copyable(value: object, name: str = "") -> dict[str, str]:
    """A code or digest, whole, with a button that copies it; ``name`` says what it is to who cannot see the page."""
    return {"value": str(value), "name": name}


@register.inclusion_tag("portal/_components/field.html")
def field(bound: BoundField) -> dict[str, BoundField]:
    """One field of a form where the page, not ``{{ form }}``, says in which order they come."""
    return {"field": bound}


@register.inclusion_tag("portal/_components/pagination.html", takes_context=True)
def pagination(context: dict[str, Any], following: str = "", name: str = "cursor") -> dict[str, str]:
    """Links to the first and the next page of a list; the rest of the address stays.

    :param following: the cursor of the next page; empty on the last.
    :param name: what the cursor is called in the address.
    """
    request = context["request"]
    query = request.GET.copy()
    was_further = query.pop(name, None) is not None

    def at(cursor: str) -> str:
        pairs = [(key, value) for key, values in query.lists() for value in values]
        pairs += [(name, cursor)] if cursor else []
        return f"?{urlencode(pairs)}" if pairs else request.path

    return {"first": at("") if was_further else "", "following": at(following) if following else ""}

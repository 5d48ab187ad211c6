"""What goes out over HTTP."""

from __future__ import annotations

from django.conf import settings
from pydantic import BaseModel

from zonary.foundation.search.queries import Hit


class HitOut(BaseModel):
    """`address` is its page."""

    kind: str
    id: str
    title: str
    text: str
    address: str | None


class HitsOut(BaseModel):
    items: list[HitOut]
    next: str | None


def hit_out(hit: Hit) -> dict[str, object]:
    address = f"{settings.ZONARY_URL}{hit.found.address}" if hit.found.address else None
    return {
        "kind": hit.kind,
        "id": hit.public_id,
        "title": hit.found.title,
        "text": hit.found.text,
        "address": address,
    }

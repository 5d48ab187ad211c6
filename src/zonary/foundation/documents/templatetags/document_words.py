"""Words of documents in templates."""

from __future__ import annotations

from django import template

from zonary.common.language import _
from zonary.foundation.documents.reviews.rules import CAUSES
from zonary.foundation.documents.wording import kind_name

register = template.Library()
register.filter("document_kind", kind_name)


@register.filter
def as_hex(digest: bytes | memoryview) -> str:
    """A digest in hexadecimal digits."""
    return bytes(digest).hex()


@register.filter
def recusal_cause(cause: str) -> str:
    """Why somebody stands aside from a review, in the reader's language."""
    return _(CAUSES[cause]) if cause in CAUSES else ""

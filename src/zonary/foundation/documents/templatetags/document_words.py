"""Words of documents in templates."""

from __future__ import annotations

from django import template

from zonary.foundation.documents.wording import kind_name

register = template.Library()
register.filter("document_kind", kind_name)


@register.filter
def as_hex(digest: bytes | memoryview) -> str:
    """A digest in hexadecimal digits."""
    return bytes(digest).hex()

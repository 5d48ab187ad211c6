"""Answering in JSON, without a schema's detour."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse

from zonary.common.json_body import JSON


def json_answer(value: object, status: int = 200) -> HttpResponse:
    """``value`` as it is sent to whom it belongs, and kept by nobody on the way."""
    body = msgspec.json.encode(value)
    return HttpResponse(body, status=status, content_type=JSON, headers={"Cache-Control": "no-store"})

"""A released pack as the bytes its digest is of, so that an outsider can hold them against the ledger's receipt."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from zonary.common.json_body import JSON
from zonary.foundation.rules.models import PackRelease
from zonary.foundation.rules.permissions import UnknownPackError
from zonary.foundation.rules.queries import release_numbered

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")


def release_named(pack: str, number: str) -> PackRelease:
    """:raises UnknownPackError: when there is none."""
    if not _NUMBER.fullmatch(number) or len(pack) > 60 or not pack.isprintable():
        raise UnknownPackError("There is no such release of a rule pack.")
    return release_numbered(pack, int(number))


def released_bytes(request: HttpRequest, pack: str, number: str) -> HttpResponse:
    """The canonical JSON, or 304 for who has it.

    :raises UnknownPackError: when there is no such release.
    """
    release = release_named(pack, number)
    tag = f'"{release.digest}"'
    answer = HttpResponse(release.content.encode(), content_type=JSON)
    answer["ETag"] = tag
    answer["Cache-Control"] = "public, no-cache"
    answer["Content-Disposition"] = f'attachment; filename="{release.pack}-{release.number}.json"'
    return get_conditional_response(request, etag=tag, response=answer) or answer

"""Searching: parse, call one query, answer."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from zonary.common.clock import now
from zonary.common.pagination import DEFAULT_LIMIT, MAX_LIMIT, listing
from zonary.common.problems import Problem
from zonary.foundation.organizations.access import asked_by, needs
from zonary.foundation.organizations.schemas import ProblemOut
from zonary.foundation.organizations.searching import SEARCHABLE
from zonary.foundation.search.queries import search
from zonary.foundation.search.rules import QueryError
from zonary.foundation.search.schemas import HitsOut, hit_out

router = Router(tags=["search"])
_LIMIT: Any = Query(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)  # type: ignore[type-arg]  # a function to whoever calls it


@router.get(
    "",
    auth=needs("search:read"),
    response={200: HitsOut, frozenset({401, 403, 422}): ProblemOut},
    summary="Find what has these words in it",
)
def find(request: HttpRequest, q: str, kind: str = "", cursor: str = "", limit: int = _LIMIT) -> dict[str, object]:
    """Every word of `q` stands in what is found, whole or as a part; the latest first. `kind` is one of those answered.

    A token finds what its other scopes let it read: documents with `documents:read`, and so on.
    """
    by = asked_by(request)
    if kind and kind not in SEARCHABLE:
        known = ", ".join(sorted(SEARCHABLE))
        raise Problem(422, "unknown-kind", f"There is no such kind of thing; there are: {known}.")
    try:
        page = search(by, q, kinds=(kind,) if kind else (), cursor=cursor, limit=limit, at=now())
    except QueryError as error:
        raise Problem(422, "invalid-query", str(error)) from None
    following = page.link("/api/v1/search", q=q, limit=limit, **({"kind": kind} if kind else {}))
    return listing([hit_out(hit) for hit in page], following)

"""The page of searching: parse, call one query, answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.common.pagination import Page
from zonary.foundation.organizations.pages import for_people
from zonary.foundation.organizations.searching import SEARCHABLE
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.search.queries import Hit, kinds_for, search
from zonary.foundation.search.rules import MAX_QUERY, QueryError, excerpt, marked, opening, words_of

_ON_PAGE = 20


@require_safe
@for_people
def find(request: HttpRequest, by: Standing) -> HttpResponse:
    """What the reader may see that has all words of ``q`` in it, of one kind or of all."""
    query, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    page: Page[Hit] = Page([], "")
    words: list[str] = []
    problem = ""
    if query:
        try:
            words = words_of(query)
            cursor = request.GET.get("cursor", "")
            kinds = (kind,) if kind in SEARCHABLE else ()
            page = search(by, query, kinds=kinds, cursor=cursor, limit=_ON_PAGE, at=now())
        except QueryError as error:
            problem = say(error)
    context = {
        "query": query,
        "kind": kind if kind in SEARCHABLE else "",
        "kinds": [(each, _(SEARCHABLE[each].name)) for each in kinds_for(by)],
        "hits": [_shown(hit, words) for hit in page.items],
        "following": page.next,
        "problem": problem,
        "most": MAX_QUERY,
    }
    return render(request, "search/find.html", context, status=422 if problem else 200)


def _shown(hit: Hit, words: list[str]) -> dict[str, object]:
    return {
        "kind": _(SEARCHABLE[hit.kind].name),
        "address": hit.found.address,
        "title": marked(hit.found.title, words),
        "text": excerpt(hit.found.text, words) or excerpt(hit.found.also, words) or opening(hit.found.text),
    }

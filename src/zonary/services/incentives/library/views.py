"""The pages of policy documents: parse, call one action or query, answer. Who only reads needs no account."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from zonary.common.clock import now, zone_date
from zonary.common.language import _, say
from zonary.common.pagination import Page
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.search.rules import MAX_QUERY, QueryError, excerpt, words_of
from zonary.services.incentives.library import queries, rules
from zonary.services.incentives.library.actions import record_document, record_edition, record_repeal
from zonary.services.incentives.library.forms import DocumentForm, EditionForm, RepealForm
from zonary.services.incentives.library.models import PolicyDocument, PolicyEdition
from zonary.services.incentives.library.permissions import may_record
from zonary.services.incentives.library.showing import shown_lines

_either = require_http_methods(["GET", "HEAD", "POST"])


def reader_of(request: HttpRequest) -> Standing | None:
    """Whoever signed in; None for a passer-by."""
    found: Standing | None = getattr(request, "standing", None)
    return found


@login_not_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """All documents, or with ``?q=`` those that have these words, each with the paragraph."""
    query, problem, words = request.GET.get("q", "").strip(), "", list[str]()
    cursor, at = request.GET.get("cursor", ""), now()
    page: Page[queries.Shown] = Page([], "")
    try:
        if query:
            words = words_of(query)
            page = queries.documents_with(reader_of(request), query, cursor=cursor, at=at, day=zone_date(at))
        else:
            page = queries.documents(zone_date(at), cursor=cursor)
    except QueryError as error:
        problem = say(error)
    rows = [(each, excerpt(each.place[2], words) if each.place else []) for each in page]
    context = {
        "rows": rows,
        "query": query,
        "problem": problem,
        "most": MAX_QUERY,
        "following": page.next,
        "may_record": may_record(reader_of(request)),
        "today": zone_date(at),
    }
    return render(request, "library/list.html", context, status=422 if problem else 200)


@login_not_required
@require_safe
def document(request: HttpRequest, public_id: str) -> HttpResponse:
    """A document with the words that are in force, else the last there were."""
    found = found_or_404(queries.document_of(public_id))
    today = zone_date(now())
    edition = queries.edition_in_force(found, today) or queries.editions_of(found)[0]
    return _read(request, found, edition, today)


@login_not_required
@require_safe
def edition(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One edition; with ``?quote=`` and ``?article=`` the quoted words marked, or told that they do not stand there."""
    found = found_or_404(queries.document_of(public_id))
    return _read(request, found, found_or_404(queries.edition_of(found, number)), zone_date(now()))


def _read(request: HttpRequest, found: PolicyDocument, words: PolicyEdition, today: date) -> HttpResponse:
    articles = rules.articles_of(words.text)
    quote, article = request.GET.get("quote", ""), rules.cited(request.GET.get("article", "")[:200], articles)
    place = rules.place_of_quote(words.text, quote[: rules.MAX_SHOWN_QUOTE], article) if quote else None
    stands_in = rules.article_at(articles, place[0]) if place else None
    in_force = queries.edition_in_force(found, today)
    context = {
        "document": found,
        "edition": words,
        "editions": queries.editions_of(found),
        "in_force": in_force,
        "whole_repeal": queries.whole_repeal(found),
        "repeals": queries.repeals_of(found),
        "repealing": queries.repealing(found),
        "chain": queries.chain_of(found),
        "articles": [each for each in articles if each.depth == 1],
        "lines": shown_lines(
            words.text, articles, [place] if place else [], queries.repealed_anchors(found, words, today)
        ),
        "quote": quote[: rules.MAX_SHOWN_QUOTE],
        "place": place,
        "cited": article,
        "stands_in": stands_in,
        "is_elsewhere": bool(place and article and not article.start <= place[0] < _end(article, articles)),
        "may_record": may_record(reader_of(request)),
        "today": today,
    }
    return render(request, "library/document.html", context)


def _end(article: rules.Article, articles: tuple[rules.Article, ...]) -> int:
    """Where a part ends with all that stands under it."""
    after = [each for each in articles if each.start > article.start and each.depth <= article.depth]
    return after[0].start if after else articles[-1].end


@login_not_required
@require_safe
def cite(request: HttpRequest) -> HttpResponse:
    """From a clause's citation to the words: ``?number=…&article=…&quote=…``, on ``?day=`` or today."""
    found = queries.document_numbered("".join(request.GET.get("number", "")[:200].split()))
    if found is None:
        return render(request, "library/unknown.html", {"number": request.GET.get("number", "")[:100]}, status=404)
    words = queries.edition_in_force(found, zone_date(now())) or queries.editions_of(found)[0]
    return redirect(address_in(words, request.GET.get("article", ""), request.GET.get("quote", "")))


def address_in(words: PolicyEdition, article: str, quote: str) -> str:
    """Where the cited words of an edition are shown, quoted words marked."""
    part = rules.cited(article[:200], rules.articles_of(words.text))
    asked = {name: text for name, text in (("article", article), ("quote", quote[: rules.MAX_SHOWN_QUOTE])) if text}
    address = reverse("library:edition", args=[words.document.public_id, words.number])
    return f"{address}?{urlencode(asked)}#{'quoted' if quote else part.anchor if part else ''}"


@require_safe
@login_not_required
def plain(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """The words as bytes: exactly those the digest in the ledger is of."""
    found = found_or_404(queries.document_of(public_id))
    words = found_or_404(queries.edition_of(found, number))
    answer = HttpResponse(words.text.encode(), content_type="text/plain; charset=utf-8")
    answer.headers["ETag"] = f'"{words.digest}"'
    return answer


@_either
@for_people
def record_new(request: HttpRequest, by: Standing) -> HttpResponse:
    refuse_unless(may_record(by))
    form = DocumentForm(request.POST or None, request.FILES or None)
    made = attempt(form, lambda: record_document(form.cover(), form.words(), by=by, at=now()))
    if made is not None:
        messages.success(request, _("The document is recorded."))
        return redirect("library:document", made.document.public_id)
    return show(request, "library/record.html", {}, form)


@_either
@for_people
def record_next(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    form = EditionForm(request.POST or None, request.FILES or None)
    done = _("The edition is recorded.")
    context = {"title": _("Record a new edition"), "button": _("Record the edition"), "has_file": True}
    return _add(
        request, by, public_id, form, context, done, lambda: record_edition(public_id, form.words(), by=by, at=now())
    )


@_either
@for_people
def repeal(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    form = RepealForm(request.POST or None, without=public_id)
    context = {"title": _("Record a repeal"), "button": _("Record the repeal")}
    return _add(
        request,
        by,
        public_id,
        form,
        context,
        _("The repeal is recorded."),
        lambda: record_repeal(public_id, **form.cleaned_data, by=by, at=now()),
    )


def _add(
    request: HttpRequest,
    by: Standing,
    public_id: str,
    form: Any,
    context: Mapping[str, object],
    done: str,
    do: Callable[[], object],
) -> HttpResponse:
    """A form that adds something to a document."""
    refuse_unless(may_record(by))
    found = found_or_404(queries.document_of(public_id))
    if attempt(form, do) is not None:
        messages.success(request, done)
        return redirect("library:document", public_id)
    return show(request, "library/add.html", {"document": found, **context}, form)

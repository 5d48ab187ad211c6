"""Pages of released rule packs: anybody's, signed in or not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zonary.common.language import say
from zonary.common.pagination import paginate
from zonary.common.problems import Problem, not_found
from zonary.foundation.ledger.proofs import NotPublishedError
from zonary.foundation.ledger.receipts import ErasedActError, receipt_of
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules import queries
from zonary.foundation.rules.handing_out import release_named, released_bytes
from zonary.foundation.rules.loaded import read_release
from zonary.foundation.rules.models import PackRelease
from zonary.foundation.rules.permissions import UnknownPackError
from zonary.foundation.rules.shown import shown


def reader_of(request: HttpRequest) -> Standing | None:
    """None for who has not signed in."""
    found: Standing | None = getattr(request, "standing", None)
    return found


@require_safe
def packs(request: HttpRequest) -> HttpResponse:
    """The packs that decide now."""
    reader = reader_of(request)
    page = paginate(
        queries.latest_releases().select_related("draft").defer("content", "draft__content"),
        "-id",
        cursor=request.GET.get("cursor", ""),
    )
    is_officer = reader is not None and reader.is_officer
    waiting = queries.drafts_waiting(reader).count() if is_officer and reader is not None else 0
    return render(request, "rules/packs.html", {"page": page, "is_officer": is_officer, "waiting": waiting})


@require_safe
def release(request: HttpRequest, pack: str, number: str) -> HttpResponse:
    """One release, whole: what it asks, in which words, and who let it decide."""
    found = _release(pack, number)
    review = queries.deciding_review(found)
    people = [found.released_by, found.draft.proposed_by, *([review.reviewed_by] if review else [])]
    names = queries.names_of_officers(reader_of(request), people)
    context = {
        "release": found,
        "pack": shown(read_release(found)),
        "review": review,
        "proposer": names.get(found.draft.proposed_by, ""),
        "reviewer": names.get(review.reviewed_by, "") if review else "",
        "releaser": names.get(found.released_by, ""),
        "releases": queries.releases_of(pack).only("number", "released_at", "pack")[:20],
    }
    return render(request, "rules/release.html", context)


@require_safe
def content(request: HttpRequest, pack: str, number: str) -> HttpResponse:
    """The release byte for byte."""
    try:
        return released_bytes(request, pack, number)
    except UnknownPackError as error:
        raise not_found(say(error)) from None


@require_safe
def receipt(request: HttpRequest, pack: str, number: str) -> HttpResponse:
    """The ledger's receipt that it was released, for anybody: the rule is, too."""
    found = _release(pack, number)
    try:
        made = receipt_of(str(found.entry))
    except NotPublishedError as error:
        raise Problem(409, "not-yet-published", say(error), {"Retry-After": "1"}) from None
    except ErasedActError as error:
        raise Problem(410, "erased", say(error)) from None
    answer = HttpResponse(made, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
    answer["Content-Disposition"] = f'attachment; filename="{found.pack}-{found.number}.tlog-proof"'
    return answer


def _release(pack: str, number: str) -> PackRelease:
    try:
        return release_named(pack, number)
    except UnknownPackError as error:
        raise not_found(say(error)) from None

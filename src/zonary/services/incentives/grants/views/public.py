"""The public notice (公示): what anybody may see without signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from zonary.common.clock import now
from zonary.common.pagination import MAX_LIMIT, paginate
from zonary.foundation.organizations.pages import found_or_404, show
from zonary.services.incentives.grants import queries
from zonary.services.incentives.grants.models import AutomaticBatch, Grant

_JSON = "application/json"


@login_not_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All that are in public notice now, the last first; apart from them those that ended, with their digests."""
    at = now()
    page = paginate(queries.notices(at), "-id", cursor=request.GET.get("cursor", ""))
    ended = paginate(queries.ended_notices(at), "-id", cursor=request.GET.get("ended", ""))
    context = {"rows": list(page), "following": page.next, "ended": list(ended), "following_ended": ended.next}
    return show(request, "grants/notices.html", context)


@login_not_required
@require_safe
def notice(request: HttpRequest, batch: str) -> HttpResponse:
    """One list; once its time is over only that there was one, and its digest."""
    found, at = found_or_404(queries.find_notice(batch)), now()
    is_running = queries.is_in_notice(found, at)
    grants = queries.noticed_grants(found) if is_running else Grant.objects.none()
    page = paginate(grants, "id", cursor=request.GET.get("cursor", ""), limit=MAX_LIMIT)
    published = found.grants.count() if is_running else 0
    context = {
        "batch": found,
        "is_running": is_running,
        "grants": list(page),
        "following": page.next,
        "published": published,
        "withdrawn": published - grants.count(),
        "is_signed_in": getattr(request, "standing", None) is not None,
    }
    return show(request, "grants/notice.html", context)


@login_not_required
@require_safe
def notice_file(request: HttpRequest, batch: str) -> HttpResponse:
    """What was published; a line that was withdrawn since as its digest, so that the whole still gives what was
    recorded."""
    found = found_or_404(queries.find_notice(batch))
    return HttpResponse(notice_bytes(found), content_type=_JSON)


def notice_bytes(batch: AutomaticBatch) -> bytes:
    """:raises Http404: when its time is over."""
    if not queries.is_in_notice(batch, now()):
        raise Http404
    return queries.shown_notices([batch])[0]

"""The public notice (公示): what anybody may see without signing in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from zonary.common.clock import now
from zonary.foundation.organizations.pages import found_or_404, show
from zonary.services.incentives.grants import queries
from zonary.services.incentives.grants.models import AutomaticBatch

_JSON = "application/json"


@login_not_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """All that are in public notice now."""
    return show(request, "grants/notices.html", {"rows": list(queries.notices()[:200])})


@login_not_required
@require_safe
def notice(request: HttpRequest, batch: str) -> HttpResponse:
    """One list; once its time is over only that there was one, and its digest."""
    found, at = found_or_404(queries.find_notice(batch)), now()
    is_running = queries.is_in_notice(found, at)
    context = {
        "batch": found,
        "is_running": is_running,
        "grants": list(queries.noticed_grants(found)) if is_running else [],
        "is_signed_in": getattr(request, "standing", None) is not None,
    }
    return show(request, "grants/notice.html", context)


@login_not_required
@require_safe
def notice_file(request: HttpRequest, batch: str) -> HttpResponse:
    """What was published, as the bytes whose digest stands in the ledger."""
    found = found_or_404(queries.find_notice(batch))
    return HttpResponse(notice_bytes(found), content_type=_JSON)


def notice_bytes(batch: AutomaticBatch) -> bytes:
    """:raises Http404: when its time is over."""
    if not queries.is_in_notice(batch, now()):
        raise Http404
    return batch.notice.encode()

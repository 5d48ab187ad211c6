"""What a passer-by may know: what this zone has published, and how to check it. Nothing of any company is here."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from zonary.common.clock import ZONE_TIME, now, zone_date
from zonary.common.language import _
from zonary.common.verify_page import verify_page_digests
from zonary.foundation.ledger.batching import batching
from zonary.foundation.ledger.layout import log_folder
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.offered_page import offered
from zonary.foundation.ledger.proofs import log_keys, present_generation, published_checkpoint
from zonary.foundation.ledger.queries import log_status, sizes_at
from zonary.foundation.ledger.receipts import receipt_of
from zonary.foundation.organizations.queries import areas_of_zone, founded_zone
from zonary.portal.views import _commands, _shortened
from zonary.proof.errors import Error

_DAYS = 14


@dataclass(frozen=True, slots=True)
class Grown:
    """By how many entries the log grew on a day of the zone."""

    day: date
    entries: int


@login_not_required
@csrf_exempt  # it takes nothing, and says so by 405
@require_safe
def published(request: HttpRequest) -> HttpResponse:
    """Size, last checkpoint, growth by day, keys, trust file, who runs it, and how to verify all of that oneself."""
    checkpoint = published_checkpoint()
    trust: bytes = settings.ZONARY_DATA.trust.read_bytes()
    number, status = present_generation(MAIN), log_status(MAIN)
    context = {
        "zone": founded_zone(),
        "areas": areas_of_zone(),
        "published": checkpoint,
        "status": status,
        "root": base64.b64encode(checkpoint.checkpoint.root).decode("ascii") if checkpoint else "",
        "checkpoint": _shortened(checkpoint) if checkpoint else "",
        "is_batched": batching() is not None,
        "growth": [] if batching() else _growth(number, status.size if status else 0, now.last_trusted()),
        "keys": log_keys(),
        "trust_sha256": hashlib.sha256(trust).hexdigest(),
        "trust_sm3": hashlib.new("sm3", trust).hexdigest(),
        "page_sha256": verify_page_digests().sha256.hex(),
        "page_sm3": verify_page_digests().sm3.hex(),
        "offered": offered(verify_page_digests()),
        "log": log_folder(MAIN, number),
        "earlier": [log_folder(MAIN, each) for each in range(1, number)],
        "commands": _commands(settings.ZONARY_URL)[1:],
    }
    return render(request, "portal/published.html", context)


@login_not_required
@csrf_exempt  # as above
@require_safe
def verify_page_receipt(request: HttpRequest) -> HttpResponse:
    """The receipt of the act by which the present verifying page was offered, for anybody."""
    act = offered(verify_page_digests())
    try:
        receipt = receipt_of(act.public_id) if act else None
    except Error:
        receipt = None
    if receipt is None:
        raise Http404(_("The log has not published this page yet. Try again in a moment."))
    name = 'attachment; filename="verify-page.tlog-proof"'
    return HttpResponse(receipt, content_type="text/plain; charset=utf-8", headers={"Content-Disposition": name})


def _growth(generation: int, size: int, at: datetime) -> list[Grown]:
    """Of the last days, today first. Entries are counted where the log has them, by the day they were recorded.

    :param size: of the log now.
    """
    today = zone_date(at)
    days = [today - timedelta(days=back) for back in range(_DAYS)]
    found = sizes_at([datetime.combine(day, time(), ZONE_TIME) for day in days])
    # What is not in this generation was before it; what nothing came after is at its end.
    begins = [size if each is None else each[1] if each[0] == generation else 0 for each in found]
    ends = [size, *begins[:-1]]
    return [Grown(day, max(0, end - begin)) for day, begin, end in zip(days, begins, ends, strict=True)]

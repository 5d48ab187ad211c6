"""``/healthz`` for whoever restarts things, ``/metrics`` for whoever watches them."""

from __future__ import annotations

import json
from datetime import timedelta

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.problems import Problem
from zonary.config.metrics import METRICS
from zonary.config.problem_pages import problem_page
from zonary.foundation.ledger.batching import batching
from zonary.foundation.ledger.queries import oldest_pending

MAX_WAIT = timedelta(seconds=30)
"""An entry that has waited longer for its index means that nobody sequences."""
_READS = ("GET", "HEAD")


@csrf_exempt  # it takes nothing, and says so by 405
def health(request: HttpRequest) -> HttpResponse:
    """200 while the store answers and entries are sequenced, else 503."""
    if request.method not in _READS:
        return problem_page(problems.method_not_allowed(request.method or "", "GET, HEAD"))
    try:
        oldest = oldest_pending()
    except DatabaseError:
        return problem_page(Problem(503, "store-unavailable", "The database does not answer."))
    plan = batching()
    longest = MAX_WAIT if plan is None else MAX_WAIT + timedelta(seconds=plan.seconds)
    if oldest is not None and now.last_trusted() - oldest > longest:
        detail = f"An entry has waited since {oldest:%Y-%m-%dT%H:%M:%SZ} to be sequenced: is the sequencer running?"
        return problem_page(Problem(503, "sequencer-behind", detail))
    body = json.dumps({"status": "ok"}).encode()
    return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "no-store"})


@csrf_exempt  # as above
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text format."""
    if request.method not in _READS:
        return problem_page(problems.method_not_allowed(request.method or "", "GET, HEAD"))
    kind = "text/plain; version=0.0.4; charset=utf-8"
    return HttpResponse(METRICS.text(), content_type=kind, headers={"Cache-Control": "no-store"})

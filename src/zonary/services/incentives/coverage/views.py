"""The report, as a page and as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from zonary.common.clock import now, zone_date
from zonary.common.csv_export import CSV, csv_bytes
from zonary.common.language import _, language
from zonary.common.plain_text import day_of
from zonary.foundation.organizations.pages import for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.coverage import queries
from zonary.services.incentives.coverage.queries import Line, Reach
from zonary.services.incentives.grants.rules.payment_files import yuan
from zonary.services.incentives.measures.models import Measure


def period_of(request: HttpRequest) -> tuple[date, date]:
    """The days asked for; this year so far without any, or where they are none."""
    today = zone_date(now())
    first = day_of(request.GET.get("first")) or date(today.year, 1, 1)
    last = day_of(request.GET.get("last")) or today
    return (
        (first, last) if first <= last and first.year > 1990 and last.year < 9999 else (date(today.year, 1, 1), today)
    )


def title_of(measure: Measure) -> str:
    return measure.title if language() == "zh" else measure.title_english or measure.title


@require_safe
@for_people
def report(request: HttpRequest, by: Standing) -> HttpResponse:
    """A line for each measure."""
    refuse_unless(by.is_officer)
    first, last = period_of(request)
    rows = [(title_of(each.measure), each) for each in queries.covered(by, first=first, last=last)]
    return show(request, "coverage/report.html", {"rows": rows, "first": first, "last": last})


@require_safe
@for_people
def table(request: HttpRequest, by: Standing) -> HttpResponse:
    """The same as CSV."""
    refuse_unless(by.is_officer)
    first, last = period_of(request)
    content = b"".join(csv_bytes(_table(queries.covered(by, first=first, last=last))))
    headers = {"Content-Disposition": f'attachment; filename="coverage-{first}-{last}.csv"'}
    return HttpResponse(content, content_type=CSV, headers=headers)


def _table(lines: Sequence[Line]) -> Iterator[Sequence[object]]:
    yield (
        _("Measure"), _("Told"), _("Not for us"), _("Listed"), _("Wanted"), _("Declined"), _("Not answered in time"),
        _("Taken out"), _("Budget used up"), _("Payment failed"), _("Paid"), _("Paid, in yuan"), _("Claimed back"),
    )  # fmt: skip
    for each in lines:
        yield (
            title_of(each.measure), each.told, each.not_for_us, each.listed, each.wanted, each.declined, each.lapsed,
            each.removed, each.unfunded, each.failed, each.paid, yuan(each.amount), each.claimed_back,
        )  # fmt: skip


@require_safe
@for_people
def measure(request: HttpRequest, by: Standing, measure: str) -> HttpResponse:
    """One measure: whom it reaches now, and why not the others."""
    refuse_unless(by.is_officer)
    found = found_or_404(queries.measure_called(by, measure))
    first, last = period_of(request)
    context = {
        "title": title_of(found),
        "line": found_or_404(queries.covered_measure(by, str(found.public_id), first=first, last=last)),
        "reach": queries.reach_of(found, at=now()),
        "reasons": [
            (_way(way), reason, count) for way, reason, count in queries.reasons_of(found, first=first, last=last)
        ],
        "first": first,
        "last": last,
    }
    return show(request, "coverage/measure.html", context)


def _way(way: str) -> str:
    return {"declined": _("Declined"), "failed": _("Payment failed"), "not-for-us": _("Not for us")}[way]


@require_safe
@for_people
def measure_table(request: HttpRequest, by: Standing, measure: str) -> HttpResponse:
    """Why not, as CSV."""
    refuse_unless(by.is_officer)
    found = found_or_404(queries.measure_called(by, measure))
    first, last = period_of(request)
    reasons = queries.reasons_of(found, first=first, last=last)
    content = b"".join(csv_bytes(_why_not(queries.reach_of(found, at=now()), reasons)))
    headers = {"Content-Disposition": f'attachment; filename="coverage-{found.item}-{last}.csv"'}
    return HttpResponse(content, content_type=CSV, headers=headers)


def _why_not(reach: Reach, reasons: Sequence[tuple[str, str, int]]) -> Iterator[Sequence[object]]:
    yield (_("What"), _("In which words"), _("Enterprises"))
    yield (_("Fulfil it now"), "", reach.eligible)
    yield (_("Not known for want of data"), "", reach.unknown)
    for sentence, count in reach.short.items():
        yield (_("One condition short"), sentence, count)
    if reach.missing:
        yield (_("Looked at for what is missing"), "", reach.looked_at)
    for name, count in reach.missing.items():
        yield (_("Datum missing"), name, count)
    for way, reason, count in reasons:
        yield (_way(way), reason, count)

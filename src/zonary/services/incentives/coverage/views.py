"""The report, as a page and as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from zonary.common.clock import now, zone_date
from zonary.common.csv_export import CSV, csv_bytes
from zonary.common.language import _
from zonary.common.plain_text import day_of
from zonary.foundation.organizations.pages import for_people, found_or_404, officers_only, show
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.coverage import queries
from zonary.services.incentives.coverage.queries import Line, Reach
from zonary.services.incentives.grants.rules.payment_files import yuan
from zonary.services.incentives.measures.wording import title_of

_COLUMNS = frozenset(("told", "listed", "wanted", "declined", "paid", "amount"))
_MOST_WORDS = 100


def period_of(request: HttpRequest) -> tuple[date, date]:
    """The days asked for; this year so far without any, or where they are none."""
    today = zone_date(now())
    first = day_of(request.GET.get("first")) or date(today.year, 1, 1)
    last = day_of(request.GET.get("last")) or today
    return (
        (first, last) if first <= last and first.year > 1990 and last.year < 9999 else (date(today.year, 1, 1), today)
    )


@require_safe
@for_people
def report(request: HttpRequest, by: Standing) -> HttpResponse:
    """A line for each measure whose title has the words asked for, in the order asked for."""
    officers_only(by.is_officer)
    first, last = period_of(request)
    words, order = request.GET.get("q", "")[:_MOST_WORDS].strip(), request.GET.get("order", "")
    lines = _chosen(queries.covered(by, first=first, last=last), words, order)
    context = {
        "rows": [(title_of(each.measure), each) for each in lines],
        "total": queries.total_of(lines),
        "as_of": min((each.reached.as_of for each in lines if each.reached), default=None),
        "words": words,
        "order": order,
        "first": first,
        "last": last,
    }
    return show(request, "coverage/report.html", context)


def _chosen(lines: Sequence[Line], words: str, order: str) -> list[Line]:
    """By title, or the most of a column first. Both titles are looked in, whichever is shown."""
    wanted = words.casefold()
    found = [each for each in lines if wanted in f"{each.measure.title}\n{each.measure.title_english}".casefold()]
    if order == "eligible":
        return sorted(found, key=lambda each: -each.reached.eligible if each.reached else 1)
    if order in _COLUMNS:
        return sorted(found, key=lambda each: -getattr(each, order))
    return found


@require_safe
@for_people
def table(request: HttpRequest, by: Standing) -> HttpResponse:
    """The same as CSV."""
    officers_only(by.is_officer)
    first, last = period_of(request)
    content = b"".join(csv_bytes(_table(queries.covered(by, first=first, last=last))))
    headers = {"Content-Disposition": f'attachment; filename="coverage-{first}-{last}.csv"'}
    return HttpResponse(content, content_type=CSV, headers=headers)


def _table(lines: Sequence[Line]) -> Iterator[Sequence[object]]:
    yield (
        _("Measure"), _("Eligible"), _("Eligible as of"), _("Told"),
        _("Not for us"), _("Listed"), _("Wanted"), _("Declined"), _("Not answered in time"),
        _("Taken out"), _("Budget used up"), _("Payment failed"), _("Paid"), _("Paid, in yuan"), _("Claimed back"),
    )  # fmt: skip
    for each in lines:
        yield (
            title_of(each.measure), *_eligible(each), each.told, each.not_for_us,
            each.listed, each.wanted, each.declined, each.lapsed,
            each.removed, each.unfunded, each.failed, each.paid, yuan(each.amount), each.claimed_back,
        )  # fmt: skip


def _eligible(line: Line) -> tuple[object, str]:
    """Empty, and not nothing, where nobody was looked at yet."""
    return (line.reached.eligible, line.reached.as_of.isoformat(timespec="seconds")) if line.reached else ("", "")


@require_safe
@for_people
def measure(request: HttpRequest, by: Standing, measure: str) -> HttpResponse:
    """One measure: whom it reaches now, and why not the others."""
    officers_only(by.is_officer)
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
    officers_only(by.is_officer)
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

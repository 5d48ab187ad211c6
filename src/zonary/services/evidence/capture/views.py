"""The pages: parse, call one action or query, answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zonary.common.clock import now
from zonary.common.language import _, language, say, translate
from zonary.common.pagination import paginate
from zonary.foundation.documents.rules import attachment
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.standing import Standing
from zonary.proof.stages import Stage
from zonary.services.evidence.capture import queries
from zonary.services.evidence.capture.actions import CaptureError, UnknownCaptureError, withdraw_capture
from zonary.services.evidence.capture.files import LOG, SCREENSHOT, TAKEN
from zonary.services.evidence.capture.forms import CaptureForm
from zonary.services.evidence.capture.models import Capture
from zonary.services.evidence.capture.permissions import may_request_capture
from zonary.services.evidence.capture.rules import FAILURES, MAX_ADDRESS, OUTCOMES, STEPS, TONES, UNPROVEN
from zonary.services.evidence.capture.tasks.carrying_out import ask_for_capture, packaged
from zonary.services.evidence.capture.tasks.live import steps_so_far
from zonary.services.evidence.capture.tasks.machine import shortcoming
from zonary.services.evidence.queries import find_receipt

_MAX_LISTED = 200


@require_safe
@for_people
def list_captures(request: HttpRequest, by: Standing) -> HttpResponse:
    """What the holder asked for, newest first."""
    page = paginate(queries.captures(by), "-public_id", cursor=request.GET.get("cursor", ""))
    context = {
        "captures": [(each, verdict_of(each)) for each in page.items],
        "following": page.next,
        "shortcoming": shortcoming(),
        "may_request": may_request_capture(by),
    }
    return show(request, "capture/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def request_capture(request: HttpRequest, by: Standing) -> HttpResponse:
    """Ask for a page to be captured."""
    refuse_unless(may_request_capture(by))
    asked_for = {"address": request.GET.get("address", "")[:MAX_ADDRESS]}
    form = CaptureForm(request.POST if request.method == "POST" else None, initial=asked_for)
    if request.method == "POST":
        asked = attempt(form, lambda: _ask(form, by))
        if asked is not None:
            messages.success(request, _("The capture was asked for."))
            return redirect("captures:capture", asked.public_id)
    return show(request, "capture/request.html", {"shortcoming": shortcoming()}, form)


def _ask(form: CaptureForm, by: Standing) -> Capture:
    return ask_for_capture(**form.cleaned_data, by=by, at=now())


@require_safe
@for_people
def capture(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """One capture: how far it is, and what was seen."""
    found = found_or_404(queries.find_capture(by, public_id))
    is_under_way = found.state in (Capture.State.WAITING, Capture.State.RUNNING)
    if request.headers.get("HX-Request"):
        if is_under_way:
            return show(request, "capture/_under_way.html", _under_way(by, found))
        return HttpResponse(headers={"HX-Refresh": "true"})
    context: dict[str, Any] = {"is_under_way": is_under_way, **_under_way(by, found)}
    if found.state == Capture.State.SEALED:
        context |= _sealed(by, found)
    return show(request, "capture/capture.html", context)


def _under_way(by: Standing, found: Capture) -> dict[str, Any]:
    """What is known of one that waits or runs; its steps as they are taken."""
    told = steps_so_far(found) if found.state == Capture.State.RUNNING else []
    known = [each for each in told if each.get("step") in STEPS]
    return {
        "capture": found,
        "verdict": verdict_of(found),
        "live": [
            (_moment(each.get("at")), translate(STEPS[each["step"]], language(), each["facts"])) for each in known
        ],
        "may_withdraw": found.state == Capture.State.WAITING and may_request_capture(by),
    }


@require_POST
@for_people
def withdraw(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Take it back while it waits."""
    try:
        withdraw_capture(public_id, by=by, at=now())
        messages.success(request, _("The capture is withdrawn; nothing was opened."))
    except UnknownCaptureError as error:
        raise Http404 from error
    except CaptureError as error:
        messages.warning(request, say(error))
    return redirect("captures:capture", public_id)


def _sealed(by: Standing, found: Capture) -> dict[str, Any]:
    log = queries.log_of(found) or {}
    names = queries.names_of(found)
    receipt = find_receipt(by, str(found.evidence))
    return {
        "log": log,
        "spoken": language(),
        "began": _moment(log.get("began")),
        "ended": _moment(log.get("ended")),
        "steps": [(_moment(each["at"]), each[language()]) for each in log.get("steps", ())],
        "hosts": log.get("names", ())[:_MAX_LISTED],
        "chains": log.get("chains", ()),
        "environment": log.get("environment", {}),
        "unproven": [_(each) for each in UNPROVEN],
        "picture": SCREENSHOT if SCREENSHOT in names else "",
        "files": [name for name in (LOG, *TAKEN) if name in names],
        "receipt": receipt,
        "is_published": receipt is not None and receipt.stage is Stage.PUBLISHED,
    }


def _moment(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) and text else None


def verdict_of(found: Capture) -> tuple[str, str, str]:
    """Word, tone and sentence for how it stands."""
    if found.state == Capture.State.SEALED:
        tone = TONES.get(found.outcome, "bad")
        word = _("Captured") if tone == "good" else _("Captured in part") if tone == "warn" else _("Not opened")
        return word, tone, _(OUTCOMES.get(found.outcome, "The page was captured."))
    if found.state == Capture.State.FAILED:
        return _("Failed"), "bad", _(FAILURES.get(found.failure, FAILURES["fault"]))
    if found.state == Capture.State.WITHDRAWN:
        return _("Withdrawn"), "plain", _("It was withdrawn while it waited; nothing was opened.")
    if found.state == Capture.State.RUNNING:
        return _("Under way"), "wait", _("The page is open in the browser; this takes less than a minute and a half.")
    return _("In line"), "wait", _("The capture waits for its turn.")


@require_safe
@for_people
def file(request: HttpRequest, by: Standing, public_id: str, name: str) -> HttpResponse:
    """One of its files: the picture to be seen, all others to be saved."""
    found = found_or_404(queries.file_of(found_or_404(queries.find_capture(by, public_id)), name))
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}
    if name != SCREENSHOT or "save" in request.GET:
        headers["Content-Disposition"] = attachment(name)
    return HttpResponse(found.data, content_type=found.media_type, headers=headers)


@require_safe
@for_people
def package(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """The evidence package over its files."""
    found = found_or_404(queries.find_capture(by, public_id))
    receipt = find_receipt(by, str(found.evidence)) if found.evidence else None
    if receipt is None or receipt.stage is not Stage.PUBLISHED:
        return redirect("captures:capture", public_id)
    made = found_or_404(packaged(receipt))
    headers = {"Content-Disposition": attachment(f"{found.public_id}.zonary")}
    return HttpResponse(made, content_type="application/vnd.etsi.asic-e+zip", headers=headers)

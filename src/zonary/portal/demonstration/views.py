"""Doors that only a demonstration has: one click to be anybody in it, and a seal to check for who has no account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.proofs import NotPublishedError
from zonary.foundation.ledger.recording import recorded_if_changed
from zonary.foundation.organizations.standing import ACTS_FOR
from zonary.portal.demonstration import copycat as shop
from zonary.portal.demonstration import folder
from zonary.portal.demonstration.queries import (
    Demonstration,
    folder_record,
    holder_of_folder,
    person_of,
    role_called,
    shown_demonstration,
)
from zonary.proof.origin import stated_facts
from zonary.proof.package.report import Report
from zonary.services.evidence.declarations.queries import in_words


@login_not_required
@require_POST
def come_in(request: HttpRequest, role: str) -> HttpResponse:
    """Sign in as somebody of the story. There is no such page anywhere but in a demonstration."""
    demonstration, wanted = _demonstration(), role_called(role)
    person = person_of(demonstration, wanted) if wanted else None
    if wanted is None or person is None:
        raise Http404
    _sign_in(request, person)
    request.session[ACTS_FOR] = demonstration.organisations.get(wanted.organisation, "")
    return redirect("start")


@recorded_if_changed
def _sign_in(request: HttpRequest, person: Person) -> None:
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, person, method="demonstration")
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])


@login_not_required
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """What a judge or a notary gets: one sentence, what it rests on, what it does not say, and how to repeat it."""
    demonstration = _demonstration()
    package = _package(demonstration)
    context: dict[str, Any] = {"folder": folder, "url": settings.ZONARY_URL}
    if package is not None:
        intact, changed = (folder.examined(package, is_changed=each) for each in (False, True))
        context |= {
            "intact": intact,
            "changed": changed,
            "since": _latest(intact),
            "stated": in_words(stated_facts(intact.facts.declared)),
            "holder": holder_of_folder(demonstration),
            "record": demonstration.things["folder"],
        }
    return render(request, "demonstration/verify.html", context)


@login_not_required
@require_safe
def copycat(_request: HttpRequest) -> HttpResponse:
    """The made-up shop that is captured in the story."""
    _demonstration()
    return HttpResponse(shop.page(), headers={"X-Robots-Tag": "noindex"})


@login_not_required
@require_safe
def copycat_file(_request: HttpRequest, name: str) -> HttpResponse:
    """What its page refers to."""
    _demonstration()
    if name not in shop.FILES:
        raise Http404
    media_type, content = shop.FILES[name]
    return HttpResponse(content, content_type=media_type)


def _latest(report: Report) -> datetime | None:
    return min((token.latest for token in report.facts.tokens if token.trusted), default=None)


@login_not_required
@require_safe
def folder_as_sealed(request: HttpRequest) -> HttpResponse:
    """The folder, its package and the trust file."""
    return _bundle(is_changed=False)


@login_not_required
@require_safe
def folder_with_a_change(request: HttpRequest) -> HttpResponse:
    """The same with one number changed: the verification that fails."""
    return _bundle(is_changed=True)


def _bundle(*, is_changed: bool) -> HttpResponse:
    package = _package(_demonstration())
    if package is None:
        return redirect("demonstration:verify")
    name = "lc-220-changed.zip" if is_changed else "lc-220.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(folder.bundle(package, is_changed=is_changed), content_type="application/zip", headers=headers)


def _package(demonstration: Demonstration) -> bytes | None:
    """None until the log has published the seal, and where another server keeps it."""
    record = folder_record(demonstration)
    if record is None:
        return None
    try:
        return folder.package_of_folder(record.generation, record.index)
    except NotPublishedError:
        return None


def _demonstration() -> Demonstration:
    found = shown_demonstration()
    if found is None:
        raise Http404
    return found

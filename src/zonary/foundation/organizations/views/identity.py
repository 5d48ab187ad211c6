"""Checking who somebody is (实名核验), for officers: a code, the document seen, and taking back what was wrong."""

from __future__ import annotations

import functools
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from zonary.common.clock import now
from zonary.common.language import _
from zonary.common.pagination import paginate
from zonary.common.rate_limit import Buckets
from zonary.foundation.accounts.identity_codes import end_code
from zonary.foundation.accounts.models import Person
from zonary.foundation.accounts.queries import identity_of
from zonary.foundation.organizations.actions import check_identity, revoke_identity_check
from zonary.foundation.organizations.forms import CodeForm, IdentityForm, ReasonForm
from zonary.foundation.organizations.identity_checks import identity_check, may_check, own_checks, person_by_code
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.standing import Standing

ATTEMPTS = 1 / 30, 20
"""Codes an officer may try: so many a second, so many at once. People come to a counter one by one."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def find(request: HttpRequest, by: Standing) -> HttpResponse:
    """Whose code is this? No other way leads to a person."""
    refuse_unless(may_check(by))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _attempts().take(by.person)
        code = form.cleaned_data["code"]
        found = person_by_code(by, code)
        if found is not None:
            return _ask(request, found, IdentityForm(initial={"code": code}))
        form.add_error("code", _("Nobody shows this code now. Codes are good for some minutes; ask for a new one."))
    page = paginate(own_checks(by), "-public_id", cursor=request.GET.get("cursor", ""))
    return show(request, "identity/find.html", {"checks": page.items, "following": page.next}, form)


@require_POST
@for_people
def check(request: HttpRequest, by: Standing) -> HttpResponse:
    """Record which document was seen; the code has to be good still."""
    refuse_unless(may_check(by))
    _attempts().take(by.person)
    found = person_by_code(by, request.POST.get("code", "")[:20])
    if found is None:
        messages.error(request, _("Nobody shows this code now. Codes are good for some minutes; ask for a new one."))
        return redirect("identity:find")
    form = IdentityForm(request.POST)
    person = str(found.public_id)
    if attempt(form, lambda: check_identity(person, document=form.source(), by=by, at=now())) is None:
        return _ask(request, found, form)
    end_code(found)
    messages.success(request, _("It is recorded that the name of {name} was checked.", name=found.name))
    return redirect("identity:find")


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def revoke(request: HttpRequest, by: Standing, check: UUID) -> HttpResponse:
    """A check was wrong: from now on it is only known what the person says."""
    refuse_unless(may_check(by))
    held = found_or_404(identity_check(by, str(check)))
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def do() -> bool:
        revoke_identity_check(str(held.person.public_id), reason=form.cleaned_data["reason"], by=by, at=now())
        return True

    if request.method == "POST" and attempt(form, do):
        messages.success(request, _("The check of {name} is revoked.", name=held.person.name))
        return redirect("identity:find")
    return show(request, "identity/revoke.html", {"check": held}, form)


def _ask(request: HttpRequest, person: Person, form: IdentityForm) -> HttpResponse:
    """Who it is, and which document was seen."""
    return show(request, "identity/check.html", {"found": person, "present": identity_of(person)}, form)


@functools.cache
def _attempts() -> Buckets:
    rate, burst = ATTEMPTS
    return Buckets("identity-code", rate, burst, share=settings.ZONARY_WORKERS)

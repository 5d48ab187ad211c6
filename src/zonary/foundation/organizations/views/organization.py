"""Founding an organisation, and what it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zonary.common.clock import now
from zonary.common.language import _
from zonary.foundation.organizations.actions import open_department
from zonary.foundation.organizations.claims.entering import enter_organization
from zonary.foundation.organizations.forms import DepartmentForm, FoundForm
from zonary.foundation.organizations.models import Claim
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.queries import (
    corrections_waiting,
    departments_of,
    founding_act,
    own_organization,
)
from zonary.foundation.organizations.standing import ACTS_FOR, Standing


@require_http_methods(["GET", "POST"])
@for_people
def found(request: HttpRequest, by: Standing) -> HttpResponse:
    """Enter an organisation, and act for it from then on; or claim it, when it is in the zone's registry."""
    form = FoundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        entered = attempt(
            form,
            lambda: enter_organization(form.founding(), statement=form.cleaned_data["statement"], by=by, at=now()),
        )
        if isinstance(entered, Claim):
            told = "{name} is in the zone's registry: an officer compares your claim with its business licence first."
            messages.success(request, _(told, name=entered.organization.name))
            return redirect("claims:claim", entered.public_id)
        if entered is not None:
            request.session[ACTS_FOR] = str(entered.public_id)
            messages.success(request, _("{name} is entered, and you act for it now.", name=entered.name))
            return redirect("organizations:own")
    return show(request, "organizations/found.html", {}, form)


@require_safe
@for_people
def own(request: HttpRequest, by: Standing) -> HttpResponse:
    """The organisation one acts for."""
    organization = own_organization(by)
    if organization is None:
        return redirect("organizations:found")
    context = {
        "organization": organization,
        "founding": founding_act(by),
        "departments": departments_of(organization) if by.is_officer else [],
        "waiting": corrections_waiting(by).count(),
        "is_owner": by.role == "owner",
        "department_form": DepartmentForm(),
    }
    return show(request, "organizations/own.html", context)


@require_POST
@for_people
def add_department(request: HttpRequest, by: Standing) -> HttpResponse:
    """A further department of the zone authority."""
    refuse_unless(by.is_officer)
    form = DepartmentForm(request.POST)
    made = attempt(form, lambda: open_department(form.cleaned_data["name"], by=by, at=now()))
    if made is None:
        organization = found_or_404(own_organization(by))
        context = {
            "organization": organization,
            "departments": departments_of(organization),
            "department_form": form,
            "is_owner": True,
        }
        return show(request, "organizations/own.html", context, form)
    messages.success(request, _("The department “{name}” is there now.", name=made.name))
    return redirect(reverse("organizations:own") + "#departments")

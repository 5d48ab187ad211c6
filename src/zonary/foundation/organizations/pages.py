"""What all pages have in common: who asks, forms whose errors are told in place, and the way on afterwards."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from zonary.common.language import say
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error

P = ParamSpec("P")
T = TypeVar("T")


def for_people(
    view: Callable[Concatenate[HttpRequest, Standing, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page for whoever signed in; the view is given their standing. Others are asked to sign in, and come back."""

    @functools.wraps(view)
    def page(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        standing: Standing | None = getattr(request, "standing", None)
        if standing is None:
            return redirect_to_login(request.get_full_path())
        try:
            response = view(request, standing, *args, **kwargs)
        except NotAllowedError as error:
            raise PermissionDenied(say(error)) from error
        # Somebody else may sit down at this machine.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return page


def attempt(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Do ``act`` if ``form`` is filled in rightly; what stops it is told above the form. None when it was not done."""
    if not form.is_valid():
        return None
    try:
        return act()
    except Error as error:
        form.add_error(None, say(error))
        return None


def show(
    request: HttpRequest, template: str, context: Mapping[str, Any], form: forms.Form | None = None
) -> HttpResponse:
    """The page; with status 422 when its form was sent and refused."""
    refused = form is not None and form.is_bound and not form.is_valid()
    return render(request, template, {**context, "form": form}, status=422 if refused else 200)


def found_or_404(thing: T | None) -> T:
    """What was looked for; what is not there and what is another's are told apart for nobody."""
    if thing is None:
        raise Http404
    return thing


def refuse_unless(is_allowed: bool) -> None:
    """A page that shows nothing to whoever may not do what it is for."""
    if not is_allowed:
        raise NotAllowedError("This page is not for the role you act in now.")


def officers_only(is_allowed: bool) -> None:
    """The same for a page of the zone's officers."""
    if not is_allowed:
        raise NotAllowedError(
            "This page is for officers of the zone. What your enterprise may have stands under “My benefits”."
        )


def way_on(request: HttpRequest, otherwise: str) -> str:
    """Where ``next`` says, if that is here; anywhere else is nobody's to send people to."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_here = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_here and asked.startswith("/") else otherwise

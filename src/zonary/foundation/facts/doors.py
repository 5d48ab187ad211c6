"""What the pages of facts have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from zonary.common.language import say
from zonary.common.problems import Problem
from zonary.foundation.facts.permissions import FactStateError, UnknownFactError
from zonary.foundation.facts.rules import WrongFactError
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.foundation.organizations.standing import Standing


def standing(request: HttpRequest) -> Standing:
    """Who asks; every page here is for who signed in."""
    found: Standing | None = getattr(request, "standing", None)
    if found is None:
        raise Problem(403, "sign-in-needed", "Sign in first.")
    return found


def show_form(
    request: HttpRequest, form: Form, do: Callable[[Any], str], *, words: dict[str, Any], to: str
) -> HttpResponse:
    """A form's page; sent, ``do`` is done with it and answers what to say on the page named ``to``.

    What the action refuses stands on the form, which is shown again with all that was filled in.

    :param words: ``title``, ``lead``, ``button`` and what else ``facts/form.html`` shows.
    """
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                messages.success(request, do(form))
                return redirect(to)
            except (WrongFactError, FactStateError, NotAllowedError, UnknownFactError) as error:
                form.add_error(None, say(error))
        status = 422
    return render(request, "facts/form.html", {"form": form, "back": to, **words}, status=status)

"""Problems as Django responses, also for what Django itself finds wrong: a page for people, a problem for programs."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError, DataError
from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from zonary.common import problems
from zonary.common.clock import ClockInDoubtError
from zonary.common.language import _, say, speaking
from zonary.common.language.preference import COOKIE, HTML_LANGUAGES, choose_language
from zonary.common.problems import Problem
from zonary.config.store_problems import store_problem
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.portal.shell import Shell
from zonary.services.evidence.tokens import NotStampedError

_log = logging.getLogger("zonary.server")
_FOR_PROGRAMS = ("/api/", "/healthz", "/metrics", "/tsa", "/log", "/openlog")


def problem_page(problem: Problem) -> HttpResponse:
    """``problem`` for a program."""
    headers = {"Cache-Control": "no-store", **problem.headers}
    return HttpResponse(problem.encode(), status=problem.status, content_type=problems.MEDIA_TYPE, headers=headers)


def wants_page(path: str, accept: str) -> bool:
    """Whether it is a person who asks: with a browser, and not for what only programs use."""
    return "text/html" in accept.lower() and not path.startswith(_FOR_PROGRAMS)


def tell(request: HttpRequest, problem: Problem, *, is_bare: bool = False) -> HttpResponse:
    """``problem`` as whoever asked can read it.

    :param is_bare: show a page without asking the database, which may be what is wrong.
    """
    if not wants_page(request.path, request.headers.get("Accept", "")):
        return problem_page(problem)
    asked = request.GET.get("lang") or request.COOKIES.get(COOKIE)
    wanted = choose_language(asked, request.headers.get("Accept-Language", ""))
    with speaking(wanted):
        title, detail = _words(problem)
        context = {"title": title, "detail": detail, "shell": Shell(request, is_bare=is_bare)}
        text = render_to_string("portal/error.html", context, request=None if is_bare else request)
    headers = {"Cache-Control": "no-store", "Content-Language": HTML_LANGUAGES[wanted], **problem.headers}
    return HttpResponse(text, status=problem.status, headers=headers)


def _words(problem: Problem) -> tuple[str, str]:
    """What it is called, and how to go on, in the language in force."""
    if problem.code == "form-expired":
        return _("This form has expired"), _(
            "Go back, reload the page and send it again. The browser must allow cookies."
        )
    acting = _("If you act for several organisations, see at the top for whom you act now.")
    by_status = {
        400: (_("This request was not understood"), _("Go back and try again; the address or the form was not whole.")),
        403: (
            _("You may not do this"),
            f"{problem.detail} {acting}".strip() if problem.code == "not-allowed" else acting,
        ),
        404: (_("There is nothing at this address"), _("It may have moved, or it may not be yours to see.")),
        405: (_("This address cannot be opened like this"), _("Begin again from the page the form was on.")),
        413: (_("That is too large"), _("This address takes less at a time. Send it in smaller parts.")),
        429: (_("Too many attempts"), _("Wait a few minutes, then try again.")),
        503: (_("This cannot be answered now"), _("Nothing was changed. Try again in a moment.")),
    }
    unforeseen = (
        _("Something went wrong on this server"),
        _("Nothing was changed. Whoever runs it finds the reason in its log; try again later."),
    )
    if problem.code == "not-yet-timestamped":
        return (_("The package is not there yet"), problem.detail)
    return by_status.get(problem.status, unforeseen if problem.status >= 500 else by_status[400])


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return tell(request, Problem(400, "bad-request", "The request is not one this server understands."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    # What a page of ours says why it is refused (``for_people``) is said on, in the reader's language already.
    why = str(exception) if isinstance(exception.__cause__, NotAllowedError) else ""
    return tell(request, Problem(403, "not-allowed", why) if why else Problem(403, "forbidden", "This is not allowed."))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW."""
    return tell(request, Problem(403, "form-expired", "The form's token is missing or of another session."))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return tell(request, problems.not_found())


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500, called while what was raised is being handled: whoever runs this reads it in the log."""
    # The route and not the address: that of an invitation, or of a new password, is a secret.
    route = request.resolver_match.route if request.resolver_match else "?"
    _log.error("%s /%s failed", request.method, route, exc_info=True)
    return tell(request, problems.unexpected(), is_bare=True)


class ProblemPagesMiddleware:
    """An error that a library answered in its own words is told in ours instead; a page of ours stays as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if response.status_code < 400 or _is_ours(request, response):
            return response
        if response.status_code == 405:
            allowed = response.headers.get("Allow", "")
            return tell(request, problems.method_not_allowed(request.method or "", allowed))
        if response.status_code >= 500:
            return tell(request, problems.unexpected(), is_bare=True)
        return tell(request, Problem(response.status_code, "bad-request", "The request cannot be answered."))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called by Django with what a view raised; None: it is unforeseen."""
        if isinstance(exception, Problem):
            return tell(request, exception)
        if isinstance(exception, ClockInDoubtError):
            return tell(request, Problem(503, "clock-in-doubt", str(exception), {"Retry-After": "60"}))
        if isinstance(exception, NotStampedError):
            return tell(request, Problem(409, "not-yet-timestamped", say(exception)))
        if isinstance(exception, DataError):
            # Such as a NUL in a search: no text to PostgreSQL, and nothing the next attempt would mend.
            return tell(request, Problem(400, "bad-request", "Something in the request cannot be kept or looked for."))
        if isinstance(exception, DatabaseError):
            return tell(request, store_problem(exception), is_bare=True)
        return None


def _is_ours(request: HttpRequest, response: HttpResponseBase) -> bool:
    """A problem, a page (it begins with its doctype, as no library's one-liner does) or a part that HTMX asked for."""
    kind = response.headers.get("Content-Type", "")
    if kind == problems.MEDIA_TYPE:
        return True
    if not kind.startswith("text/html"):
        return False
    is_page = isinstance(response, HttpResponse) and response.content[:15].lower() == b"<!doctype html>"
    return is_page or "HX-Request" in request.headers

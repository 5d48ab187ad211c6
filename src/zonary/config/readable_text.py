"""A NUL is no text: PostgreSQL keeps and looks for none, and nobody means to send one.

So no request with one comes any further, wherever it stands: in the address, in a cookie (where it may be written
``\\000``, RFC 2109 §10.1.3), or in a form. JSON is looked at where it is read (zonary.common.json_body).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from zonary.common.problems import Problem
from zonary.config.problem_pages import tell

_NUL = "\0"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class ReadableTextMiddleware:
    """Comes first: those after it look for the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        query = request.META.get("QUERY_STRING", "")
        if _NUL in request.path or _NUL in query or "%00" in query or _holds_nul(request.COOKIES.items()):
            return _refusal(request)
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _arguments: object, _named: object
    ) -> HttpResponse | None:
        """A form is read only when there is a view that may take one."""
        is_form = request.method == "POST" and request.content_type in _FORMS
        if is_form and not request.path.startswith("/api/"):  # which takes none, and reads the body itself
            fields = [(name, value) for name, values in request.POST.lists() for value in values]
            files = [(name, file.name or "") for name, listed in request.FILES.lists() for file in listed]
            if _holds_nul(fields) or _holds_nul(files):
                return _refusal(request)
        return None


def _holds_nul(pairs: Iterable[tuple[str, Any]]) -> bool:
    return any(_NUL in name or _NUL in str(value) for name, value in pairs)


def _refusal(request: HttpRequest) -> HttpResponse:
    # Without asking who it is: that stands in the cookie.
    return tell(request, Problem(400, "bad-request", "The request has a NUL in it, which is no text."), is_bare=True)

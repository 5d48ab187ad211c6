"""The account library's views write to its own tables; here each is made to leave evidence of what it changed.

A view that changes something runs in one transaction with the entries that the receivers of its signals record
(``zonary.foundation.accounts.library``); one that changed a table and told of it by no signal is undone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from zonary.foundation.ledger.recording import recorded_if_changed

_LIBRARY = "allauth."
_READING = ("GET", "HEAD", "OPTIONS")
_WRITES_ON_GET = ("callback",)
"""Parts of the names of views that write when they are only asked for: the return from an identity provider."""


class AccountActsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Called by Django with the view it is about to call; what this returns is the response."""
        match = request.resolver_match
        if not view.__module__.startswith(_LIBRARY) or match is None:
            return None
        if request.method in _READING and not any(part in (match.url_name or "") for part in _WRITES_ON_GET):
            return None
        response: HttpResponseBase = recorded_if_changed(view)(request, *arguments, **named)
        return response

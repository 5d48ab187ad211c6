"""Who asks for pages, and how often: tries to get into an account, and searches, are counted as the API counts.

``REMOTE_ADDR`` becomes the client's address, for whoever looks at it: the account library counts by it, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from zonary.common.client_address import client_address
from zonary.common.problems import Problem
from zonary.config.problem_pages import tell
from zonary.foundation.organizations.access import count

TRIES = frozenset(
    (
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_from_key",
        "account_confirm_login_code",
        "account_email_verification_sent",
        "account_reauthenticate",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_login_webauthn",
        "mfa_reauthenticate_webauthn",
        "organizations:accept-invitation",
    )
)
"""Pages on which somebody may guess, or have mails sent: forms that are sent there are few from one address."""
SEARCHES = ("q", "digest")
"""Parameters of pages that look through much."""


class ClientAddressMiddleware:
    """Comes first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        trusted = settings.ZONARY_TRUSTED_PROXIES
        if trusted:
            peer, said = request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
            request.META["REMOTE_ADDR"] = client_address(peer, said, trusted)
        return self._get_response(request)


class CountedPagesMiddleware:
    """Comes last: by then it is known who asks. The API counts for itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _arguments: object, _named: object
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        try:
            if name in TRIES and request.method == "POST":
                count(request, "tries")
            elif not request.path.startswith("/api/") and any(request.GET.get(each) for each in SEARCHES):
                count(request, "address")
        except Problem as problem:
            return tell(request, problem)
        return None

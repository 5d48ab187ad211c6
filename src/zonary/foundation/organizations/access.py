"""Who asks the API: an access token, or somebody who signed in and uses the API from a page.

Every endpoint says how far a token has to reach: ``@router.get("", auth=needs("evidence:read"))``. What comes of it is
a :class:`~zonary.foundation.organizations.standing.Standing`, as ``request.auth`` and ``request.standing``.
"""

from __future__ import annotations

import functools

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from zonary.common.clock import now
from zonary.common.problems import Problem
from zonary.common.rate_limit import Buckets
from zonary.foundation.organizations.queries import standing_of_token
from zonary.foundation.organizations.scopes import SCOPES, SIGNED_IN
from zonary.foundation.organizations.standing import Standing

_THIS_MACHINE = frozenset(("127.0.0.1", "::1", ""))
_READING = ("GET", "HEAD", "OPTIONS")


class Access(HttpBearer):
    """``Authorization: Bearer TOKEN``, or the cookie of a session; a request that changes something then shows the
    token against forged requests, too (``X-CSRFToken``).

    :param scope: what a token has to have; :data:`SIGNED_IN` refuses every token.
    """

    def __init__(self, scope: str) -> None:
        if scope not in SCOPES and scope != SIGNED_IN:
            raise ValueError(f"{scope} is no scope")
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Standing:
        count(request, "address")
        shown = request.headers.get("Authorization")
        standing = _signed_in(request) if shown is None else self.authenticate(request, _token(shown))
        request.standing = standing  # type: ignore[attr-defined]
        if not standing.may(self.scope):
            if self.scope == SIGNED_IN:
                raise Problem(403, "sign-in-needed", "No access token may do this: sign in, and do it on a page.")
            raise Problem(403, "scope-needed", f"This access token has no scope “{self.scope}”. Make one that has.")
        if standing.membership or standing.scopes is not None or shown is None:
            _buckets("person").take(standing.person)  # not the operator's programs
        return standing

    def authenticate(self, request: HttpRequest, token: str) -> Standing:
        """:raises AuthenticationError: when the token is not in force, for whatever reason."""
        standing = standing_of_token(token, at=now.last_trusted()) if token else None
        if standing is None:
            raise AuthenticationError
        return standing


def count(request: HttpRequest, name: str) -> None:
    """Count ``request`` by the address it came from.

    :param name: ``address`` for requests of every kind, ``tries`` for those to get into an account.
    :raises Problem: 429 when there were too many.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if address not in _THIS_MACHINE:  # nor a proxy on it that is not named, which sends everybody's requests
        _buckets(name).take(address)


@functools.cache
def _buckets(name: str) -> Buckets:
    """:param name: ``person``, ``address`` or ``tries``."""
    rates = {
        "person": settings.ZONARY_RATE_PERSON,
        "address": settings.ZONARY_RATE_ADDRESS,
        "tries": settings.ZONARY_RATE_TRIES,
    }
    rate, burst = rates[name]
    return Buckets(name, rate, burst, share=settings.ZONARY_WORKERS)


def asked_by(request: HttpRequest) -> Standing:
    """Who asks, in an operation that :func:`needs` somebody: what that found stands in the request."""
    standing: Standing = request.auth  # type: ignore[attr-defined]  # set by ninja
    return standing


def needs(scope: str) -> Access:
    """For whoever may do what ``scope`` says."""
    return Access(scope)


def _token(shown: str) -> str:
    """The token of ``Bearer TOKEN`` (RFC 6750 §2.1), or nothing."""
    scheme, _, token = shown.partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _signed_in(request: HttpRequest) -> Standing:
    standing: Standing | None = getattr(request, "standing", None)
    if standing is None:
        raise AuthenticationError
    if request.method not in _READING and check_csrf(request) is not None:
        detail = "A page that sends this has to show the token against forged requests: X-CSRFToken."
        raise Problem(403, "csrf", detail)
    return standing

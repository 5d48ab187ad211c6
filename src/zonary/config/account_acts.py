"""The account library's views write to its own tables; here each is made to leave evidence of what it changed.

A view that changes something runs in one transaction with the entries that the receivers of its signals record
(``zonary.foundation.accounts.library``); one that changed a table and told of it by no signal is undone. The addresses
themselves are wrapped, not the requests, so that a request the library puts off until somebody has shown again who
they are is wrapped when it comes up.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver

from zonary.foundation.ledger.recording import recorded_if_changed, recorded_once_begun

_View = Callable[..., HttpResponseBase]
_READING = ("GET", "HEAD", "OPTIONS")
_WRITES_ON_GET = frozenset(("openid_connect_callback", "mfa_view_recovery_codes", "mfa_download_recovery_codes"))
"""Return from an identity provider; and codes that were shown are marked so."""
_SLOW_AT_FIRST = frozenset(("account_login", "account_signup", "openid_connect_callback"))
"""They hash a password or ask another server before they write; zonary.foundation.accounts.adapters says when."""


def recorded_addresses(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The library's ``patterns``, each view wrapped; once, since patterns are made once."""
    wrapped = list(patterns)
    for pattern in wrapped:
        if isinstance(pattern, URLResolver):
            recorded_addresses(pattern.url_patterns)
        else:
            pattern.callback = _recorded(pattern.callback, pattern.name or "")
    return wrapped


def _recorded(view: _View, name: str) -> _View:
    changing = recorded_once_begun(view) if name in _SLOW_AT_FIRST else recorded_if_changed(view)

    @functools.wraps(view)
    def answer(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if request.method in _READING and name not in _WRITES_ON_GET:
            return view(request, *arguments, **named)
        try:
            return changing(request, *arguments, **named)
        except IntegrityError:
            # Two who register one address at the same moment: the second now finds the first, and is answered as
            # anybody is who takes an address that is taken.
            return changing(request, *arguments, **named)

    return answer

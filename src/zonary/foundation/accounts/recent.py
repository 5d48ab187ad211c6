"""Whether whoever is signed in has shown lately who they are: somebody else may have sat down at their machine."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

from zonary.common.clock import now
from zonary.foundation.accounts.models import Person

RECENT = timedelta(minutes=10)
"""As long as ``ACCOUNT_REAUTHENTICATION_TIMEOUT``, by which the account library asks before a second factor changes."""


def where_to_show_again(request: HttpRequest) -> str:
    """The address at which they show their password or second factor again and come back; empty when they did lately.

    Empty as well for who only ever comes from an identity provider: there is nothing that could be asked for here.
    """
    person = request.user
    if not isinstance(person, Person):
        return ""
    shown = max((float(each["at"]) for each in get_authentication_records(request, person)), default=0.0)
    if now.last_trusted().timestamp() - shown < RECENT.total_seconds():
        return ""
    ways = get_adapter().get_reauthentication_methods(person)
    return f"{ways[0]['url']}?{urlencode({'next': request.path})}" if ways else ""

"""The way from our pages to an identity provider's.

The pages' policy says that forms are sent to us alone (``form-action 'self'``), and Chromium holds every redirect after
a form to it as well. So the answer to the form that asks for a provider is no redirect but a page of ours that goes on
by itself, with a link for browsers that do not. The policy stays as it is: at whose addresses a provider lets people
sign in, only the provider knows.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render

_DOOR = "openid_connect_login"


class ProviderDoorsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        found = request.resolver_match
        if found is None or found.url_name != _DOOR or not isinstance(response, HttpResponseRedirect):
            return response
        if urlsplit(response.url).scheme not in ("https", "http"):
            return response  # a page of our own
        context = {"address": response.url, "provider": _name(found.kwargs["provider_id"])}
        page = render(request, "socialaccount/leaving.html", context)
        page.headers["Refresh"] = f"0; url={response.url}"
        page.headers["Cache-Control"] = "no-store"
        return page


def _name(provider: str) -> str:
    apps = getattr(settings, "SOCIALACCOUNT_PROVIDERS", {}).get("openid_connect", {}).get("APPS", [])
    return next((str(each["name"]) for each in apps if each["provider_id"] == provider), provider)

"""Which language a page is in: the one chosen (``?lang=``, kept in a cookie), else the browser's, else Chinese."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from zonary.common.language import Language, speaking
from zonary.common.language.preference import COOKIE, HTML_LANGUAGES, choose_language

_COOKIE_SECONDS = 365 * 24 * 60 * 60
_DJANGO_NAMES: dict[Language, str] = {"zh": "zh-hans", "en": "en"}


class PageLanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.GET.get("lang")
        wanted = choose_language(asked or request.COOKIES.get(COOKIE), request.headers.get("Accept-Language", ""))
        # Our own sentences, and those of libraries.
        with speaking(wanted), translation.override(_DJANGO_NAMES[wanted]):
            response = self._get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers["Content-Language"] = HTML_LANGUAGES[wanted]
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
            response.headers.setdefault("Cache-Control", "no-cache")
        if asked == wanted and request.COOKIES.get(COOKIE) != wanted:
            response.set_cookie(COOKIE, wanted, max_age=_COOKIE_SECONDS, samesite="Lax", httponly=True)
        return response

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zonary.common import problems
from zonary.foundation.ledger.layout import log_folder
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.proofs import Published, log_keys, present_generation, published_checkpoint
from zonary.foundation.ledger.queries import log_status
from zonary.portal.texts import TEXTS, choose_language

STYLE_SHEET = Path(__file__).parent / "static" / "portal" / "portal.css"
_SHORT_LINE = 200


@dataclass(frozen=True, slots=True)
class _Command:
    what: str
    lines: tuple[str, ...]


def start(request: HttpRequest) -> HttpResponse:
    """The start page: the log as it stands, and what to type next."""
    if request.method not in ("GET", "HEAD"):
        problem = problems.method_not_allowed(request.method or "", "GET, HEAD")
        return HttpResponse(problem.encode(), status=405, content_type=problems.MEDIA_TYPE, headers=problem.headers)
    language = choose_language(request.GET.get("lang"), request.headers.get("Accept-Language", ""))
    text = TEXTS[language]
    status, published = log_status("main"), published_checkpoint()
    keys = log_keys()
    context = {
        "text": text,
        "language": language,
        "status": status,
        "published": published,
        "root": base64.b64encode(published.checkpoint.root).decode("ascii") if published else "",
        "checkpoint": _shortened(published) if published else "",
        "key": keys[0] if keys else "",
        "more_keys": keys[1:],
        "log": _present_log(),
        "commands": _commands(text, settings.ZONARY_URL),
    }
    headers = {"Vary": "Accept-Language", "Content-Language": text["html_lang"], "Cache-Control": "no-cache"}
    response = render(request, "portal/start.html", context)
    for name, value in headers.items():
        response[name] = value
    return response


def _shortened(published: Published) -> str:
    """The checkpoint without the signatures that would fill the page."""
    lines = published.note.decode("utf-8", "replace").splitlines()
    return "\n".join(line for line in lines if len(line) <= _SHORT_LINE)


def _present_log() -> str:
    return log_folder(MAIN, present_generation(MAIN))


def _commands(text: dict[str, str], url: str) -> list[_Command]:
    path, package = text["path"], text["package"]
    log = _present_log()
    return [
        _Command(text["seal"], (f"zonary seal {path} --server {url}",)),
        _Command(text["verify"], (f"zonary verify {package} {path}",)),
        _Command(
            text["trust"],
            (f"curl -o zone.trust {url}/trust", f"zonary verify {package} {path} --trust zone.trust"),
        ),
        _Command(text["fsck"], (f"zonary fsck --url {url}/{log} --trust zone.trust",)),
    ]

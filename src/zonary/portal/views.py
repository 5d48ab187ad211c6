from __future__ import annotations

import base64
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from zonary.common.clock import now
from zonary.common.language import _
from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.batching import batching
from zonary.foundation.ledger.layout import log_folder
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.proofs import Published, log_keys, present_generation, published_checkpoint
from zonary.foundation.ledger.queries import log_status
from zonary.foundation.organizations.queries import membership_of
from zonary.foundation.organizations.standing import ACTS_FOR, Standing
from zonary.portal.home.guide import GUIDE_DISMISSED, guide_of
from zonary.portal.home.views import home_of

_SHORT_LINE = 200


@dataclass(frozen=True, slots=True)
class _Command:
    what: str
    lines: tuple[str, ...]


@login_not_required
@csrf_exempt  # it takes nothing, and says so by 405
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The start page: what this zone is, or what waits for who is signed in; and the log as it stands."""
    status, published = log_status("main"), published_checkpoint()
    keys = log_keys()
    context = {
        "status": status,
        "is_batched": batching() is not None,
        "published": published,
        "root": base64.b64encode(published.checkpoint.root).decode("ascii") if published else "",
        "checkpoint": _shortened(published) if published else "",
        "key": keys[0] if keys else "",
        "more_keys": keys[1:],
        "log": _present_log(),
        "commands": _commands(settings.ZONARY_URL),
    }
    reader: Standing | None = getattr(request, "standing", None)
    if reader is not None:
        context |= home_of(reader, at=now()) | {"guide": guide_of(reader, request.session)}
    return render(request, "portal/start.html", context)


@require_POST
def dismiss_guide(request: HttpRequest) -> HttpResponse:
    """Show the guide no more while this session lasts, or show it again."""
    request.session[GUIDE_DISMISSED] = request.POST.get("again") != "1"
    return redirect("start")


@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """Switch for whom whoever is signed in acts: what they ask for, if they are a member there, else themselves."""
    wanted = request.POST.get("organisation", "")
    person = request.user
    is_member = isinstance(person, Person) and membership_of(person, wanted, at=now()) is not None
    request.session[ACTS_FOR] = wanted if is_member else ""
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page a form was on, if it is one of ours."""
    asked = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts=None) and asked.startswith("/")
    return asked if is_ours else "/"


def _shortened(published: Published) -> str:
    """The checkpoint without the signatures that would fill the page."""
    lines = published.note.decode("utf-8", "replace").splitlines()
    return "\n".join(line for line in lines if len(line) <= _SHORT_LINE)


def _present_log() -> str:
    return log_folder(MAIN, present_generation(MAIN))


def _commands(url: str) -> list[_Command]:
    path, package = _("FILE_OR_FOLDER"), _("NAME.zonary")
    log = _present_log()
    return [
        _Command(
            _("Seal: digests are computed on your machine, no file leaves it"), (f"zonary seal {path} --server {url}",)
        ),
        _Command(_("Verify: check a package offline, layer by layer"), (f"zonary verify {package} {path}",)),
        _Command(
            _("Hand the trust file to whoever is to check it; they type"),
            (f"curl -o zone.trust {url}/trust", f"zonary verify {package} {path} --trust zone.trust"),
        ),
        _Command(
            _("Re-derive every tile, root and signature of the log"),
            (f"zonary fsck --url {url}/{log} --trust zone.trust",),
        ),
    ]

"""The pages of one's inbox: parse, call one action or query, answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zonary.common.clock import now
from zonary.common.language import _
from zonary.common.pagination import paginate
from zonary.foundation.notifications.inbox.actions import choose_channels
from zonary.foundation.notifications.inbox.forms import ChannelsForm
from zonary.foundation.notifications.inbox.messages import mark_all_read, mark_read
from zonary.foundation.notifications.inbox.models import Choice, Wishes
from zonary.foundation.notifications.inbox.queries import (
    choices_of,
    inbox,
    kinds_to_choose,
    message_of,
    names_in,
    unread,
    unread_elsewhere,
    wishes_of,
)
from zonary.foundation.notifications.inbox.wording import address_of, sentence_of
from zonary.foundation.organizations.happenings import HAPPENINGS
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, show
from zonary.foundation.organizations.queries import names_of
from zonary.foundation.organizations.standing import Standing


@require_safe
@for_people
def list_messages(request: HttpRequest, by: Standing) -> HttpResponse:
    """What is unread, or all of it (``?all=1``), as whom they act for now; and how much waits for them elsewhere."""
    is_all = request.GET.get("all") == "1"
    rows = inbox(by) if is_all else unread(by)
    page = paginate(rows, "-public_id", cursor=request.GET.get("cursor", ""))
    names = names_in(page.items)
    elsewhere = unread_elsewhere(by)
    called = names_of(by, (), also=elsewhere) if any(elsewhere) else {}
    context = {
        "rows": [(each, sentence_of(each, names)) for each in page.items],
        "following": page.next,
        "is_all": is_all,
        "elsewhere": [(public_id, called.get(public_id, ""), count) for public_id, count in elsewhere.items()],
    }
    return show(request, "inbox/list.html", context)


@require_safe
@for_people
def one(request: HttpRequest, by: Standing, message: str) -> HttpResponse:
    """Where a link in a mail leads: marks the message as read, and goes on to what it is about.

    Somebody who acts for another organisation now is asked to switch first, or the page would not be theirs.
    """
    found = found_or_404(message_of(by, message))
    mark_read(by, message, at=now())
    address = address_of(found)
    if address and found.organisation == by.organisation:
        return redirect(address)
    names = names_in([found])
    context = {
        "message": found,
        "sentence": sentence_of(found, names),
        "organisation": names.get(found.organisation, ""),
        "must_switch": bool(address) and found.organisation != by.organisation,
    }
    return show(request, "inbox/message.html", context)


@require_POST
@for_people
def read_all(request: HttpRequest, by: Standing) -> HttpResponse:
    """All that is on the page of unread messages."""
    mark_all_read(by, at=now())
    messages.success(request, _("Everything is marked as read."))
    return redirect("inbox:list")


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def choices(request: HttpRequest, by: Standing) -> HttpResponse:
    """How one wants to be told."""
    kinds = kinds_to_choose()
    has_messenger = settings.ZONARY_MESSENGER is not None
    asked = request.POST if request.method == "POST" else None
    initial = _initial(wishes_of(by), choices_of(by))
    form = ChannelsForm(kinds, asked, has_messenger=has_messenger, initial=initial)
    if request.method == "POST" and attempt(form, lambda: _choose(form, by)):
        messages.success(request, _("You will be told so from now on."))
        return redirect("inbox:choices")
    context = {
        "always": [_(HAPPENINGS.get(kind, kind)) for kind, notice in kinds if notice.is_security],
        "has_messenger": has_messenger,
        "sends_mail": settings.ZONARY_SENDS_MAIL,
    }
    return show(request, "inbox/choices.html", context, form)


def _choose(form: ChannelsForm, by: Standing) -> bool:
    choose_channels(form.chosen(), by=by, at=now())
    return True


def _initial(wishes: Wishes | None, chosen: Mapping[str, Choice]) -> dict[str, Any]:
    initial: dict[str, Any] = {"mailing": "now"}
    if wishes is not None:
        initial = {"mailing": wishes.mailing, "language": wishes.language, "handle": wishes.handle}
    for kind, choice in chosen.items():
        initial |= {f"mail {kind}": choice.mailing, f"messenger {kind}": choice.by_messenger}
    return initial

"""The pages of an organisation's webhooks, for its owners: parse, call one action or query, answer."""

from __future__ import annotations

import re

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.common.pagination import paginate
from zonary.foundation.notifications.actions import repeat_delivery, set_up_webhook, stop_webhook
from zonary.foundation.notifications.forms import WebhookForm
from zonary.foundation.notifications.models import WebhookEndpoint
from zonary.foundation.notifications.queries import deliveries, last_deliveries, webhooks
from zonary.foundation.notifications.rules import secret_of
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error


@require_safe
@for_people
def list_webhooks(request: HttpRequest, by: Standing) -> HttpResponse:
    """All of the organisation's, newest first, each with what was posted last."""
    refuse_unless(by.role == "owner")
    page = paginate(webhooks(by), "-public_id", cursor=request.GET.get("cursor", ""))
    last = last_deliveries(page.items)
    rows = [(each, last.get(each.pk)) for each in page.items]
    return show(request, "webhooks/list.html", {"rows": rows, "following": page.next})


@require_http_methods(["GET", "POST"])
@for_people
def set_up(request: HttpRequest, by: Standing) -> HttpResponse:
    """Have events posted somewhere; the secret is shown once, on the page that answers."""
    refuse_unless(by.role == "owner")
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        made = attempt(
            form,
            lambda: set_up_webhook(form.cleaned_data["url"], kinds=form.cleaned_data["kinds"], by=by, at=now()),
        )
        if made is not None:
            # Not a redirect: this is the one moment to show the secret.
            secret = secret_of(str(made.public_id), settings.SECRET_KEY)
            return show(request, "webhooks/made.html", {"webhook": made, "secret": secret})
    return show(request, "webhooks/set_up.html", {}, form)


@require_safe
@for_people
def webhook(request: HttpRequest, by: Standing, webhook: str) -> HttpResponse:
    """One of them, and what was and is to be posted there."""
    found = found_or_404(webhooks(by).filter(public_id=as_uuid(webhook)).first())
    page = paginate(deliveries(by, webhook), "-public_id", cursor=request.GET.get("cursor", ""))
    rows = [(each, _told(each.answer)) for each in page.items]
    return show(request, "webhooks/webhook.html", {"webhook": found, "rows": rows, "following": page.next})


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def stop(request: HttpRequest, by: Standing, webhook: str) -> HttpResponse:
    """Have nothing posted there any more, once that was asked for twice."""
    if request.method != "POST":
        active = webhooks(by).filter(public_id=as_uuid(webhook), state=WebhookEndpoint.State.ACTIVE)
        found = found_or_404(active.first())
        context = {
            "title": _("Stop the webhook"),
            "consequence": _(
                "Nothing that happens is posted to {url} any more. A stopped webhook does not begin again; you would "
                "set up another, with another secret.",
                url=found.url,
            ),
            "action": _("Stop the webhook"),
            "address": reverse("webhooks:stop", args=[webhook]),
            "cancel": reverse("webhooks:webhook", args=[webhook]),
            "is_grave": True,
        }
        return show(request, "portal/confirm.html", context)
    try:
        stop_webhook(webhook, by=by, at=now())
        messages.success(request, _("Nothing is posted there any more."))
    except Error as error:
        messages.error(request, say(error))
    return redirect("webhooks:list")


@require_POST
@for_people
def repeat(request: HttpRequest, by: Standing, webhook: str, delivery: str) -> HttpResponse:
    """Post one event again."""
    try:
        repeat_delivery(webhook, delivery, by=by, at=now())
        messages.success(request, _("The event will be posted again in a moment."))
    except Error as error:
        messages.error(request, say(error))
        return redirect("webhooks:list")
    return redirect("webhooks:webhook", webhook)


def _told(answer: str) -> str:
    """What came of an attempt, in the reader's language; it is kept in English."""
    status = re.fullmatch(r"It answered ([0-9]+)\.", answer)
    if status is not None:
        return _("It answered {status}.", status=status[1])
    return _(answer) if answer else ""

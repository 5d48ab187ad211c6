"""A person's own access tokens, for whom they act now: the list, making one, having one end."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.common.pagination import paginate
from zonary.foundation.accounts.recent import where_to_show_again
from zonary.foundation.organizations.actions import issue_personal_token, revoke_token
from zonary.foundation.organizations.forms import TokenForm
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.queries import as_uuid, own_organization, tokens_of
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error


@require_safe
@for_people
def list_tokens(request: HttpRequest, by: Standing) -> HttpResponse:
    """Those in force and those that ended, newest first."""
    page = paginate(tokens_of(by), "-public_id", cursor=request.GET.get("cursor", ""))
    context = {
        "tokens": page.items,
        "following": page.next,
        "at": now.last_trusted(),
        "organization": own_organization(by),
        "may_make": by.may_act,
    }
    return show(request, "organizations/tokens.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def make(request: HttpRequest, by: Standing) -> HttpResponse:
    """Make a token; it is shown once, on the page that answers."""
    refuse_unless(by.may_act)
    if again := where_to_show_again(request):
        return redirect(again)
    form = TokenForm(request.POST if request.method == "POST" else None)
    organization = own_organization(by)
    if request.method == "POST":
        at = now()
        made = attempt(
            form,
            lambda: issue_personal_token(
                name=form.cleaned_data["name"],
                scopes=form.cleaned_data["scopes"],
                expires_at=form.expires_at(),
                by=by,
                at=at,
            ),
        )
        if made is not None:
            token, secret = made
            # Not a redirect: the token is kept nowhere, so this is the one moment to show it.
            return show(request, "organizations/token_made.html", {"token": token, "secret": secret})
    return show(request, "organizations/make_token.html", {"organization": organization}, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def revoke(request: HttpRequest, by: Standing, token: str) -> HttpResponse:
    """Have one open nothing any more, once that was asked for twice."""
    if request.method != "POST":
        held = found_or_404(tokens_of(by).filter(public_id=as_uuid(token), revoked_at=None).first())
        context = {
            "title": _("Revoke the access token “{name}”", name=held.name),
            "consequence": _("The program that uses it can do nothing here any more. It needs a new token then."),
            "action": _("Revoke the access token"),
            "address": reverse("organizations:revoke-token", args=[token]),
            "cancel": reverse("organizations:tokens"),
            "is_grave": True,
        }
        return show(request, "portal/confirm.html", context)
    try:
        revoke_token(token, by=by, at=now())
        messages.success(request, _("The access token is revoked; nothing opens with it any more."))
    except Error as error:
        messages.error(request, say(error))
    return redirect("organizations:tokens")

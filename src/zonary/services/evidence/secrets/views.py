"""The pages: the register for who keeps it, and what is shown to those who were named."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.foundation.documents.errors import UnknownDocumentError
from zonary.foundation.documents.handing_out import content_response
from zonary.foundation.documents.models import DocumentVersion
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.standing import Standing
from zonary.proof.digests import digests_of
from zonary.proof.errors import Error
from zonary.proof.stages import Stage
from zonary.services.evidence import queries as evidence
from zonary.services.evidence import tasks
from zonary.services.evidence.secrets import queries
from zonary.services.evidence.secrets.actions import (
    UnknownSecretError,
    accept_agreement,
    check_leaver,
    end_secret,
    grant_access,
    issue_agreement,
    open_secret,
    register_secret,
    withdraw_access,
)
from zonary.services.evidence.secrets.forms import APART, AgreementForm, CheckForm, EndForm, GrantForm, RegisterForm
from zonary.services.evidence.secrets.models import AccessGrant, TradeSecret
from zonary.services.evidence.secrets.permissions import may_keep
from zonary.services.evidence.secrets.rules import CONTENT, MARKINGS, PACKAGE, PAGE, RECORD, RETURNS

_PACKAGE = "application/vnd.etsi.asic-e+zip"


@require_safe
@for_people
def listed(request: HttpRequest, by: Standing) -> HttpResponse:
    """The register of who keeps one, and what others show the reader."""
    at = now()
    page = queries.secrets(by, at=at, cursor=request.GET.get("cursor", ""))
    shown = list(queries.shown_to(by, at=at)[: queries.MAX_LISTED])
    names = queries.holder_names(each.secret.holder for each in shown)
    context = {
        "may_keep": may_keep(by),
        "rows": [(each, _(MARKINGS[each.marking])) for each in page],
        "following": page.next,
        "shown": [(each, names.get(each.secret.holder, "")) for each in shown],
        "leavers": len(queries.leavers_waiting(by, at=at)),
    }
    return show(request, "secrets/list.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def register(request: HttpRequest, by: Standing) -> HttpResponse:
    """Keep something as a secret from now on."""
    refuse_unless(may_keep(by))
    things = queries.things_to_choose(by)
    initial = {"thing": f"{RECORD}{APART}{request.GET.get('record', '')}"}
    form = RegisterForm(request.POST if request.method == "POST" else None, things=things, initial=initial)

    def do() -> TradeSecret:
        source, thing = form.chosen()
        given = form.cleaned_data
        words = {name: given[name] for name in ("title", "marking", "point")}
        return register_secret(source, thing, **words, by=by, at=now())

    made = attempt(form, do) if request.method == "POST" else None
    if made is not None:
        if made.source == RECORD:
            said = _(
                "The trade secret is registered. Only the owners see the register; the record itself stays among the "
                "evidence, which all your members see."
            )
        else:
            said = _("The trade secret is registered. Nobody but the owners sees it until you name somebody.")
        messages.success(request, said)
        return redirect("secrets:secret", made.public_id)
    return show(request, "secrets/register.html", {"has_things": bool(things)}, form)


@require_safe
@for_people
def one(request: HttpRequest, by: Standing, secret: str) -> HttpResponse:
    """A secret for who keeps it: what was done to keep it, who may see it, and who did."""
    found = found_or_404(queries.own_secret(by, secret))
    at = now()
    grants, openings = queries.grants_of(found), queries.openings_of(found)
    names = queries.names_in(by, [each.person for each in grants] + [each.person for each in openings])
    version, left = queries.version_of(found), queries.left_since(by, grants, at=at)
    context = {
        "secret": found,
        "marking": _(MARKINGS[found.marking]),
        "is_record": found.source == RECORD,
        "has_plain_copy": found.source == RECORD and queries.has_plain_copy(by, str(found.thing), at=at),
        "receipt": queries.receipt_of(found),
        "version": version,
        "grants": [(each, _called(each, names), _state(each, left, at)) for each in grants],
        "openings": [(each, names.get(str(each.person)) or _outsider(each.grant)) for each in openings],
        "accepted": sum(each.accepted_at is not None for each in grants),
    }
    return show(request, "secrets/secret.html", context)


def _called(grant: AccessGrant, names: dict[str, str]) -> str:
    return grant.name or names.get(str(grant.person)) or str(grant.person)


def _outsider(grant: AccessGrant | None) -> str:
    return "" if grant is None else grant.name or str(grant.person)


def _state(grant: AccessGrant, left: Collection[str], at: datetime) -> str:
    """``withdrawn`` by the holder, ``over`` by its term, ``left`` when they are no member any more, ``open``, or
    ``waiting`` for the agreement to be accepted.
    """
    if grant.withdrawn_at is not None:
        return "withdrawn"
    if not queries.is_open(grant, at):
        return "over"
    if str(grant.person) in left:
        return "left"
    return "open" if grant.accepted_at is not None else "waiting"


@require_http_methods(["GET", "POST"])
@for_people
def grant(request: HttpRequest, by: Standing, secret: str) -> HttpResponse:
    """Name somebody who may see it."""
    found = found_or_404(queries.own_secret(by, secret))
    texts = [(str(each.public_id), _("{title}, version {number}", title=each.title, number=each.number))
             for each in queries.agreements(by)[: queries.MAX_CHOICES]]  # fmt: skip
    members = queries.members_to_choose(by, at=now())
    form = GrantForm(request.POST if request.method == "POST" else None, members=members, agreements=texts)

    def do() -> AccessGrant:
        given = form.cleaned_data
        words = {name: given[name] for name in ("name", "agreement", "until")}
        return grant_access(secret, person=form.who(), **words, by=by, at=now())

    if request.method == "POST" and attempt(form, do) is not None:
        messages.success(request, _("They may see it as soon as they have accepted the agreement."))
        return redirect("secrets:secret", secret)
    return show(request, "secrets/grant.html", {"secret": found, "has_agreements": bool(texts)}, form)


@require_http_methods(["GET", "POST"])
@for_people
def withdraw(request: HttpRequest, by: Standing, access: str) -> HttpResponse:
    """Take it back; asked once more."""
    found = found_or_404(queries.own_grant(by, access))
    back = reverse("secrets:secret", args=[found.secret.public_id])
    if request.method == "POST":
        try:
            withdraw_access(access, by=by, at=now())
            messages.success(request, _("They see nothing of it any more."))
        except Error as error:
            messages.error(request, say(error))
        return redirect(back)
    context = {
        "title": _("Close the access of {name}", name=_called(found, queries.names_in(by, [found.person]))),
        "consequence": _("They see nothing of it any more. What they took away before stays with them."),
        "action": _("Close the access"),
        "address": request.path,
        "cancel": back,
    }
    return show(request, "portal/confirm.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def end(request: HttpRequest, by: Standing, secret: str) -> HttpResponse:
    """Keep it as a secret no longer, for a reason."""
    found = found_or_404(queries.own_secret(by, secret))
    form = EndForm(request.POST if request.method == "POST" else None)

    def do() -> bool:
        given = form.cleaned_data
        end_secret(secret, reason=given["reason"], erase_point=given["erase_point"], by=by, at=now())
        return True

    if request.method == "POST" and attempt(form, do):
        messages.success(request, _("It is no longer kept as a trade secret, and nothing of it is open to anybody."))
        return redirect("secrets:secret", secret)
    return show(request, "secrets/end.html", {"secret": found}, form)


@require_safe
@for_people
def agreements(request: HttpRequest, by: Standing) -> HttpResponse:
    """The versions of the confidentiality agreement."""
    refuse_unless(may_keep(by))
    return show(request, "secrets/agreements.html", {"rows": queries.agreements(by)[: queries.MAX_LISTED]})


@require_http_methods(["GET", "POST"])
@for_people
def issue(request: HttpRequest, by: Standing) -> HttpResponse:
    """Write another version."""
    refuse_unless(may_keep(by))
    newest = queries.agreements(by).first()
    initial = {"title": newest.title, "text": newest.text} if newest else None
    form = AgreementForm(request.POST if request.method == "POST" else None, initial=initial)
    made = None
    if request.method == "POST":
        made = attempt(
            form, lambda: issue_agreement(form.cleaned_data["title"], form.cleaned_data["text"], by=by, at=now())
        )
    if made is not None:
        messages.success(request, _("The agreement is written down, and its digests are recorded."))
        return redirect("secrets:agreement", made.public_id)
    return show(request, "secrets/issue.html", {"newest": newest}, form)


@require_safe
@for_people
def agreement(request: HttpRequest, by: Standing, agreement: str) -> HttpResponse:
    """One version: its text, its digests, and who accepted it."""
    found = found_or_404(queries.own_agreement(by, agreement))
    accepted = queries.acceptances_of(found)
    names = queries.names_in(by, [each.person for each in accepted])
    context = {
        "agreement": found,
        "digests": digests_of(found.text.encode()),
        "accepted": [(each, _called(each, names)) for each in accepted],
    }
    return show(request, "secrets/agreement.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def accept(request: HttpRequest, by: Standing, secret: str) -> HttpResponse:
    """The agreement, for whom the secret is to be shown; of the secret nothing is said here yet."""
    access = found_or_404(queries.access_to(by, secret, at=now()))
    if access.is_accepted or access.grant is None:
        return redirect("secrets:open-secret", secret)
    if request.method == "POST":
        try:
            accept_agreement(secret, shown=request.POST.get("shown", ""), by=by, at=now())
        except Error as error:
            messages.error(request, say(error))
            return redirect("secrets:accept-agreement", secret)
        messages.success(request, _("You accepted the agreement; your receipt is among your receipts."))
        return redirect("secrets:open-secret", secret)
    context = {
        "secret": secret,
        "grant": access.grant,
        "agreement": access.grant.agreement,
        "digests": digests_of(access.grant.agreement.text.encode()),
        "holder": queries.holder_name(access.secret.holder),
    }
    return show(request, "secrets/accept.html", context)


def _opened(request: HttpRequest, by: Standing, secret: str, what: str) -> queries.Access | HttpResponse:
    """By what right, once the opening is recorded; or the way to the agreement."""
    at = now()
    access = found_or_404(queries.access_to(by, secret, at=at))
    if not access.is_accepted:
        return redirect("secrets:accept-agreement", secret)
    try:
        open_secret(secret, what, by=by, at=at)
    except UnknownSecretError:
        found_or_404(None)
    return access


@require_safe
@for_people
def opened(request: HttpRequest, by: Standing, secret: str) -> HttpResponse:
    """The secret itself; that it is opened is recorded first."""
    access = _opened(request, by, secret, PAGE)
    if isinstance(access, HttpResponse):
        return access
    found = access.secret
    receipt = queries.receipt_of(found)
    context = {
        "secret": found,
        "grant": access.grant,
        "marking": _(MARKINGS[found.marking]),
        "holder": queries.holder_name(found.holder),
        "receipt": receipt,
        "has_package": receipt is not None and receipt.has_package and receipt.stage is Stage.PUBLISHED,
        "version": queries.version_of(found),
    }
    return show(request, "secrets/open.html", context)


@require_safe
@for_people
def download(request: HttpRequest, by: Standing, secret: str) -> HttpResponse:
    """What it consists of: the package of a record, or the ciphertext; that it is taken is recorded first."""
    found = found_or_404(queries.access_to(by, secret, at=now())).secret
    receipt, version = queries.receipt_of(found), queries.version_of(found)
    if receipt is not None and not (receipt.has_package and receipt.stage is Stage.PUBLISHED):
        return redirect("secrets:open-secret", secret)
    if receipt is None and version is None:
        found_or_404(None)
    taken = _opened(request, by, secret, CONTENT if receipt is None else PACKAGE)
    if isinstance(taken, HttpResponse):
        return taken
    answer = _package(receipt) if receipt is not None else _ciphertext(request, found_or_404(version))
    answer["Cache-Control"] = "no-store"
    return answer


def _package(receipt: evidence.Receipt) -> HttpResponse:
    tasks.stamp_evidence(receipt.public_id, clock=now)
    made = found_or_404(evidence.package_of(receipt))
    name = f'attachment; filename="{receipt.public_id}.zonary"'
    return HttpResponse(made, content_type=_PACKAGE, headers={"Content-Disposition": name})


def _ciphertext(request: HttpRequest, version: DocumentVersion) -> HttpResponse:
    wanted, unless = request.headers.get("Range", ""), request.headers.get("If-Range", "")
    try:
        handed = content_response(version, method=request.method or "GET", wanted=wanted, unless=unless)
    except UnknownDocumentError:
        return found_or_404(None)
    return cast("HttpResponse", handed)  # streamed, which what wraps this view does not mind


@require_safe
@for_people
def leavers(request: HttpRequest, by: Standing) -> HttpResponse:
    """Who left and was not checked, and everybody else who could see something."""
    refuse_unless(may_keep(by))
    at = now()
    waiting = queries.leavers_waiting(by, at=at)
    others = [each for each in queries.people_with_grants(by) if each not in waiting]
    names = queries.names_in(by, [*waiting, *others]) | queries.outsider_names(by)
    context = {
        "waiting": [(each, names.get(each, each)) for each in waiting],
        "others": [(each, names.get(each, each)) for each in others],
    }
    return show(request, "secrets/leavers.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def leaver(request: HttpRequest, by: Standing, person: str) -> HttpResponse:
    """What somebody could see and did open; closing all of it, and saying what came back."""
    at = now()
    grants = found_or_404(queries.grants_to(by, person) or None)
    form = CheckForm(request.POST if request.method == "POST" else None)

    def do() -> bool:
        given = form.cleaned_data
        check_leaver(person, returned=given["returned"], note=given["note"], by=by, at=now())
        return True

    if request.method == "POST" and attempt(form, do):
        messages.success(request, _("Nothing is open to them any more, and the check is recorded."))
        return redirect("secrets:check-leaver", person)
    names, left = queries.names_in(by, [person]), queries.left_since(by, grants, at=at)
    states = [_state(each, left, at) for each in grants]
    context = {
        "person": person,
        "name": _called(grants[0], names),
        "is_member": bool(by.organisation) and queries.is_member(by, person, at=at),
        "grants": list(zip(grants, states, strict=True)),
        "open_count": sum(each in ("open", "waiting") for each in states),
        "openings": queries.openings_by(by, person),
        "checks": [(each, _(RETURNS[each.returned])) for each in queries.checks_of(by, person)],
    }
    return show(request, "secrets/leaver.html", context, form)

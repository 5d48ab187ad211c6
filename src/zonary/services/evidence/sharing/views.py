"""The pages of whoever shares, and of whom it is shared with."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.foundation.organizations.pages import attempt, for_people, found_or_404, refuse_unless, show
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error
from zonary.proof.stages import Stage
from zonary.services.evidence import queries as evidence
from zonary.services.evidence import tasks
from zonary.services.evidence.declarations.queries import declarations_of, sealed_with
from zonary.services.evidence.declarations.rules import in_force
from zonary.services.evidence.exporting.rules import needs_notice
from zonary.services.evidence.exporting.views import notice_context
from zonary.services.evidence.permissions import may_register_evidence
from zonary.services.evidence.queries.arrival import observed
from zonary.services.evidence.rules import Kind
from zonary.services.evidence.sharing import queries
from zonary.services.evidence.sharing.actions import end_share, erase_record, open_share, share_evidence
from zonary.services.evidence.sharing.forms import EraseForm, ShareForm
from zonary.services.evidence.sharing.models import Share
from zonary.services.evidence.sharing.rules import PACKAGE, PAGE, PROOF
from zonary.services.evidence.sharing.shareable import shareable

LINKS = "shared_links"
"""The key in a session: public ids of shares whose secret was shown."""
_LINKS_KEPT = 20
_NOBODY = "nobody"
"""No public id is called so; whoever shares with it is told that there is nobody."""
_PACKAGE = "application/vnd.etsi.asic-e+zip"


def sharing_context(reader: Standing, thing: str, at: datetime) -> dict[str, object]:
    """With whom a thing is shared and who looked, for the page of its holder."""
    shares, openings = queries.shares_of(reader, thing), queries.openings_of(reader, thing)
    ids = [each.grantee for each in shares] + [each.organisation for each in openings]
    names = queries.names_of_organizations(ids)
    return {
        "shares": [(each, each.name or names.get(each.grantee, each.grantee), _state(each, at)) for each in shares],
        "openings": [
            (each, each.share.name or names.get(each.organisation, each.person), each.share) for each in openings
        ],
    }


def _state(share: Share, at: datetime) -> str:
    """``ended`` by the holder, ``over`` by its term, or ``open``."""
    if share.ended_at is not None:
        return "ended"
    return "open" if queries.is_open(share, at) else "over"


@require_http_methods(["GET", "POST"])
@for_people
def share(request: HttpRequest, by: Standing, kind: str, public_id: str) -> HttpResponse:
    """Share a record or a dossier with somebody, for a term."""
    refuse_unless(may_register_evidence(by))
    known = found_or_404(shareable(kind))
    title = found_or_404(known.title(by.holder, public_id))
    form = ShareForm(request.POST if request.method == "POST" else None)
    back = reverse(known.page, args=[public_id])

    def do() -> tuple[Share, str]:
        given = form.cleaned_data
        name = given["name"]
        grantee = "" if name else queries.grantee_of(uscc=given["uscc"], person=given["person"]) or _NOBODY
        return share_evidence(
            kind, public_id, grantee=grantee, name=name, until=given["until"], receiver=given["receiver"],
            notice=request.POST.get("notice", ""), by=by, at=now(),
        )  # fmt: skip

    context: dict[str, object] = {"title_of_it": title, "back": back}
    made = None
    if request.method == "POST" and needs_notice(request.POST.get("receiver", "")):
        context |= notice_context()
        if form.is_valid() and not request.POST.get("notice"):
            form.add_error(
                None, _("Read the notice below, and accept it if you want to go on. Nothing has been handed over yet.")
            )
    if request.method == "POST" and not form.errors:
        made = attempt(form, do)
    if made is None:
        return show(request, "sharing/share.html", context, form)
    shared, secret = made
    if secret:
        # Not a redirect: the secret is kept nowhere, so this is the one moment to show it.
        link = settings.ZONARY_URL + reverse("sharing:link", args=[secret])
        return show(request, "sharing/link_made.html", {"share": shared, "link": link, "back": back})
    messages.success(request, _("It is shared until the day you chose."))
    return redirect(back)


@require_http_methods(["GET", "POST"])
@for_people
def end(request: HttpRequest, by: Standing, own_share: str) -> HttpResponse:
    """Stop sharing; asked once more."""
    refuse_unless(may_register_evidence(by))
    found = found_or_404(queries.own_share(by, own_share))
    known = found_or_404(shareable(found.kind))
    back = reverse(known.page, args=[str(found.thing)])
    if request.method == "POST":
        try:
            end_share(own_share, by=by, at=now())
            messages.success(request, _("It is no longer shared."))
        except Error as error:
            messages.error(request, say(error))
        return redirect(back)
    context = {
        "title": _("Stop sharing"),
        "consequence": _("They see nothing of it any more. What they took away before stays with them."),
        "action": _("Stop sharing"),
        "address": request.path,
        "cancel": back,
    }
    return show(request, "portal/confirm.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def erase(request: HttpRequest, by: Standing, public_id: str) -> HttpResponse:
    """Erase a record with all that was declared of it, for a reason."""
    refuse_unless(may_register_evidence(by))
    found_or_404(evidence.find_receipt(by, public_id))
    form = EraseForm(request.POST if request.method == "POST" else None)

    def do() -> bool:
        erase_record(public_id, reason=form.cleaned_data["reason"], by=by, at=now())
        return True

    if request.method == "POST" and attempt(form, do):
        messages.success(request, _("The record is erased. Its leaf in the log stays, and says nothing any more."))
        return redirect("evidence:list")
    return show(request, "sharing/erase.html", {"public_id": public_id}, form)


@require_safe
@for_people
def shared_with_me(request: HttpRequest, by: Standing) -> HttpResponse:
    """What others share with the reader, or with whom they act for."""
    at = now()
    page = queries.shared_with(by, cursor=request.GET.get("cursor", ""))
    names = queries.names_of_organizations(each.holder for each in page)
    rows = [(each, names.get(each.holder, ""), _state(each, at)) for each in page]
    return show(request, "sharing/list.html", {"rows": rows, "following": page.next})


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Where a link leads: what follows when it is opened, and yes."""
    found = queries.share_by_secret(secret)
    if found is None or not queries.is_open(found, now()):
        return _over(request, found)
    if request.method == "POST":
        request.session[LINKS] = [*request.session.get(LINKS, ()), str(found.public_id)][-_LINKS_KEPT:]
        return redirect("sharing:share", str(found.public_id))
    names = queries.names_of_organizations([found.holder])
    answer = show(request, "sharing/link.html", {"share": found, "holder": names.get(found.holder, "")})
    answer["Cache-Control"] = "no-store"  # the address holds the secret; of other sites none learns it (config.http)
    return answer


def _over(request: HttpRequest, found: Share | None) -> HttpResponse:
    """Shows nothing of what was shared, and says so."""
    answer = show(request, "sharing/over.html", {"share": found})
    answer.status_code, answer["Cache-Control"] = 410, "no-store"
    return answer


def _reader(request: HttpRequest, share: str) -> tuple[Standing, Share] | None:
    """Who may see a share in this session, as what, and the share; None for nobody."""
    standing: Standing | None = getattr(request, "standing", None)
    found = None if standing is None else queries.share_with(standing, share)
    if standing is not None and found is not None:
        return standing, found
    if share in request.session.get(LINKS, ()):
        linked = queries.share_by_id(share)
        if linked is not None and linked.secret_digest is not None:
            return queries.link_reader(linked), linked
    return None


@require_safe
def one(request: HttpRequest, share: str, record: str = "") -> HttpResponse:
    """What is shared: a record, or a dossier and each of its records; that it is looked at is recorded first."""
    return _shown(request, share, record, PAGE)


@require_safe
def package(request: HttpRequest, share: str, record: str) -> HttpResponse:
    """The package of a shared record."""
    return _shown(request, share, record, PACKAGE)


@require_safe
def proof(request: HttpRequest, share: str, record: str) -> HttpResponse:
    """The proof of a shared record."""
    return _shown(request, share, record, PROOF)


def _shown(request: HttpRequest, share: str, record: str, what: str) -> HttpResponse:
    known = _reader(request, share)
    if known is None:
        if getattr(request, "standing", None) is None:
            return redirect_to_login(request.get_full_path())
        raise Http404
    reader, found = known
    at = now()
    if not queries.is_open(found, at):
        return _over(request, found)
    wanted = record or (str(found.thing) if found.kind == queries.RECORD else "")
    receipt = found_or_404(queries.shared_receipt(found, wanted)) if wanted else None
    open_share(share, what, shown=record, by=reader, at=at)
    if receipt is None:
        answer = _dossier(request, found)
    elif what == PAGE:
        answer = _record(request, reader, found, receipt)
    else:
        answer = _file(found, receipt, what)
    answer["Cache-Control"] = "no-store"
    return answer


def _record(request: HttpRequest, reader: Standing, found: Share, receipt: evidence.Receipt) -> HttpResponse:
    holder = queries.as_holder(found)
    context = {
        "share": found,
        "receipt": receipt,
        "description": evidence.description_of(holder, receipt.public_id),
        "has_package": receipt.has_package,
        "has_digests": receipt.kind is Kind.DIGEST,
        "is_published": receipt.stage is Stage.PUBLISHED,
        "observed": observed(reader, receipt),
        "declared": in_force(declarations_of(holder, receipt.public_id)),
        "sealed": sealed_with(receipt),
        "holder": queries.names_of_organizations([found.holder]).get(found.holder, ""),
        "of_dossier": found.kind != queries.RECORD,
    }
    return show(request, "sharing/record.html", context)


def _dossier(request: HttpRequest, found: Share) -> HttpResponse:
    sections = queries.shared_sections(found)
    titles = queries.titles_of(found, [record for each in sections for record, _said in each.records])
    shown = [
        (each.name, [(record, titles.get(record, ""), said) for record, said in each.records]) for each in sections
    ]
    context = {
        "share": found,
        "title_of_it": queries.title_of_thing(found),
        "sections": shown,
        "holder": queries.names_of_organizations([found.holder]).get(found.holder, ""),
    }
    return show(request, "sharing/dossier.html", context)


def _file(found: Share, receipt: evidence.Receipt, what: str) -> HttpResponse:
    if receipt.stage is not Stage.PUBLISHED or (what == PACKAGE and not receipt.has_package):
        return redirect("sharing:share-record", str(found.public_id), receipt.public_id)
    if what == PACKAGE:
        tasks.stamp_evidence(receipt.public_id, clock=now)
        made, kind, ending = found_or_404(evidence.package_of(receipt)), _PACKAGE, "zonary"
    else:
        made, kind, ending = evidence.proof_of(receipt), "text/plain; charset=utf-8", "tlog-proof"
    name = f'attachment; filename="{receipt.public_id}.{ending}"'
    return HttpResponse(made, content_type=kind, headers={"Content-Disposition": name})

"""The pages: your documents, one of them, adding, sharing, erasing; each the same as the API does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zonary.common.clock import now
from zonary.common.language import _
from zonary.common.pagination import paginate
from zonary.foundation.documents import queries
from zonary.foundation.documents.actions import end_share, erase_document_version, share_document
from zonary.foundation.documents.errors import UnknownDocumentError
from zonary.foundation.documents.forms import DocumentForm, ErasureForm, ShareForm, VersionForm
from zonary.foundation.documents.handing_out import hand_out
from zonary.foundation.documents.models import DocumentGrant, DocumentVersion
from zonary.foundation.documents.permissions import is_holder
from zonary.foundation.documents.references import references_of
from zonary.foundation.documents.reviews.permissions import may_answer_review
from zonary.foundation.documents.reviews.queries import answers_to, own_answers
from zonary.foundation.documents.uploads import receive_whole
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.pages import attempt, for_people, refuse_unless, show
from zonary.foundation.organizations.queries import pools_seen_by
from zonary.foundation.organizations.standing import Standing

T = TypeVar("T")
MAX_FORM_MEGABYTES = 8
"""As ``zonary.config.document_uploads`` has it; said on the page."""
_ACCESSES_SHOWN = 50


def _found(look: Callable[[], T]) -> T:
    """What ``look`` finds; a page that does not exist for whoever may not see it."""
    try:
        return look()
    except UnknownDocumentError as error:
        raise Http404 from error


@require_safe
@for_people
def listed(request: HttpRequest, by: Standing) -> HttpResponse:
    """Your documents, and those shared with you."""
    rows = queries.documents(by, at=now()).prefetch_related("versions")
    page = paginate(rows, "-changed_at", "-id", cursor=request.GET.get("cursor", ""))
    unfinished = queries.open_uploads(by, at=now())
    context = {"page": page, "holder": by.holder, "may_add": by.may_act, "unfinished": unfinished}
    return show(request, "documents/list.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def add(request: HttpRequest, by: Standing) -> HttpResponse:
    """A new document, or with ``?document=`` another version of one."""
    refuse_unless(by.may_act)
    target = request.GET.get("document", "")
    document = _found(lambda: queries.own_document(by, target, at=now())) if target else None
    kind = DocumentForm if document is None else VersionForm
    form = kind(request.POST, request.FILES) if request.method == "POST" else kind()

    def receive() -> DocumentVersion:
        announced = {**form.announced(), "document": target}
        return receive_whole(form.cleaned_data["file"], announced, by=by, at=now())

    version = attempt(form, receive) if request.method == "POST" else None
    if version is not None:
        messages.success(request, _("The document is kept, and its receipt is recorded."))
        return redirect("documents:document", version.document.public_id)
    context = {
        "document": document,
        "megabytes": MAX_FORM_MEGABYTES,
        "escrow": settings.ZONARY_ESCROW_RECIPIENT,
    }
    return show(request, "documents/add.html", context, form)


@require_safe
@for_people
def one(request: HttpRequest, by: Standing, document: str) -> HttpResponse:
    """A document: its versions, and for its holder with whom it is shared and who fetched it."""
    at = now()
    found = _found(lambda: queries.find_document(by, document, at=at))
    grants = list(queries.grants(by, found, at=at))
    accesses = list(queries.accesses(by, found)[:_ACCESSES_SHOWN])
    ids = [each.grantee for each in grants] + [each.organisation for each in accesses] + [found.holder]
    names = queries.names_of(ids)
    context = {
        "document": found,
        "is_holder": is_holder(by, found),
        "may_change": is_holder(by, found) and by.may_act,
        "holder": names.get(found.holder, found.holder),
        "references": references_of(by, str(found.public_id)),
        "grants": [(each, names.get(each.grantee, each.grantee)) for each in grants],
        "accesses": [(each, names.get(each.organisation, each.organisation or each.person)) for each in accesses],
        "answers": answers_to(by, found),
        "may_answer": not is_holder(by, found) and may_answer_review(by),
        "own_answer": own_answers(by, [found]).get(found.pk) if may_answer_review(by) else None,
    }
    return show(request, "documents/document.html", context)


@require_safe
@for_people
def download(request: HttpRequest, by: Standing, document: str, number: int) -> HttpResponse:
    """The bytes of a version."""
    wanted, unless = request.headers.get("Range", ""), request.headers.get("If-Range", "")
    method = request.method or "GET"
    handed = _found(lambda: hand_out(by, document, number, method=method, wanted=wanted, unless=unless, at=now()))
    return cast("HttpResponse", handed)  # streamed, which what wraps this view does not mind


@require_http_methods(["GET", "POST"])
@for_people
def share(request: HttpRequest, by: Standing, document: str) -> HttpResponse:
    """With whom, and until when."""
    refuse_unless(by.may_act)
    found = _found(lambda: queries.own_document(by, document, at=now()))
    open_pools = pools_seen_by(by, at=now()).filter(state=Organization.State.ACTIVE)
    pools = [(str(each.public_id), each.name) for each in open_pools]
    form = ShareForm(request.POST if request.method == "POST" else None, pools=pools, is_of_zone=by.is_officer)

    def do() -> DocumentGrant:
        given = form.cleaned_data
        grantee = given.get("pool") or queries.grantee(with_zone=given.get("with_zone", False), uscc=given["uscc"])
        return share_document(document, grantee=grantee, until=given["until"], by=by, at=now())

    grant = attempt(form, do) if request.method == "POST" else None
    if grant is not None:
        messages.success(request, _("The document is shared."))
        return redirect("documents:document", document)
    return show(request, "documents/share.html", {"document": found}, form)


@require_POST
@for_people
def unshare(request: HttpRequest, by: Standing, grant: str) -> HttpResponse:
    """Stop sharing."""
    document = _found(lambda: queries.document_of_grant(by, grant))
    _found(lambda: end_share(grant, by=by, at=now()))
    messages.success(request, _("The document is no longer shared."))
    return redirect("documents:document", document)


@require_http_methods(["GET", "POST"])
@for_people
def erase(request: HttpRequest, by: Standing, document: str, number: int) -> HttpResponse:
    """Erase a version, for a reason."""
    refuse_unless(by.may_act)
    found = _found(lambda: queries.own_document(by, document, at=now()))
    form = ErasureForm(request.POST) if request.method == "POST" else ErasureForm()

    def do() -> DocumentVersion:
        return erase_document_version(document, number=number, reason=form.cleaned_data["reason"], by=by, at=now())

    erased = _found(lambda: attempt(form, do)) if request.method == "POST" else None
    if erased is not None:
        said = _("The version is erased; its receipt stays.")
        if erased.erased_at is None:
            said = _("The version has to be kept; nobody can fetch it any more.")
        messages.success(request, said)
        return redirect("documents:document", document)
    return show(request, "documents/erase.html", {"document": found, "number": number}, form)

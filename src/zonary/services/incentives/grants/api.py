"""Parse, call one action or query, answer."""

from __future__ import annotations

import hashlib
import json
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from zonary.common import problems
from zonary.common.clock import now
from zonary.common.csv_export import CSV
from zonary.common.json_answers import json_answer
from zonary.common.json_body import read_json, takes
from zonary.common.pagination import DEFAULT_LIMIT, MAX_LIMIT, listing, paginate
from zonary.foundation.ledger.repeats import once
from zonary.foundation.organizations.access import asked_by, needs
from zonary.services.incentives.grants import actions, queries, schemas
from zonary.services.incentives.grants.models import AutomaticBatch, Grant, PaymentFile
from zonary.services.incentives.grants.rules.allocating import Last
from zonary.services.incentives.grants.rules.steps import Reason
from zonary.services.incentives.grants.sampled import sample_of_file

router = Router(tags=["incentives"])
T = TypeVar("T")
ADDRESS = "/api/v1/incentives/grants"
MAX_NOTICES = 10
_READ, _WRITE = needs("incentives:read"), needs("incentives:write")
_LIMIT: Any = Query(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)  # type: ignore[type-arg]  # a function to whoever calls it
_R = frozenset({401, 403, 404, 422})
_W = frozenset({400, 401, 403, 404, 409, 413, 415, 422})


def _reads(schema: Any) -> dict[Any, Any]:
    return {200: schema, _R: schemas.ProblemOut}


def _writes(schema: Any, status: int = 200) -> dict[Any, Any]:
    return {status: schema, _W: schemas.ProblemOut}


def _body(request: HttpRequest, schema: Any) -> Any:
    return read_json(request.body, request.content_type or "", schema)


# --- for enterprises --------------------------------------------------------------------------------------------------


@router.get("", auth=_READ, response=_reads(schemas.GrantsOut), summary="Grants of your enterprise, newest first")
def own(request: HttpRequest, cursor: str = "", limit: int = _LIMIT) -> HttpResponse:
    page = paginate(queries.own_grants(asked_by(request)), "-id", cursor=cursor, limit=limit)
    return json_answer(listing([schemas.grant_out(each) for each in page], page.link(ADDRESS, limit=limit)))


@router.get(
    "/notices", auth=None, response={200: schemas.NoticesOut, frozenset({422}): schemas.ProblemOut},
    summary="Lists of grants in public notice, or that were",
)  # fmt: skip
def notices(request: HttpRequest, state: str = "running", cursor: str = "", limit: int = MAX_NOTICES) -> HttpResponse:
    """For anybody, at most ten at a time, for each may name 5,000. A line that was withdrawn is its digest alone; the
    whole still gives the digest in the ledger (specs/payment-file.md). `state=ended`: those that are over, each with
    its days and the digest of what was published, and nobody's name.
    """
    if state not in ("running", "ended"):
        raise problems.Problem(422, "invalid-query", "state is running or ended.")
    rows = queries.notices(now()) if state == "running" else queries.ended_notices(now())
    page = paginate(rows, "-id", cursor=cursor, limit=min(limit, MAX_NOTICES))
    if state == "ended":
        shown = [schemas.ended_notice_out(each) for each in page]
    else:
        shown = [json.loads(each) for each in queries.shown_notices(list(page))]
    return json_answer(listing(shown, page.link(f"{ADDRESS}/notices", state=state, limit=limit)))


@router.post(
    "/claims/{measure_id}", auth=_WRITE, response=_writes(schemas.GrantOut, 201),
    openapi_extra=takes(schemas.ClaimIn), summary="Claim a measure that is decided on the spot",
)  # fmt: skip
@once
def claim(request: HttpRequest, measure_id: str) -> HttpResponse:
    """What gives no money takes no account, and is had from then on: its `state` is `granted`."""
    account = _body(request, schemas.ClaimIn).account()
    made = actions.claim_measure(measure_id, account, by=asked_by(request), at=now())
    return json_answer(schemas.grant_out(made), 201)


# --- for officers -----------------------------------------------------------------------------------------------------


@router.get("/batches", auth=_READ, response=_reads(schemas.BatchesOut), summary="Batches, newest first, for officers")
def batches(request: HttpRequest, cursor: str = "", limit: int = _LIMIT) -> HttpResponse:
    page = paginate(queries.batches(asked_by(request)), "-id", cursor=cursor, limit=limit)
    return json_answer(listing([_batch_out(each) for each in page], page.link(f"{ADDRESS}/batches", limit=limit)))


@router.post(
    "/batches", auth=_WRITE, response=_writes(schemas.BatchOut, 201), openapi_extra=takes(schemas.StartIn),
    summary="List every enterprise that fulfils a measure",
)  # fmt: skip
@once
def start(request: HttpRequest) -> HttpResponse:
    given = _body(request, schemas.StartIn)
    made = actions.start_batch(
        given.measure, day=given.as_of(), consent_workdays=given.consent_workdays, last=Last(given.last),
        by=asked_by(request), at=now(),
    )  # fmt: skip
    return json_answer(_batch_out(made), 201)


@router.get("/batches/{batch_id}", auth=_READ, response=_reads(schemas.BatchOut), summary="One batch")
def batch(request: HttpRequest, batch_id: str) -> HttpResponse:
    return json_answer(_batch_out(_batch(request, batch_id)))


@router.get("/batches/{batch_id}/list", auth=_READ, response=_reads(schemas.GrantsOut), summary="The grants of a batch")
def listed(request: HttpRequest, batch_id: str, cursor: str = "", limit: int = _LIMIT) -> HttpResponse:
    page = paginate(queries.grants_of(_batch(request, batch_id)), "id", cursor=cursor, limit=limit)
    link = page.link(f"{ADDRESS}/batches/{batch_id}/list", limit=limit)
    return json_answer(listing([schemas.grant_out(each) for each in page], link))


def _step(address: str, summary: str, act: Any) -> None:
    """An endpoint that takes a batch one step further and needs nothing but the batch."""

    @router.post(
        f"/batches/{{batch_id}}/{address}",
        auth=_WRITE,
        response=_writes(schemas.BatchOut),
        summary=summary,
        operation_id=f"grants_{address}",
    )
    @once
    def step(request: HttpRequest, batch_id: str) -> HttpResponse:
        by = asked_by(request)
        _batch(request, batch_id)
        act(batch_id, by=by, at=now())
        return json_answer(_batch_out(_batch(request, batch_id)))


_step("notice", "Publish the list", actions.open_notice)
_step("consents", "Ask the enterprises", actions.open_consents)
_step("close", "Close the time to answer", actions.close_consents)
_step("look", "Make the decisions anew", actions.look_again)


@router.post(
    "/batches/{batch_id}/payment", auth=_WRITE, response=_writes(schemas.PaymentFileOut, 201),
    summary="Allocate the budget and make the payment file",
)  # fmt: skip
@once
def prepare(request: HttpRequest, batch_id: str) -> HttpResponse:
    _batch(request, batch_id)
    return json_answer(_file_out(actions.prepare_payment(batch_id, by=asked_by(request), at=now())), 201)


@router.post(
    "/batches/{batch_id}/cancellation", auth=_WRITE, response=_writes(schemas.BatchOut),
    openapi_extra=takes(schemas.ReasonIn), summary="Give a batch up",
)  # fmt: skip
@once
def cancel(request: HttpRequest, batch_id: str) -> HttpResponse:
    reason = _body(request, schemas.ReasonIn).reason
    _batch(request, batch_id)
    return json_answer(_batch_out(actions.cancel_batch(batch_id, reason=reason, by=asked_by(request), at=now())))


@router.post(
    "/batches/{batch_id}/export", auth=_WRITE, response=_writes(dict[str, Any]),
    summary="Hand out all it takes to repeat a batch",
)  # fmt: skip
def export(request: HttpRequest, batch_id: str) -> HttpResponse:
    """For `zonary replay`; no account is in it. That it was taken is on record."""
    _batch(request, batch_id)
    content = actions.export_batch(batch_id, by=asked_by(request), at=now())
    return HttpResponse(content, content_type="application/json")


@router.get("/files/{file_id}", auth=_READ, response=_reads(schemas.PaymentFileOut), summary="One payment file")
def file(request: HttpRequest, file_id: str) -> HttpResponse:
    return json_answer(_file_out(_file(request, file_id)))


@router.post(
    "/files/{file_id}/release", auth=_WRITE, response=_writes(schemas.PaymentFileOut),
    openapi_extra=takes(schemas.ReleaseIn), summary="Release a payment file, having looked at its sample",
)  # fmt: skip
@once
def release(request: HttpRequest, file_id: str) -> HttpResponse:
    given = _body(request, schemas.ReleaseIn)
    _file(request, file_id)
    done = actions.release_payment(file_id, looked_at=given.looked_at, note=given.note, by=asked_by(request), at=now())
    return json_answer(_file_out(done))


@router.post(
    "/files/{file_id}/rejection", auth=_WRITE, response=_writes(schemas.PaymentFileOut),
    openapi_extra=takes(schemas.ReasonIn), summary="Send a payment file back",
)  # fmt: skip
@once
def reject(request: HttpRequest, file_id: str) -> HttpResponse:
    reason = _body(request, schemas.ReasonIn).reason
    _file(request, file_id)
    return json_answer(_file_out(actions.reject_payment(file_id, reason=reason, by=asked_by(request), at=now())))


@router.post(
    "/files/{file_id}/content", auth=_WRITE, response=_writes(dict[str, Any]), summary="Fetch a released payment file"
)
def content(request: HttpRequest, file_id: str) -> HttpResponse:
    """CSV (specs/payment-file.md), the same bytes each time. All accounts are in it: that it was taken is on record."""
    _file(request, file_id)
    return HttpResponse(actions.take_payment_file(file_id, by=asked_by(request), at=now()), content_type=CSV)


@router.post(
    "/files/{file_id}/results", auth=_WRITE, response=_writes(schemas.PaymentFileOut),
    openapi_extra=takes(schemas.ResultsIn), summary="Take what the bank answered",
)  # fmt: skip
@once
def results(request: HttpRequest, file_id: str) -> HttpResponse:
    rows = _body(request, schemas.ResultsIn).rows()
    _file(request, file_id)
    came = hashlib.sha256(request.body).hexdigest()
    actions.read_back(file_id, rows, upload_digest=came, by=asked_by(request), at=now())
    return json_answer(_file_out(_file(request, file_id)))


@router.post(
    "/objections/{grant_objection}/decision", auth=_WRITE, response=_writes(schemas.ObjectionOut),
    openapi_extra=takes(schemas.DecisionIn), summary="Answer an objection",
)  # fmt: skip
@once
def decide(request: HttpRequest, grant_objection: str) -> HttpResponse:
    given, by = _body(request, schemas.DecisionIn), asked_by(request)
    is_upheld = given.outcome == "upheld"
    done = actions.decide_objection(grant_objection, is_upheld=is_upheld, answer=given.answer, by=by, at=now())
    return json_answer(schemas.objection_out(done))


# --- one grant --------------------------------------------------------------------------------------------------------


@router.get("/{automatic_grant}", auth=_READ, response=_reads(schemas.GrantOut), summary="One grant")
def grant(request: HttpRequest, automatic_grant: str) -> HttpResponse:
    return json_answer(schemas.grant_out(_grant(request, automatic_grant)))


@router.post(
    "/{automatic_grant}/consent", auth=_WRITE, response=_writes(schemas.GrantOut),
    openapi_extra=takes(schemas.AccountIn), summary="Consent to a grant, and say to which account it goes",
)  # fmt: skip
@once
def consent(request: HttpRequest, automatic_grant: str) -> HttpResponse:
    """Again while it is asked, or once the bank could not pay: to another account."""
    account = _body(request, schemas.AccountIn).account()
    done = actions.consent_to_grant(automatic_grant, account, by=asked_by(request), at=now())
    return json_answer(schemas.grant_out(_grant(request, str(done.public_id))))


def _with_reason(address: str, summary: str, act: Any) -> None:
    """An endpoint that does something to one grant and asks for nothing but a reason."""

    @router.post(
        f"/{{automatic_grant}}/{address}", auth=_WRITE, response=_writes(schemas.GrantOut),
        openapi_extra=takes(schemas.ReasonIn), summary=summary, operation_id=f"grants_{address}",
    )  # fmt: skip
    @once
    def reasoned(request: HttpRequest, automatic_grant: str) -> HttpResponse:
        reason = _body(request, schemas.ReasonIn).reason
        _grant(request, automatic_grant)
        act(automatic_grant, reason=reason, by=asked_by(request), at=now())
        return json_answer(schemas.grant_out(_grant(request, automatic_grant)))


_with_reason("refusal", "Decline a grant", actions.decline_grant)
_with_reason("removal", "Take a grant out of its batch", actions.remove_grant)
_with_reason("keeping", "Say why a grant stays though its decision came out otherwise", actions.keep_grant)
_with_reason("failure", "Confirm that the bank could not pay, as another officer read", actions.confirm_failure)
_with_reason("correction", "Correct that the bank did pay what was read as failed", actions.correct_result)


@router.post(
    "/{automatic_grant}/objections", auth=_WRITE, response=_writes(schemas.ObjectionOut, 201),
    openapi_extra=takes(schemas.ObjectionIn), summary="Object to a grant in public notice",
)  # fmt: skip
@once
def raise_objection(request: HttpRequest, automatic_grant: str) -> HttpResponse:
    given, by = _body(request, schemas.ObjectionIn), asked_by(request)
    made = actions.object_to_grant(automatic_grant, reason=given.reason, on_behalf=given.on_behalf, by=by, at=now())
    return json_answer(schemas.objection_out(made), 201)


@router.post(
    "/{automatic_grant}/claw-back", auth=_WRITE, response=_writes(schemas.GrantOut),
    openapi_extra=takes(schemas.ClawBackIn), summary="Claim a paid grant back",
)  # fmt: skip
@once
def claw_back(request: HttpRequest, automatic_grant: str) -> HttpResponse:
    given = _body(request, schemas.ClawBackIn)
    _grant(request, automatic_grant)
    actions.claw_back_grant(
        automatic_grant, why=Reason(given.why), note=given.note, amount=given.amount, workdays=given.workdays,
        by=asked_by(request), at=now(),
    )  # fmt: skip
    return json_answer(schemas.grant_out(_grant(request, automatic_grant)))


@router.post(
    "/{automatic_grant}/repayment", auth=_WRITE, response=_writes(schemas.GrantOut),
    summary="Record that what was claimed back came back",
)  # fmt: skip
@once
def repaid(request: HttpRequest, automatic_grant: str) -> HttpResponse:
    _grant(request, automatic_grant)
    actions.record_repayment(automatic_grant, by=asked_by(request), at=now())
    return json_answer(schemas.grant_out(_grant(request, automatic_grant)))


def _batch(request: HttpRequest, public_id: str) -> AutomaticBatch:
    return _there(queries.find_batch(asked_by(request), public_id))


def _grant(request: HttpRequest, public_id: str) -> Grant:
    return _there(queries.find_grant(asked_by(request), public_id))


def _file(request: HttpRequest, public_id: str) -> PaymentFile:
    return _there(queries.find_file(asked_by(request), public_id))


def _there(found: T | None) -> T:
    if found is None:
        raise problems.not_found("There is no such batch, grant or payment file here, or it is not yours.")
    return found


def _batch_out(batch: AutomaticBatch) -> dict[str, object]:
    return schemas.batch_out(batch, queries.counts_of(batch))


def _file_out(file: PaymentFile) -> dict[str, object]:
    return schemas.file_out(file, [str(each.grant.public_id) for each in sample_of_file(file)])

"""The API: one router a service, and errors told in one place."""

from __future__ import annotations

import logging

from django.db import DatabaseError, DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja.errors import AuthenticationError, HttpError, ValidationError

from zonary.common import problems
from zonary.common.clock import ClockInDoubtError
from zonary.common.problems import Problem
from zonary.config.admission import unauthenticated
from zonary.config.described_api import AnswerRenderer, DescribedAPI
from zonary.config.domain_problems import domain_problem
from zonary.config.problem_pages import problem_page
from zonary.config.store_problems import is_disk_full, store_problem
from zonary.foundation.documents.api import documents, uploads
from zonary.foundation.documents.reviews.api import router as reviews
from zonary.foundation.facts.api import router as facts
from zonary.foundation.notifications.api import router as webhooks
from zonary.foundation.notifications.inbox.api import router as inbox
from zonary.foundation.organizations.api import router as organizations
from zonary.foundation.organizations.claims.api import router as claims
from zonary.foundation.organizations.receipts_api import router as receipts
from zonary.foundation.organizations.registry.api import router as registry
from zonary.foundation.rules.api import router as rules
from zonary.foundation.search.api import router as search
from zonary.proof.errors import Error
from zonary.services.evidence.api import router as evidence
from zonary.services.evidence.capture.api import router as captures
from zonary.services.evidence.certificates.api import router as certificates
from zonary.services.evidence.copies.api import router as copies
from zonary.services.evidence.declarations.api import router as declarations
from zonary.services.evidence.dossiers.api import router as dossiers
from zonary.services.evidence.exporting.api import router as exporting
from zonary.services.evidence.onsite.api import router as onsite
from zonary.services.evidence.secrets.api import router as secrets
from zonary.services.evidence.sharing.api import router as shared_evidence
from zonary.services.incentives.library.api import router as policy_documents
from zonary.services.incentives.matching.api import router as matching
from zonary.services.incentives.measures.api import router as measures

_log = logging.getLogger("zonary.server")


api = DescribedAPI(
    title="Zonary",
    version="1",
    description="Evidence anyone can verify. Errors are problem details (RFC 9457).",
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="api",
    renderer=AnswerRenderer(),
)
api.add_router("", organizations)
api.add_router("/claims", claims)
api.add_router("/receipts", receipts)
api.add_router("/evidence", exporting)
api.add_router("/evidence", shared_evidence)  # before those that take any name for an id
api.add_router("/evidence", certificates)
api.add_router("/evidence", evidence)
api.add_router("/evidence", declarations)
api.add_router("/evidence", copies)
api.add_router("/captures", captures)
api.add_router("/dossiers", dossiers)
api.add_router("/onsite", onsite)
api.add_router("/secrets", secrets)
api.add_router("/facts", facts)
api.add_router("/rules", rules)
api.add_router("/documents", documents)
api.add_router("/documents", reviews)
api.add_router("/uploads", uploads)
api.add_router("/webhooks", webhooks)
api.add_router("/inbox", inbox)
api.add_router("/search", search)
api.add_router("/registry", registry)
api.add_router("/incentives/documents", policy_documents)
api.add_router("/incentives/measures", measures)
api.add_router("/incentives", matching)


@api.exception_handler(Problem)
def _problem(_request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem_page(problem)


@api.exception_handler(AuthenticationError)
def _unauthenticated(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    return problem_page(unauthenticated())


@api.exception_handler(Error)
def _refused(request: HttpRequest, error: Error) -> HttpResponse:
    problem = domain_problem(error)
    return _unexpected(request, error) if problem is None else problem_page(problem)


@api.exception_handler(DataError)
def _no_data(_request: HttpRequest, _error: DataError) -> HttpResponse:
    return problem_page(Problem(422, "invalid", "Something in the request is longer or larger than can be kept."))


@api.exception_handler(ClockInDoubtError)
def _clock_in_doubt(_request: HttpRequest, error: ClockInDoubtError) -> HttpResponse:
    # Whoever runs the server has to look: asking again every second would help nobody.
    return problem_page(Problem(503, "clock-in-doubt", str(error), {"Retry-After": "60"}))


@api.exception_handler(ValidationError)
def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = tuple(
        {"where": "/" + "/".join(str(part) for part in each["loc"]), "message": str(each["msg"])}
        for each in error.errors
    )
    return problem_page(Problem(422, "invalid", "The request does not fit.", errors=places))


@api.exception_handler(HttpError)
def _http(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem_page(Problem(error.status_code, "bad-request", str(error)))


@api.exception_handler(IntegrityError)
def _integrity(_request: HttpRequest, _error: IntegrityError) -> HttpResponse:
    detail = "Another request with the same idempotency key was recorded at the same moment; send this one again."
    return problem_page(Problem(409, "conflict", detail, {"Retry-After": "1"}))


@api.exception_handler(DatabaseError)
def _database(request: HttpRequest, error: DatabaseError) -> HttpResponse:
    # Locked for too long, disk full, gone away: the transaction was rolled back, and it may pass.
    _log.error("%s %s: %s", request.method, request.path, error)
    return problem_page(store_problem(error))


@api.exception_handler(OSError)
def _unreachable(request: HttpRequest, error: OSError) -> HttpResponse:
    # The store of the published log, or a full disk. What is recorded is recorded; only showing it has to wait.
    _log.error("%s %s: %s", request.method, request.path, error)
    if is_disk_full(error):  # such as under a piece of an upload, which was not acknowledged and comes again
        return problem_page(store_problem(error))
    detail = "The store of the published log cannot be read now. Try again."
    return problem_page(Problem(503, "store-unavailable", detail, {"Retry-After": "1"}))


@api.exception_handler(Exception)
def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem_page(problems.unexpected())

"""What actions refuse, as problems: one table for all doors, so that a refusal has the same status everywhere."""

from __future__ import annotations

from http import HTTPStatus

from zonary.common.language import say
from zonary.common.problems import Problem
from zonary.common.tables import TableError
from zonary.engines.clauses.errors import ClausesError
from zonary.foundation.facts.permissions import FactStateError, UnknownFactError
from zonary.foundation.facts.rules import WrongFactError
from zonary.foundation.ledger.proofs import NotPublishedError
from zonary.foundation.ledger.receipts import ErasedActError
from zonary.foundation.notifications.actions import UnknownWebhookError, WebhookError, WrongKindError
from zonary.foundation.notifications.rules import WrongAddressError
from zonary.foundation.organizations.actions import (
    AlreadyFoundedError,
    AlreadyImportedError,
    ClaimError,
    CorrectionError,
    InvitationError,
    ListedError,
    MembershipError,
    TokenError,
)
from zonary.foundation.organizations.actions.claiming import UnknownClaimError
from zonary.foundation.organizations.actions.membership import UnknownInvitationError, UnknownMemberError
from zonary.foundation.organizations.actions.tokens import UnknownTokenError
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.foundation.organizations.registry.arrivals import UnknownFileError
from zonary.foundation.organizations.registry.holding import ImportBusyError
from zonary.foundation.organizations.rules import WrongNameError, WrongUSCCError
from zonary.foundation.rules.permissions import PackStateError, UnknownPackError
from zonary.foundation.rules.rules import WrongPackError
from zonary.proof.errors import Error
from zonary.services.evidence.actions import KeyReusedError, NoRoomError, UnknownRecordError
from zonary.services.evidence.capture.actions import CaptureError, UnknownCaptureError
from zonary.services.evidence.capture.rules import CaptureAddressError
from zonary.services.evidence.capture.tasks.carrying_out import UnavailableError
from zonary.services.evidence.certificates.errors import CannotCertifyError, CannotSignError, TooManyCertificatesError
from zonary.services.evidence.copies.actions import CopyError
from zonary.services.evidence.declarations.actions import DeclarationError
from zonary.services.evidence.dossiers.actions import DossierChangedError, DossierError, UnknownDossierError
from zonary.services.evidence.exporting.actions import ReceiverError
from zonary.services.evidence.exporting.rules import ExportNoticeError
from zonary.services.evidence.onsite.actions import CodeOverError, OnsiteError, UnknownOnsiteError
from zonary.services.evidence.rules import WrongMaterialError
from zonary.services.evidence.secrets.actions import SecretError, UnknownSecretError
from zonary.services.evidence.sharing.actions import ShareOverError, SharingError, UnknownShareError
from zonary.services.evidence.tokens import NotStampedError
from zonary.services.incentives.editing.permissions import UnknownWorkingDraftError, WorkingDraftChangedError
from zonary.services.incentives.editing.rules import WrongDraftError
from zonary.services.incentives.grants.keeping import UnreadableAccountError
from zonary.services.incentives.grants.permissions import GrantError, UnknownGrantError
from zonary.services.incentives.grants.rules.accounts import WrongAccountError
from zonary.services.incentives.grants.rules.allocating import AmountError
from zonary.services.incentives.grants.rules.payment_files import ResultsError
from zonary.services.incentives.grants.rules.steps import WrongStepError
from zonary.services.incentives.grants.rules.terms import WrongTermsError
from zonary.services.incentives.grants.rules.texts import WrongTextError
from zonary.services.incentives.library.permissions import DocumentStateError, UnknownDocumentError
from zonary.services.incentives.library.rules import WrongDocumentError
from zonary.services.incentives.matching.queries import MatchingError, UnknownAnswerError
from zonary.services.incentives.matching.rules import WrongAnswerError
from zonary.services.incentives.measures.permissions import UnknownMeasureError
from zonary.services.incentives.measures.rules import MeasureChangedError, MeasureStateError, WrongMeasureError

DOMAIN_PROBLEMS: dict[type[Error], tuple[HTTPStatus, str]] = {
    AlreadyImportedError: (HTTPStatus.CONFLICT, "already-imported"),
    AlreadyFoundedError: (HTTPStatus.CONFLICT, "already-founded"),
    CannotCertifyError: (HTTPStatus.CONFLICT, "no-certificate"),
    CannotSignError: (HTTPStatus.SERVICE_UNAVAILABLE, "cannot-sign"),
    CaptureAddressError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-address"),
    CaptureError: (HTTPStatus.CONFLICT, "capture"),
    ClaimError: (HTTPStatus.CONFLICT, "claim"),
    ClausesError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-rules"),
    CodeOverError: (HTTPStatus.GONE, "code-over"),
    CopyError: (HTTPStatus.CONFLICT, "no-copy"),
    CorrectionError: (HTTPStatus.CONFLICT, "cannot-be-corrected"),
    DeclarationError: (HTTPStatus.CONFLICT, "declaration"),
    DocumentStateError: (HTTPStatus.CONFLICT, "wrong-state"),
    DossierChangedError: (HTTPStatus.CONFLICT, "changed-meanwhile"),
    DossierError: (HTTPStatus.CONFLICT, "dossier"),
    ErasedActError: (HTTPStatus.GONE, "erased"),
    ExportNoticeError: (HTTPStatus.CONFLICT, "export-notice"),
    FactStateError: (HTTPStatus.CONFLICT, "wrong-state"),
    AmountError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid"),
    GrantError: (HTTPStatus.CONFLICT, "grant"),
    ImportBusyError: (HTTPStatus.CONFLICT, "import-busy"),
    InvitationError: (HTTPStatus.GONE, "invitation-over"),
    KeyReusedError: (HTTPStatus.CONFLICT, "key-reused"),
    ListedError: (HTTPStatus.CONFLICT, "listed"),
    MatchingError: (HTTPStatus.CONFLICT, "matching"),
    MeasureChangedError: (HTTPStatus.CONFLICT, "changed-meanwhile"),
    MeasureStateError: (HTTPStatus.CONFLICT, "wrong-state"),
    MembershipError: (HTTPStatus.CONFLICT, "membership"),
    NoRoomError: (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "no-room"),
    NotAllowedError: (HTTPStatus.FORBIDDEN, "not-allowed"),
    NotPublishedError: (HTTPStatus.CONFLICT, "not-yet-published"),
    NotStampedError: (HTTPStatus.CONFLICT, "not-yet-timestamped"),
    OnsiteError: (HTTPStatus.CONFLICT, "onsite"),
    ResultsError: (HTTPStatus.UNPROCESSABLE_ENTITY, "wrong-results"),
    PackStateError: (HTTPStatus.CONFLICT, "wrong-state"),
    ReceiverError: (HTTPStatus.UNPROCESSABLE_ENTITY, "receiver"),
    SecretError: (HTTPStatus.CONFLICT, "secret"),
    ShareOverError: (HTTPStatus.GONE, "share-over"),
    SharingError: (HTTPStatus.UNPROCESSABLE_ENTITY, "sharing"),
    TableError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-table"),
    TokenError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-token"),
    TooManyCertificatesError: (HTTPStatus.TOO_MANY_REQUESTS, "too-many-certificates"),
    UnavailableError: (HTTPStatus.SERVICE_UNAVAILABLE, "captures-unavailable"),
    UnknownAnswerError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownCaptureError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownClaimError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownDocumentError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownDossierError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownFactError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownFileError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownGrantError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnreadableAccountError: (HTTPStatus.SERVICE_UNAVAILABLE, "account-unreadable"),
    WrongAccountError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-account"),
    WrongStepError: (HTTPStatus.CONFLICT, "wrong-state"),
    WrongTermsError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid"),
    WrongTextError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid"),
    UnknownInvitationError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownMeasureError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownMemberError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownPackError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownRecordError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownOnsiteError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownSecretError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownShareError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownTokenError: (HTTPStatus.NOT_FOUND, "not-found"),
    WrongAnswerError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid"),
    WrongDocumentError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid"),
    WrongDraftError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid"),
    WrongFactError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid"),
    UnknownWebhookError: (HTTPStatus.NOT_FOUND, "not-found"),
    WebhookError: (HTTPStatus.CONFLICT, "webhook"),
    UnknownWorkingDraftError: (HTTPStatus.NOT_FOUND, "not-found"),
    WorkingDraftChangedError: (HTTPStatus.CONFLICT, "changed-meanwhile"),
    WrongAddressError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-address"),
    WrongKindError: (HTTPStatus.UNPROCESSABLE_ENTITY, "unknown-kind"),
    WrongMaterialError: (HTTPStatus.UNPROCESSABLE_ENTITY, "wrong-material"),
    WrongMeasureError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid"),
    WrongNameError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-name"),
    WrongPackError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid"),
    WrongUSCCError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-uscc"),
}
"""Error -> status and code; one that derives from another may have its own."""


def domain_problem(error: Error) -> Problem | None:
    """The problem for ``error``, in the reader's language; None for what ought not to reach a door."""
    for kind in type(error).__mro__:
        if kind in DOMAIN_PROBLEMS:
            status, code = DOMAIN_PROBLEMS[kind]
            headers = {"Retry-After": "1"} if code == "not-yet-published" else {}
            return Problem(status, code, say(error), headers)
    return None

"""What actions refuse, as problems: one table for all doors, so that a refusal has the same status everywhere."""

from __future__ import annotations

from http import HTTPStatus

from zonary.common.language import say
from zonary.common.problems import Problem
from zonary.common.tables import TableError
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
from zonary.proof.errors import Error
from zonary.services.evidence.actions import KeyReusedError, UnknownRecordError

DOMAIN_PROBLEMS: dict[type[Error], tuple[HTTPStatus, str]] = {
    AlreadyImportedError: (HTTPStatus.CONFLICT, "already-imported"),
    AlreadyFoundedError: (HTTPStatus.CONFLICT, "already-founded"),
    ClaimError: (HTTPStatus.CONFLICT, "claim"),
    CorrectionError: (HTTPStatus.CONFLICT, "cannot-be-corrected"),
    ErasedActError: (HTTPStatus.GONE, "erased"),
    FactStateError: (HTTPStatus.CONFLICT, "wrong-state"),
    ImportBusyError: (HTTPStatus.CONFLICT, "import-busy"),
    InvitationError: (HTTPStatus.GONE, "invitation-over"),
    KeyReusedError: (HTTPStatus.CONFLICT, "key-reused"),
    ListedError: (HTTPStatus.CONFLICT, "listed"),
    MembershipError: (HTTPStatus.CONFLICT, "membership"),
    NotAllowedError: (HTTPStatus.FORBIDDEN, "not-allowed"),
    NotPublishedError: (HTTPStatus.CONFLICT, "not-yet-published"),
    TableError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-table"),
    TokenError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-token"),
    UnknownClaimError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownFactError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownFileError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownInvitationError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownMemberError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownRecordError: (HTTPStatus.NOT_FOUND, "not-found"),
    UnknownTokenError: (HTTPStatus.NOT_FOUND, "not-found"),
    WrongFactError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid"),
    UnknownWebhookError: (HTTPStatus.NOT_FOUND, "not-found"),
    WebhookError: (HTTPStatus.CONFLICT, "webhook"),
    WrongAddressError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-address"),
    WrongKindError: (HTTPStatus.UNPROCESSABLE_ENTITY, "unknown-kind"),
    WrongNameError: (HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-name"),
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

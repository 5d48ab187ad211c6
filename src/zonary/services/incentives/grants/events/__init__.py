"""What grants leave in the ledger, what that is called, and whom it tells."""

from zonary.services.incentives.grants.events.acts import (
    BatchCancelled,
    BatchExported,
    BatchLookedAt,
    BatchSettled,
    BatchStarted,
    ClawBackDecided,
    ConsentAsked,
    ConsentGiven,
    ConsentsClosed,
    ConsentsOpened,
    GrantAnswered,
    GrantCancelled,
    GrantDeclined,
    GrantKept,
    GrantListed,
    GrantRemoved,
    NoticeOpened,
    ObjectionAnswered,
    ObjectionDecided,
    ObjectionRaised,
    PaymentFileTaken,
    PaymentPrepared,
    PaymentRejected,
    PaymentReleased,
    RepaymentReceived,
    ResultsRead,
    RightGranted,
)
from zonary.services.incentives.grants.events.bank import (
    BANK_FIELDS,
    BANK_HAPPENINGS,
    FailureConfirmed,
    ResultCorrected,
)
from zonary.services.incentives.grants.events.told import FIELDS as _FIELDS
from zonary.services.incentives.grants.events.told import HAPPENINGS as _HAPPENINGS
from zonary.services.incentives.grants.events.told import NOTICES

FIELDS = {**_FIELDS, **BANK_FIELDS}
HAPPENINGS = {**_HAPPENINGS, **BANK_HAPPENINGS}

__all__ = [
    "FIELDS",
    "HAPPENINGS",
    "NOTICES",
    "BatchCancelled",
    "BatchExported",
    "BatchLookedAt",
    "BatchSettled",
    "BatchStarted",
    "ClawBackDecided",
    "ConsentAsked",
    "ConsentGiven",
    "ConsentsClosed",
    "ConsentsOpened",
    "FailureConfirmed",
    "GrantAnswered",
    "GrantCancelled",
    "GrantDeclined",
    "GrantKept",
    "GrantListed",
    "GrantRemoved",
    "NoticeOpened",
    "ObjectionAnswered",
    "ObjectionDecided",
    "ObjectionRaised",
    "PaymentFileTaken",
    "PaymentPrepared",
    "PaymentRejected",
    "PaymentReleased",
    "RepaymentReceived",
    "ResultCorrected",
    "ResultsRead",
    "RightGranted",
]

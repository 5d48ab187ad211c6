"""Every write."""

from zonary.services.incentives.grants.actions.answering import (
    consent_to_grant,
    decide_objection,
    decline_grant,
    object_to_grant,
)
from zonary.services.incentives.grants.actions.checking import (
    close_consents,
    keep_grant,
    look_again,
    remove_grant,
)
from zonary.services.incentives.grants.actions.claiming import claim_measure
from zonary.services.incentives.grants.actions.correcting import confirm_failure, correct_result
from zonary.services.incentives.grants.actions.exporting import export_batch
from zonary.services.incentives.grants.actions.listing import (
    cancel_batch,
    open_consents,
    open_notice,
    start_batch,
)
from zonary.services.incentives.grants.actions.paying import (
    prepare_payment,
    reject_payment,
    release_payment,
    take_payment_file,
)
from zonary.services.incentives.grants.actions.recovering import claw_back_grant, record_repayment
from zonary.services.incentives.grants.actions.settling import read_back

__all__ = [
    "cancel_batch",
    "claim_measure",
    "claw_back_grant",
    "close_consents",
    "confirm_failure",
    "consent_to_grant",
    "correct_result",
    "decide_objection",
    "decline_grant",
    "export_batch",
    "keep_grant",
    "look_again",
    "object_to_grant",
    "open_consents",
    "open_notice",
    "prepare_payment",
    "read_back",
    "record_repayment",
    "reject_payment",
    "release_payment",
    "remove_grant",
    "start_batch",
    "take_payment_file",
]

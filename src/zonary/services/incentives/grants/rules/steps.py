"""The states of a batch and of each grant in it, and which step leads from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from zonary.proof.errors import Error

MAX_GRANTS: Final = 5_000
"""In one batch: all of it is looked at in one action, which holds up every other write."""
MAX_TEXT: Final = 200
"""Characters of a reason or an answer."""


class WrongStepError(Error):
    """A batch or a grant is no longer, or not yet, where this step begins."""


class BatchState(StrEnum):
    """``listed`` nobody but officers sees it; ``noticed`` in public notice; ``open`` enterprises are asked; ``closed``
    their time is over; ``paying`` a first payment file was made; ``settled`` no money is under way any more; ``given``
    nothing is paid from it: whoever claimed has it already."""

    LISTED = "listed"
    NOTICED = "noticed"
    OPEN = "open"
    CLOSED = "closed"
    PAYING = "paying"
    SETTLED = "settled"
    GIVEN = "given"
    CANCELLED = "cancelled"


class BatchStep(StrEnum):
    NOTICE = "notice"
    ASK = "ask"
    CLOSE = "close"
    PREPARE = "prepare"
    SETTLE = "settle"
    CANCEL = "cancel"


_BATCH: Final[Mapping[tuple[BatchState, BatchStep], BatchState]] = {
    (BatchState.LISTED, BatchStep.NOTICE): BatchState.NOTICED,
    (BatchState.LISTED, BatchStep.ASK): BatchState.OPEN,
    (BatchState.NOTICED, BatchStep.ASK): BatchState.OPEN,
    (BatchState.OPEN, BatchStep.CLOSE): BatchState.CLOSED,
    (BatchState.CLOSED, BatchStep.PREPARE): BatchState.PAYING,
    (BatchState.PAYING, BatchStep.PREPARE): BatchState.PAYING,
    (BatchState.PAYING, BatchStep.SETTLE): BatchState.SETTLED,
    (BatchState.CLOSED, BatchStep.SETTLE): BatchState.SETTLED,
    (BatchState.LISTED, BatchStep.CANCEL): BatchState.CANCELLED,
    (BatchState.NOTICED, BatchStep.CANCEL): BatchState.CANCELLED,
    (BatchState.OPEN, BatchStep.CANCEL): BatchState.CANCELLED,
    (BatchState.CLOSED, BatchStep.CANCEL): BatchState.CANCELLED,
}


class GrantState(StrEnum):
    """``removed`` was taken out with a reason, ``lapsed`` nobody answered in time, ``unfunded`` the budget was used up
    before, ``granted`` it gives no money, and is had since it was claimed; the others say what was done last."""

    LISTED = "listed"
    OBJECTED = "objected"
    CONSENTED = "consented"
    DECLINED = "declined"
    LAPSED = "lapsed"
    REMOVED = "removed"
    UNFUNDED = "unfunded"
    PAYABLE = "payable"
    PAID = "paid"
    FAILED = "failed"
    CLAWED_BACK = "clawed-back"
    REPAID = "repaid"
    GRANTED = "granted"


class GrantStep(StrEnum):
    OBJECT = "object"
    UPHOLD = "uphold"
    CONSENT = "consent"
    DECLINE = "decline"
    LAPSE = "lapse"
    REMOVE = "remove"
    FUND = "fund"
    RUN_OUT = "run-out"
    RECONSIDER = "reconsider"
    PAY = "pay"
    FAIL = "fail"
    CORRECT = "correct"
    RETRY = "retry"
    CLAW_BACK = "claw-back"
    REPAY = "repay"
    GIVE = "give"


_GRANT: Final[Mapping[tuple[GrantState, GrantStep], GrantState]] = {
    (GrantState.LISTED, GrantStep.OBJECT): GrantState.OBJECTED,
    (GrantState.CONSENTED, GrantStep.OBJECT): GrantState.OBJECTED,
    (GrantState.OBJECTED, GrantStep.OBJECT): GrantState.OBJECTED,
    (GrantState.OBJECTED, GrantStep.UPHOLD): GrantState.REMOVED,
    (GrantState.LISTED, GrantStep.CONSENT): GrantState.CONSENTED,
    (GrantState.CONSENTED, GrantStep.CONSENT): GrantState.CONSENTED,
    (GrantState.LISTED, GrantStep.DECLINE): GrantState.DECLINED,
    (GrantState.CONSENTED, GrantStep.DECLINE): GrantState.DECLINED,
    (GrantState.FAILED, GrantStep.DECLINE): GrantState.DECLINED,
    (GrantState.LISTED, GrantStep.LAPSE): GrantState.LAPSED,
    (GrantState.LISTED, GrantStep.REMOVE): GrantState.REMOVED,
    (GrantState.CONSENTED, GrantStep.REMOVE): GrantState.REMOVED,
    (GrantState.FAILED, GrantStep.REMOVE): GrantState.REMOVED,
    (GrantState.CONSENTED, GrantStep.FUND): GrantState.PAYABLE,
    (GrantState.CONSENTED, GrantStep.RUN_OUT): GrantState.UNFUNDED,
    (GrantState.PAYABLE, GrantStep.RECONSIDER): GrantState.CONSENTED,
    (GrantState.UNFUNDED, GrantStep.RECONSIDER): GrantState.CONSENTED,
    (GrantState.PAYABLE, GrantStep.PAY): GrantState.PAID,
    (GrantState.PAYABLE, GrantStep.FAIL): GrantState.FAILED,
    (GrantState.FAILED, GrantStep.RETRY): GrantState.PAYABLE,
    (GrantState.FAILED, GrantStep.CORRECT): GrantState.PAID,
    (GrantState.DECLINED, GrantStep.CORRECT): GrantState.PAID,
    (GrantState.REMOVED, GrantStep.CORRECT): GrantState.PAID,
    (GrantState.PAYABLE, GrantStep.CORRECT): GrantState.PAID,
    (GrantState.PAID, GrantStep.CLAW_BACK): GrantState.CLAWED_BACK,
    (GrantState.CLAWED_BACK, GrantStep.REPAY): GrantState.REPAID,
    (GrantState.LISTED, GrantStep.GIVE): GrantState.GRANTED,
    (GrantState.GRANTED, GrantStep.REMOVE): GrantState.REMOVED,
}

OVER: Final = frozenset(
    (
        GrantState.DECLINED, GrantState.LAPSED, GrantState.REMOVED, GrantState.UNFUNDED, GrantState.PAID,
        GrantState.CLAWED_BACK, GrantState.REPAID, GrantState.GRANTED,
    )
)  # fmt: skip
"""Where no payment is under way any more."""


class FileState(StrEnum):
    PREPARED = "prepared"
    RELEASED = "released"
    REJECTED = "rejected"
    ANSWERED = "answered"


class Reason(StrEnum):
    """Why a paid grant is claimed back."""

    PROMISE_BROKEN = "promise-broken"
    FACT_RETRACTED = "fact-retracted"
    OBJECTION_UPHELD = "objection-upheld"


def next_batch_state(state: str, step: BatchStep) -> BatchState:
    """:raises WrongStepError: when the step does not begin there."""
    found = _BATCH.get((BatchState(state), step))
    if found is None:
        raise WrongStepError(
            "The batch has moved on, or is not there yet: somebody else may have been faster. Open its page again; it "
            "says what comes next."
        )
    return found


def next_grant_state(state: str, step: GrantStep) -> GrantState:
    """:raises WrongStepError: when the step does not begin there."""
    found = _GRANT.get((GrantState(state), step))
    if found is None:
        raise WrongStepError(
            "This grant has moved on, or is not there yet. Open its page again; it says what can be done now."
        )
    return found


def may_step(state: str, step: GrantStep) -> bool:
    """Whether the step begins there."""
    return (GrantState(state), step) in _GRANT


def after_rejection(*, has_consented: bool) -> GrantState:
    """Where a grant goes on when the last objection to it was rejected."""
    return GrantState.CONSENTED if has_consented else GrantState.LISTED

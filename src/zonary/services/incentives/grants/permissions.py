"""Who may do what with batches and grants."""

from __future__ import annotations

from datetime import datetime

from zonary.foundation.organizations.permissions import (
    NotAllowedError,
    hold_standing,
    require_officer,
    require_person,
    require_scope,
)
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error
from zonary.services.incentives.grants.models import AutomaticBatch, Objection, PaymentFile

READ = "incentives:read"
WRITE = "incentives:write"


class UnknownGrantError(Error):
    """There is no such batch, grant, objection or payment file, or it is none of the asker's business."""


class GrantError(Error):
    """This cannot be done with a batch or a grant now."""


def may_run_batches(reader: Standing) -> bool:
    """Officers who may do more than look."""
    return reader.is_officer and reader.may_act


def require_may_run(by: Standing, *, at: datetime) -> None:
    """:raises NotAllowedError: unless ``by`` is an officer who may act, until the action ends."""
    require_officer(by)
    require_scope(by, WRITE)
    hold_standing(by, at=at)


def require_may_answer_for_enterprise(by: Standing, *, at: datetime) -> None:
    """:raises NotAllowedError: unless ``by`` acts for an enterprise; whose grant it is the query says."""
    require_scope(by, WRITE)
    if not by.organisation or by.is_officer:
        raise NotAllowedError("Choose first which organisation you act for.")
    hold_standing(by, at=at)


def require_may_object(by: Standing, *, at: datetime) -> None:
    """:raises NotAllowedError: for a program; whoever signed in may object."""
    require_person(by)
    require_scope(by, WRITE)
    hold_standing(by, at=at)


def may_release(by: Standing, file: PaymentFile, batch: AutomaticBatch) -> bool:
    """Whether ``by`` is an officer who made neither the list nor the file."""
    return may_run_batches(by) and by.actor_id not in (file.prepared_by, batch.made_by)


def require_may_release(by: Standing, file: PaymentFile, batch: AutomaticBatch, *, at: datetime) -> None:
    """:raises NotAllowedError: for who made the list or the file: two people let money go."""
    require_may_run(by, at=at)
    if not may_release(by, file, batch):
        raise NotAllowedError(
            "You made the list or this payment file yourself. Another officer has to look at it and release it."
        )


def require_may_decide_objection(by: Standing, objection: Objection, *, at: datetime) -> None:
    """:raises NotAllowedError: for who raised it, and for who made the list it is about."""
    require_may_run(by, at=at)
    if by.actor_id in (objection.raised_by, objection.grant.batch.made_by):
        raise NotAllowedError(
            "Whoever made the list, or raised the objection, does not decide on it. Another officer can."
        )

"""Who may do what with batches and grants."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from zonary.foundation.organizations.permissions import (
    NotAllowedError,
    hold_standing,
    require_officer,
    require_person,
    require_scope,
)
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error
from zonary.services.incentives.grants.models import AutomaticBatch, Objection, PaymentFile
from zonary.services.incentives.grants.rules.steps import GrantState

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


def has_a_stake(by: Standing, batch: AutomaticBatch) -> bool:
    """Whether ``by`` consented for an enterprise in the batch, or is or was a member of one since the list was made."""
    members = Q(subject__memberships__person__public_id=as_uuid(by.person)) & (
        Q(subject__memberships__ended_at=None) | Q(subject__memberships__ended_at__gt=batch.made_at)
    )
    return batch.grants.filter(members | Q(consented_by=by.actor_id)).exists()


def may_release(by: Standing, file: PaymentFile, batch: AutomaticBatch) -> bool:
    """Whether ``by`` is an officer who made neither the list nor the file, and of no enterprise in it."""
    is_another = may_run_batches(by) and by.actor_id not in (file.prepared_by, batch.made_by)
    return is_another and not has_a_stake(by, batch)


def may_keep(by: Standing, batch: AutomaticBatch) -> bool:
    """Whether ``by`` is an officer who did not make the list, and of no enterprise in it."""
    return may_run_batches(by) and by.actor_id != batch.made_by and not has_a_stake(by, batch)


def require_may_keep(by: Standing, batch: AutomaticBatch, *, at: datetime) -> None:
    """:raises NotAllowedError: for who made the list, or is of an enterprise in it."""
    require_may_run(by, at=at)
    _require_no_stake(by, batch)
    if not may_keep(by, batch):
        raise NotAllowedError("You made this list yourself. Another officer says whether a grant stays all the same.")


def require_may_prepare(by: Standing, batch: AutomaticBatch, *, at: datetime) -> None:
    """:raises NotAllowedError: for who had a grant stay in the batch though a fresh look came out otherwise."""
    require_may_run(by, at=at)
    if batch.grants.filter(kept_by=by.actor_id).exclude(kept_because="").exclude(state=GrantState.REMOVED).exists():
        raise NotAllowedError("You had a grant stay in this list. Another officer makes its payment file.")


def _require_no_stake(by: Standing, batch: AutomaticBatch) -> None:
    if has_a_stake(by, batch):
        raise NotAllowedError(
            "You belong to an enterprise in this list, or consented for one. An officer who does not has to decide."
        )


def require_may_release(by: Standing, file: PaymentFile, batch: AutomaticBatch, *, at: datetime) -> None:
    """:raises NotAllowedError: for who made the list or the file, or is of an enterprise in it: two people let go."""
    require_may_run(by, at=at)
    _require_no_stake(by, batch)
    if not may_release(by, file, batch):
        raise NotAllowedError(
            "You made the list or this payment file yourself. Another officer has to look at it and release it."
        )


def require_may_decide_objection(by: Standing, objection: Objection, *, at: datetime) -> None:
    """:raises NotAllowedError: for who raised it, made the list it is about, or is of an enterprise in that."""
    require_may_run(by, at=at)
    _require_no_stake(by, objection.grant.batch)
    if by.actor_id in (objection.raised_by, objection.grant.batch.made_by):
        raise NotAllowedError(
            "Whoever made the list, or raised the objection, does not decide on it. Another officer can."
        )

"""Who may do what with facts, besides what :mod:`zonary.foundation.organizations.permissions` asks."""

from __future__ import annotations

from zonary.foundation.facts.indicators import INDICATORS
from zonary.foundation.facts.models import Dispute, Fact
from zonary.foundation.organizations.permissions import NotAllowedError, require_officer, require_scope
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error

READ = "facts:read"
WRITE = "facts:write"


class UnknownFactError(Error):
    """There is no such fact, dispute, consent, share or enterprise, or it is none of the asker's business."""


class FactStateError(Error):
    """It is no longer in the state this needs."""


def is_subject(reader: Standing, subject: str) -> bool:
    """Whether ``reader`` acts or reads for the enterprise with this public id."""
    return bool(subject) and reader.organisation == subject


def may_correct_fact(by: Standing, fact: Fact) -> bool:
    """The enterprise what it declared itself; officers everything else."""
    if fact.source_kind == Fact.SourceKind.SELF:
        return is_subject(by, str(fact.subject.public_id)) and by.may_act
    return by.is_officer and by.may_act


def may_erase_fact(by: Standing, fact: Fact) -> bool:
    """Officers, what names a person."""
    return by.is_officer and INDICATORS[fact.indicator].is_personal


def require_may_answer(by: Standing, dispute: Dispute) -> None:
    """:raises NotAllowedError: unless ``by`` is an officer who neither recorded the fact nor disputed it."""
    require_officer(by)
    if by.actor_id in (dispute.fact.recorded_by, dispute.disputed_by):
        raise NotAllowedError(
            "Whoever recorded a fact, or disputes it, cannot answer the dispute. Another officer can."
        )


def require_organisation(by: Standing) -> None:
    """:raises NotAllowedError: when ``by`` acts for nobody but themselves."""
    if not by.organisation:
        raise NotAllowedError("Choose first which organisation you act for.")


def require_write(by: Standing) -> None:
    """:raises NotAllowedError: when a token was used that may not write facts."""
    require_scope(by, WRITE)

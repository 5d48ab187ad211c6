"""What claims say, in words."""

from __future__ import annotations

from django import template

from zonary.common.language import _
from zonary.foundation.organizations.claims.queries import answer_of, statement_of
from zonary.foundation.organizations.models import Claim
from zonary.foundation.organizations.rules import COMPARED

register = template.Library()


@register.filter
def stated(claim: Claim) -> str:
    """What the claimant says, as far as it may still be shown."""
    return statement_of(claim)


@register.filter
def answered(claim: Claim) -> str:
    """Why it was refused."""
    return answer_of(claim)


@register.filter
def comparison(claim: Claim) -> str:
    """By what an officer compared it."""
    label = COMPARED.get(claim.compared)
    return _(label) if label else "–"

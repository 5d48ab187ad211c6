"""Facts in the reader's words, for templates."""

from __future__ import annotations

from django import template

from zonary.foundation.facts import wording
from zonary.foundation.facts.indicators import INDICATORS
from zonary.foundation.facts.models import Dispute, Fact

register = template.Library()

register.filter("indicator", wording.indicator_name)
register.filter("purpose", wording.purpose_name)
register.filter("source_kind", wording.source_kind_name)
register.filter("dispute_state", wording.state_name)
register.filter("value", wording.shown_value)
register.filter("period", wording.shown_period)


@register.filter
def purposes(codes: list[str]) -> str:
    return wording.shown_limit(codes)


@register.filter
def indicators(codes: list[str]) -> str:
    return ", ".join(map(wording.indicator_name, codes))


@register.filter
def is_personal(fact: Fact) -> bool:
    """Whether it names a person, so that its value may be erased."""
    return INDICATORS[fact.indicator].is_personal


@register.filter
def is_disputed(fact: Fact) -> bool:
    """Whether a dispute of it waits for an answer."""
    return any(dispute.state == Dispute.State.OPEN for dispute in fact.disputes.all())

"""What is known of the maker, what it disputes, and whom it lets read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from zonary.common.clock import zone_date
from zonary.foundation.facts.actions import (
    answer_dispute,
    declare_fact,
    dispute_fact,
    give_consent,
    read_profile,
    record_fact,
    share_profile,
)
from zonary.foundation.facts.rules import Claim
from zonary.foundation.organizations.standing import Standing
from zonary.portal.demonstration.figures import DECLARED, DISPUTES, SHARED, UPHELD_AREA, Figure
from zonary.portal.demonstration.stage import Acts, Stage

_SHOWN_TO_THE_BANK = ("revenue", "tax-paid", "export-value", "staff", "insured-staff", "patents-invention")


def figures_are_stated(stage: Stage) -> Acts:
    """By the company itself, and by an officer from what other authorities share."""
    at = yield stage.days.ago(38)
    owner, officer = stage.acting("owner", "maker", at), stage.acting("officer-market", "zone", at)
    for figure in DECLARED:
        declare_fact(_claim(stage, figure, at), by=owner, at=at)
    for figure in SHARED:
        _record(stage, figure, officer, at)


def figures_are_disputed(stage: Stage) -> Acts:
    """The first dispute is answered in time; the second is late; the third falls due these days."""
    at = yield stage.days.ago(36)
    officer = stage.acting("officer-market", "zone", at)
    recorded = [_record(stage, each.figure, officer, at) for each in DISPUTES]
    names = ("answered-dispute", "late-dispute", "near-dispute")
    for name, dispute, fact in zip(names, DISPUTES, recorded, strict=True):
        is_near = name == "near-dispute"
        moment = yield stage.days.since(dispute.days) if is_near else stage.days.ago(dispute.days, 10, 0)
        owner = stage.acting("owner", "maker", moment)
        made = dispute_fact(fact, reason=dispute.reason, ought=dispute.ought, by=owner, at=moment)
        stage.things[name] = str(made.public_id)


def a_dispute_is_answered(stage: Stage) -> Acts:
    """By another officer than the one who recorded it."""
    dispute = DISPUTES[0]
    at = yield stage.days.ago(dispute.days - 9, 16, 10)
    right = replace(_claim(stage, dispute.figure, at), value=UPHELD_AREA, source="竣工验收备案表")
    officer = stage.acting("officer-trade", "zone", at)
    disputed = stage.things["answered-dispute"]
    answer_dispute(disputed, is_upheld=True, answer=dispute.answer, claim=right, by=officer, at=at)


def profile_goes_to_the_bank(stage: Stage) -> Acts:
    """For one purpose, for a term; what the bank reads is recorded."""
    at = yield stage.days.ago(9)
    owner = stage.acting("owner", "maker", at)
    give_consent(indicators=["revenue", "tax-paid"], purposes=["finance"], until=None, by=owner, at=at)
    share_profile(
        stage.organisations["bank"],
        indicators=_SHOWN_TO_THE_BANK,
        purpose="finance",
        until=stage.days.today + timedelta(days=30),
        by=owner,
        at=at,
    )
    read_at = yield stage.days.ago(7, 15, 5)
    bank = stage.acting("loan-officer", "bank", read_at)
    read_profile(stage.organisations["maker"], purpose="finance", occasion="设备更新贷款 贷前调查", by=bank, at=read_at)


def _record(stage: Stage, figure: Figure, officer: Standing, at: datetime) -> str:
    subject = stage.organisations["maker"]
    claim = _claim(stage, figure, at)
    made = record_fact(subject, claim, source_kind="shared-by-authority", by=officer, at=at)
    return str(made.public_id)


def _claim(stage: Stage, figure: Figure, at: datetime) -> Claim:
    return figure.claim(stage.days.last_year, zone_date(at).isoformat())

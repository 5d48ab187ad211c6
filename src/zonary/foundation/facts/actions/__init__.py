"""Every write: stating and correcting facts, consent, disputes, handing over a profile, and reading one."""

from __future__ import annotations

from zonary.foundation.facts.actions.consenting import give_consent, withdraw_consent
from zonary.foundation.facts.actions.disputing import answer_dispute, dispute_fact
from zonary.foundation.facts.actions.importing import import_facts
from zonary.foundation.facts.actions.profile import (
    end_profile_share,
    read_profile,
    record_facts_read,
    share_profile,
)
from zonary.foundation.facts.actions.recording import correct_fact, declare_fact, record_fact
from zonary.foundation.facts.actions.retracting import erase_fact, retract_fact

__all__ = [
    "answer_dispute",
    "correct_fact",
    "declare_fact",
    "dispute_fact",
    "end_profile_share",
    "erase_fact",
    "give_consent",
    "import_facts",
    "read_profile",
    "record_fact",
    "record_facts_read",
    "retract_fact",
    "share_profile",
    "withdraw_consent",
]

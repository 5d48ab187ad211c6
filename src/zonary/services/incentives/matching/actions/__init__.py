"""Every write: decisions that are kept, promises, what finds an enterprise, and what it says to that."""

from __future__ import annotations

from zonary.services.incentives.matching.actions.deciding import decide_measures, keep_answer
from zonary.services.incentives.matching.actions.opening import open_decision
from zonary.services.incentives.matching.actions.promising import check_promise, give_promise, lift_promise
from zonary.services.incentives.matching.actions.telling import say_for_us, say_not_for_us, tell_of_benefits

__all__ = [
    "check_promise",
    "decide_measures",
    "give_promise",
    "keep_answer",
    "lift_promise",
    "open_decision",
    "say_for_us",
    "say_not_for_us",
    "tell_of_benefits",
]

"""Every read: what a measure comes to for enterprises, what was decided, promised and said."""

from __future__ import annotations

from zonary.services.incentives.matching.queries.deciding import (
    Answered,
    MatchingError,
    Question,
    UnknownAnswerError,
    answers_to,
    question_of,
    subjects_called,
)
from zonary.services.incentives.matching.queries.mine import (
    Circumstances,
    Group,
    Result,
    circumstances,
    own_result,
    own_results,
    results_of,
)
from zonary.services.incentives.matching.queries.stored import (
    barring,
    broken_promises,
    bundle_of,
    decision_of,
    decisions_of,
    latest_decision,
    may_be_promised,
    own_decision_of,
    promises_barring,
    promises_of,
    promises_to_check,
    replay_decision,
    require_may_promise,
)
from zonary.services.incentives.matching.queries.whole_zone import Matching, matched_enterprises, matchings

__all__ = [
    "Answered",
    "Circumstances",
    "Group",
    "Matching",
    "MatchingError",
    "Question",
    "Result",
    "UnknownAnswerError",
    "answers_to",
    "barring",
    "broken_promises",
    "bundle_of",
    "circumstances",
    "decision_of",
    "decisions_of",
    "latest_decision",
    "matched_enterprises",
    "matchings",
    "may_be_promised",
    "own_decision_of",
    "own_result",
    "own_results",
    "promises_barring",
    "promises_of",
    "promises_to_check",
    "question_of",
    "replay_decision",
    "require_may_promise",
    "results_of",
    "subjects_called",
]

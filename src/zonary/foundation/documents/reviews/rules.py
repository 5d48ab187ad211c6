"""What somebody who is invited to review may answer. Pure."""

from __future__ import annotations

from enum import StrEnum

from zonary.common.plain_text import is_plain

MAX_NOTE = 300


class Answer(StrEnum):
    """Who has not answered is invited, and nothing more."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    RECUSED = "recused"


CAUSES: dict[str, str] = {
    "kinship": "A near relative is a party, or acts for one",
    "interest": "An economic interest in the matter",
    "involved": "Worked on it before, as agent, adviser or inventor",
    "office": "Works for the authority that supervises it",
    "other": "Another reason that could throw doubt on the opinion",
}
"""Why somebody stands aside; after 评标委员会和评标方法暂行规定 art. 12, which has bid evaluators do so unasked."""


def may_follow(before: str, after: str) -> bool:
    """Whether ``after`` may be answered when ``before`` was (empty: nothing yet).

    Who learns of a tie later stands aside later; who stood aside does not come back by their own word.
    """
    return before != Answer.RECUSED and before != after


def is_note(text: str) -> bool:
    return len(text) <= MAX_NOTE and is_plain(text.replace("\n", ""))

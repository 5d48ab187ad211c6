"""What may be decided, promised and said, and when a promise is looked at. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from zonary.proof.errors import Error

MAX_DECIDED: Final = 1_000
"""Decisions of one act: they are written in one transaction, which others wait for."""
MAX_REASON: Final = 200
MAX_FINDING: Final = 400

BROKEN_SHUTS_OUT: Final = True
"""Who broke a promise for a measure promises nothing more for that one. 国办发〔2020〕42号 takes no promise of who has
a rather bad credit record or promised untruly before, until the credit is repaired (信用修复). It stays shut until an
officer records that (``actions.lift_promise``), for this measure only: others stay open, and the same one by data."""
MAX_BASIS: Final = 120


class Occasion:
    """Why a decision was made, as the ledger and the row keep it."""

    LIST: Final = "list"  # 名单: a batch of grants
    KEPT: Final = "kept"  # the enterprise kept its answer
    PROMISED: Final = "promised"
    BROKEN: Final = "promise-broken"
    PUSHED: Final = "pushed"
    CLAIMED: Final = "claimed"
    ANEW: Final = "anew"  # looked at again before payment


OCCASIONS: Final = frozenset({"list", "kept", "promised", "promise-broken", "pushed", "claimed", "anew"})


class WrongAnswerError(Error):
    """What was given cannot be recorded."""


@dataclass(frozen=True, slots=True)
class Given:
    """A promise as far as deciding asks: until when it counts."""

    clause: str
    promised_at: datetime
    broken_at: datetime | None

    def counts(self, known_at: datetime) -> bool:
        """Whether it had been made, and not been found broken, by then."""
        return self.promised_at <= known_at and (self.broken_at is None or self.broken_at > known_at)


def require_words(text: str, most: int) -> str:
    """The text without idle blanks.

    :raises WrongAnswerError: when there is none, or it is too long, or not printable.
    """
    text = text.strip()
    if not text or len(text) > most or not text.isprintable():
        raise WrongAnswerError("Say it in 1 to {limit} printable characters.", limit=most)
    return text


def require_day(day: date, known_at: datetime, at: datetime) -> None:
    """:raises WrongAnswerError: when it is asked what will be known, or of a day nothing is about."""
    if known_at > at:
        raise WrongAnswerError("Nobody knows yet what will be known on {day}.", day=known_at.date().isoformat())
    if not 1900 <= day.year <= 2199:
        raise WrongAnswerError("{day} is no day rules are asked about.", day=day.isoformat())


def require_repair(repaired_on: date, *, found: date, today: date) -> None:
    """:raises WrongAnswerError: when a credit cannot have been repaired then what was found on ``found``."""
    if not found <= repaired_on <= today:
        raise WrongAnswerError(
            "The credit was repaired on a day from {first}, when the promise was found broken, to today.",
            first=found.isoformat(),
        )


def digest_of_words(words: str) -> str:
    """SHA-256 of the text in UTF-8, hexadecimal: what the ledger keeps of a promise."""
    return hashlib.sha256(words.encode()).hexdigest()


def total_of(amounts: Iterable[tuple[str, int]]) -> int:
    """What one enterprise gets together: of a stacking group only the highest counts (就高不重复).

    :param amounts: group and fen; an empty group: it counts beside all others.
    """
    apart, highest = 0, dict[str, int]()
    for group, amount in amounts:
        if group:
            highest[group] = max(amount, highest.get(group, 0))
        else:
            apart += amount
    return apart + sum(highest.values())

"""What goes in and out over HTTP. Amounts are in fen, as texts: exact, however large."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeAlias

from msgspec import Meta
from ninja import Schema

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.common.plain_text import DAY, day_of
from zonary.services.incentives.matching.models import Promise, StoredDecision
from zonary.services.incentives.matching.next_steps import next_step
from zonary.services.incentives.matching.queries import Answered, Circumstances, Result
from zonary.services.incentives.matching.rules import MAX_BASIS, MAX_DECIDED, MAX_FINDING, MAX_REASON, digest_of_words
from zonary.services.incentives.matching.wording import (
    Backing,
    ClauseView,
    amount_lines,
    clause_views,
    promise_words,
    reason_of,
)

_Id: TypeAlias = Annotated[str, Meta(min_length=1, max_length=60)]
_Day = Annotated[str, Meta(extra_json_schema={"pattern": DAY})]


class DecideIn(Body, frozen=True, kw_only=True):
    """`day`: as of which day; without it today. `subjects` are public ids of enterprises, each once."""

    measure: _Id
    subjects: Annotated[list[_Id], Meta(min_length=1, max_length=MAX_DECIDED)]
    day: _Day = ""

    def misfit(self) -> str | None:
        return None if not self.day or day_of(self.day) else "days are written YYYY-MM-DD"

    def as_of(self, today: date) -> date:
        return day_of(self.day) or today


class PromiseIn(Body, frozen=True, kw_only=True):
    """`words_sha256` is of the words the clause is shown with; they are what is promised."""

    clause: _Id
    words_sha256: Annotated[str, Meta(min_length=64, max_length=64)]


class ReasonIn(Body, frozen=True, kw_only=True):
    reason: Annotated[str, Meta(min_length=1, max_length=MAX_REASON)]


class CheckIn(Body, frozen=True, kw_only=True):
    """`outcome` is `kept` or `broken`."""

    outcome: Annotated[str, Meta(max_length=10)]
    finding: Annotated[str, Meta(min_length=1, max_length=MAX_FINDING)]


class LiftIn(Body, frozen=True, kw_only=True):
    """`basis` is the number of the decision that repaired the credit, `repaired_on` its day."""

    basis: Annotated[str, Meta(min_length=1, max_length=MAX_BASIS)]
    repaired_on: _Day

    def misfit(self) -> str | None:
        return None if day_of(self.repaired_on) else "days are written YYYY-MM-DD"

    def day(self) -> date:
        return date.fromisoformat(self.repaired_on)


class MissingOut(Schema):
    name: str
    year: int | None
    source: str
    indicator: str


class DisputedOut(Schema):
    """A fact the clause rests on, and the dispute about it that waits for an answer."""

    fact: str
    dispute: str


class ClauseOut(Schema):
    id: str
    state: str
    sentence: str
    document: str
    article: str
    quote: str
    said: list[str]
    missing: list[MissingOut]
    facts: list[str]
    disputed: list[DisputedOut]
    is_short: bool
    is_promised: bool
    promise: dict[str, str] | None


class NextStepOut(Schema):
    """`doing`: act, apply, wait, had or closed. `until` is the last day to do it, if there is one."""

    doing: str
    said: str
    until: str | None


class ResultOut(Schema):
    """`group`: fits, short, missing, far, other or unwanted. `amount` in fen. `next` is null where nothing can be done
    but what `reason` says. `kind`, `mode`, the days and whom to ask are those of the card."""

    measure: str
    title: str
    title_english: str
    group: str
    truth: str
    amount: str | None
    reason: str
    release: str
    short: list[str]
    kind: str
    mode: str
    claim_from: str | None
    claim_until: str | None
    place: str
    telephone: str
    contact: str
    next: NextStepOut | None


class ResultWholeOut(ResultOut):
    """`amount_said`: what the amount is reckoned from, a sentence each."""

    amount_said: list[str]
    clauses: list[ClauseOut]


class ResultsOut(Schema):
    items: list[ResultOut]
    next: str | None = None


class DecisionOut(Schema):
    id: str
    measure: str
    subject: str
    release: str
    day: str
    known_at: str
    truth: str
    amount: str | None
    digest: str
    snapshot: str
    occasion: str
    made_at: str
    receipt: str


class DecisionsOut(Schema):
    items: list[DecisionOut]
    next: str | None = None


class PromiseOut(Schema):
    id: str
    measure: str
    subject: str
    clause: str
    words: str
    words_sha256: str
    state: str
    due: str
    promised_at: str
    finding: str
    checked_at: str | None
    lifted_at: str | None
    repair_basis: str
    repaired_on: str | None
    receipt: str


class PromisesOut(Schema):
    items: list[PromiseOut]
    next: str | None = None


class MatchesOut(Schema):
    """Numbers alone: nobody is named, so nothing was read of anybody. `stopped` says why nobody was asked."""

    rows: int
    yes: int
    unknown: int
    short: dict[str, int]
    stopped: str | None


def result_out(result: Result, known: Circumstances) -> dict[str, Any]:
    answer = result.answer
    measure = answer.question.measure
    step = next_step(result, known)
    return {
        "measure": str(measure.public_id),
        "title": measure.title,
        "title_english": measure.title_english,
        "group": result.group.value,
        "truth": answer.truth,
        "amount": _text(answer.amount),
        "reason": reason_of(answer),
        "release": answer.question.loaded.release,
        "short": list(answer.decision.short),
        "kind": measure.kind,
        "mode": measure.mode,
        "claim_from": _day_text(measure.claim_from),
        "claim_until": _day_text(measure.claim_until),
        "place": measure.place,
        "telephone": measure.telephone,
        "contact": measure.contact,
        "next": step and {"doing": step.doing.value, "said": step.said, "until": _day_text(step.until)},
    }


def result_whole_out(result: Result, known: Circumstances) -> dict[str, Any]:
    clauses = [_clause_out(each, result.answer) for each in clause_views(result.answer, Backing(known.disputed))]
    return {**result_out(result, known), "amount_said": amount_lines(result.answer), "clauses": clauses}


def _clause_out(clause: ClauseView, answer: Answered) -> dict[str, Any]:
    words = promise_words(answer, clause.id) if clause.may_promise else ""
    return {
        "id": clause.id,
        "state": clause.state,
        "sentence": clause.sentence,
        "document": clause.document,
        "article": clause.article,
        "quote": clause.quote,
        "said": list(clause.said),
        "missing": [
            {"name": each.name, "year": each.year, "source": each.source, "indicator": each.indicator}
            for each in clause.missing
        ],
        "facts": [each.fact for each in clause.used],
        "disputed": [{"fact": each.fact, "dispute": each.dispute} for each in clause.used if each.dispute],
        "is_short": clause.is_short,
        "is_promised": clause.is_promised,
        "promise": {"words": words, "words_sha256": digest_of_words(words)} if words else None,
    }


def decision_out(kept: StoredDecision) -> dict[str, Any]:
    return {
        "id": str(kept.public_id),
        "measure": str(kept.measure.public_id),
        "subject": str(kept.subject.public_id),
        "release": str(kept.release),
        "day": kept.day.isoformat(),
        "known_at": rfc3339(kept.known_at),
        "truth": kept.truth,
        "amount": _text(kept.amount),
        "digest": kept.digest,
        "snapshot": kept.snapshot_digest,
        "occasion": kept.occasion,
        "made_at": rfc3339(kept.made_at),
        "receipt": str(kept.entry),
    }


def promise_out(promise: Promise) -> dict[str, Any]:
    return {
        "id": str(promise.public_id),
        "measure": str(promise.measure.public_id),
        "subject": str(promise.subject.public_id),
        "clause": promise.clause,
        "words": promise.words,
        "words_sha256": promise.words_digest,
        "state": promise.state,
        "due": promise.due.isoformat(),
        "promised_at": rfc3339(promise.promised_at),
        "finding": promise.finding,
        "checked_at": rfc3339(promise.checked_at) if promise.checked_at else None,
        "lifted_at": rfc3339(promise.lifted_at) if promise.lifted_at else None,
        "repair_basis": promise.repair_basis,
        "repaired_on": promise.repaired_on.isoformat() if promise.repaired_on else None,
        "receipt": str(promise.entry),
    }


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _text(fen: int | None) -> str | None:
    return None if fen is None else str(fen)

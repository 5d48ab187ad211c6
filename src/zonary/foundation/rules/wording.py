"""Rule packs in the reader's words. What a document says in Chinese is never translated but where the pack does so."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from zonary.common.language import _, language
from zonary.engines.clauses.packs.shapes import InTwoLanguages, ParameterShape
from zonary.foundation.rules.labels import CONCLUSIONS
from zonary.foundation.rules.models import FairCompetitionReview, PackDraft


class Dated(Protocol):
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date | None: ...


def in_language(text: InTwoLanguages) -> str:
    return text.zh if language() == "zh" else text.en


def parameter_name(parameter: ParameterShape) -> str:
    return parameter.name if language() == "zh" else parameter.english or parameter.name


def draft_title(draft: PackDraft) -> str:
    return draft.title if language() == "zh" else draft.title_english


def state_name(state: str) -> str:
    names = {
        PackDraft.State.PROPOSED: _("Waits for its review and release"),
        PackDraft.State.RELEASED: _("Released"),
        PackDraft.State.WITHDRAWN: _("Withdrawn"),
    }
    return names[PackDraft.State(state)]


def state_tone(state: str) -> str:
    return {"proposed": "wait", "released": "good", "withdrawn": "plain"}[state]


def conclusion_name(conclusion: str) -> str:
    return _(CONCLUSIONS[conclusion])


def conclusion_tone(conclusion: str) -> str:
    return {
        FairCompetitionReview.Conclusion.PASSES: "good",
        FairCompetitionReview.Conclusion.EXCEPTION: "warn",
        FairCompetitionReview.Conclusion.FAILS: "bad",
    }[FairCompetitionReview.Conclusion(conclusion)]


def validity(dated: Dated) -> str:
    if dated.last is None:
        return _("since {day}", day=dated.first.isoformat())
    return _("{first} to {last}", first=dated.first.isoformat(), last=dated.last.isoformat())


def choosing_name(choose: str) -> str:
    names = {
        "unique": _("exactly one row fits"),
        "any": _("rows that fit say the same"),
        "first": _("the first row that fits"),
        "sum": _("all rows that fit, added up"),
        "max": _("the highest of the rows that fit"),
        "min": _("the lowest of the rows that fit"),
    }
    return names[choose]


def rounding_name(rounding: str) -> str:
    names = {"down": _("rounded down"), "up": _("rounded up"), "half up": _("rounded half up")}
    return names[rounding]


def result_name(result: str) -> str:
    return {"符合": _("met"), "不符合": _("not met"), "待补": _("not known yet")}[result]


def with_unit(number: str, unit: str) -> str:
    """Of a table's number; a parameter's values say their own."""
    return number if number.startswith("【") else f"{number}{unit}"


def judging_name(judging: str, when_unknown: str) -> str:
    """Who finds whether a clause is met, and what becomes of it while data are missing; empty for the usual."""
    if judging == "human":
        return _("A person finds this.")
    if judging == "promise" or when_unknown == "promise":
        return _("While it is not known, the enterprise may promise it; it is checked later.")
    return _("What is not known counts against the enterprise.") if when_unknown == "fail" else ""


def unanswered_name(why: str) -> str:
    """Why no fact kept here answers a term; empty when facts do."""
    names = {
        "": "",
        "unknown": _("no indicator has this code: only people's findings and promises answer it"),
        "kind": _("the indicator of this code is of another kind, so that no fact answers it"),
        "period": _("it adds up over a period, and is asked for a single day: ask it by the year"),
    }
    return names[why]

"""What an enterprise does next about one measure: one sentence, in its language, and where it is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.urls import reverse

from zonary.common.language import _, language
from zonary.foundation.facts.models import Fact
from zonary.services.incentives.matching.queries import Circumstances, Group, Result
from zonary.services.incentives.matching.underway import Stage, Underway
from zonary.services.incentives.measures.models import Measure

_MOST_NAMED: Final = 3
"""Data an enterprise states of itself that one sentence names."""


class Doing(StrEnum):
    """Whose turn it is; on the page in this order."""

    ACT = "act"  # the enterprise does something here
    APPLY = "apply"  # it applies elsewhere, and people look at it
    WAIT = "wait"  # nothing to do: it comes by itself, or is under way
    HAD = "had"  # it is had
    CLOSED = "closed"  # not now: too early, too late, or the budget is used up


@dataclass(frozen=True, slots=True)
class NextStep:
    """``button`` is what the link to ``address`` says; both empty where there is nothing to press."""

    doing: Doing
    said: str
    address: str = ""
    button: str = ""
    until: date | None = None

    @property
    def last_day(self) -> date | None:
        """``until``, where the sentence does not name it."""
        return None if self.until is None or self.until.isoformat() in self.said else self.until


def next_step(result: Result, now: Circumstances) -> NextStep | None:
    """None where nothing can be done but what the reason says already."""
    measure = result.answer.question.measure
    under = now.underway.get(measure.pk)
    if under is not None and under.stage is not Stage.NOTHING:
        return _underway(under, now)
    if measure.state == Measure.State.ENDED:
        return NextStep(Doing.CLOSED, _("The zone has ended this measure: nobody gets it any more."))
    if result.group is Group.MISSING and result.answer.decision.promises and result.may_promise:
        return _promising(result, now)
    if result.group is not Group.FITS:
        return None
    return _closed(measure, now) or _BY_MODE[Measure.Mode(measure.mode)](result, now)


def _underway(under: Underway, now: Circumstances) -> NextStep:
    if under.stage is Stage.WAITS:
        return NextStep(Doing.ACT, under.said, under.address, _("Answer"), under.until)
    return NextStep(Doing.HAD if under.stage is Stage.HAD else Doing.WAIT, under.said, under.address, _("Look at it"))


def _promising(result: Result, now: Circumstances) -> NextStep:
    address = reverse("matching:measure", args=[result.answer.question.measure.public_id])
    said = _("The rule takes your promise instead of the data: read its words, and it is decided at once.")
    return NextStep(Doing.ACT, said, address, _("Read and promise") if now.may_act else "")


def _closed(measure: Measure, now: Circumstances) -> NextStep | None:
    """Why it is not to be had today, though it fits."""
    if measure.claim_from is not None and now.today < measure.claim_from:
        return NextStep(Doing.CLOSED, _("It can be had from {day} on.", day=measure.claim_from.isoformat()))
    if measure.claim_until is not None and now.today > measure.claim_until:
        return NextStep(Doing.CLOSED, _("It could be had until {day}.", day=measure.claim_until.isoformat()))
    use = now.uses.get(measure.pk)
    if use is not None and use.is_used_up:
        return NextStep(Doing.CLOSED, _("The budget of {year} is used up.", year=str(use.year)))
    return None


def _automatic(result: Result, now: Circumstances) -> NextStep:
    measure, own = result.answer.question.measure, own_word(result)
    if own:
        return NextStep(Doing.ACT, _(
            "It rests on what you stated yourselves ({data}). A list is made from what others recorded: have the zone "
            "record it.", data=_joined(own),
        ), until=measure.claim_until)  # fmt: skip
    said = _("Nothing to do: the zone lists your enterprise and asks you for an account.") if measure.amount else _(
        "Nothing to do: the zone lists your enterprise, and you are told."
    )  # fmt: skip
    return NextStep(Doing.WAIT, said, until=measure.claim_until)


def _instant(result: Result, now: Circumstances) -> NextStep:
    measure, own = result.answer.question.measure, own_word(result)
    address = reverse("grants:claim", args=[measure.public_id])
    if own:
        said = _(
            "It rests on what you stated yourselves ({data}). On the spot only what others recorded counts: have the "
            "zone record it, then claim it.", data=_joined(own),
        )  # fmt: skip
        return NextStep(Doing.ACT, said, until=measure.claim_until)
    if not now.may_act:
        return NextStep(
            Doing.ACT, _("An owner or agent of your enterprise claims it with one button."), until=measure.claim_until
        )
    said = _("Claim it with one button: it is decided on the spot.")
    return NextStep(Doing.ACT, said, address, _("Claim it"), measure.claim_until)


def _reviewed(result: Result, now: Circumstances) -> NextStep:
    measure = result.answer.question.measure
    if not measure.decided_here:
        said = _("Apply to {who}, who decides: not the zone.", who=measure.decided_by)
    elif measure.place or measure.telephone:
        where = ("，" if language() == "zh" else ", ").join(each for each in (measure.place, measure.telephone) if each)
        said = _("Apply for it, and people look at it: {where}.", where=where)
    else:
        said = _("Apply for it, and people look at it. Its card says where.")
    return NextStep(Doing.APPLY, said, until=measure.claim_until)


_BY_MODE: Final[Mapping[Measure.Mode, Callable[[Result, Circumstances], NextStep]]] = {
    Measure.Mode.AUTOMATIC: _automatic,
    Measure.Mode.INSTANT: _instant,
    Measure.Mode.REVIEWED: _reviewed,
}


def own_word(result: Result) -> list[str]:
    """Names of data the answer read that the enterprise stated of itself: where nobody looks they do not count."""
    decision, vocabulary = result.answer.decision, result.answer.asking.vocabulary
    data = decision.snapshot.data
    keys = dict.fromkeys(key for clause in decision.clauses for leaf in clause.leaves for key in leaf.read)
    terms = [vocabulary.term(id) for id, year in keys if data[id, year].source.startswith(Fact.SourceKind.SELF)]
    names = dict.fromkeys(each.english if language() == "en" else each.chinese for each in terms)
    return list(names)[:_MOST_NAMED]


def _joined(texts: list[str]) -> str:
    return ("、" if language() == "zh" else ", ").join(texts)

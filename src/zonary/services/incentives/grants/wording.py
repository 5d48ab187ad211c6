"""Batches and grants in the reader's words."""

from __future__ import annotations

from datetime import date
from typing import Any

from zonary.common.language import _, language
from zonary.foundation.facts.wording import shown_amount
from zonary.services.incentives.grants.models import AutomaticBatch, Grant, Objection
from zonary.services.incentives.grants.rules.allocating import Why
from zonary.services.incentives.grants.rules.steps import BatchState, FileState, GrantState, Reason
from zonary.services.incentives.measures.wording import title_of as measure_title


def money(fen: int | None) -> str:
    """Yuan to the fen, thousands apart; a dash for none."""
    return "–" if fen is None else shown_amount(str(fen), "fen")


def title_of(batch: AutomaticBatch) -> str:
    """What its measure is called, in the reader's language."""
    return measure_title(batch.measure)


def batch_state(state: str) -> tuple[str, str]:
    """Word and tone."""
    return {
        BatchState.LISTED: (_("list made"), "plain"),
        BatchState.NOTICED: (_("in public notice"), "wait"),
        BatchState.OPEN: (_("enterprises are asked"), "wait"),
        BatchState.CLOSED: (_("answers are in"), "wait"),
        BatchState.PAYING: (_("being paid"), "wait"),
        BatchState.SETTLED: (_("settled"), "good"),
        BatchState.CANCELLED: (_("given up"), "plain"),
        BatchState.GIVEN: (_("given on the spot"), "good"),
    }[BatchState(state)]


def grant_state(state: str) -> tuple[str, str]:
    """Word and tone."""
    return {
        GrantState.LISTED: (_("on the list"), "plain"),
        GrantState.OBJECTED: (_("objected to"), "warn"),
        GrantState.CONSENTED: (_("consented"), "wait"),
        GrantState.DECLINED: (_("said no"), "plain"),
        GrantState.LAPSED: (_("not answered in time"), "plain"),
        GrantState.REMOVED: (_("taken out"), "bad"),
        GrantState.UNFUNDED: (_("budget used up"), "plain"),
        GrantState.PAYABLE: (_("to be paid"), "wait"),
        GrantState.PAID: (_("paid"), "good"),
        GrantState.FAILED: (_("payment failed"), "bad"),
        GrantState.CLAWED_BACK: (_("claimed back"), "bad"),
        GrantState.REPAID: (_("paid back"), "plain"),
        GrantState.GRANTED: (_("granted"), "good"),
    }[GrantState(state)]


def file_state(state: str) -> tuple[str, str]:
    """Word and tone."""
    return {
        FileState.PREPARED: (_("waits for the second officer"), "wait"),
        FileState.RELEASED: (_("at the bank"), "wait"),
        FileState.REJECTED: (_("sent back"), "bad"),
        FileState.ANSWERED: (_("answered by the bank"), "good"),
    }[FileState(state)]


def objection_state(state: str) -> tuple[str, str]:
    """Word and tone."""
    return {
        Objection.State.OPEN: (_("waits for an answer"), "warn"),
        Objection.State.UPHELD: (_("upheld"), "bad"),
        Objection.State.REJECTED: (_("rejected"), "plain"),
    }[Objection.State(state)]


def reason_name(reason: str) -> str:
    """Why a grant is claimed back."""
    return {
        Reason.PROMISE_BROKEN: _("A promise was broken"),
        Reason.FACT_RETRACTED: _("A fact it rested on was retracted"),
        Reason.OBJECTION_UPHELD: _("An objection was upheld"),
    }[Reason(reason)]


def why(grant: Grant) -> str:
    """Why what is allocated is not what the rule gives; empty when it is."""
    told = {
        Why.CAPPED: _("cut to the most an enterprise gets in a year"),
        Why.TOPPED_UP: _("less what was had this year; of a group only the highest counts"),
        Why.HAD_IT: _("as much was had this year already; of a group only the highest counts"),
        Why.REST: _("the rest of the budget"),
        Why.SHARE: _("the budget is shared in proportion"),
        Why.EXHAUSTED: _("the budget was used up before"),
    }
    codes = [each for each in (grant.entitled_why, grant.allocated_why) if each in told]
    if grant.entitled == 0:
        codes = codes[:1]
    return (
        "；".join(told[Why(each)] for each in codes)
        if language() == "zh"
        else "; ".join(told[Why(each)] for each in codes)
    )


def sentence(grant: Grant, *, is_own: bool) -> str:
    """One sentence for the enterprise, or for an officer who looks at it: what there is for it, and why."""
    amount, title = money(grant.computed), title_of(grant.batch)
    day = grant.batch.day.isoformat()
    if gives_right(grant):
        if is_own:
            return _("As of {day} your enterprise fulfils every condition of “{title}”.", day=day, title=title)
        return _("As of {day} the enterprise fulfils every condition of “{title}”.", day=day, title=title)
    if is_own:
        return _(
            "As of {day} your enterprise fulfils every condition of “{title}”: {amount}.",
            day=day,
            title=title,
            amount=amount,
        )
    return _(
        "As of {day} the enterprise fulfils every condition of “{title}”: {amount}.",
        day=day,
        title=title,
        amount=amount,
    )


def gives_right(grant: Grant) -> bool:
    """Whether no money is part of it: it was had at once, or taken out again since."""
    return grant.batch.state == BatchState.GIVEN


def benefit_of(grant: Grant) -> str:
    """What it gives, as the card says it in the reader's language."""
    measure = grant.batch.measure
    return measure.summary if language() == "zh" else measure.summary_english or measure.summary


def next_step(batch: AutomaticBatch, file: Any, *, is_in_notice: bool, waiting: int, silent: int) -> tuple[str, str]:
    """What comes next with a batch, as a sentence, and as the name of its button; empty where nobody can press now.

    :param file: the payment file that is under way, or None.
    :param waiting: objections without an answer.
    :param silent: grants whose enterprises have not answered.
    """
    state = BatchState(batch.state)
    if waiting:
        return _(
            "Objections wait for their answer: {count}. An officer who did not make the list decides.", count=waiting
        ), ""
    if state is BatchState.NOTICED and is_in_notice:
        return _("In public notice until {day}; then the enterprises are asked.", day=_day(batch.notice_until)), ""
    if state is BatchState.OPEN and silent:
        return _(
            "{count} have not answered; they have until {day}.", count=silent, day=_day(batch.consent_until)
        ), "close"
    if state is BatchState.PAYING and file is not None:
        if file.state == FileState.PREPARED:
            return _("The payment file waits for another officer, who looks at a sample and releases it."), "file"
        return _("The payment file is at the bank. Upload what it answers."), "file"
    steps = {
        BatchState.OPEN: (_("All have answered. Close the time to answer."), "close"),
        BatchState.NOTICED: (_("The notice is over. Ask the enterprises."), "ask"),
        BatchState.SETTLED: (_("No payment of this batch is under way any more."), ""),
        BatchState.CANCELLED: (_("It was given up."), ""),
        BatchState.GIVEN: (_("It gives no money: whoever claimed it has it already."), ""),
        BatchState.PAYING: (
            _("Payments failed: their enterprises were asked for another account. Make a file of those that came."),
            "prepare",
        ),
    }
    return steps.get(state, ("", ""))


def _day(day: date | None) -> str:
    return "–" if day is None else day.isoformat()

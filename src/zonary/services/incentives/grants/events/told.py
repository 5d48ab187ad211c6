"""What these events are called, and whom they tell.

No notice names an amount or an account: mails are read by others, too.
"""

from __future__ import annotations

from zonary.foundation.facts.wording import shown_amount
from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.notices import Notice, about, named, officers
from zonary.foundation.ledger.watching import Happening
from zonary.services.incentives.grants.events import acts


def _money(value: object, _body: object) -> str:
    return shown_amount(str(value), "fen")


FIELDS: Labels = {
    "batch": Label("Number of the batch", Shape.CODE),
    "number": Label("Batch"),
    "measure": Label("Number of the measure", Shape.CODE),
    "is_instant": Label("Claimed and decided on the spot"),
    "day": Label("As of", Shape.DAY),
    "known_at": Label("As known at", Shape.MOMENT),
    "release": Label("Id of the release", Shape.CODE),
    "terms_digest": Label("SHA-256 of the terms", Shape.CODE),
    "list_digest": Label("SHA-256 of the list", Shape.CODE),
    "grants": Label("Grants"),
    "total": Label("In all", tell=_money),
    "grant": Label("Number of the grant", Shape.CODE),
    "enterprise": Label("Enterprise", Shape.WHO),
    "decision_digest": Label("SHA-256 of the decision", Shape.CODE),
    "amount": Label("Amount", tell=_money),
    "content_digest": Label("SHA-256 of what was published", Shape.CODE),
    "until": Label("Last day", Shape.DAY),
    "objection": Label("Number of the objection", Shape.CODE),
    "objector": Label("Who objected", Shape.WHO),
    "is_upheld": Label("Upheld"),
    "answer": Label("Answer"),
    "account_digest": Label("Salted SHA-256 of the account", Shape.CODE),
    "consented": Label("Consented"),
    "lapsed": Label("Not answered in time"),
    "looked": Label("Decisions made anew"),
    "changed": Label("Came out otherwise"),
    "file": Label("Number of the payment file", Shape.CODE),
    "file_number": Label("Payment file"),
    "file_digest": Label("SHA-256 of the file", Shape.CODE),
    "shown_digest": Label("SHA-256 of it without accounts", Shape.CODE),
    "lines": Label("Payments"),
    "spent": Label("Spent before", tell=_money),
    "sample": Label("Grants that were looked at", Shape.CODE),
    "note": Label("Finding"),
    "results_digest": Label("SHA-256 of the bank's answer", Shape.CODE),
    (acts.ResultsRead.kind, "paid"): Label("Paid"),
    (acts.BatchSettled.kind, "paid"): Label("Paid"),
    "failed": Label("Payment failed"),
    "is_paid": Label("Paid"),
    "bundle_digest": Label("SHA-256 of what was handed out", Shape.CODE),
    "claw_back": Label("Number of the claw-back", Shape.CODE),
    "why": Label(
        "Why it is claimed back",
        words={
            "promise-broken": "A promise was broken",
            "fact-retracted": "A fact it rested on was retracted",
            "objection-upheld": "An objection was upheld",
        },
    ),
    "is_late": Label("After the last day"),
}
"""What the fields of these events are called."""

HAPPENINGS = {
    acts.BatchStarted.kind: "A list of grants was made",
    acts.GrantListed.kind: "An enterprise was listed for a grant",
    acts.RightGranted.kind: "An enterprise was granted what it had claimed",
    acts.NoticeOpened.kind: "A list of grants was published",
    acts.ObjectionRaised.kind: "A grant was objected to",
    acts.ObjectionDecided.kind: "An objection to a grant was answered",
    acts.ObjectionAnswered.kind: "Somebody was answered on an objection to a grant",
    acts.ConsentsOpened.kind: "Enterprises were asked about their grants",
    acts.ConsentAsked.kind: "An enterprise was asked about a grant",
    acts.ConsentGiven.kind: "An enterprise consented to a grant and gave an account",
    acts.GrantDeclined.kind: "A grant was declined",
    acts.ConsentsClosed.kind: "The time to answer about grants was closed",
    acts.BatchLookedAt.kind: "The decisions of a list of grants were made anew",
    acts.GrantRemoved.kind: "A grant was taken out",
    acts.GrantKept.kind: "A grant stayed though its decision came out otherwise",
    acts.PaymentPrepared.kind: "A payment file was made",
    acts.PaymentReleased.kind: "A payment file was released to the bank",
    acts.PaymentRejected.kind: "A payment file was sent back",
    acts.PaymentFileTaken.kind: "A payment file was downloaded",
    acts.ResultsRead.kind: "The bank's answer to a payment file was read",
    acts.GrantAnswered.kind: "The bank answered about a grant",
    acts.BatchSettled.kind: "A list of grants was settled",
    acts.BatchCancelled.kind: "A list of grants was given up",
    acts.GrantCancelled.kind: "A grant ended because its list was given up",
    acts.BatchExported.kind: "A list of grants was handed out to be repeated",
    acts.ClawBackDecided.kind: "A grant was claimed back",
    acts.RepaymentReceived.kind: "A grant that was claimed back came back",
}
"""Kind of event -> the sentence that names it in lists of receipts."""


def _grant(happening: Happening) -> str:
    return happening.text("grant")


def _batch(happening: Happening) -> str:
    return happening.text("batch")


NOTICES: dict[str, tuple[Notice, ...]] = {
    acts.ConsentAsked.kind: (
        Notice(
            sentence="A grant without application waits for your enterprise. Say whether you want it, and where to.",
            to=named("enterprise"), page="grants:grant", argument=_grant, many="grants:list", roles=("owner", "agent"),
        ),
    ),
    acts.GrantRemoved.kind: (
        Notice(
            sentence="A grant of your enterprise was taken out of its list. The page says why.",
            to=about, page="grants:grant", argument=_grant, many="grants:list",
        ),
    ),
    acts.GrantCancelled.kind: (
        Notice(
            sentence="A list with a grant of your enterprise was given up: nothing is paid from it. The page says why.",
            to=named("enterprise"), page="grants:grant", argument=_grant, many="grants:list",
        ),
    ),
    acts.ObjectionDecided.kind: (
        Notice(
            sentence="An objection to a grant of your enterprise was upheld: it is off the list. The page says why.",
            to=about, page="grants:grant", argument=_grant, many="grants:list",
            when=lambda happening: happening.text("is_upheld") == "True",
        ),
    ),
    acts.GrantAnswered.kind: (
        Notice(
            sentence="A grant was paid to your enterprise.",
            to=named("enterprise"), page="grants:grant", argument=_grant, many="grants:list",
            when=lambda happening: happening.text("is_paid") == "True",
        ),
        Notice(
            sentence="The bank could not pay a grant of your enterprise. Give another account.",
            to=named("enterprise"), page="grants:grant", argument=_grant, many="grants:list", roles=("owner", "agent"),
            when=lambda happening: happening.text("is_paid") == "False",
        ),
    ),
    acts.ClawBackDecided.kind: (
        Notice(
            sentence="A grant that was paid to your enterprise is claimed back. The page says why, and until when.",
            to=about, page="grants:grant", argument=_grant, many="grants:list",
        ),
    ),
    acts.ObjectionRaised.kind: (
        Notice(
            sentence="Somebody objects to a grant in public notice. An officer who did not make the list answers.",
            to=officers, page="grants:objection", argument=lambda happening: happening.text("objection"),
            many="grants:batches", roles=("owner", "agent"),
        ),
    ),
    acts.ObjectionAnswered.kind: (
        Notice(
            sentence="Your objection to a grant was answered.",
            to=named("objector"), page="grants:objection", argument=lambda happening: happening.text("objection"),
        ),
    ),
    acts.PaymentPrepared.kind: (
        Notice(
            sentence="A payment file waits for an officer who did not make it.",
            to=officers, page="grants:batch", argument=_batch, many="grants:batches", roles=("owner", "agent"),
        ),
    ),
    acts.PaymentRejected.kind: (
        Notice(
            sentence="A payment file was sent back. The page of its batch says why.",
            to=officers, page="grants:batch", argument=_batch, many="grants:batches", roles=("owner", "agent"),
        ),
    ),
}  # fmt: skip
"""Whom these events tell."""

"""Whom events of organisations tell."""

from __future__ import annotations

from collections.abc import Iterable

from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.notices import Notice, about, actor, named, officers
from zonary.foundation.ledger.watching import Happening
from zonary.foundation.organizations.models import Invitation
from zonary.foundation.organizations.queries import as_uuid


def _invited(happening: Happening) -> Iterable[str]:
    """Whoever signs in with the address the invitation was meant for, if anybody does."""
    sent = Invitation.objects.filter(public_id=as_uuid(happening.text("invitation"))).exclude(email="").first()
    people = Person.objects.filter(email__iexact=sent.email, is_active=True) if sent else Person.objects.none()
    return [str(person.public_id) for person in people]


def _colleagues_and_officers(happening: Happening) -> Iterable[str]:
    return (happening.organisation, *officers(happening))


def _subject(happening: Happening) -> str:
    return happening.about


def _claimed(happening: Happening) -> str:
    return happening.text("organisation")


def _claim(happening: Happening) -> str:
    return happening.text("claim")


NOTICES: dict[str, tuple[Notice, ...]] = {
    "organizations.organization.claimed": (
        Notice(
            sentence="Somebody says that they act for {organisation}. Compare and decide.",
            to=officers, names=_claimed, page="claims:claim", argument=_claim, many="claims:list",
            roles=("owner", "agent"),
        ),
    ),
    "organizations.claim.decided": (
        Notice(
            sentence="Your claim was confirmed: you act for {organisation} from now on.",
            to=named("claimant"), names=_claimed, when=lambda happening: happening.text("is_confirmed") == "True",
            page="claims:claim", argument=_claim,
        ),
        Notice(
            sentence="Your claim on {organisation} was refused. The answer says why.",
            to=named("claimant"), names=_claimed, when=lambda happening: happening.text("is_confirmed") == "False",
            page="claims:claim", argument=_claim,
        ),
    ),
    "organizations.correction.proposed": (
        Notice(
            sentence="A correction was proposed and waits for somebody else’s decision.",
            to=_colleagues_and_officers, page="receipts:waiting", roles=("owner", "agent"),
        ),
    ),
    "organizations.correction.decided": (
        Notice(
            sentence="The correction you proposed was approved.",
            to=named("proposed_by"), when=lambda happening: happening.text("is_approved") == "True",
            page="receipts:act", argument=lambda happening: happening.text("corrected_act"), many="receipts:list",
        ),
        Notice(
            sentence="The correction you proposed was refused. The answer says why.",
            to=named("proposed_by"), when=lambda happening: happening.text("is_approved") == "False",
            page="receipts:act", argument=lambda happening: happening.text("corrected_act"), many="receipts:list",
        ),
    ),
    "organizations.member.invited": (
        Notice(
            sentence="{organisation} invites you to act for it. Open the link its owner sends you.",
            to=_invited, names=_subject,
        ),
    ),
    "organizations.invitation.accepted": (
        Notice(
            sentence="Somebody accepted an invitation and acts for {organisation} now.",
            to=about, names=_subject, page="organizations:members", roles=("owner",),
        ),
    ),
    "organizations.membership.changed": (
        Notice(
            sentence="What you may do for {organisation} was changed.",
            to=named("person"), names=_subject, page="start", is_security=True,
        ),
    ),
    "organizations.membership.ended": (
        Notice(
            sentence="You no longer act for {organisation}.",
            to=named("person"), names=_subject, page="start", is_security=True,
        ),
    ),
    "organizations.organization.handed-over": (
        Notice(
            sentence="{organisation} has another owner from now on.",
            to=about, names=_subject, page="organizations:members", is_security=True,
        ),
    ),
    "organizations.personal-token.issued": (
        Notice(
            sentence="An access token that acts as you was made. If it was not you, revoke it.",
            to=actor, page="organizations:tokens", is_security=True, tells_actor=True,
        ),
    ),
    "organizations.registry-import.finished": (
        Notice(
            sentence="The registry you imported was read to its end.",
            to=actor, page="registry:list", tells_actor=True, by_default=False,
        ),
    ),
    "organizations.registry-import.stopped": (
        Notice(
            sentence="The import of your registry stopped and waits for you.",
            to=actor, page="registry:list", tells_actor=True,
        ),
    ),
}  # fmt: skip

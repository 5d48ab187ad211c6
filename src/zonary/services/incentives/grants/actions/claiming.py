"""即申即享: an enterprise claims and is answered on the spot.

What gives no money it has from then on; money goes the way of the batch of the day.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from zonary.common.clock import zone_date
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants import deciding, keeping, queries
from zonary.services.incentives.grants.events import ConsentGiven, RightGranted
from zonary.services.incentives.grants.making import batch_of, grant_of, listed, started, terms_for
from zonary.services.incentives.grants.models import AutomaticBatch, Grant
from zonary.services.incentives.grants.permissions import (
    GrantError,
    UnknownGrantError,
    require_may_answer_for_enterprise,
)
from zonary.services.incentives.grants.rules.accounts import Account, require_own
from zonary.services.incentives.grants.rules.steps import BatchState, GrantState, GrantStep, next_grant_state
from zonary.services.incentives.matching.models import StoredDecision
from zonary.services.incentives.measures.models import Measure

_OVER = (GrantState.DECLINED, GrantState.LAPSED, GrantState.REMOVED, GrantState.UNFUNDED, GrantState.REPAID)


class NotEligibleError(GrantError):
    """The rule, asked on the spot, did not say yes; the decision says why, clause by clause."""


@action
def claim_measure(measure: str, account: Account | None, *, by: Standing, at: datetime) -> Grant:
    """Claim a measure that nobody needs to look at; the rule is asked now, and who fulfils it stands in today's batch.

    The batch takes the same way as any other: with a public notice where the measure asks for one, without where not.
    What gives no money (权益, 资质, 减免) is had at once, by the act that says so; its batch ends with it.

    :param account: where the money goes; None for what gives none.
    :raises UnknownGrantError: when no such measure is published.
    :raises GrantError: when it is none to be claimed here, not now, or was claimed already.
    :raises WrongAccountError: when the account is somebody else's.
    :raises NotEligibleError: when the rule does not say yes.
    """
    require_may_answer_for_enterprise(by, at=at)
    found = Measure.objects.select_for_update().filter(public_id=as_uuid(measure)).first()
    if found is None or found.state != Measure.State.PUBLISHED:
        raise UnknownGrantError("There is no such measure.")
    _require_instant(found, at)
    alive = Grant.objects.filter(batch__measure=found, subject__public_id=as_uuid(by.organisation))
    alive = alive.exclude(batch__state=BatchState.CANCELLED)  # given up by the office: the claimant is not to blame
    if alive.filter(batch__year=found.budget_year or zone_date(at).year).exclude(state__in=_OVER).exists():
        raise GrantError("Your enterprise has claimed this already this year. Its page says how far it is.")
    _require_account(found, account)
    decision = deciding.decided_now(found, by.organisation, by=by, at=at)
    if decision.truth != StoredDecision.Truth.YES or (found.amount and not decision.amount):
        raise NotEligibleError(
            "By what others have recorded your enterprise does not fulfil this measure; what it states of itself does "
            "not count where nobody looks. Its page says what is missing."
        )
    if queries.owes_back([decision.subject_id]):
        raise GrantError(
            "Your enterprise has a grant to pay back first. Its page says how much, and until when; this can be "
            "claimed once it came."
        )
    batch = _running_batch(found, decision, by=by, at=at)
    if account is None:
        return _give(batch, decision, by=by, at=at)
    require_own(account, decision.subject.name)
    return _take_up(batch, decision, account, by=by, at=at)


def _require_instant(measure: Measure, at: datetime) -> None:
    """The one door for claims: when cases come, those that need review go on from here to them."""
    if measure.mode == Measure.Mode.AUTOMATIC:
        raise GrantError("Nobody has to apply for this: whoever fulfils it is found and asked.")
    if measure.mode == Measure.Mode.REVIEWED:
        raise GrantError(
            "This is looked at by people, and applied for elsewhere: {place}, {telephone}.",
            place=measure.place or "–",
            telephone=measure.telephone or "–",
        )
    today = zone_date(at)
    if not (measure.claim_from or today) <= today <= (measure.claim_until or today):
        raise GrantError(
            "This can be claimed from {first} to {last}.",
            first=str(measure.claim_from or "–"),
            last=str(measure.claim_until or "–"),
        )


def _require_account(measure: Measure, account: Account | None) -> None:
    if measure.amount and account is None:
        raise GrantError("This pays money: say to which account of your enterprise.")
    if not measure.amount and account is not None:
        raise GrantError("This gives no money, so no account is needed. Claim it without one.")
    if not measure.amount and measure.notice_workdays:
        raise GrantError(
            "This gives no money and is had at once, yet its card asks for a public notice first. An officer has to "
            "mend the card."
        )


def _running_batch(measure: Measure, decision: StoredDecision, *, by: Standing, at: datetime) -> AutomaticBatch:
    """Today's batch that still takes claims; the measure's row is held, so that two who come first make one."""
    today = zone_date(at)
    running = AutomaticBatch.objects.select_for_update(of=("self",)).filter(
        measure=measure, is_instant=True, day=today, release=decision.release,
        state__in=(BatchState.LISTED, BatchState.OPEN) if measure.amount else (BatchState.GIVEN,),
    )  # fmt: skip
    running = running.exclude(grants__subject=decision.subject)  # it was taken out of today's, and claims again
    found = running.order_by("pk").last()
    if found is not None:
        return found
    terms = terms_for(measure, today=today, consent_workdays=1)
    made = batch_of(measure, terms, is_instant=True, day=today, release=str(decision.release), by=by, at=at)
    if not measure.amount:
        made.state, made.settled_at = BatchState.GIVEN, at
    elif not terms.notice_workdays:  # nobody has to be asked: whoever is in it asked
        made.state, made.asked_at, made.consent_until = BatchState.OPEN, at, today
    made.entry = record(started(made, ()), by=by, about=str(made.public_id), at=at).public_id
    made.save()
    return made


def _give(batch: AutomaticBatch, decision: StoredDecision, *, by: Standing, at: datetime) -> Grant:
    grant = grant_of(batch, decision, at=at)
    record(listed(grant), by=by, about=by.organisation, at=at)
    event = RightGranted(
        grant=str(grant.public_id), batch=str(batch.public_id), enterprise=by.organisation,
        decision_digest=decision.digest,
    )  # fmt: skip
    grant.entry = record(event, by=by, about=by.organisation, at=at).public_id
    grant.state = next_grant_state(grant.state, GrantStep.GIVE)
    grant.consented_by, grant.consented_at, grant.answered_at = by.actor_id, at, at
    grant.save()
    return grant


def _take_up(batch: AutomaticBatch, decision: StoredDecision, account: Account, *, by: Standing, at: datetime) -> Grant:
    grant, salt = grant_of(batch, decision, at=at), secrets.token_bytes(16)
    public_id = str(grant.public_id)
    grant.entry = record(listed(grant), by=by, about=by.organisation, at=at).public_id
    grant.state = next_grant_state(grant.state, GrantStep.CONSENT)
    grant.account = keeping.sealed(f"{salt.hex()} {account.text()}", of=public_id)
    grant.account_digest, grant.account_tail = account.digest(salt), account.number[-4:]
    grant.consented_by, grant.consented_at = by.actor_id, at
    grant.save()
    event = ConsentGiven(grant=public_id, batch=str(batch.public_id), account_digest=grant.account_digest)
    record(event, by=by, about=by.organisation, at=at)
    return grant

"""What enterprises and the public say: consent and account, a refusal, an objection; and the answer to that."""

from __future__ import annotations

import secrets
from datetime import datetime

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.grants import keeping, queries
from zonary.services.incentives.grants.actions.ending import settle_batch
from zonary.services.incentives.grants.events import (
    ConsentGiven,
    GrantDeclined,
    ObjectionAnswered,
    ObjectionDecided,
    ObjectionRaised,
)
from zonary.services.incentives.grants.holding import held_grant
from zonary.services.incentives.grants.models import Grant, Objection
from zonary.services.incentives.grants.permissions import (
    GrantError,
    UnknownGrantError,
    require_may_answer_for_enterprise,
    require_may_decide_objection,
    require_may_object,
)
from zonary.services.incentives.grants.rules.accounts import Account, require_own
from zonary.services.incentives.grants.rules.steps import (
    BatchState,
    GrantState,
    GrantStep,
    after_rejection,
    next_grant_state,
)
from zonary.services.incentives.grants.rules.texts import checked_text

MAX_OBJECTION = 2000


@action
def consent_to_grant(grant: str, account: Account, *, by: Standing, at: datetime) -> Grant:
    """Say that the enterprise wants the grant, and to which account; again while it is asked: to another account.

    Who comes first counts by the first consent; a slip in a number that is put right costs nobody their place.

    :raises UnknownGrantError: when it is none of the enterprise's own.
    :raises WrongAccountError: when the account is somebody else's.
    :raises GrantError: when it is not asked any more, or not yet.
    """
    held = _own(grant, by=by, at=at)
    require_own(account, held.subject.name)
    is_retry = held.state == GrantState.FAILED
    if not is_retry:
        _require_asked(held, at)
    held.state = next_grant_state(held.state, GrantStep.RETRY if is_retry else GrantStep.CONSENT)
    salt = secrets.token_bytes(16)
    held.account = keeping.sealed(f"{salt.hex()} {account.text()}", of=grant)
    held.account_digest, held.account_tail = account.digest(salt), account.number[-4:]
    held.consented_by, held.consented_at = by.actor_id, held.consented_at or at
    held.reason, held.file, held.line = "", None, None
    held.save()
    event = ConsentGiven(grant=grant, batch=str(held.batch.public_id), account_digest=held.account_digest)
    record(event, by=by, about=str(held.subject.public_id), at=at)
    return held


@action
def decline_grant(grant: str, *, reason: str, by: Standing, at: datetime) -> Grant:
    """Say that the enterprise does not want it. What is declined stays declined; the measure may come again.

    :raises UnknownGrantError: when it is none of the enterprise's own.
    :raises GrantError: when it is not asked any more, or not yet.
    """
    held = _own(grant, by=by, at=at)
    if held.state != GrantState.FAILED:
        _require_asked(held, at)
    held.state, held.reason = next_grant_state(held.state, GrantStep.DECLINE), checked_text(reason)
    held.answered_at = at
    held.save(update_fields=["state", "reason", "answered_at"])
    event = GrantDeclined(grant=grant, batch=str(held.batch.public_id), reason=held.reason)
    record(event, by=by, about=str(held.subject.public_id), at=at)
    if held.batch.state == BatchState.PAYING and queries.is_over(held.batch):
        settle_batch(held.batch, by=by, at=at)
    return held


def _own(grant: str, *, by: Standing, at: datetime) -> Grant:
    require_may_answer_for_enterprise(by, at=at)
    if queries.find_own_grant(by, grant) is None:
        raise UnknownGrantError("There is no such grant of yours.")
    return held_grant(grant)


def _require_asked(grant: Grant, at: datetime) -> None:
    until = grant.batch.consent_until
    if grant.batch.state != BatchState.OPEN or until is None or zone_date(at) > until:
        raise GrantError("Nobody is asked about this grant now: it is too early, or the last day has passed.")


@action
def object_to_grant(grant: str, *, reason: str, on_behalf: str = "", by: Standing, at: datetime) -> Objection:
    """Object to a grant during its public notice; anybody may who signed in. An officer may take down what others said.

    :param on_behalf: whose words they are, when an officer takes them down.
    :raises UnknownGrantError: when nothing of that id is in public notice.
    :raises GrantError: when the notice is over, or ``by`` has an objection there that waits.
    """
    require_may_object(by, at=at)
    listed = Grant.objects.filter(public_id=as_uuid(grant), batch__state=BatchState.NOTICED).exists()
    if not listed:
        raise UnknownGrantError("Nothing of this number is in public notice now.")
    held = held_grant(grant)
    if not queries.is_in_notice(held.batch, at):
        raise GrantError("The public notice is over; nobody objects to this list any more.")
    if held.objections.filter(raised_by=by.actor_id, state=Objection.State.OPEN).exists():
        raise GrantError("Your objection to this grant waits for its answer already.")
    held.state = next_grant_state(held.state, GrantStep.OBJECT)
    held.save(update_fields=["state"])
    public_id, batch = new_id(at), str(held.batch.public_id)
    event = ObjectionRaised(objection=public_id, grant=grant, batch=batch)
    recorded = record(event, by=by, about=batch, at=at)
    return Objection.objects.create(
        public_id=public_id,
        grant=held,
        raised_by=by.actor_id,
        organisation=by.organisation,
        on_behalf=" ".join(on_behalf.split())[:120] if by.is_officer else "",
        reason=checked_text(reason, most=MAX_OBJECTION),
        raised_at=at,
        state=Objection.State.OPEN,
        entry=recorded.public_id,
    )


@action
def decide_objection(objection: str, *, is_upheld: bool, answer: str, by: Standing, at: datetime) -> Objection:
    """Answer an objection. One that is upheld takes the grant off the list; with the last rejected it stands again.

    :raises UnknownGrantError: when there is no such objection.
    :raises NotAllowedError: for who made the list, or raised it.
    :raises GrantError: when it was answered before.
    """
    found = queries.find_objection(by, objection)
    if found is None or not by.is_officer:
        raise UnknownGrantError("There is no such objection.")
    require_may_decide_objection(by, found, at=at)
    held, said = held_grant(str(found.grant.public_id)), checked_text(answer, most=MAX_OBJECTION)
    state = Objection.State.UPHELD if is_upheld else Objection.State.REJECTED
    waiting = held.objections.filter(state=Objection.State.OPEN)
    if not waiting.filter(pk=found.pk).update(state=state, answer=said, answered_by=by.actor_id, answered_at=at):
        raise GrantError("This objection was answered already.")
    if is_upheld and held.state == GrantState.OBJECTED:
        held.state, held.reason = next_grant_state(held.state, GrantStep.UPHOLD), said[:200]
    elif held.state == GrantState.OBJECTED and not waiting.exists():
        held.state = after_rejection(has_consented=held.consented_at is not None)
    held.save(update_fields=["state", "reason"])
    event = ObjectionDecided(
        objection=objection, grant=str(held.public_id), batch=str(held.batch.public_id), is_upheld=is_upheld,
        answer=said,
    )  # fmt: skip
    record(event, by=by, about=str(held.subject.public_id), at=at)
    answered = ObjectionAnswered(objection=objection, objector=found.raised_by, is_upheld=is_upheld, answer=said)
    record(answered, by=by, about=found.raised_by, at=at)
    found.refresh_from_db()
    return found

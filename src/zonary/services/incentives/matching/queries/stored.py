"""What was decided and promised, and that it comes out again."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import QuerySet

from zonary.engines.clauses.bundles import Bundle, amount_of, list_digest, write_bundle
from zonary.engines.clauses.documents import WhenUnknown
from zonary.engines.clauses.errors import ReplayError
from zonary.engines.clauses.interpreter.asking import Asking
from zonary.engines.clauses.interpreter.decisions import Decision
from zonary.engines.clauses.interpreter.findings import ClauseFinding
from zonary.engines.clauses.interpreter.records import replay
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.packs.writing import canonical
from zonary.engines.clauses.stored import read_snapshot
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.loaded import LoadedPack, loaded_release
from zonary.services.incentives.matching.models import Promise, StoredDecision
from zonary.services.incentives.matching.queries.deciding import Answered, MatchingError, UnknownAnswerError
from zonary.services.incentives.matching.rules import BROKEN_SHUTS_OUT


def decisions_of(reader: Standing, *, measure: str = "", subject: str = "") -> QuerySet[StoredDecision]:
    """Kept decisions, the latest first: the reader's own enterprise's; for officers all."""
    found = StoredDecision.objects.select_related("measure", "subject").order_by("-id")
    if not reader.is_officer:
        found = found.filter(subject__public_id=as_uuid(reader.organisation))
    if measure:
        found = found.filter(measure__public_id=as_uuid(measure))
    return found.filter(subject__public_id=as_uuid(subject)) if subject else found


def decision_of(reader: Standing, public_id: str) -> StoredDecision:
    """:raises UnknownAnswerError: when there is none that the reader may see."""
    found = decisions_of(reader).filter(public_id=as_uuid(public_id)).first()
    if found is None:
        raise UnknownAnswerError("There is no such decision of yours.")
    return found


def own_decision_of(reader: Standing, public_id: str) -> StoredDecision:
    """One's own enterprise's, with its data: an officer opens it by an act (``actions.open_decision``).

    :raises UnknownAnswerError: when there is none that the reader may see.
    :raises NotAllowedError: for officers.
    """
    found = decision_of(reader, public_id)
    if reader.is_officer:
        raise NotAllowedError("An officer opens a decision with its data by a recorded act: use POST.")
    return found


def latest_decision(subject: str, measure: str) -> StoredDecision | None:
    """The last that was kept; whoever may see the enterprise's decisions may see this."""
    found = StoredDecision.objects.filter(subject__public_id=as_uuid(subject), measure__public_id=as_uuid(measure))
    return found.order_by("-id").first()


def replay_decision(public_id: str) -> Decision:
    """Decide again from what was kept: months later, with newer facts and releases, on any other day.

    :raises UnknownAnswerError: when there is no such decision.
    :raises ReplayError: says what differs: the record, the snapshot, the rules, the truth or the amount.
    """
    kept = StoredDecision.objects.filter(public_id=as_uuid(public_id)).first()
    if kept is None:
        raise UnknownAnswerError("There is no such decision.")
    return repeated(kept, loaded_release(str(kept.release)))


def repeated(kept: StoredDecision, loaded: LoadedPack) -> Decision:
    """:raises ReplayError: as :func:`replay_decision`."""
    stored, snapshot = kept.record.encode(), kept.snapshot.encode()
    for data, digest in ((stored, kept.digest), (snapshot, kept.snapshot_digest)):
        if hashlib.sha256(data).hexdigest() != digest:
            raise ReplayError("What is kept of this decision is not what its digest is of.")
    asking = Asking(loaded.setting, read_snapshot(snapshot))
    decision = replay(stored, loaded.plan, asking)
    amount = amount_of(decision, asking)
    if amount != kept.amount:
        raise ReplayError(
            "The amount comes out otherwise: {now} fen, and the file says {then}.",
            now=str(amount),
            then=str(kept.amount),
        )
    return decision


def bundle_of(kept: StoredDecision) -> bytes:
    """The file an outsider repeats the decision from, with ``zonary replay``. Who may see it was asked before."""
    loaded = loaded_release(str(kept.release))
    digests = StoredDecision.objects.filter(entry=kept.entry).order_by("digest").values_list("digest", flat=True)
    return write_bundle(
        Bundle(
            decision=kept.record,
            snapshot=kept.snapshot,
            rules=canonical(loaded.shape).decode(),
            amount="" if kept.amount is None else str(kept.amount),
            decisions=list(digests),
            entry=str(kept.entry),
        )
    )


def digest_of_act(entry: str) -> str:
    """What the act with this public id named, computed again from the decisions that are kept."""
    return list_digest(StoredDecision.objects.filter(entry=as_uuid(entry)).values_list("digest", flat=True))


def promises_of(reader: Standing, *, subject: str = "") -> QuerySet[Promise]:
    """The latest first: the reader's own enterprise's; for officers all."""
    found = Promise.objects.select_related("measure", "subject").order_by("-id")
    if not reader.is_officer:
        found = found.filter(subject__public_id=as_uuid(reader.organisation))
    return found.filter(subject__public_id=as_uuid(subject)) if subject else found


def promises_to_check(reader: Standing) -> QuerySet[Promise]:
    """Open ones, the soonest due first. Nobody's but for officers."""
    found = Promise.objects.filter(state=Promise.State.OPEN).select_related("measure", "subject")
    return found.order_by("due", "id") if reader.is_officer else found.none()


def barring(promises: QuerySet[Promise]) -> QuerySet[Promise]:
    """Of them the broken ones that no repair of the credit lifted: as long as they stand, no other is taken."""
    return promises.filter(state=Promise.State.BROKEN, lifted_at=None)


def promises_barring(reader: Standing) -> QuerySet[Promise]:
    """Those of all enterprises, the last found first. Nobody's but for officers."""
    found = barring(Promise.objects.select_related("measure", "subject")).order_by("-id")
    return found if reader.is_officer else found.none()


def require_may_promise(answer: Answered, clause: str) -> None:
    """:raises MatchingError: when the enterprise may not promise this clause now; says why."""
    finding = next((each for each in answer.decision.clauses if each.clause.id == clause), None)
    own = Promise.objects.filter(measure=answer.question.measure, subject=answer.subject)
    if own.filter(clause=clause, state=Promise.State.OPEN).exists():
        raise MatchingError("This is promised already.")
    if BROKEN_SHUTS_OUT and barring(own).exists():
        raise MatchingError(
            "A promise for this measure was not kept before. It can be had by data alone, until the zone records that "
            "your credit is repaired."
        )
    if finding is None or not may_be_promised(finding):
        raise MatchingError("This condition cannot be promised: its rule does not allow it, or its data are known.")


def may_be_promised(finding: ClauseFinding) -> bool:
    """Whether a promise could stand in for what is not known of it."""
    is_open = finding.truth is Truth.UNKNOWN and not finding.is_promised
    return is_open and finding.clause.when_unknown is WhenUnknown.PROMISE


def broken_promises(*, measure: str = "", subject: str = "", since: datetime | None = None) -> QuerySet[Promise]:
    """For who has to claim back what was paid on them; the latest found first."""
    found = Promise.objects.filter(state=Promise.State.BROKEN).select_related("measure", "subject")
    if measure:
        found = found.filter(measure__public_id=as_uuid(measure))
    if subject:
        found = found.filter(subject__public_id=as_uuid(subject))
    if since is not None:
        found = found.filter(checked_at__gte=since)
    return found.order_by("-checked_at", "-id")

"""Every write: a pack is proposed, reviewed for fair competition, and released by a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.engines.clauses.checks.findings import Finding
from zonary.engines.clauses.errors import PackError
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import read_pack, read_shape
from zonary.engines.clauses.packs.writing import canonical, digest_of
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.events import FairCompetitionReviewed, PackProposed, PackReleased, PackWithdrawn
from zonary.foundation.rules.findings import findings_in
from zonary.foundation.rules.models import FairCompetitionReview, PackDraft, PackRelease
from zonary.foundation.rules.offered import offered_pack
from zonary.foundation.rules.permissions import (
    PackStateError,
    UnknownPackError,
    require_may_propose,
    require_may_release,
)
from zonary.foundation.rules.rules import require_digest, require_text

MAX_NOTE = 200
MAX_GROUNDS = 2000


@action
def propose_pack(data: bytes, *, note: str, written_by: Sequence[str] = (), by: Standing, at: datetime) -> PackDraft:
    """Lay a pack before the others. It may still have findings; it has to be readable.

    :param data: the pack's JSON.
    :param written_by: who saved it while it was written: none of them releases it.
    :raises PackError: names the place that cannot be read; nothing is kept then.
    """
    hold_standing(by, at=at)
    require_may_propose(by)
    return _proposed(data, note, written_by, by=by, at=at)


@action
def take_up_pack(pack: str, *, note: str, by: Standing, at: datetime) -> PackDraft:
    """Propose a pack that comes with the program, as it stands there. A second person releases it like any other.

    :raises UnknownPackError: when none of this id comes with it.
    :raises PackStateError: when exactly this one is proposed or released already.
    """
    hold_standing(by, at=at)
    require_may_propose(by)
    offered = offered_pack(pack)
    same = PackDraft.objects.filter(digest=offered.digest).exclude(state=PackDraft.State.WITHDRAWN)
    if same.exists():
        raise PackStateError("This rule pack is proposed or released already, exactly as it comes with the program.")
    return _proposed(offered.content, note, (), by=by, at=at)


@action
def withdraw_pack(public_id: str, *, reason: str, by: Standing, at: datetime) -> PackDraft:
    """Take a draft back that nobody has released.

    :raises UnknownPackError: when there is none.
    :raises PackStateError: when it is released, or withdrawn already.
    """
    hold_standing(by, at=at)
    require_may_propose(by)
    draft = _held(public_id)
    event = PackWithdrawn(pack=draft.pack, digest=draft.digest, reason=require_text(reason, MAX_NOTE))
    record(event, by=by, about=str(draft.public_id), at=at)
    draft.state = PackDraft.State.WITHDRAWN
    draft.save(update_fields=["state"])
    return draft


@action
def record_fair_competition_review(
    public_id: str, *, conclusion: str, grounds: str, document: str = "", by: Standing, at: datetime
) -> FairCompetitionReview:
    """Record what the review found of exactly this draft; a later review takes its place.

    :param conclusion: any of ``FairCompetitionReview.Conclusion``.
    :param document: SHA-256 of the reviewer's paper, hexadecimal, or empty.
    """
    hold_standing(by, at=at)
    require_may_propose(by)
    draft = _held(public_id)
    if conclusion not in FairCompetitionReview.Conclusion.values:
        raise PackStateError("A review finds that it passes, is allowed as an exception, or fails.")
    said = FairCompetitionReviewed(
        pack=draft.pack,
        digest=draft.digest,
        conclusion=conclusion,
        grounds=require_text(grounds, MAX_GROUNDS),
        document=require_digest(document),
    )
    entry = record(said, by=by, about=str(draft.public_id), at=at)
    return FairCompetitionReview.objects.create(
        public_id=new_id(at),
        draft=draft,
        conclusion=conclusion,
        grounds=said.grounds,
        document=document,
        reviewed_by=by.actor_id,
        reviewed_at=at,
        entry=entry.public_id,
    )


@action
def release_pack(public_id: str, *, by: Standing, at: datetime) -> PackRelease:
    """Let a draft decide from now on.

    :raises NotAllowedError: for whoever proposed it.
    :raises PackStateError: without a review that lets it pass, or with a finding that stands in the way.
    """
    hold_standing(by, at=at)
    require_may_propose(by)  # nobody else learns by asking which drafts there are
    draft = _held(public_id)
    require_may_release(by, draft)
    review = draft.reviews.order_by("-id").first()
    if review is None or review.conclusion == FairCompetitionReview.Conclusion.FAILS:
        raise PackStateError(
            "This rule pack has no fair-competition review that lets it pass. Record one for exactly this draft first."
        )
    _require_nothing_in_the_way(findings_in(draft.content, zone_date(at)))
    number = PackRelease.objects.filter(pack=draft.pack).count() + 1
    released = PackReleased(
        pack=draft.pack,
        number=number,
        digest=draft.digest,
        proposed_by=draft.proposed_by,
        review=str(review.public_id),
    )
    entry = record(released, by=by, about=str(draft.public_id), at=at)
    draft.state = PackDraft.State.RELEASED
    draft.save(update_fields=["state"])
    return PackRelease.objects.create(
        public_id=new_id(at),
        pack=draft.pack,
        number=number,
        draft=draft,
        content=draft.content,
        digest=draft.digest,
        released_by=by.actor_id,
        released_at=at,
        entry=entry.public_id,
    )


def _proposed(data: bytes, note: str, written_by: Sequence[str], *, by: Standing, at: datetime) -> PackDraft:
    shape = read_shape(data)
    read_pack(shape, parse)  # what no rule could be made of is not laid before anybody
    content = canonical(shape)
    if b"\\u0000" in content:  # PostgreSQL takes it for no text
        raise PackError("The rule pack cannot be read: {reason}", reason="U+0000")
    event = PackProposed(pack=shape.id, digest=digest_of(content), note=require_text(note, MAX_NOTE))
    public_id = new_id(at)
    entry = record(event, by=by, about=str(public_id), at=at)
    return PackDraft.objects.create(
        public_id=public_id,
        pack=shape.id,
        title=shape.title.zh,
        title_english=shape.title.en,
        content=content.decode(),
        digest=event.digest,
        state=PackDraft.State.PROPOSED,
        note=event.note,
        written_by=[*written_by],
        proposed_by=by.actor_id,
        proposed_at=at,
        entry=entry.public_id,
    )


def _held(public_id: str) -> PackDraft:
    """The draft. Until the action ends nobody else changes it, nor releases another draft of the same pack."""
    draft = PackDraft.objects.filter(public_id=as_uuid(public_id)).first()
    if draft is None:
        raise UnknownPackError("There is no such draft of a rule pack.")
    if connection.features.has_select_for_update:
        list(PackDraft.objects.filter(pack=draft.pack).order_by("pk").select_for_update().values_list("pk"))
        draft.refresh_from_db()
    if draft.state != PackDraft.State.PROPOSED:
        raise PackStateError("This draft is released or withdrawn; propose another one.")
    return draft


def _require_nothing_in_the_way(findings: tuple[Finding, ...]) -> None:
    found = [each for each in findings if each.is_blocking]
    if found:
        raise PackStateError(
            "This rule pack cannot be released; findings that stand in the way: {count}. The first: {reason}",
            count=len(found),
            reason=found[0].reason,
        )

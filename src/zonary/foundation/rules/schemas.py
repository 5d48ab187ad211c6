"""What goes in and out over HTTP. A pack itself goes as its own bytes."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.common.language import say
from zonary.engines.clauses.checks.findings import Finding
from zonary.foundation.rules.models import FairCompetitionReview, PackDraft, PackRelease
from zonary.foundation.rules.offered import OfferedPack


class ReasonIn(Body, frozen=True):
    reason: Annotated[str, Meta(max_length=200)]


class NoteIn(Body, frozen=True):
    """`note`: what changes, for whoever reads the record."""

    note: Annotated[str, Meta(max_length=200)]


class ReviewIn(Body, frozen=True):
    """`conclusion` is `passes`, `exception` or `fails`; `document` the SHA-256 of the reviewer's paper, or empty."""

    conclusion: Annotated[str, Meta(max_length=20)]
    grounds: Annotated[str, Meta(max_length=2000)]
    document: Annotated[str, Meta(max_length=64)] = ""


class ReleaseOut(BaseModel):
    id: str
    pack: str
    number: int
    title: str
    title_english: str
    digest: str
    released_at: str
    released_by: str
    proposed_by: str
    receipt: str


class ReleasesOut(BaseModel):
    items: list[ReleaseOut]
    next: str | None


def release_out(release: PackRelease) -> dict[str, Any]:
    """:param release: with its draft."""
    return {
        "id": str(release.public_id),
        "pack": release.pack,
        "number": release.number,
        "title": release.draft.title,
        "title_english": release.draft.title_english,
        "digest": release.digest,
        "released_at": rfc3339(release.released_at),
        "released_by": release.released_by,
        "proposed_by": release.draft.proposed_by,
        "receipt": str(release.entry),
    }


def draft_out(draft: PackDraft) -> dict[str, Any]:
    return {
        "id": str(draft.public_id),
        "pack": draft.pack,
        "title": draft.title,
        "title_english": draft.title_english,
        "digest": draft.digest,
        "state": draft.state,
        "note": draft.note,
        "proposed_by": draft.proposed_by,
        "proposed_at": rfc3339(draft.proposed_at),
        "receipt": str(draft.entry),
    }


def whole_draft_out(draft: PackDraft, findings: tuple[Finding, ...]) -> dict[str, Any]:
    found = [{"place": each.place, "reason": say(each.reason), "is_blocking": each.is_blocking} for each in findings]
    reviews = [review_out(each) for each in draft.reviews.order_by("-id")]
    return {**draft_out(draft), "content": draft.content, "findings": found, "reviews": reviews}


def review_out(review: FairCompetitionReview) -> dict[str, Any]:
    return {
        "id": str(review.public_id),
        "conclusion": review.conclusion,
        "grounds": review.grounds,
        "document": review.document,
        "reviewed_by": review.reviewed_by,
        "reviewed_at": rfc3339(review.reviewed_at),
        "receipt": str(review.entry),
    }


def offered_out(offered: OfferedPack) -> dict[str, Any]:
    title = offered.shape.title
    return {"pack": offered.shape.id, "title": title.zh, "title_english": title.en, "digest": offered.digest}

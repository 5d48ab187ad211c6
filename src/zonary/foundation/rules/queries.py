"""Reading rule packs. A released pack is public: whoever is decided by a rule may read it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from zonary.foundation.organizations.permissions import require_officer
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.models import FairCompetitionReview, PackDraft, PackRelease
from zonary.foundation.rules.permissions import UnknownPackError


def drafts(reader: Standing) -> QuerySet[PackDraft]:
    """Every draft, the latest first.

    :raises NotAllowedError: for who is no officer.
    """
    require_officer(reader)
    return PackDraft.objects.order_by("-id")


def draft_of(reader: Standing, public_id: str) -> PackDraft:
    """:raises UnknownPackError: when there is none."""
    found = drafts(reader).filter(public_id=as_uuid(public_id)).first()
    if found is None:
        raise UnknownPackError("There is no such draft of a rule pack.")
    return found


def reviews_of(draft: PackDraft) -> QuerySet[FairCompetitionReview]:
    """The latest first: it is the one that counts."""
    return draft.reviews.order_by("-id")


def releases() -> QuerySet[PackRelease]:
    """Every release there ever was, the latest first."""
    return PackRelease.objects.order_by("-id")


def release_in_force(pack: str, *, at: datetime) -> PackRelease:
    """The release of a pack that decides at a moment.

    :raises UnknownPackError: when none had been released by then.
    """
    found = PackRelease.objects.filter(pack=pack, released_at__lte=at).order_by("-number").first()
    if found is None:
        raise UnknownPackError("No rule pack “{pack}” has been released.", pack=pack[:60])
    return found

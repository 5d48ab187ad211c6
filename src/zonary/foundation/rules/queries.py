"""Reading rule packs. A released pack is public: whoever is decided by a rule may read it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from zonary.foundation.accounts.models import Person
from zonary.foundation.organizations.permissions import require_officer, require_scope
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.models import FairCompetitionReview, PackDraft, PackRelease
from zonary.foundation.rules.permissions import READ, UnknownPackError


def drafts(reader: Standing) -> QuerySet[PackDraft]:
    """Every draft, the latest first.

    :raises NotAllowedError: for who is no officer.
    """
    require_scope(reader, READ)
    require_officer(reader)
    return PackDraft.objects.order_by("-id")


def draft_of(reader: Standing, public_id: str) -> PackDraft:
    """:raises UnknownPackError: when there is none."""
    found = drafts(reader).filter(public_id=as_uuid(public_id)).first()
    if found is None:
        raise UnknownPackError("There is no such draft of a rule pack.")
    return found


def drafts_waiting(reader: Standing) -> QuerySet[PackDraft]:
    """Those proposed by others, which the reader may release; none for who is no officer that acts."""
    waiting = PackDraft.objects.filter(state=PackDraft.State.PROPOSED).order_by("-id")
    return waiting.exclude(proposed_by=reader.actor_id) if reader.is_officer and reader.may_act else waiting.none()


def digests_taken_up(digests: Iterable[str]) -> frozenset[str]:
    """Of these, those of which a draft is proposed or released."""
    found = PackDraft.objects.filter(digest__in=list(digests)).exclude(state=PackDraft.State.WITHDRAWN)
    return frozenset(found.values_list("digest", flat=True))


def release_of_draft(draft: PackDraft) -> PackRelease | None:
    """What it became, when it was released."""
    return PackRelease.objects.filter(draft=draft).defer("content").first()


def reviews_of(draft: PackDraft) -> QuerySet[FairCompetitionReview]:
    """The latest first: it is the one that counts."""
    return draft.reviews.order_by("-id")


def releases() -> QuerySet[PackRelease]:
    """Every release there ever was, the latest first."""
    return PackRelease.objects.order_by("-id")


def latest_releases() -> QuerySet[PackRelease]:
    """Of every pack the latest release, the pack released last first."""
    later = PackRelease.objects.filter(pack=OuterRef("pack"), number__gt=OuterRef("number"))
    return releases().filter(~Exists(later))


def releases_of(pack: str) -> QuerySet[PackRelease]:
    """Every release of one pack, the latest first."""
    return PackRelease.objects.filter(pack=pack).order_by("-number")


def latest_release(pack: str) -> PackRelease:
    """:raises UnknownPackError: when none was released."""
    found = releases_of(pack).select_related("draft").first()
    if found is None:
        raise UnknownPackError("No rule pack “{pack}” has been released.", pack=pack[:60])
    return found


def release_numbered(pack: str, number: int) -> PackRelease:
    """:raises UnknownPackError: when the pack has none of that number."""
    found = PackRelease.objects.filter(pack=pack, number=number).select_related("draft").first()
    if found is None:
        raise UnknownPackError("There is no such release of a rule pack.")
    return found


def deciding_review(release: PackRelease) -> FairCompetitionReview | None:
    """The fair-competition review it was released upon: the last one before it."""
    return release.draft.reviews.filter(reviewed_at__lte=release.released_at).order_by("-id").first()


def release_in_force(pack: str, *, at: datetime) -> PackRelease:
    """The release of a pack that decides at a moment.

    :raises UnknownPackError: when none had been released by then.
    """
    found = PackRelease.objects.filter(pack=pack, released_at__lte=at).order_by("-number").first()
    if found is None:
        raise UnknownPackError("No rule pack “{pack}” has been released.", pack=pack[:60])
    return found


def names_of_officers(reader: Standing | None, people: Iterable[str]) -> dict[str, str]:
    """Public id -> name, for officers; to others an officer is an officer."""
    if reader is None or not reader.is_officer:
        return {}
    found = Person.objects.filter(public_id__in={as_uuid(each) for each in people})
    return {str(each.public_id): each.name for each in found if each.name}

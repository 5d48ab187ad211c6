"""Reading policy documents. They are public: no reader comes first, because everybody reads the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models

from zonary.common.pagination import DEFAULT_LIMIT, Page, paginate
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.searching import PASSER_BY
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.search.queries import search
from zonary.foundation.search.rules import words_of
from zonary.services.incentives.library import rules
from zonary.services.incentives.library.models import PolicyDocument, PolicyEdition, Repeal

KIND = "policy-documents"
"""What they are called in the index of words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A document as a list shows it.

    :param edition: in force today; None when it is repealed, over, or not yet.
    :param latest: its last edition.
    :param repeal: by which the whole of it ceased, or will.
    :param place: edition, anchor and words of the paragraph a search found.
    """

    document: PolicyDocument
    edition: PolicyEdition | None
    latest: PolicyEdition | None
    repeal: Repeal | None
    place: tuple[PolicyEdition, str, str] | None = None


def documents(day: date, *, cursor: str = "", limit: int = DEFAULT_LIMIT) -> Page[Shown]:
    """All, the last recorded first."""
    page = paginate(_documents(), "-id", cursor=cursor, limit=limit)
    return Page([shown(each, day) for each in page], page.next)


def documents_with(
    reader: Standing | None, query: str, *, cursor: str = "", limit: int = DEFAULT_LIMIT, at: datetime, day: date
) -> Page[Shown]:
    """Those in which every word of ``query`` stands, each with the paragraph that has most of them.

    :raises QueryError: for a query that cannot be searched for.
    """
    words = words_of(query)
    hits = search(reader or PASSER_BY, query, kinds=(KIND,), cursor=cursor, limit=limit, at=at)
    rows = {str(each.public_id): each for each in _documents().filter(public_id__in=[hit.public_id for hit in hits])}
    found = [shown(rows[hit.public_id], day, words) for hit in hits if hit.public_id in rows]
    return Page(found, hits.next)


def _documents() -> models.QuerySet[PolicyDocument]:
    return PolicyDocument.objects.prefetch_related("editions", "repeals__by")


def shown(document: PolicyDocument, day: date, words: Sequence[str] = ()) -> Shown:
    """A document as of a day; with ``words``, where they stand in it."""
    editions = editions_of(document)
    repeal = whole_repeal(document)
    in_force = rules.edition_on(editions, day, repeal.since if repeal else None)
    place = next((found for each in editions if (found := _place(each, words))), None) if words else None
    return Shown(
        document=document, edition=in_force, latest=editions[0] if editions else None, repeal=repeal, place=place
    )


def _place(edition: PolicyEdition, words: Sequence[str]) -> tuple[PolicyEdition, str, str] | None:
    found = rules.paragraph_with(edition.text, words)
    if found is None:
        return None
    article = rules.article_at(rules.articles_of(edition.text), found[0])
    return edition, article.anchor if article else "", found[1]


def document_of(public_id: str) -> PolicyDocument | None:
    return _documents().filter(public_id=as_uuid(public_id)).first()


def document_numbered(number: str) -> PolicyDocument | None:
    return _documents().filter(number=number).first()


def editions_of(document: PolicyDocument) -> list[PolicyEdition]:
    """The latest first."""
    return sorted(document.editions.all(), key=lambda each: -each.number)


def edition_of(document: PolicyDocument, number: int) -> PolicyEdition | None:
    return next((each for each in editions_of(document) if each.number == number), None)


def edition_called(public_id: str) -> PolicyEdition | None:
    return PolicyEdition.objects.filter(public_id=as_uuid(public_id)).select_related("document").first()


def whole_repeal(document: PolicyDocument) -> Repeal | None:
    """By which all of it ceased to be in force, or will."""
    return next((each for each in repeals_of(document) if not each.articles), None)


def repeals_of(document: PolicyDocument) -> list[Repeal]:
    """Of it, or of articles of it, the earliest first."""
    return sorted(document.repeals.all(), key=lambda each: (each.since, each.pk))


def repealing(document: PolicyDocument) -> list[Repeal]:
    """What this one repealed."""
    return list(Repeal.objects.filter(by=document).select_related("repealed").order_by("since", "pk"))


def edition_in_force(document: PolicyDocument, day: date) -> PolicyEdition | None:
    repeal = whole_repeal(document)
    return rules.edition_on(editions_of(document), day, repeal.since if repeal else None)


def repealed_anchors(document: PolicyDocument, edition: PolicyEdition, day: date) -> frozenset[str]:
    """Numbered parts of an edition that are no longer in force on a day."""
    articles = rules.articles_of(edition.text)
    names = [name for each in repeals_of(document) if each.since <= day for name in each.articles.split("、") if name]
    return frozenset(found.anchor for name in names if (found := rules.cited(name, articles)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What came before a document and after it, by repeals of the whole.

    :param after: what repealed it, then what repealed that, and so on.
    :param before: what it repealed, and what that had repealed; the nearest first.
    """

    before: Sequence[PolicyDocument]
    after: Sequence[PolicyDocument]

    @property
    def oldest(self) -> Sequence[PolicyDocument]:
        """What came before, the oldest first."""
        return self.before[::-1]


def chain_of(document: PolicyDocument) -> Chain:
    rows = Repeal.objects.filter(articles="").exclude(by=None).select_related("repealed", "by").order_by("since", "pk")
    pairs = [(each.repealed, each.by) for each in rows if each.by is not None]
    after = _walk(document, [(old, new) for old, new in pairs])
    before = _walk(document, [(new, old) for old, new in pairs])
    return Chain(before=before, after=after)


def _walk(start: PolicyDocument, steps: Sequence[tuple[PolicyDocument, PolicyDocument]]) -> list[PolicyDocument]:
    found: dict[int, PolicyDocument] = {}
    left = [start.pk]
    while left:
        here = left.pop(0)
        new = [to for from_, to in steps if from_.pk == here and to.pk not in found and to.pk != start.pk]
        found |= {each.pk: each for each in new}
        left.extend(each.pk for each in new)
    return list(found.values())


def wholly_repealed() -> dict[str, list[str]]:
    """Document -> those that repealed the whole of it, by public ids."""
    found: dict[str, list[str]] = {}
    rows = Repeal.objects.filter(articles="").exclude(by=None)
    for repealed, by in rows.values_list("repealed__public_id", "by__public_id"):
        found.setdefault(str(repealed), []).append(str(by))
    return found


def choices() -> list[tuple[str, str]]:
    """Public id and number with title, to choose one of; the latest first."""
    rows = PolicyDocument.objects.order_by("-id").values_list("public_id", "number", "title")
    return [(str(public_id), f"{number} {title}") for public_id, number, title in rows[:500]]

"""Every write: documents, their editions, and what repealed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from zonary.common.ids import new_id
from zonary.common.plain_text import is_plain
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.library import queries, rules
from zonary.services.incentives.library.events import DocumentRecorded, EditionRecorded, RepealRecorded
from zonary.services.incentives.library.models import PolicyDocument, PolicyEdition, Repeal
from zonary.services.incentives.library.permissions import (
    DocumentStateError,
    UnknownDocumentError,
    require_may_record,
)

MAX_NUMBER, MAX_TITLE, MAX_ISSUER, MAX_SOURCE, MAX_REASON = 100, 200, 100, 400, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What a document is known by. ``title_english`` may be empty."""

    number: str
    title: str
    title_english: str
    issuer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """An edition as it is given. ``last`` None: until further notice. ``source``: where the text was taken from."""

    text: str
    issued_on: date
    first: date
    last: date | None
    source: str


@action
def record_document(cover: Cover, words: Words, *, by: Standing, at: datetime) -> PolicyEdition:
    """Record a document with its first edition.

    :raises WrongDocumentError: when something of it cannot be kept; nothing is then.
    :raises DocumentStateError: when its number is recorded already.
    """
    hold_standing(by, at=at)
    require_may_record(by)
    number = "".join(cover.number.split())
    _require_plain((number, MAX_NUMBER), (cover.title, MAX_TITLE), (cover.issuer, MAX_ISSUER))
    if cover.title_english:
        _require_plain((cover.title_english, MAX_TITLE))
    if PolicyDocument.objects.filter(number=number).exists():
        raise DocumentStateError(
            "The document {number} is recorded already. Record a new edition of it instead.", number=number
        )
    public_id = new_id(at)
    event = DocumentRecorded(document_number=number, title=cover.title, issuer=cover.issuer)
    entry = record(event, by=by, about=public_id, at=at)
    document = PolicyDocument.objects.create(
        public_id=public_id,
        number=number,
        title=cover.title,
        title_english=cover.title_english,
        issuer=cover.issuer,
        entry=entry.public_id,
    )
    return _add_edition(document, words, by=by, at=at)


@action
def record_edition(public_id: str, words: Words, *, by: Standing, at: datetime) -> PolicyEdition:
    """Record what a document says from a day on; earlier editions stay for the days before.

    :raises UnknownDocumentError: when there is no such document.
    :raises DocumentStateError: when the same words were recorded last.
    """
    hold_standing(by, at=at)
    require_may_record(by)
    return _add_edition(_held(public_id), words, by=by, at=at)


@action
def record_repeal(
    public_id: str, *, by_document: str, articles: str, since: date, reason: str, by: Standing, at: datetime
) -> Repeal:
    """Record that a document, or articles of it, ceased to be in force.

    :param by_document: public id of the document that says so; empty: it ended by itself.
    :param articles: such as 第三条、第五条第（二）项; empty: the whole.
    :raises CircularRepealError: when that document was itself repealed by this one.
    :raises WrongDocumentError: when an article is not in it.
    """
    hold_standing(by, at=at)
    require_may_record(by)
    document = _held(public_id)
    other = _held(by_document) if by_document else None
    _require_plain((reason, MAX_REASON))
    if other is not None:
        rules.require_no_circle(str(document.public_id), str(other.public_id), queries.wholly_repealed())
    if queries.whole_repeal(document) is not None:
        raise DocumentStateError("The whole of this document is repealed already.")
    named = _articles(document, articles)
    event = RepealRecorded(
        by=str(other.public_id) if other else "", articles=named, since=since.isoformat(), reason=reason
    )
    entry = record(event, by=by, about=str(document.public_id), at=at)
    return Repeal.objects.create(
        public_id=new_id(at),
        repealed=document,
        by=other,
        articles=named,
        since=since,
        reason=reason,
        recorded_by=by.actor_id,
        recorded_at=at,
        entry=entry.public_id,
    )


def _articles(document: PolicyDocument, articles: str) -> str:
    """As they are cited, each found in the latest edition."""
    names = [each for each in articles.replace("，", "、").replace(",", "、").replace(" ", "").split("、") if each]
    latest = queries.editions_of(document)[0]
    parts = rules.articles_of(latest.text)
    for name in names:
        found = rules.cited(name, parts)
        if found is None or rules.depth_of(name) != found.depth:
            raise rules.WrongDocumentError(
                "There is no “{article}” in the latest edition. Write articles as 第三条、第五条第（二）项.",
                article=name[:40],
            )
    joined = "、".join(names)
    if len(joined) > Repeal._meta.get_field("articles").max_length:  # type: ignore[operator]
        raise rules.WrongDocumentError("Too many articles for one repeal. Record several repeals.")
    return joined


def _add_edition(document: PolicyDocument, words: Words, *, by: Standing, at: datetime) -> PolicyEdition:
    text = rules.normalised(words.text)
    digest = rules.digest_of(text)
    _require_plain((words.source, MAX_SOURCE))
    if words.last is not None and words.last < words.first:
        raise rules.WrongDocumentError("The edition ends before it begins.")
    editions = queries.editions_of(document)
    if editions and editions[0].digest == digest and editions[0].first == words.first:
        raise DocumentStateError("The last edition has these very words from this very day already.")
    number, public_id = len(editions) + 1, new_id(at)
    event = EditionRecorded(
        edition=public_id,
        number=number,
        text_sha256=digest,
        issued_on=words.issued_on.isoformat(),
        first=words.first.isoformat(),
        last=words.last.isoformat() if words.last else "",
        source=words.source,
    )
    entry = record(event, by=by, about=str(document.public_id), at=at)
    return PolicyEdition.objects.create(
        public_id=public_id,
        document=document,
        number=number,
        text=text,
        digest=digest,
        issued_on=words.issued_on,
        first=words.first,
        last=words.last,
        source=words.source,
        recorded_by=by.actor_id,
        recorded_at=at,
        entry=entry.public_id,
    )


def _held(public_id: str) -> PolicyDocument:
    """The document. Until the action ends nobody else adds to it."""
    found = PolicyDocument.objects.select_for_update().filter(public_id=as_uuid(public_id)).first()
    if found is None:
        raise UnknownDocumentError("There is no such policy document.")
    return found


def _require_plain(*texts: tuple[str, int]) -> None:
    for text, most in texts:
        if not text.strip() or len(text) > most or not is_plain(text):
            raise rules.WrongDocumentError(
                "Number, title, issuer, source and reason are plain text of one line, at most {limit} characters here.",
                limit=most,
            )

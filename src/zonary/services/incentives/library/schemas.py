"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta
from ninja import Schema

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.common.plain_text import DAY, day_of
from zonary.services.incentives.library import queries, rules
from zonary.services.incentives.library.actions import (
    MAX_ISSUER,
    MAX_NUMBER,
    MAX_REASON,
    MAX_SOURCE,
    MAX_TITLE,
    Cover,
    Words,
)
from zonary.services.incentives.library.models import PolicyDocument, PolicyEdition, Repeal

_Day = Annotated[str, Meta(extra_json_schema={"pattern": DAY})]


class EditionIn(Body, frozen=True, kw_only=True):
    """`first` is the day of issue when it is left out; without `last` it is in force until further notice."""

    text: Annotated[str, Meta(min_length=1, max_length=rules.MAX_TEXT)]
    issued_on: _Day
    first: _Day = ""
    last: _Day = ""
    source: Annotated[str, Meta(min_length=1, max_length=MAX_SOURCE)]

    def misfit(self) -> str | None:
        days = (self.issued_on, self.first or self.issued_on, self.last or self.issued_on)
        return None if all(day_of(each) for each in days) else "days are written YYYY-MM-DD"

    def words(self) -> Words:
        issued_on = day_of(self.issued_on) or date.min
        return Words(
            text=self.text,
            issued_on=issued_on,
            first=day_of(self.first) or issued_on,
            last=day_of(self.last),
            source=self.source,
        )


class DocumentIn(EditionIn, frozen=True, kw_only=True):
    """A document with its first edition."""

    number: Annotated[str, Meta(min_length=1, max_length=MAX_NUMBER)]
    title: Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
    title_english: Annotated[str, Meta(max_length=MAX_TITLE)] = ""
    issuer: Annotated[str, Meta(min_length=1, max_length=MAX_ISSUER)]

    def cover(self) -> Cover:
        return Cover(number=self.number, title=self.title, title_english=self.title_english, issuer=self.issuer)


class RepealIn(Body, frozen=True, kw_only=True):
    """`by` is the id of the document that repeals, or empty; `articles` empty: the whole."""

    by: Annotated[str, Meta(max_length=36)] = ""
    articles: Annotated[str, Meta(max_length=200)] = ""
    since: _Day
    reason: Annotated[str, Meta(min_length=1, max_length=MAX_REASON)]

    def misfit(self) -> str | None:
        return None if day_of(self.since) else "since is a day: YYYY-MM-DD"


class EditionOut(Schema):
    number: int
    id: str
    sha256: str
    issued_on: date
    first: date
    last: date | None
    source: str
    recorded_at: datetime
    receipt: str


class RepealOut(Schema):
    by: str | None
    by_number: str | None
    articles: str
    since: date
    reason: str
    receipt: str


class DocumentOut(Schema):
    """`in_force` is the number of the edition in force today, or null. `paragraph` is what a search found."""

    id: str
    number: str
    title: str
    title_english: str
    issuer: str
    in_force: int | None
    paragraph: str | None = None
    anchor: str | None = None


class DocumentWholeOut(DocumentOut):
    editions: list[EditionOut]
    repeals: list[RepealOut]


class DocumentsOut(Schema):
    items: list[DocumentOut]
    next: str | None


class AnchorOut(Schema):
    anchor: str
    label: str
    start: int
    end: int


class EditionTextOut(EditionOut):
    """`articles` are in the order of the text; positions count characters."""

    text: str
    articles: list[AnchorOut]


def document_out(shown: queries.Shown) -> dict[str, object]:
    each = shown.document
    return {
        "id": str(each.public_id),
        "number": each.number,
        "title": each.title,
        "title_english": each.title_english,
        "issuer": each.issuer,
        "in_force": shown.edition.number if shown.edition else None,
        "paragraph": shown.place[2] if shown.place else None,
        "anchor": shown.place[1] if shown.place else None,
    }


def edition_out(each: PolicyEdition) -> dict[str, object]:
    return {
        "number": each.number,
        "id": str(each.public_id),
        "sha256": each.digest,
        "issued_on": each.issued_on.isoformat(),
        "first": each.first.isoformat(),
        "last": each.last.isoformat() if each.last else None,
        "source": each.source,
        "recorded_at": rfc3339(each.recorded_at),
        "receipt": str(each.entry),
    }


def repeal_out(each: Repeal) -> dict[str, object]:
    return {
        "by": str(each.by.public_id) if each.by else None,
        "by_number": each.by.number if each.by else None,
        "articles": each.articles,
        "since": each.since.isoformat(),
        "reason": each.reason,
        "receipt": str(each.entry),
    }


def whole_out(document: PolicyDocument, day: date) -> dict[str, object]:
    shown = queries.shown(document, day)
    return {
        **document_out(shown),
        "editions": [edition_out(each) for each in queries.editions_of(document)],
        "repeals": [repeal_out(each) for each in queries.repeals_of(document)],
    }


def text_out(each: PolicyEdition) -> dict[str, object]:
    articles = rules.articles_of(each.text)
    parts = [{"anchor": a.anchor, "label": a.label, "start": a.start, "end": a.end} for a in articles]
    return {**edition_out(each), "text": each.text, "articles": parts}

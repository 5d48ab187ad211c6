"""Whether the words a clause or a table quotes stand where it says: in its document, at the place it cites."""

from __future__ import annotations

import functools
import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any, Final

from zonary.engines.clauses.checks.findings import Finding
from zonary.engines.clauses.errors import ClausesError
from zonary.foundation.rules.citations import findings_in_citations
from zonary.proof.errors import NameInBoth
from zonary.services.incentives.library import rules as texts
from zonary.services.incentives.library.models import PolicyEdition
from zonary.services.incentives.library.queries import document_numbered, editions_of, whole_repeal
from zonary.services.incentives.library.rules import Article

MAX_SAID: Final = 80
"""Characters of quoted words that a finding repeats."""


def looked_up(content: str) -> Sequence[Finding] | None:
    """What ``foundation/rules`` asks of every pack that is proposed; None when the library has not its document.

    :param content: JSON of a pack, or of a draft of one.
    """
    pack = json.loads(content)
    document = document_numbered("".join(pack["number"].split()))
    if document is None:
        return None
    repeal = whole_repeal(document)
    editions = _in_force(pack.get("items", []), editions_of(document), repeal.since if repeal else None)
    return _found(content, tuple(_Words.of(each, document.number, document.title) for each in editions))


def beside(content: Mapping[str, Any], edition: PolicyEdition) -> Sequence[Finding]:
    """Of a draft that is written from an edition: what does not stand in it, and then what any pack is asked."""
    text = json.dumps(content, ensure_ascii=False)
    own = _found(text, (_words(edition),)) if content["number"] == edition.document.number else ()
    return own or findings_in_citations(text)


def wrong_citation(clause: Mapping[str, Any], edition: PolicyEdition) -> ClausesError | None:
    """Of one clause; None where its words stand where it says, and where it quotes nothing yet."""
    return _wrong(clause["sentence"], clause["article"], clause["quote"], _words(edition))


def _in_force(
    items: Sequence[Mapping[str, Any]], editions: Sequence[PolicyEdition], repealed: date | None
) -> list[PolicyEdition]:
    """Those in force on any day on which one of the items is, the latest first; the last one when none was."""
    firsts = [date.fromisoformat(each["first"]) for each in items]
    lasts = [date.fromisoformat(each["last"]) if each.get("last") else date.max for each in items]
    first, last = min(firsts, default=date.min), max(lasts, default=date.max)
    days = {first, *(each.first for each in editions if first <= each.first <= last)}
    found = {each.pk for day in days if (each := texts.edition_on(editions, day, repealed))}
    return [each for each in editions if each.pk in found] or [*editions[:1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """Of an edition, as far as a citation is looked up in it."""

    number: str
    title: str
    first: date
    text: str

    @classmethod
    def of(cls, edition: PolicyEdition, number: str, title: str) -> _Words:
        return cls(number=number, title=title, first=edition.first, text=edition.text)


def _words(edition: PolicyEdition) -> _Words:
    return _Words.of(edition, edition.document.number, edition.document.title)


@functools.lru_cache(maxsize=16)
def _found(content: str, editions: tuple[_Words, ...]) -> tuple[Finding, ...]:
    """Kept, because a page and the act it leads to ask the same. What quotes nothing is found elsewhere."""
    pack, found = json.loads(content), []
    for each in pack.get("clauses", []):
        if error := _wrong_in_all(each["sentence"], each, editions):
            found.append(Finding(place=each["id"], reason=error, is_blocking=True))
    for each in pack.get("tables", []):
        if error := _wrong_in_all(each["name"]["zh"], each, editions, english=each["name"].get("en", "")):
            found.append(Finding(place=each["name"]["zh"], reason=error, is_blocking=True))
    return tuple(found)


def _wrong_in_all(
    name: str, cited: Mapping[str, Any], editions: Sequence[_Words], *, english: str = ""
) -> ClausesError | None:
    """One edition that has the words is enough; otherwise it is told of the latest.

    :param english: of ``name``; empty: it has none.
    """
    article, quote = cited.get("article", ""), cited.get("quote", "")
    errors = [_wrong(name, article, quote, each, english=english) for each in editions]
    return errors[0] if all(errors) else None


def _wrong(name: str, article: str, quote: str, words: _Words, *, english: str = "") -> ClausesError | None:
    if not quote.strip():
        return None
    place = texts.stands_between(words.text, quote, 0, len(words.text))
    in_both = NameInBoth(_short(name), _short(english or name))
    said: dict[str, Any] = {"name": in_both, "number": words.number, "first": words.first.isoformat()}
    if place is None:
        return ClausesError(
            "“{name}” quotes “{quote}”, and {number} of {first} says so nowhere. Copy the words from the text.",
            quote=_short(quote),
            **said,
        )
    parts = _parts_of(words.text)
    part = parts.cited(article)
    if part is None:
        if not texts.depth_of(article):
            return None  # “Annex 2” or “the whole text”: no mark that could be looked for
        return ClausesError(
            "“{name}” cites {article}, and {number} of {first} has none. Give the place its words stand at.",
            article=_short(article),
            **said,
        )
    if texts.stands_between(words.text, quote, *part) is None:
        found = texts.article_at(parts.articles, place[0])
        return ClausesError(
            "“{name}” quotes “{quote}” from {article}, where {number} of {first} has it not; it says so in {found}.",
            quote=_short(quote),
            article=_short(article),
            found=found.label if found else words.title,
            **said,
        )
    return None


def _short(text: str) -> str:
    return text if len(text) <= MAX_SAID else text[:MAX_SAID] + "…"


class _Parts:
    """The numbered parts of a text, made ready to be asked for many times."""

    def __init__(self, text: str) -> None:
        self.articles = texts.articles_of(text)
        self._places = texts.places_of(self.articles)
        self._indices = {each.anchor: index for index, each in enumerate(self.articles)}
        self._within = functools.cache(self._inner)

    def cited(self, citation: str) -> tuple[int, int] | None:
        """Start and end of the part that is cited, with all that is numbered in it; None when there is none.

        Where the marks that a citation goes on with stand within the lines of a part, that whole part is what is cited.
        """
        found = texts.cited(citation, self.articles, self._places)
        if found is None:
            return None
        inner = self._within(found)
        if texts.depth_of(citation) > len(found.path) and inner is not None:
            return None
        return found.start, (inner or found).end

    def _inner(self, found: Article) -> Article | None:
        """The last part numbered within it."""
        behind = (self.articles[each] for each in range(self._indices[found.anchor] + 1, len(self.articles)))
        within = takewhile(lambda each: each.path[: len(found.path)] == found.path, behind)
        return next(iter(deque(within, maxlen=1)), None)


@functools.lru_cache(maxsize=8)
def _parts_of(text: str) -> _Parts:
    return _Parts(text)

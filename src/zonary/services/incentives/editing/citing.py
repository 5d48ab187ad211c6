"""Whether the words a clause or a table quotes stand where it says: in the edition it is written from, at its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from zonary.engines.clauses.checks.findings import Finding
from zonary.engines.clauses.errors import ClausesError
from zonary.services.incentives.editing.rules import Content
from zonary.services.incentives.library import rules as texts
from zonary.services.incentives.library.models import PolicyEdition
from zonary.services.incentives.library.rules import Article


def findings_in_citations(content: Content, edition: PolicyEdition) -> Iterator[Finding]:
    """Each clause and table whose quoted words do not stand where they are said to; what quotes nothing is found
    elsewhere.

    Rules of a document that is not the edition's own cannot be looked up, which is said once.
    """
    if content["number"] != edition.document.number:
        reason = ClausesError(
            "The rules cite {number}, and are written beside {other}: their quotations are not checked.",
            number=content["number"],
            other=edition.document.number,
        )
        yield Finding(place="", reason=reason, is_blocking=False)
        return
    articles = texts.articles_of(edition.text)
    for each in content["clauses"]:
        if error := _wrong(each["sentence"], each["article"], each["quote"], edition, articles):
            yield Finding(place=each["id"], reason=error, is_blocking=True)
    for each in content["tables"]:
        if error := _wrong(each["name"]["zh"], each["article"], each["quote"], edition, articles):
            yield Finding(place=each["name"]["zh"], reason=error, is_blocking=True)


def wrong_citation(clause: Content, edition: PolicyEdition) -> ClausesError | None:
    """Of one clause; None where its words stand where it says, and where it quotes nothing yet."""
    articles = texts.articles_of(edition.text)
    return _wrong(clause["sentence"], clause["article"], clause["quote"], edition, articles)


def _wrong(
    name: str, article: str, quote: str, edition: PolicyEdition, articles: Sequence[Article]
) -> ClausesError | None:
    if not quote.strip():
        return None
    number, text = edition.document.number, edition.text
    if texts.place_of_quote(text, quote) is None:
        return ClausesError(
            "“{name}” quotes “{quote}”, and {number} of {first} says so nowhere. Copy the words from the text.",
            name=name,
            quote=quote,
            number=number,
            first=edition.first.isoformat(),
        )
    part = _part(article, articles)
    if part is None:
        if not texts.depth_of(article):
            return None  # “Annex 2” or “the whole text”: no mark that could be looked for
        return ClausesError(
            "“{name}” cites {article}, and {number} of {first} has none. Give the place its words stand at.",
            name=name,
            article=article,
            number=number,
            first=edition.first.isoformat(),
        )
    if texts.place_of_quote(text[part[0] : part[1]], quote) is None:
        place = texts.place_of_quote(text, quote)
        found = texts.article_at(articles, place[0]) if place else None
        return ClausesError(
            "“{name}” quotes “{quote}” from {article}, where {number} of {first} has it not; it says so in {found}.",
            name=name,
            quote=quote,
            article=article,
            number=number,
            first=edition.first.isoformat(),
            found=found.label if found else edition.document.title,
        )
    return None


def _part(citation: str, articles: Sequence[Article]) -> tuple[int, int] | None:
    """Start and end of the part that is cited, with all that is numbered in it; None when there is none.

    Where the marks that a citation goes on with stand within the lines of a part, that whole part is what is cited.
    """
    found = texts.cited(citation, articles)
    if found is None:
        return None
    behind = articles[articles.index(found) + 1 :]
    inner = list(takewhile(lambda each: each.path[: len(found.path)] == found.path, behind))
    if texts.depth_of(citation) > len(found.path) and inner:
        return None
    return found.start, inner[-1].end if inner else found.end

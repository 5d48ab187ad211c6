"""Every read, the reader first: what the reader's own holder declared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zonary.common.language import say
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.proof.origin import Fact, Text, is_by_browser, observed_facts, reported_facts, stated_facts
from zonary.services.evidence.declarations.models import Declaration
from zonary.services.evidence.declarations.rules import MAX_DECLARED
from zonary.services.evidence.queries import Receipt, statement_of


def declarations_of(reader: Standing, record: str) -> list[Declaration]:
    """All that was declared of a record of the reader's holder, oldest first."""
    rows = Declaration.objects.filter(record=as_uuid(record), holder=reader.holder)
    return list(rows.order_by("declared_at", "pk")[:MAX_DECLARED])


def declaration_of(reader: Standing, record: str, declaration: str) -> Declaration | None:
    """One of them."""
    rows = Declaration.objects.filter(record=as_uuid(record), holder=reader.holder)
    return rows.filter(public_id=as_uuid(declaration)).first()


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedWith:
    """What the statement of a record says of the origin, by who says it: what it is called, and the words.

    ``stated`` and ``reported`` are the holder's word. ``observed`` is the zone's own: no statement that was made
    elsewhere and has anything there is kept.
    """

    stated: list[tuple[str, str]]
    reported: list[tuple[str, str]]
    observed: list[tuple[str, str]]
    is_by_browser: bool


def sealed_with(receipt: Receipt) -> SealedWith | None:
    """What was sealed with a record that the reader may see; None when its statement is not here."""
    statement = statement_of(receipt)
    if statement is None:
        return None
    return SealedWith(
        stated=in_words(stated_facts(statement.declared)),
        reported=in_words(reported_facts(statement.declared)),
        observed=in_words(observed_facts(statement.observed)),
        is_by_browser=is_by_browser(statement.declared),
    )


def in_words(facts: Iterable[Fact]) -> list[tuple[str, str]]:
    """In the reader's language."""
    return [(_word(fact.label), " · ".join(map(_word, fact.texts))) for fact in facts]


def _word(text: Text) -> str:
    return text if isinstance(text, str) else say(text)

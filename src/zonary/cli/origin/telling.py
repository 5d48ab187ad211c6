"""What a statement says of the origin, told apart by who says it, and never as something that was checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zonary.common.language import _, say
from zonary.proof.canonical import Json
from zonary.proof.origin import Fact, Text, is_by_browser, observed_facts, reported_facts, stated_facts


def print_origin(declared: Mapping[str, Json], observed: Mapping[str, Json]) -> None:
    """A part for each who says something; nothing where nobody does."""
    _part(_("Said by the holder, checked by nobody"), stated_facts(declared))
    if is_by_browser(declared):
        reporter = _("Reported by the holder’s browser when it sealed: the holder’s word, too")
    else:
        reporter = _("Reported by the sealing program on the holder’s machine: the holder’s word, too")
    _part(reporter, reported_facts(declared))
    title = _("Said to have been observed by the service (the statement does not show who wrote this: ask the zone)")
    _part(title, observed_facts(observed))


def _part(title: str, facts: Iterable[Fact]) -> None:
    listed = list(facts)
    if listed:
        print(title)
    for fact in listed:
        print(f"  · {_text(fact.label)}: {'; '.join(map(_text, fact.texts))}")


def _text(text: Text) -> str:
    return text if isinstance(text, str) else say(text)

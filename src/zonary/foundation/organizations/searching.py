"""What can be searched: each app says so in its room ``search``; gathered when the application starts.

An app gives the texts by which its things are found, and, reader first, what to show of those that were found: the
index only ever proposes, and whoever owns the rows decides who sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Model

from zonary.foundation.ledger.watching import Happening
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing

OFFICERS = "officers"
"""A scope: what every officer of the zone may find."""

EVERYBODY = "everybody"
"""A scope: what is public, and found without an account."""

PASSER_BY = Standing(person="")
"""Who looks for something and has not signed in: nothing is theirs."""

Changed = Callable[[Happening], Iterable[str]]
"""Public ids of the things an event changed."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A thing as the index has it.

    :param scopes: for whom it may be proposed: public ids of organisations and people, :data:`OFFICERS` or
        :data:`EVERYBODY`.
    :param texts: what it is found by.
    """

    public_id: str
    scopes: frozenset[str]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What is shown of a thing: all of its texts are its reader's to see.

    :param also: by what else it is found; shown only where the words stand nowhere else.
    """

    title: str
    text: str
    address: str
    also: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """A kind of thing that can be found.

    :param name: what several are called, an English sentence of the catalogue.
    :param scope: what an access token needs to find any.
    :param events: kind of event -> the things it changed.
    :param texts: of these public ids, those that are to be found now; what is left out leaves the index.
    :param after: the next public ids after one, in order, for making the index anew.
    :param show: of these public ids, those the reader may see now.
    """

    name: str
    scope: str
    events: Mapping[str, Changed]
    texts: Callable[[Collection[str]], Iterable[Indexed]]
    after: Callable[[str, int], list[str]]
    show: Callable[[Standing, Collection[str], datetime], Mapping[str, Found]]


def ids_of(table: type[Model]) -> Callable[[str, int], list[str]]:
    """For ``after``: the public ids of a table, each once, in order."""

    def after(public_id: str, limit: int) -> list[str]:
        rows = table._default_manager.filter(public_id__gt=as_uuid(public_id)).order_by("public_id")
        return [str(each) for each in rows.values_list("public_id", flat=True)[:limit]]

    return after


SEARCHABLE: dict[str, Searchable] = {}
"""By what the kind is called in addresses, such as ``documents``."""


def make_searchable(kinds: Mapping[str, Searchable]) -> None:
    """Add the kinds of an app."""
    SEARCHABLE.update(kinds)


def about(happening: Happening) -> Iterable[str]:
    """What it happened to."""
    return (happening.about,)


def in_fields(*fields: str) -> Changed:
    """The things these fields of the event name."""
    return lambda happening: (happening.text(field) for field in fields)

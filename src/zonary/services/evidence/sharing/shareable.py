"""What can be shared. Each kind says so when the application starts; what has to be known of it is asked here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """Some of the records that are seen with a thing: public id of each, and what it is there for.

    :param name: in the reader's language; empty where there is one group alone.
    """

    name: str
    records: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shareable:
    """A kind of thing of a holder.

    :param title: of holder and public id, what it is called; None when the holder has no such thing.
    :param sections: of holder and public id, the records that are seen with it.
    :param page: the name of its holder's own page, which takes ``public_id``.
    """

    title: Callable[[str, str], str | None]
    sections: Callable[[str, str], Sequence[Section]]
    page: str


_KINDS: dict[str, Shareable] = {}


def make_shareable(kind: str, shareable: Shareable) -> None:
    _KINDS[kind] = shareable


def shareable(kind: str) -> Shareable | None:
    return _KINDS.get(kind)

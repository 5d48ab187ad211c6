"""What a dossier lacks, and which gap hurts most; no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from zonary.common.plain_text import is_plain

MAX_TITLE = 120
MAX_NOTE = 1000
MAX_ITEMS = 500
"""Pieces of evidence of one dossier."""


class Stage(StrEnum):
    """Where the matter stands, in this order."""

    IDEA = "idea"
    DEVELOPMENT = "development"
    FILING = "filing"
    LICENSING = "licensing"
    ENFORCEMENT = "enforcement"

    @property
    def number(self) -> int:
        return list(Stage).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a court or an office would ask for.

    ``weight`` and ``only_then`` are parameters: no source gives them.

    :param key: never changes once released.
    :param name: an English sentence of the catalogue.
    :param source: where it is asked for, as it is cited there; empty where it is the template's own advice.
    :param weight: how much it hurts when it is missing, 1 to 3.
    :param only_then: it has to be made at its stage, and nothing made later takes its place.
    """

    key: str
    stage: Stage
    name: str
    source: str
    weight: int
    only_then: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What is asked for in one kind of matter.

    :param name: an English sentence of the catalogue.
    """

    key: str
    name: str
    asks: tuple[Ask, ...]

    def ask(self, key: str) -> Ask | None:
        return next((each for each in self.asks if each.key == key), None)

    def of_stage(self, stage: Stage) -> tuple[Ask, ...]:
        return tuple(each for each in self.asks if each.stage is stage)


def gaps(template: Template, filled: Iterable[str], stands_at: Stage) -> list[Ask]:
    """What is asked for up to where the matter stands and is not there, what hurts most first.

    Heavier before lighter; of the same weight first what can only be made at its own stage, for every day makes it
    less likely; then the earlier stage, on which the later ones rest; then the template's own order.

    :param filled: keys of what is there.
    """
    there = set(filled)
    missing = [each for each in template.asks if each.key not in there and each.stage.number <= stands_at.number]
    order = {each.key: number for number, each in enumerate(template.asks)}
    return sorted(missing, key=lambda each: (-each.weight, not each.only_then, each.stage.number, order[each.key]))


def worst_gap(template: Template, filled: Iterable[str], stands_at: Stage) -> Ask | None:
    """The one that would hurt most; None when nothing is missing yet."""
    return next(iter(gaps(template, filled, stands_at)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What is written on a dossier."""

    title: str
    template: str
    stands_at: str
    note: str = ""

    def is_plain(self) -> bool:
        """Whether all of it can be read as what it is, and there is a title; only the note has lines."""
        return bool(self.title.strip()) and is_plain(self.title) and is_plain(self.note.replace("\n", ""))

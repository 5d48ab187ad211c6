"""What can be declared; no database, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar

from zonary.common.plain_text import is_plain

MAX_WHO = 120
MAX_TEXT = 1000
MAX_DECLARED = 200
"""Declarations of one record; more than anybody reads."""


class Topic(StrEnum):
    """What a declaration is about."""

    SOURCE = "source"
    CREATION = "creation"
    CUSTODY = "custody"
    HANDOVER = "handover"
    TOOL = "tool"
    NOTARISATION = "notarisation"
    WITNESS = "witness"
    CORROBORATION = "corroboration"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is declared.

    :param who: the person or organisation that made it, kept it or handed it on; may be empty.
    :param happened_on: the day it happened on, as the holder says; None when they say none.
    """

    topic: str
    text: str
    who: str = ""
    happened_on: date | None = None

    def is_plain(self) -> bool:
        """Whether all of it can be read as what it is, and something is said; only ``text`` has lines."""
        return bool(self.text.strip()) and is_plain(self.text.replace("\n", "")) and is_plain(self.who)


class _Replacing(Protocol):
    @property
    def public_id(self) -> object: ...
    @property
    def replaces(self) -> object: ...


T = TypeVar("T", bound=_Replacing)


def in_force(declared: Sequence[T]) -> list[tuple[T, T | None]]:
    """Each with what replaced it; None: it still is what the holder says."""
    later = {str(each.replaces): each for each in declared if each.replaces is not None}
    return [(each, later.get(str(each.public_id))) for each in declared]

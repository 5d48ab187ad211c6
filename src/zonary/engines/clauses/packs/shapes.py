"""How a rule pack is written down: JSON that a person can read, in which rules are sentences.

Read strictly: a field that is not known is refused, and every text and list has a limit. What a field means is said at
the class it becomes; here stands only what its spelling is.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

VERSION: Final = "zonary-rules/1"
MAX_PACK_BYTES: Final = 4 * 1024 * 1024

Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Text: TypeAlias = Annotated[str, msgspec.Meta(max_length=4000)]
Id: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$")]


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What all have in common."""


class InTwoLanguages(Shape, frozen=True, kw_only=True):
    zh: Name
    en: Name


class TermShape(Shape, frozen=True, kw_only=True):
    """``low`` and ``high`` are in the smallest unit."""

    id: Id
    name: InTwoLanguages
    kind: Literal[
        "money",
        "count",
        "area",
        "number",
        "share",
        "date",
        "event",
        "flag",
        "code",
        "listing",
        "credential",
        "judgement",
    ]
    annual: bool = False
    unit: InTwoLanguages | None = None
    places: Annotated[int, msgspec.Meta(ge=0, le=6)] = 0
    low: int | None = None
    high: int | None = None
    frame: Literal["是/不是", "具有/不具有", "已/未"] = "是/不是"
    system: Text = ""
    source: Text = ""


class EditionShape(Shape, frozen=True, kw_only=True):
    first: date
    last: date | None = None
    codes: Annotated[
        list[Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Za-z]{1,20}$")]], msgspec.Meta(max_length=20_000)
    ]
    citation: Name


class ListShape(Shape, frozen=True, kw_only=True):
    name: InTwoLanguages
    system: Name
    editions: Annotated[list[EditionShape], msgspec.Meta(min_length=1, max_length=100)]


class ValueShape(Shape, frozen=True, kw_only=True):
    """``amount`` is written as in a sentence: ``3%``, ``100万元``, ``15万元/亩``."""

    first: date
    last: date | None = None
    amount: Annotated[str, msgspec.Meta(max_length=60)]
    recorded_at: datetime
    citation: Name


class ParameterShape(Shape, frozen=True, kw_only=True):
    name: Name
    values: Annotated[list[ValueShape], msgspec.Meta(min_length=1, max_length=200)]


class ClauseShape(Shape, frozen=True, kw_only=True):
    id: Id
    article: Text
    quote: Text
    sentence: Annotated[str, msgspec.Meta(min_length=1, max_length=4000)]
    judging: Literal["machine", "human", "promise"] = "machine"
    when_unknown: Literal["ask", "promise", "fail"] = "ask"


class JoinedShape(Shape, frozen=True, kw_only=True):
    """One of its fields, and no other: which clauses have to be met."""

    all: list[str | JoinedShape] | None = None
    any: list[str | JoinedShape] | None = None
    at_least: Annotated[int, msgspec.Meta(ge=1, le=200)] | None = None
    of: list[str | JoinedShape] | None = None
    none: str | JoinedShape | None = None


class ItemShape(Shape, frozen=True, kw_only=True):
    id: Id
    title: InTwoLanguages
    condition: str | JoinedShape
    first: date
    last: date | None = None


class CaseShape(Shape, frozen=True, kw_only=True):
    """What has been agreed on: of an enterprise with these data, on this day, each item comes to this.

    ``data``: ``rd-expense@2025`` or ``staff`` -> a number with its unit as in a sentence, a day as 2025-03-01,
    ``never``, ``without-end``, a code, true or false; null, or not there: not known.
    """

    name: Name
    day: date
    data: dict[str, str | bool | None]
    expected: dict[str, Literal["符合", "不符合", "待补"]]


class PackShape(Shape, frozen=True, kw_only=True):
    version: Literal["zonary-rules/1"]
    id: Id
    number: Name
    title: InTwoLanguages
    terms: Annotated[list[TermShape], msgspec.Meta(min_length=1, max_length=500)]
    lists: Annotated[list[ListShape], msgspec.Meta(max_length=100)] = []
    parameters: Annotated[list[ParameterShape], msgspec.Meta(max_length=500)] = []
    clauses: Annotated[list[ClauseShape], msgspec.Meta(min_length=1, max_length=2000)]
    items: Annotated[list[ItemShape], msgspec.Meta(min_length=1, max_length=500)]
    cases: Annotated[list[CaseShape], msgspec.Meta(max_length=5000)] = []

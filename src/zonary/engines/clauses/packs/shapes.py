"""How a rule pack is written down: JSON that a person can read, in which rules are sentences.

Read strictly: a field that is not known is refused, and every text and list has a limit. Numbers of tables are texts,
so that none is ever rounded. What a field means is said at the class it becomes; here stands only its spelling
(specs/rules.md).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal, TypeAlias

import msgspec

from zonary.engines.clauses.tables.model import MAX_COLUMNS, MAX_ROWS, MAX_TABLES

VERSION: Final = "zonary-rules/1"
MAX_PACK_BYTES: Final = 4 * 1024 * 1024

Name: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Text: TypeAlias = Annotated[str, msgspec.Meta(max_length=4000)]
Id: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$")]
Digits: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?\Z")]
UnitText: TypeAlias = Annotated[str, msgspec.Meta(max_length=41)]
"""A unit, or two with a stroke: ``万元/亩``."""
NumberText: TypeAlias = Annotated[
    str, msgspec.Meta(pattern=r"^(-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?|【[^】]{1,200}】)\Z")
]
"""Digits, or the name of a parameter in its brackets."""
BoundText: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=210)]
"""A number, or the name of a parameter in its brackets: ``【基准】``."""


Stored: TypeAlias = Annotated[int, msgspec.Meta(ge=-(2**53) + 1, le=2**53 - 1)]
"""A number in the smallest unit; canonical JSON has no larger ones."""


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
    low: Stored | None = None
    high: Stored | None = None
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
    """``amount`` is written as in a sentence: ``3%``, ``100万元``, ``15万元/亩``.

    ``sample``: it shows how to write one; whoever releases the pack decides it.
    """

    first: date
    last: date | None = None
    amount: Annotated[str, msgspec.Meta(max_length=60)]
    recorded_at: datetime
    citation: Name
    sample: bool = False


class ParameterShape(Shape, frozen=True, kw_only=True):
    name: Name
    english: Text = ""
    values: Annotated[list[ValueShape], msgspec.Meta(min_length=1, max_length=200)]


class CitedShape(Shape, frozen=True, kw_only=True):
    """What every table has; ``unit`` of the number it gives, none where it gives labels."""

    name: InTwoLanguages
    article: Text
    quote: Text
    unit: UnitText = ""


class ColumnShape(Shape, frozen=True, kw_only=True):
    """``reads``: what a sentence says before its bound, and ``unit`` in which the bounds of the column are written.

    Without a unit: the name of a code, or a sentence that is so or is not.
    """

    reads: Text
    unit: UnitText = ""


class RowShape(Shape, frozen=True, kw_only=True):
    """``when``: a cell for each column: ``3（含）以上``, ``1（不含）至3（不含）``, ``C35、I65``, ``是``.

    Null: whatever it is.
    """

    when: Annotated[list[Text | None], msgspec.Meta(max_length=MAX_COLUMNS)]
    gives: Name


class RowsShape(CitedShape, frozen=True, kw_only=True, tag_field="kind", tag="rows"):
    columns: Annotated[list[ColumnShape], msgspec.Meta(min_length=1, max_length=MAX_COLUMNS)]
    choose: Literal["unique", "any", "first", "sum", "max", "min"]
    rows: Annotated[list[RowShape], msgspec.Meta(min_length=1, max_length=MAX_ROWS)]
    otherwise: Name | None = None


class BestShape(Shape, frozen=True, kw_only=True):
    """The best of these counts (择一)."""

    best_of: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=MAX_TABLES)]


class ScoreShape(CitedShape, frozen=True, kw_only=True, tag_field="kind", tag="score"):
    parts: Annotated[list[Name | BestShape], msgspec.Meta(min_length=1, max_length=MAX_TABLES)]
    floor: Digits | None = None
    cap: Digits | None = None


class ProportionShape(CitedShape, frozen=True, kw_only=True, tag_field="kind", tag="proportion"):
    """``base``: what is read is divided by it first."""

    of: ColumnShape
    rate: NumberText
    rounding: Literal["down", "up", "half up"]
    step: Digits
    base: BoundText | None = None
    floor: NumberText | None = None
    cap: NumberText | None = None


class FixedShape(CitedShape, frozen=True, kw_only=True, tag_field="kind", tag="fixed"):
    gives: BoundText


TableShape: TypeAlias = RowsShape | ScoreShape | ProportionShape | FixedShape


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
    amount: Text = ""


class CaseShape(Shape, frozen=True, kw_only=True):
    """What has been agreed on: of an enterprise with these data, on this day, each item comes to this.

    ``data``: ``rd-expense@2025`` or ``staff`` -> a number with its unit as in a sentence, a day as 2025-03-01,
    ``never``, ``without-end``, a code, true or false; null, or not there: not known.
    ``tables``: what a table gives: a number with its unit, or a label; null: not known yet.
    """

    name: Name
    day: date
    data: dict[str, str | bool | None]
    expected: dict[str, Literal["符合", "不符合", "待补"]]
    tables: dict[str, str | None] = {}


class PackShape(Shape, frozen=True, kw_only=True):
    version: Literal["zonary-rules/1"]
    id: Id
    number: Name
    title: InTwoLanguages
    terms: Annotated[list[TermShape], msgspec.Meta(min_length=1, max_length=500)]
    lists: Annotated[list[ListShape], msgspec.Meta(max_length=100)] = []
    parameters: Annotated[list[ParameterShape], msgspec.Meta(max_length=500)] = []
    points: Annotated[list[InTwoLanguages], msgspec.Meta(max_length=20)] = []
    tables: Annotated[list[TableShape], msgspec.Meta(max_length=MAX_TABLES)] = []
    clauses: Annotated[list[ClauseShape], msgspec.Meta(min_length=1, max_length=2000)]
    items: Annotated[list[ItemShape], msgspec.Meta(min_length=1, max_length=500)]
    cases: Annotated[list[CaseShape], msgspec.Meta(max_length=5000)] = []

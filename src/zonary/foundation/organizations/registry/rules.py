"""What a row of a registry must be like. Pure.

A row is refused for one reason, the first that is found; whoever mends it imports the file again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zonary.foundation.organizations.rules import WrongUSCCError, checked_uscc
from zonary.proof.errors import Error

COLUMNS: dict[str, tuple[str, ...]] = {
    "uscc": ("统一社会信用代码", "信用代码", "社会信用代码", "注册号", "unified social credit code", "credit code"),
    "name": ("企业名称", "名称", "单位名称", "公司名称", "市场主体名称", "enterprise", "company", "company name"),
    "legal_representative": ("法定代表人", "法定代表人姓名", "法人", "法人代表", "负责人", "legal person"),
    "established_on": ("成立日期", "成立时间", "注册日期", "established", "date of establishment", "founded"),
    "address": ("住所", "注册地址", "地址", "经营场所", "住所地", "registered address"),
    "industry_code": ("行业代码", "国民经济行业代码", "行业分类代码", "industry", "industry code gb/t 4754"),
}
"""Field -> what files call its column; the first is what we call it."""
REQUIRED = ("uscc", "name")
TEXT_FIELDS = ("name", "legal_representative", "address", "industry_code")
MAX_SHOWN = 80
"""Characters of a value that an error repeats."""

_LENGTHS = {"name": 120, "legal_representative": 60, "address": 200}
_DATE = re.compile(
    r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?(?:[ T]0?0:00(?::00(?:\.0+)?)?)?|(\d{4})(\d\d)(\d\d)"
)
_INDUSTRY = re.compile(r"[A-T](?:\d{2,4})?")
_EARLIEST = 1840
"""No enterprise of a registry is older; a year before it is a slip."""


class RowError(Error):
    """A cell of a row is not what it must be."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a registry says of one enterprise; texts may be empty but for ``uscc`` and ``name``."""

    row: int
    uscc: str
    name: str
    legal_representative: str
    established_on: date | None
    address: str
    industry_code: str


@dataclass(frozen=True, slots=True)
class Remark:
    """What has to be said of a row.

    :param column: what the file calls it.
    :param is_refused: whether the row was not taken; otherwise it was, but for this.
    """

    row: int
    column: str
    value: str
    reason: Error
    is_refused: bool = True


class RowChecker:
    """Checks the rows of one file, in order.

    :param names: field -> what the file calls its column.
    :param today: no enterprise was founded after it.
    """

    def __init__(self, names: Mapping[str, str], *, today: date) -> None:
        self._names = names
        self._today = today
        self._rows: dict[str, int] = {}

    def check(self, row: int, cells: Mapping[str, str]) -> Listing | Remark:
        """The listing in ``cells`` (by field), or why there is none."""
        field = "uscc"
        try:
            uscc = self._uscc(row, cells["uscc"])
            texts = {}
            for field in TEXT_FIELDS:
                texts[field] = _text(field, cells.get(field, ""))
            field = "industry_code"
            texts[field] = checked_industry(texts[field])
            field = "established_on"
            established_on = checked_date(cells.get(field, ""), today=self._today)
        except (RowError, WrongUSCCError) as error:
            value = cells.get(field, "")
            return Remark(row, self._names.get(field, field), shortened(value), error)
        self._rows[uscc] = row
        return Listing(
            row=row,
            uscc=uscc,
            name=texts["name"],
            legal_representative=texts["legal_representative"],
            established_on=established_on,
            address=texts["address"],
            industry_code=texts["industry_code"],
        )

    def _uscc(self, row: int, cell: str) -> str:
        if not cell.strip():
            raise RowError("The unified social credit code is missing. Fill it in from the licence.")
        uscc = checked_uscc(cell)
        first = self._rows.get(uscc)
        if first is not None:
            raise RowError(
                "{uscc} stands in row {first} already, and again in row {row}. Remove one of them.",
                uscc=uscc,
                first=first,
                row=row,
            )
        return uscc


def checked_date(cell: str, *, today: date) -> date | None:
    """The day in ``cell``, such as 2019-03-04, 2019/3/4, 20190304 or 2019年3月4日; None when it is empty.

    :raises RowError: when it is none, or lies in the future.
    """
    text = cell.strip()
    if not text:
        return None
    found = _DATE.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        day = date(*(int(part) for part in found.groups() if part is not None))
    except ValueError:
        raise RowError("“{value}” is no date. Write it as 2019-03-04.", value=text[:MAX_SHOWN]) from None
    if day > today or day.year < _EARLIEST:
        raise RowError("The day {day} cannot be: it lies in the future, or too long ago.", day=day.isoformat())
    return day


def checked_industry(text: str) -> str:
    """A code of GB/T 4754-2017: the letter of its section (A to T) and two to four digits, or the letter alone.

    :raises RowError: when it is none.
    """
    code = text.upper()
    if code and not _INDUSTRY.fullmatch(code):
        raise RowError(
            "“{value}” is no industry code of GB/T 4754-2017: a letter from A to T and two to four digits, such as "
            "C3512.",
            value=text[:MAX_SHOWN],
        )
    return code


def _text(field: str, cell: str) -> str:
    text = " ".join(cell.split())
    if field == "name" and not text:
        raise RowError("The name is missing. Fill it in from the licence.")
    limit = _LENGTHS.get(field, MAX_SHOWN)
    if len(text) > limit:
        raise RowError("It has {count} characters; at most {limit} are kept.", count=len(text), limit=limit)
    if not text.isprintable():
        raise RowError("It holds a character that cannot be shown. Type it again.")
    return text


def shortened(value: str) -> str:
    """``value`` as an error shows it: no line breaks or other characters without a shape, and not too long."""
    shown = "".join(" " if unicodedata.category(each).startswith("C") else each for each in value[: MAX_SHOWN + 1])
    return shown if len(shown) <= MAX_SHOWN else f"{shown[: MAX_SHOWN - 1]}…"

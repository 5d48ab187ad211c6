"""A released pack as the draft of its next edition. Pure: the released one is read and never changed."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from zonary.services.incentives.editing.rules import LISTS, Content

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def content_again(released: Mapping[str, Any], dictionary: Mapping[str, Content], first: date) -> Content:
    """Clauses, terms, parameters, tables and cases as they are; items in force from ``first`` on.

    A case that would be asked before that day is moved by whole years, with its data, so that it asks the same of the
    rules. What the dictionary says just so is left to it.

    :param released: the JSON of the release.
    :param dictionary: id -> term, as a pack writes it.
    """
    content: Content = copy.deepcopy(dict(released))
    for name in LISTS:
        content.setdefault(name, [])
    content["terms"] = [each for each in content["terms"] if not _is_same(each, dictionary.get(each["id"]))]
    for item in content["items"]:
        item["first"] = first.isoformat()
        if item.get("last") and item["last"] < item["first"]:
            del item["last"]
    content["cases"] = [_moved(each, first) for each in content["cases"]]
    return content


def _is_same(term: Content, known: Content | None) -> bool:
    """Defaults may be said or left out."""
    usual = {"annual": False, "places": 0, "frame": "是/不是", "system": "", "source": ""}
    return known is not None and {**usual, **term} == {**usual, **known}


def _moved(case: Content, first: date) -> Content:
    day = date.fromisoformat(case["day"])
    years = max(0, first.year - day.year)
    if _later(day, years) < first:
        years += 1
    if not years:
        return case
    data = {_later_key(key, years): _later_value(value, years) for key, value in case["data"].items()}
    return {**case, "day": _later(day, years).isoformat(), "data": data}


def _later(day: date, years: int) -> date:
    """On 29 February of a year that has none, the day before."""
    is_leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year + years, day=28) if is_leap else day.replace(year=day.year + years)


def _later_key(key: str, years: int) -> str:
    id, _, year = key.partition("@")
    return f"{id}@{int(year) + years}" if year else key


def _later_value(value: Any, years: int) -> Any:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return _later(date.fromisoformat(value), years).isoformat()
    return value

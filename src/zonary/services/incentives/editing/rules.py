"""A draft of a rule pack, changed piece by piece. Pure: every change gives a new content, and refuses by name.

A content is JSON in the form of a pack. It need not be whole: a draft may have no clause yet, or no test case.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from zonary.engines.clauses.packs.shapes import VERSION
from zonary.proof.errors import Error

Content = dict[str, Any]
MAX_CONTENT: Final = 1_000_000
"""Bytes of a draft."""
GROUPS: Final = ("a", "b", "c")
"""Groups of clauses within an item, besides those that are all asked."""
_ID: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?")
LISTS: Final = ("terms", "lists", "parameters", "points", "tables", "clauses", "items", "cases")


_MONEY: Final = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)(元|万元|亿元)")


class WrongDraftError(Error):
    """A change that the draft cannot have."""


def begun(id: str, number: str, title: tuple[str, str]) -> Content:
    """An empty draft.

    :param title: Chinese and English.
    """
    require_id(id)
    empty: dict[str, list[Any]] = {name: [] for name in LISTS}
    return {"version": VERSION, "id": id, "number": number, "title": {"zh": title[0], "en": title[1]}, **empty}


def require_id(id: str) -> None:
    if not _ID.fullmatch(id):
        raise WrongDraftError(
            "The short name of the rules has small letters, digits and hyphens only, at most 60, such as rd-support."
        )


def suggested_id(number: str) -> str:
    """From the digits of a document number: 示范〔2026〕1号 gives policy-2026-1."""
    return "-".join(["policy", *re.findall(r"[0-9]{1,6}", number)])[:60].strip("-")


def free_id(content: Mapping[str, Any], name: str, prefix: str) -> str:
    """The next id of a list that is not there: c1, c2, …"""
    taken = {each["id"] for each in content[name]}
    return next(id for number in range(1, 10_000) if (id := f"{prefix}{number}") not in taken)


_PASSAGE: Final = re.compile(r"[^。；;\n]+")
_NUMBERING: Final = re.compile(
    r"[\s　]*(?:第[一二三四五六七八九十百零0-9]{1,6}[章节条款][\s　]*|[（(][一二三四五六七八九十0-9]{1,3}[）)][\s　]*|"
    r"[一二三四五六七八九十0-9]{1,3}[、.．][\s　]*)*"
)
MIN_PASSAGE: Final = 6
"""Characters of a passage that could say a rule."""


def passages(text: str) -> list[tuple[int, int]]:
    """Start and end of what the text says between its marks, without numbering; what only leads to a list is none."""
    found = []
    for match in _PASSAGE.finditer(text):
        numbering = _NUMBERING.match(match[0])
        start = match.start() + (numbering.end() if numbering else 0)
        end = match.start() + len(match[0].rstrip())
        if end - start >= MIN_PASSAGE and not match[0].rstrip().endswith(("：", ":")):
            found.append((start, end))
    return found


# --- clauses ----------------------------------------------------------------------------------------------------------


def with_clause(content: Content, clause: Mapping[str, str], *, item: str = "") -> tuple[Content, str]:
    """With a clause added, or the one of that ``id`` replaced; and its id.

    :param item: of whose requirements a new one becomes part; empty: of none yet.
    """
    changed = copy.deepcopy(content)
    kept = {key: value for key, value in clause.items() if value}
    id = kept.get("id") or free_id(content, "clauses", "c")
    made = {"article": "", "quote": "", **kept, "id": id}
    place = _place(changed["clauses"], id)
    if place is not None:
        changed["clauses"][place] = made
        return changed, id
    changed["clauses"].append(made)
    for each in changed["items"]:
        if each["id"] == item:
            each["condition"] = _and(each["condition"], id)
    return changed, id


def without_clause(content: Content, id: str) -> Content:
    """Without a clause, in no item's condition either."""
    changed = copy.deepcopy(content)
    place = _place(changed["clauses"], id)
    if place is None:
        raise WrongDraftError("The draft has no clause “{id}”.", id=id[:60])
    del changed["clauses"][place]
    for each in changed["items"]:
        each["condition"] = _pruned(each["condition"], id) or {"all": []}
    return changed


def _place(rows: Sequence[Mapping[str, Any]], id: str, key: str = "id") -> int | None:
    return next((index for index, each in enumerate(rows) if each[key] == id), None)


def _and(condition: Any, id: str) -> Any:
    if isinstance(condition, dict) and condition.get("all") is not None:
        return {"all": [*condition["all"], id]}
    return {"all": [condition, id]}


def _pruned(condition: Any, id: str) -> Any:
    """Without that clause; None when nothing is left."""
    if isinstance(condition, str):
        return None if condition == id else condition
    if condition.get("none") is not None:
        left = _pruned(condition["none"], id)
        return {"none": left} if left is not None else None
    key = next(name for name in ("all", "any", "of") if condition.get(name) is not None)
    parts = [left for each in condition[key] if (left := _pruned(each, id)) is not None]
    if not parts:
        return None
    at_least = {"at_least": min(condition["at_least"], len(parts))} if key == "of" else {}
    return {**at_least, key: parts}


# --- items ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Clauses of which not all are asked. ``how``: any, at-least (``count`` of them) or none."""

    how: str
    count: int
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An item's condition as the page offers it: clauses that are all asked, and groups beside them."""

    required: tuple[str, ...]
    groups: tuple[Group, ...]


def condition_of(asked: Asked) -> Any:
    """As a pack writes it."""
    parts: list[Any] = list(asked.required)
    for group in asked.groups:
        if not group.clauses:
            continue
        if group.how == "at-least":
            if not 1 <= group.count <= len(group.clauses):
                raise WrongDraftError(
                    "A group of {count} clauses cannot ask for {asked} of them.",
                    count=len(group.clauses),
                    asked=group.count,
                )
            parts.append({"at_least": group.count, "of": list(group.clauses)})
        elif group.how == "none":
            parts.append({"none": {"any": list(group.clauses)}})
        else:
            parts.append({"any": list(group.clauses)})
    return {"all": parts}


def asked_by(condition: Any) -> Asked | None:
    """The other way; None for a condition that stands deeper than the page can offer, which it leaves as it is."""
    if isinstance(condition, str):
        return Asked(required=(condition,), groups=())
    if condition.get("all") is None:
        condition = {"all": [condition]}
    groups = []
    for each in condition["all"]:
        if isinstance(each, str):
            continue
        inner = each["none"].get("any") if isinstance(each.get("none"), dict) else None
        found = inner or each.get("any") or each.get("of")
        if isinstance(each.get("none"), str):
            found = [each["none"]]
        if not found or any(not isinstance(part, str) for part in found):
            return None
        how = "none" if each.get("none") is not None else "at-least" if each.get("of") else "any"
        groups.append(Group(how=how, count=each.get("at_least") or 1, clauses=tuple(found)))
    if len(groups) > len(GROUPS):
        return None
    return Asked(required=tuple(each for each in condition["all"] if isinstance(each, str)), groups=tuple(groups))


def with_row(content: Content, name: str, row: Mapping[str, Any], *, key: str = "id") -> Content:
    """With an item, term, parameter or test case added, or the one of the same ``key`` replaced."""
    changed = copy.deepcopy(content)
    place = _place(changed[name], row[key], key)
    if place is None:
        changed[name].append(dict(row))
    else:
        changed[name][place] = dict(row)
    return changed


def without_row(content: Content, name: str, id: str, *, key: str = "id") -> Content:
    """:raises WrongDraftError: when there is none."""
    changed = copy.deepcopy(content)
    place = _place(changed[name], id, key)
    if place is None:
        raise WrongDraftError("The draft has no such row any more. Look at the page again.")
    del changed[name][place]
    return changed


def with_cases(content: Content, rows: Sequence[Mapping[str, Any]]) -> Content:
    """With test cases added, each under a name that is not taken."""
    changed = copy.deepcopy(content)
    taken = {each["name"] for each in changed["cases"]}
    for row in rows:
        name = next(
            name
            for number in range(10_000)
            if (name := f"{row['name']}（{number}）" if number else row["name"]) not in taken
        )
        taken.add(name)
        changed["cases"].append({**row, "name": name})
    return changed


def hundredth(number: str) -> str:
    """10 as 0.1: a per cent as a rate."""
    rate = f"{Decimal(number) / 100:f}"
    return rate.rstrip("0").rstrip(".") if "." in rate else rate


def fixed(text: str) -> dict[str, str]:
    """10万元, or 【a parameter】 of money.

    :raises WrongDraftError: when it is neither.
    """
    text = text.strip()
    if text.startswith("【") and text.endswith("】"):
        return {"unit": "元", "gives": text}
    found = _MONEY.fullmatch(text)
    if not found:
        raise WrongDraftError("“{text}” is no amount of money, such as 50万元.", text=text[:40])
    return {"unit": found[2], "gives": found[1]}


def in_yuan(text: str) -> str:
    """50万元 as 500000.

    :raises WrongDraftError: when it is no amount of money.
    """
    found = _MONEY.fullmatch(text.strip())
    if not found:
        raise WrongDraftError("“{text}” is no amount of money, such as 50万元.", text=text[:40])
    yuan = f"{Decimal(found[1]) * {'元': 1, '万元': 10**4, '亿元': 10**8}[found[2]]:f}"
    return yuan.rstrip("0").rstrip(".") if "." in yuan else yuan

"""Text that people read: no control characters, which would drive a terminal or break a database's text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from zonary.common.json_body import Body

PLAIN = r"^[^\x00-\x1f\x7f]*$"
DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"


_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


class PlainBody(Body, frozen=True):
    """A request body all of whose texts are plain; names in ``DAYS`` hold days of the calendar."""

    DAYS: ClassVar[tuple[str, ...]] = ()

    def misfit(self) -> str | None:
        if any(unicodedata.category(character) in ("Cc", "Cs") for text in _texts(self) for character in text):
            return "texts have no control characters"
        for name in self.DAYS:
            if not is_day(getattr(self, name)):
                return f"{name} is a day: YYYY-MM-DD"
        return None


def _texts(value: Any) -> Iterator[str]:
    """All texts in a body, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, Body):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))


def is_plain(text: str) -> bool:
    """Whether all of ``text`` is seen, and nothing in it turns the direction of writing (Unicode TR 36, 2.10.2)."""
    return not any(unicodedata.category(character) in _UNSEEN for character in text)


def is_day(text: str | None) -> bool:
    """Whether ``text`` is a day of the calendar, or None."""
    return day_of(text) is not None if text is not None else True


def day_of(text: str | None) -> date | None:
    """The day ``text`` names; None for what is none."""
    try:
        return None if text is None or len(text) != 10 else date.fromisoformat(text)
    except ValueError:
        return None

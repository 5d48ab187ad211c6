"""A cell as text: what a person would read in it, and codes without the fraction a spreadsheet adds."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal


def as_text(value: object) -> str | None:
    """``value`` as text; a date as 2026-11-22, a whole number without fraction, nothing as an empty text.

    None for what no cell is: lists, maps, bytes.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e21 else repr(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, timedelta) else None


def _moment(value: datetime) -> str:
    is_day = value.time() == time() and value.tzinfo is None
    return value.date().isoformat() if is_day else value.isoformat(sep=" ")

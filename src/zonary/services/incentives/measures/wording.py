"""What was changed on a card, in the reader's words: each field with what it said and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zonary.common.language import _, language
from zonary.services.incentives.measures.events import FIELD_NAMES
from zonary.services.incentives.measures.models import CardChange, Measure
from zonary.services.incentives.measures.rules import AUDIENCES, EXHAUSTIONS, KINDS, MODES

_FEN = 100
_NAMES = FIELD_NAMES | {"budget": "Budget in yuan", "cap": "Most for one enterprise in a year, in yuan"}
_WORDS = {"kind": KINDS, "mode": MODES, "exhaustion": EXHAUSTIONS, "audience": AUDIENCES}


@dataclass(frozen=True, slots=True)
class ChangedField:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ChangeShown:
    change: CardChange
    fields: Sequence[ChangedField]


def change_shown(change: CardChange) -> ChangeShown:
    """In the order a card has its fields."""
    names = [each for each in _NAMES if each in change.after]
    fields = [ChangedField(_(_NAMES[each]), _said(each, change.before), _said(each, change.after)) for each in names]
    return ChangeShown(change, fields)


def title_of(measure: Measure) -> str:
    """In the reader's language, as far as the card has it."""
    return measure.title if language() == "zh" else measure.title_english or measure.title


def yuan(fen: int | None) -> str:
    """With two decimals and separators; empty for None."""
    return f"{Decimal(fen) / _FEN:,.2f}" if fen is not None else ""


def _said(name: str, fields: dict[str, Any]) -> str:
    value = fields[name]
    if name in ("budget", "cap"):
        return yuan(value) or _("without limit")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    words = _WORDS.get(name, {})
    if isinstance(value, list):
        return ", ".join(_(words[each]) if each in words else str(each) for each in value)
    return _(words[value]) if value in words else str(value if value not in (None, "") else "–")

"""What an item card has to say, and what may follow what. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from zonary.common.plain_text import is_plain
from zonary.proof import canonical
from zonary.proof.errors import Error

KINDS: Final = {
    "reduction": "Reduction",
    "award": "Award or subsidy",
    "right": "Right",
    "qualification": "Qualification",
}
"""减免, 奖补, 权益, 资质: the four classes of 川办函〔2024〕17号."""
MODES: Final = {
    "automatic": "Without applying",
    "instant": "At once, on claiming",
    "reviewed": "Applied for and reviewed",
}
"""免申即享, 即申即享, 申报后评审."""
MODES_SAID: Final = {
    "automatic": "You need not apply: the zone finds who qualifies, publishes the list, and asks you for consent.",
    "instant": "You claim it with one button; whether you qualify is decided on the spot.",
    "reviewed": "You apply, and people review the application.",
}
EXHAUSTIONS: Final = {"first-come": "First come, first served", "pro-rata": "Shared pro rata"}
AUDIENCES: Final = {
    "all": "All enterprises",
    "start-up": "Start-ups",
    "small": "Small and medium enterprises",
    "high-tech": "High-tech enterprises",
    "manufacturing": "Manufacturing",
    "services": "Services",
    "foreign": "Foreign-invested enterprises",
    "trade": "Foreign trade",
    "talent": "Talent",
}
MAX_TITLE, MAX_SUMMARY, MAX_SHORT, MAX_PLACE, MAX_TELEPHONE = 200, 1000, 100, 200, 60
MAX_MONEY: Final = 10**15
"""In fen: ten trillion yuan."""
MAX_WORKDAYS: Final = 250
YEARS: Final = range(2000, 2200)


class WrongMeasureError(Error):
    """A card that says too little, or two things that do not go together."""


class MeasureStateError(Error):
    """It is no longer, or not yet, in the state this needs."""


class MeasureChangedError(MeasureStateError):
    """Somebody else changed it since it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What is written on an item card. What each field means: ``models.Measure``."""

    title: str
    title_english: str
    summary: str
    summary_english: str
    kind: str
    mode: str
    decided_here: bool
    decided_by: str
    audience: tuple[str, ...]
    amount: str
    budget: int | None
    budget_year: int | None
    cap: int | None
    exhaustion: str
    stacking: str
    claim_from: date | None
    claim_until: date | None
    notice_workdays: int
    pay_workdays: int
    place: str
    telephone: str
    contact: str

    def written(self) -> dict[str, Any]:
        """Its fields as JSON has them: days as texts, money in fen."""
        return {
            name: value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }

    @property
    def gives_money(self) -> bool:
        """Whether it pays out: by a table of its rules, or as an award (奖补) whose amount people set."""
        return bool(self.amount) or self.kind == "award"

    def digest(self) -> str:
        """SHA-256 of the canonical JSON of its fields, hexadecimal; days as texts."""
        return hashlib.sha256(canonical.encode(self.written())).hexdigest()


DECIDING: Final = frozenset(
    {"kind", "mode", "decided_here", "decided_by", "amount", "budget", "budget_year", "cap", "exhaustion", "stacking",
     "claim_from", "claim_until", "notice_workdays", "pay_workdays"}
)  # fmt: skip
"""Fields of a card that decide who is paid how much, from what and when. The others describe it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What one card says otherwise than another, as :meth:`Card.written` has it."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def __bool__(self) -> bool:
        return bool(self.after)

    @property
    def decides(self) -> bool:
        """Whether anything about money is among it."""
        return bool(DECIDING & set(self.after))

    def part(self, *, deciding: bool) -> Difference:
        """That about money, or the rest."""
        chosen = [name for name in self.after if (name in DECIDING) is deciding]
        return Difference({each: self.before[each] for each in chosen}, {each: self.after[each] for each in chosen})


def difference(before: Card, after: Card) -> Difference:
    was, will_be = before.written(), after.written()
    changed = [name for name in was if was[name] != will_be[name]]
    return Difference({name: was[name] for name in changed}, {name: will_be[name] for name in changed})


def turned_to(card: Card, fields: Mapping[str, Any]) -> Card:
    """The card with some fields as :meth:`Card.written` has them."""
    given = dict(fields)
    for name in ("claim_from", "claim_until"):
        if given.get(name):
            given[name] = date.fromisoformat(given[name])
    if "audience" in given:
        given["audience"] = tuple(given["audience"])
    return replace(card, **given)


def texts_of(fields: Mapping[str, Any]) -> dict[str, str]:
    """Fields as an act names them: each as text, nothing as an empty one, money in fen."""
    return {name: _text(value) for name, value in fields.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def require_card(card: Card) -> None:
    """:raises WrongMeasureError: names the first thing that is missing or does not fit."""
    _require_texts(card)
    _require_words(card)
    _require_money(card)
    if card.claim_from and card.claim_until and card.claim_until < card.claim_from:
        raise WrongMeasureError("The last day to claim is before the first.")
    if not (0 <= card.notice_workdays <= MAX_WORKDAYS and 0 <= card.pay_workdays <= MAX_WORKDAYS):
        raise WrongMeasureError("Public notice and payment take from 0 to {limit} working days.", limit=MAX_WORKDAYS)


def _require_texts(card: Card) -> None:
    asked = {"title": MAX_TITLE, "title_english": MAX_TITLE, "summary": MAX_SUMMARY, "telephone": MAX_TELEPHONE,
             "contact": MAX_SHORT}  # fmt: skip
    allowed = {"summary_english": MAX_SUMMARY, "decided_by": MAX_SHORT, "place": MAX_PLACE, "stacking": 60}
    for name, most in (asked | allowed).items():
        text: str = getattr(card, name)
        if (name in asked and not text.strip()) or len(text) > most or not is_plain(text.replace("\n", "")):
            raise WrongMeasureError(
                "A card has a title in two languages, a summary, a contact and a telephone, each plain text that is "
                "not too long. Look at “{field}”.",
                field=name,
            )


def _require_words(card: Card) -> None:
    if card.kind not in KINDS or card.mode not in MODES or card.exhaustion not in EXHAUSTIONS:
        raise WrongMeasureError("There is no such kind, mode, or way to share a budget.")
    if not card.audience or not set(card.audience) <= set(AUDIENCES):
        raise WrongMeasureError("Say for whom it is: choose at least one audience.")
    if not card.decided_here and not card.decided_by.strip():
        raise WrongMeasureError("Say who decides when it is not decided here.")
    if not card.decided_here and card.mode != "reviewed":
        raise WrongMeasureError("What is decided elsewhere cannot be given here automatically or at once.")


def _require_money(card: Card) -> None:
    if card.kind == "award" and card.mode != "reviewed" and not card.amount:
        raise WrongMeasureError("An award that nobody reviews needs a table that gives its amount.")
    if card.mode == "automatic" and not card.amount:
        raise WrongMeasureError(
            "Without applying is for what pays money: the zone lists who qualifies and pays them. What gives no money "
            "is had at once on claiming; choose that, or what is reviewed."
        )
    if not card.amount and (card.budget is not None or card.cap is not None):
        raise WrongMeasureError("What gives no amount has neither a budget nor a cap.")
    if card.mode == "instant" and not card.amount and card.notice_workdays:
        raise WrongMeasureError(
            "What gives no money and is claimed is had at once, so no public notice comes before it: give 0 working "
            "days."
        )
    if (card.budget is None) != (card.budget_year is None):
        raise WrongMeasureError("A budget is for a year: give both, or neither.")
    if card.budget_year is not None and card.budget_year not in YEARS:
        raise WrongMeasureError("The year of the budget is a year such as 2026.")
    if any(money is not None and not 0 < money <= MAX_MONEY for money in (card.budget, card.cap)):
        raise WrongMeasureError("Budget and cap are amounts of more than nothing.")

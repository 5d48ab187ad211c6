"""What a card says in English: what it gives and to whom, from the same offer as the Chinese sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from zonary.portal.demonstration.measures.offers import Asks, Offer

_FIGURES: Final = {"rd-expense": "R&D spending", "export-value": "exports", "tax-paid": "taxes"}
"""What a percentage is of."""
WHO: Final[Mapping[str, str]] = {
    "age-1": "are at least a year old",
    "age-3": "are at least three years old",
    "age-5": "are at least five years old",
    "young-3": "are at most three years old",
    "young-5": "are not yet five years old",
    "high-tech": "are recognised high-tech enterprises",
    "not-high-tech": "are not yet recognised high-tech enterprises",
    "rd-100": "spent at least CNY 1 million on R&D last year",
    "rd-500": "spent at least CNY 5 million on R&D last year",
    "rd-1000": "spent at least CNY 10 million on R&D last year",
    "rd-3": "spent at least 3 % of last year's revenue on R&D",
    "rd-5": "spent at least 5 % of last year's revenue on R&D",
    "rd-grows-10": "spent at least 10 % more on R&D than the year before",
    "rd-grows-20": "spent at least 20 % more on R&D than the year before",
    "revenue-2000": "had revenue of at least CNY 20 million last year",
    "revenue-10000": "had revenue of at least CNY 100 million last year",
    "revenue-20000": "had revenue of at least CNY 200 million last year",
    "revenue-50000": "had revenue of at least CNY 500 million last year",
    "revenue-to-2000": "had revenue of at most CNY 20 million last year",
    "revenue-to-5000": "had revenue of at most CNY 50 million last year",
    "revenue-grows-10": "grew their revenue by at least 10 % last year",
    "revenue-grows-20": "grew their revenue by at least 20 % last year",
    "tax-50": "paid at least CNY 500,000 in taxes last year",
    "tax-200": "paid at least CNY 2 million in taxes last year",
    "tax-500": "paid at least CNY 5 million in taxes last year",
    "tax-grows-10": "paid at least 10 % more in taxes than the year before",
    "tax-by-area-15": "paid at least CNY 150,000 in taxes for each mu of land last year",
    "tax-by-area-30": "paid at least CNY 300,000 in taxes for each mu of land last year",
    "revenue-by-area-300": "had revenue of at least CNY 3 million for each mu of land last year",
    "export-100": "exported at least CNY 1 million last year",
    "export-1000": "exported at least CNY 10 million last year",
    "export-5000": "exported at least CNY 50 million last year",
    "export-to-1000": "exported at most CNY 10 million last year",
    "export-grows-10": "grew their exports by at least 10 % last year",
    "export-grows-20": "grew their exports by at least 20 % last year",
    "export-30": "exported at least 30 % of last year's revenue",
    "staff-20": "had at least 20 staff last year",
    "staff-to-100": "had at most 100 staff last year",
    "staff-to-300": "had at most 300 staff last year",
    "researchers-10": "had at least 10 % of their staff in research last year",
    "researchers-20": "had at least 20 % of their staff in research last year",
    "insured-20": "insured at least 20 people last year",
    "insured-100": "insured at least 100 people last year",
    "insured-80": "insured at least 80 % of their staff last year",
    "inventions-1": "hold an invention patent",
    "inventions-5": "hold at least 5 invention patents",
    "inventions-20": "hold at least 20 invention patents",
    "utility-5": "hold at least 5 utility models",
    "designs-3": "hold at least 3 design patents",
    "marks-1": "hold a registered trade mark",
    "marks-10": "hold at least 10 registered trade marks",
    "assets-5000": "had assets of at least CNY 50 million last year",
    "manufacturing": "are in manufacturing",
    "equipment": "make equipment",
    "medicine": "make medicine",
    "logistics": "are in transport and storage",
    "software": "are in software and information services",
    "services": "are in software, business or professional services",
    "land-10": "use at least 10 mu of land",
    "land-to-30": "use at most 30 mu of land",
    "floor-2000": "have at least 2,000 m² of floor area",
}
"""Key of ``ASKED`` -> what enterprises do or are that meet it, after “enterprises that”."""
_NOT: Final = {"young-3": "are older than three years"}


def summary_of(offer: Offer) -> str:
    """One sentence: what, and for whom."""
    return f"{_given(offer)}, for enterprises that {_joined([_asked(each) for each in offer.asks], 'and')}."


def _given(offer: Offer) -> str:
    pays = offer.pays
    if pays is None:
        return offer.english
    if pays.of:
        return f"{pays.percent} % of last year's {_FIGURES[pays.of]}, at most CNY {pays.amount:,} a year"
    return f"CNY {pays.amount:,}, once"


def _asked(asked: Asks) -> str:
    if isinstance(asked, str):
        return WHO[asked]
    how, parts = asked[0], asked[1:]
    if how == "none":
        return _joined([_NOT[str(each)] for each in parts], "and")
    said = [_asked(each) for each in parts]
    if how == "2":
        return f"meet at least two of these: {_joined(said, 'or')}"
    return _joined(said, "or" if how == "any" else "and")


def _joined(parts: Sequence[str], word: str) -> str:
    return f", {word} ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 2 else f" {word} ".join(parts)

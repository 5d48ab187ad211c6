"""The item cards of the demonstration's measures."""

from __future__ import annotations

from typing import Final

from zonary.portal.demonstration.measures.english import summary_of
from zonary.portal.demonstration.measures.offers import AUTOMATIC, REVIEWED, Issued, Offer
from zonary.portal.demonstration.measures.packs import amount_of, asked_of, benefit_of, keys_of, number_of
from zonary.services.incentives.measures.rules import Card

NOTICE_WORKDAYS: Final = 3
PAY_WORKDAYS: Final = 10
BUDGET: Final = 30_000_000_00
"""In fen, for each measure that pays without being asked and whose document names no budget."""
_FEN = 100 * 10_000
"""Of 万元."""
_AUDIENCES: Final = {
    "manufacturing": "manufacturing",
    "equipment": "manufacturing",
    "medicine": "manufacturing",
    "services": "services",
    "software": "services",
    "logistics": "services",
    "high-tech": "high-tech",
    "staff-to-300": "small",
    "staff-to-100": "small",
    "revenue-to-5000": "small",
    "revenue-to-2000": "small",
    "young-3": "start-up",
    "young-5": "start-up",
}
_ELSEWHERE: Final = {"land-tax": "税务机关"}
"""Offers that the area only guides to: who decides."""


def card_of(issued: Issued, offer: Offer, issue_year: int, year: int) -> Card:
    """:param issue_year: when the document was issued; :param year: of the budget."""
    pays, elsewhere = offer.pays, _ELSEWHERE.get(offer.id, "")
    is_automatic = offer.mode == AUTOMATIC and pays is not None
    mode = offer.mode if is_automatic or offer.mode != AUTOMATIC else "instant"
    found = {_AUDIENCES[key] for key in keys_of(offer.asks) if key in _AUDIENCES}
    found |= {"trade"} if any(key.startswith("export") for key in keys_of(offer.asks)) else set()
    return Card(
        title=offer.chinese,
        title_english=offer.english,
        summary=f"{asked_of(offer)}的企业，{benefit_of(offer)}。依据{number_of(issued, issue_year)}。",
        summary_english=summary_of(offer),
        kind=offer.kind,
        mode=REVIEWED if elsewhere else mode,
        decided_here=not elsewhere,
        decided_by=elsewhere,
        audience=tuple(sorted(found)) or ("all",),
        amount=amount_of(offer) if pays else "",
        budget=(offer.budget * _FEN or BUDGET) if is_automatic else None,
        budget_year=year if is_automatic else None,
        cap=pays.amount * 100 if pays and pays.of else None,
        exhaustion="pro-rata" if offer.budget else "first-come",
        stacking=next((f"{issued.id}-{place}" for place, each in enumerate(issued.alike, 1) if offer.id in each), ""),
        claim_from=None,
        claim_until=None,
        notice_workdays=NOTICE_WORKDAYS if is_automatic else 0,
        pay_workdays=PAY_WORKDAYS if pays else 0,
        place="青屿片区政务服务中心 2 楼 惠企政策窗口",
        telephone="0000-8000000",
        contact=issued.department,
    )

"""What other authorities share about a part of the demonstration's enterprises: figures that name nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from zonary.foundation.facts.actions.importing import ImportRow
from zonary.foundation.facts.rules import Claim
from zonary.portal.demonstration.enterprises import rows

COUNT: Final = 24
"""Of the registry's enterprises; of the others nothing is known yet, as in a zone that has just begun."""
SOURCE: Final = "青屿片区政务数据共享平台"
BASIS: Final = "政务数据共享条例；青屿片区共享目录 2026-07"
_REVENUES: Final = (380, 920, 1640, 2100, 3300, 5200, 8700, 12400, 21800, 31500, 52600, 78000)
_WAN: Final = "wan-yuan"
_RIVAL: Final = 8
"""Whose figures the maker's rival has: large enough to be paid, too."""


def shared_rows(last_year: int, today: str) -> list[ImportRow]:
    """As the import of a table takes them."""
    _maker, rival, *others = [(each[0], each[3], each[5]) for each in rows()]
    placed = [(_RIVAL, rival), *enumerate(others[:COUNT])]
    found = [claim for place, each in placed for claim in _claims(place, *each, last_year, today)]
    return [ImportRow(number, uscc, claim) for number, (uscc, claim) in enumerate(found, 2)]


def _claims(
    place: int, uscc: str, established: str, trade: str, last_year: int, today: str
) -> Iterator[tuple[str, Claim]]:
    revenue = _REVENUES[place * 7 % len(_REVENUES)]
    before = revenue * 100 // (88 + place * 11 % 50)
    staff = 8 + revenue // 70
    yearly = {
        "revenue": (revenue, before),
        "rd-expense": (revenue * (1 + place * 5 % 8) // 100, before * (1 + place * 3 % 7) // 100),
        "tax-paid": (revenue * (2 + place % 4) // 100, before * (2 + place % 3) // 100),
        "export-value": (revenue * (place * 13 % 40) // 100, before * (place * 11 % 40) // 100),
    }
    for code, (last, earlier) in yearly.items():
        if place % 6 == 5 and code == "rd-expense":
            continue  # not everything is known of everybody
        yield uscc, Claim(indicator=code, value=str(last), unit=_WAN, period=str(last_year))
        yield uscc, Claim(indicator=code, value=str(earlier), unit=_WAN, period=str(last_year - 1))
    counted = {
        "staff": staff,
        "rd-staff": staff * (place * 7 % 28) // 100,
        "insured-staff": staff * (70 + place * 3 % 30) // 100,
    }
    for code, number in counted.items():
        yield uscc, Claim(indicator=code, value=str(number), period=str(last_year))
    now = {
        "patents-invention": str(place * 5 % 23),
        "patents-utility": str(place * 7 % 19),
        "trademarks": str(place * 3 % 13),
        "land-area": str(4000 + place * 1700 % 26000),
        "industry-code": trade,
        "high-tech-enterprise": "yes" if place % 3 == 0 else "no",
    }
    for code, value in now.items():
        yield uscc, Claim(indicator=code, value=value, period=f"{today}/")
    yield uscc, Claim(indicator="established-on", value=established, period=f"{established}/")

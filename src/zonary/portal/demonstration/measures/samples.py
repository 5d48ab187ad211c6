"""Enterprises that the test cases of the demonstration's rules are about."""

from __future__ import annotations

from typing import Final

from zonary.portal.demonstration.measures.sentences import Data

_LARGE: Final[Data] = {
    "established-on": "-240",
    "high-tech-enterprise": True,
    "revenue@-1": "60000万元",
    "revenue@-2": "45000万元",
    "rd-expense@-1": "3000万元",
    "rd-expense@-2": "2000万元",
    "tax-paid@-1": "4000万元",
    "tax-paid@-2": "3000万元",
    "export-value@-1": "20000万元",
    "export-value@-2": "15000万元",
    "staff@-1": "400人",
    "rd-staff@-1": "100人",
    "insured-staff@-1": "380人",
    "total-assets@-1": "50000万元",
    "patents-invention": "25件",
    "patents-utility": "60件",
    "patents-design": "10件",
    "trademarks": "12件",
    "industry-code": "C3516",
    "land-area": "60000平方米",
    "floor-area": "30000平方米",
}
_SMALL: Final[Data] = {
    "established-on": "-24",
    "high-tech-enterprise": False,
    "revenue@-1": "1800万元",
    "revenue@-2": "1400万元",
    "rd-expense@-1": "150万元",
    "rd-expense@-2": "100万元",
    "tax-paid@-1": "60万元",
    "tax-paid@-2": "50万元",
    "export-value@-1": "300万元",
    "export-value@-2": "200万元",
    "staff@-1": "30人",
    "rd-staff@-1": "8人",
    "insured-staff@-1": "26人",
    "total-assets@-1": "800万元",
    "patents-invention": "2件",
    "patents-utility": "6件",
    "patents-design": "4件",
    "trademarks": "2件",
    "industry-code": "C3484",
    "land-area": "6000平方米",
    "floor-area": "2500平方米",
}
_MIDDLE: Final[Data] = {
    **_LARGE,
    "revenue@-1": "12000万元",
    "revenue@-2": "9000万元",
    "rd-expense@-1": "700万元",
    "rd-expense@-2": "500万元",
    "staff@-1": "120人",
    "rd-staff@-1": "30人",
    "insured-staff@-1": "110人",
    "land-area": "12000平方米",
    "patents-invention": "6件",
}

SAMPLES: Final[tuple[Data, ...]] = (
    _LARGE,
    _SMALL,
    _MIDDLE,
    {**_SMALL, "established-on": "-120"},
    {**_LARGE, "industry-code": "I6513"},
    {**_LARGE, "industry-code": "G5990"},
    {**_LARGE, "industry-code": "C2762"},
    {**_SMALL, "revenue@-1": "2400万元", "revenue@-2": "1900万元"},
)
"""Large and small, of every trade that is asked for; ``-24``: so many months ago."""

"""The dictionary of what can be said about an enterprise: dated, in code, so that a fact's meaning never changes.

An indicator keeps its code and meaning for ever. When a definition changes, the old one gets its last day (``until``)
and the new one another code. No indicator is computed here from others, and none is a score.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

EDITION = date(2026, 11, 1)
"""Day of this edition of the dictionary."""


class Type(StrEnum):
    AMOUNT = "amount"  # money: integer 分 (fen)
    COUNT = "count"  # whole things or people
    AREA = "area"  # m², at most two decimals
    CODE = "code"  # of a classification
    DATE = "date"
    TEXT = "text"
    YES_NO = "yes-no"


UNITS: dict[Type, tuple[str, ...]] = {
    Type.AMOUNT: ("fen", "yuan", "wan-yuan"),
    Type.COUNT: ("person", "piece"),
    Type.AREA: ("m2", "hectare"),
    Type.CODE: ("",),
    Type.DATE: ("",),
    Type.TEXT: ("",),
    Type.YES_NO: ("",),
}
"""Units a value may be given in. Kept are fen and m2; what is not exact in them (亩 is 2000/3 m²) is not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One thing that can be said.

    :param unit: the unit values are kept in; empty for what has none.
    :param citation: the law or standard that says what is meant, when there is one; empty: the zone's own term.
    :param is_personal: whether it names a natural person, so that it can be erased.
    :param pattern: what a code looks like.
    """

    code: str
    chinese: str
    english: str
    type: Type
    unit: str = ""
    citation: str = ""
    is_personal: bool = False
    pattern: str = ""
    since: date = EDITION
    until: date | None = None

    @property
    def units(self) -> tuple[str, ...]:
        """The units a value may be given in."""
        return (self.unit,) if self.type is Type.COUNT else UNITS[self.type]


_SIZES = "统计上大中小微型企业划分办法（2017），国统字〔2017〕213号"
_HIGH_TECH = "高新技术企业认定管理工作指引，国科发火〔2016〕195号"
INDUSTRY_CODE = "industry-code"

_ALL = (
    Indicator(
        code="revenue", chinese="营业收入", english="Operating revenue", type=Type.AMOUNT, unit="fen", citation=_SIZES
    ),
    Indicator(
        code="total-assets", chinese="资产总额", english="Total assets", type=Type.AMOUNT, unit="fen", citation=_SIZES
    ),
    Indicator(code="registered-capital", chinese="注册资本", english="Registered capital", type=Type.AMOUNT, unit="fen",
              citation="公司法（2023 年修订）art. 47, 96"),
    Indicator(code="rd-expense", chinese="研发费用", english="R&D spending", type=Type.AMOUNT, unit="fen",
              citation=_HIGH_TECH),
    Indicator(code="high-tech-revenue", chinese="高新技术产品（服务）收入", english="Revenue of high-tech products",
              type=Type.AMOUNT, unit="fen", citation=_HIGH_TECH),
    Indicator(code="tax-paid", chinese="实缴税额", english="Taxes paid", type=Type.AMOUNT, unit="fen"),
    Indicator(code="export-value", chinese="出口额", english="Exports", type=Type.AMOUNT, unit="fen"),
    Indicator(code="staff", chinese="从业人员", english="Staff", type=Type.COUNT, unit="person", citation=_SIZES),
    Indicator(code="rd-staff", chinese="科技人员", english="R&D staff", type=Type.COUNT, unit="person",
              citation=_HIGH_TECH),
    Indicator(code="insured-staff", chinese="参保人数", english="Staff with social insurance", type=Type.COUNT,
              unit="person"),
    Indicator(code="patents-invention", chinese="发明专利", english="Invention patents in force", type=Type.COUNT,
              unit="piece", citation="专利法 art. 2"),
    Indicator(code="patents-utility", chinese="实用新型专利", english="Utility models in force", type=Type.COUNT,
              unit="piece", citation="专利法 art. 2"),
    Indicator(code="patents-design", chinese="外观设计专利", english="Design patents in force", type=Type.COUNT,
              unit="piece", citation="专利法 art. 2"),
    Indicator(code="trademarks", chinese="注册商标", english="Registered trade marks", type=Type.COUNT, unit="piece",
              citation="商标法 art. 3"),
    Indicator(code=INDUSTRY_CODE, chinese="行业代码", english="Industry code", type=Type.CODE,
              citation="国民经济行业分类 GB/T 4754—2017", pattern=r"[A-T]([0-9]{2,4})?"),
    Indicator(code="credit-grade", chinese="信用等级", english="Credit grade, as its issuer gave it", type=Type.CODE,
              pattern=r"[A-Z]{1,4}[+-]?"),
    Indicator(code="high-tech-enterprise", chinese="高新技术企业", english="Recognised high-tech enterprise",
              type=Type.YES_NO, citation="高新技术企业认定管理办法，国科发火〔2016〕32号"),
    Indicator(code="land-area", chinese="用地面积", english="Land used", type=Type.AREA, unit="m2"),
    Indicator(code="floor-area", chinese="建筑面积", english="Floor area", type=Type.AREA, unit="m2"),
    Indicator(code="established-on", chinese="成立日期", english="Established on", type=Type.DATE),
    Indicator(code="main-products", chinese="主要产品", english="Main products", type=Type.TEXT),
    Indicator(code="legal-representative", chinese="法定代表人", english="Legal representative", type=Type.TEXT,
              citation="民法典 art. 61", is_personal=True),
)  # fmt: skip

INDICATORS: dict[str, Indicator] = {each.code: each for each in _ALL}
"""Code -> indicator."""

_DIVISIONS = "A01-05 B06-12 C13-43 D44-46 E47-50 F51-52 G53-60 H61-62 I63-65 J66-69 K70-70 L71-72 M73-75 N76-79 O80-82 P83-83 Q84-85 R86-90 S91-96 T97-97"  # noqa: E501
DIVISIONS: dict[str, str] = {
    f"{number:02d}": text[0] for text in _DIVISIONS.split() for number in range(int(text[1:3]), int(text[4:6]) + 1)
}
"""大类 of GB/T 4754—2017 -> the letter of its 门类."""

PURPOSES: dict[str, tuple[str, str]] = {
    "policy": ("惠企政策匹配与兑现", "Finding and paying out policy benefits"),
    "service": ("企业服务", "Serving the enterprise"),
    "statistics": ("统计分析", "Statistics"),
    "inspection": ("监督检查", "Inspection"),
    "finance": ("融资", "Financing"),
    "mediation": ("纠纷调解", "Mediation"),
    "industry-chain": ("产业链对接", "Matching along the industry chain"),
    "procurement": ("采购与揭榜", "Procurement and open challenges"),
}
"""Code -> Chinese and English name: what facts may be read for. A use limit names some of them."""

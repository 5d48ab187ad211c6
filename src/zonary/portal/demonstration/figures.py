"""What is said about the rig's maker in the demonstration: by itself, by the zone, and what it disputes."""

from __future__ import annotations

from dataclasses import dataclass

from zonary.foundation.facts.rules import Claim

NOT_NEEDED = "履行法定职责所必需（个人信息保护法第十三条）；不涉及个人信息"
TAX, INSURANCE, CUSTOMS = "青屿片区税务部门", "青屿片区社会保险经办机构", "青屿口岸海关统计"
PATENTS, REGISTRY, LAND = "青屿片区知识产权局", "青屿片区市场监督管理局", "青屿片区自然资源和规划局"
SOURCES = {
    "export-value": CUSTOMS,
    "floor-area": LAND,
    "high-tech-enterprise": "青屿片区科技部门（高新技术企业认定名单）",
    "industry-code": REGISTRY,
    "insured-staff": INSURANCE,
    "land-area": LAND,
    "patents-design": PATENTS,
    "patents-invention": PATENTS,
    "patents-utility": PATENTS,
    "rd-expense": "青屿片区税务部门（研发费用加计扣除申报）",
    "revenue": TAX,
    "tax-paid": TAX,
    "trademarks": PATENTS,
}
"""Who has a datum that the zone lacks, as its rules say it; of others, :data:`ELSEWHERE`."""
ELSEWHERE = "企业年度报告（向青屿片区市场监督管理局报送）"
CATALOGUE = "政务数据共享条例；青屿片区共享目录 2026-0{number}"


@dataclass(frozen=True, slots=True)
class Figure:
    """:param year: how many years back it is about; None: from now on without end."""

    indicator: str
    value: str
    unit: str = ""
    year: int | None = 1
    source: str = ""
    catalogue: int = 0

    def claim(self, last_year: int, today: str) -> Claim:
        period = f"{today}/" if self.year is None else str(last_year + 1 - self.year)
        return Claim(
            indicator=self.indicator,
            value=self.value,
            unit=self.unit,
            period=period,
            source=self.source,
            sharing_basis=CATALOGUE.format(number=self.catalogue) if self.catalogue else "",
            consent_not_needed=NOT_NEEDED if self.catalogue else "",
        )


DECLARED: tuple[Figure, ...] = (
    Figure("revenue", "18720", "wan-yuan", 2, "审计报告"),
    Figure("revenue", "23160", "wan-yuan", 1, "审计报告"),
    Figure("rd-expense", "1286.4", "wan-yuan", 2, "研发费用辅助账"),
    Figure("staff", "186", "", 1, "人力资源部"),
    Figure("rd-staff", "41", "", 1, "人力资源部"),
    Figure("main-products", "旋挖钻机、二手桩工机械整备出口", "", None, "企业自述"),
)
"""The R&D spending of last year is missing: the gap that the company's first page names."""

SHARED: tuple[Figure, ...] = (
    Figure("revenue", "18719.06", "wan-yuan", 2, TAX, 1),
    Figure("revenue", "23158.62", "wan-yuan", 1, TAX, 1),
    Figure("tax-paid", "1047.35", "wan-yuan", 1, TAX, 1),
    Figure("tax-paid", "902.1", "wan-yuan", 2, TAX, 1),
    Figure("patents-utility", "27", "", None, PATENTS, 4),
    Figure("patents-invention", "9", "", None, PATENTS, 4),
    Figure("trademarks", "6", "", None, PATENTS, 4),
    Figure("industry-code", "C3516", "", None, REGISTRY, 5),
    Figure("established-on", "2012-05-18", "", None, REGISTRY, 5),
    Figure("land-area", "31200", "m2", None, LAND, 6),
)


@dataclass(frozen=True, slots=True)
class Dispute:
    """A figure that was recorded, and that the company says is wrong.

    :param days: how long ago it said so; twenty days are the term.
    """

    figure: Figure
    days: int
    reason: str
    ought: str
    answer: str = ""


DISPUTES: tuple[Dispute, ...] = (
    Dispute(
        Figure("floor-area", "21400", "m2", 1, "青屿片区规划部门", 6),
        34,
        "三号厂房已于前年竣工验收，未计入",
        "26850 平方米，见竣工验收备案表",
        "经核对竣工验收备案表，三号厂房应计入，予以更正。",
    ),
    Dispute(
        Figure("insured-staff", "148", "", 1, INSURANCE, 2),
        27,
        "共享数据遗漏异地参保的 28 名现场服务人员",
        "176 人，见十二月参保缴费凭证",
    ),
    Dispute(
        Figure("export-value", "4120", "wan-yuan", 1, CUSTOMS, 3),
        19,
        "两台二手旋挖钻机的报关单归入了另一家企业",
        "5870 万元，见 14 份出口报关单",
    ),
)
"""The first was answered, the second should have been (its term is over), the third falls due these days."""
UPHELD_AREA = "26850"

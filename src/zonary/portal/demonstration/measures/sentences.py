"""What the demonstration's measures ask, and of each the smallest change that meets it and that does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Data = Mapping[str, str | bool]
"""``staff@-1`` -> its value in the year before; ``+`` and ``-`` before a number of months: a day so far away."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A sentence of the controlled Chinese, with data of an enterprise that meets it and of one that does not."""

    sentence: str
    meets: Data
    fails: Data


def _written(amount: int, unit: str) -> str:
    """20000万元 as documents have it: 2亿元."""
    return f"{amount // 10_000}亿元" if unit == "万元" and amount % 10_000 == 0 else f"{amount}{unit}"


def _least(name: str, term: str, amount: int, unit: str) -> Asked:
    last = f"{term}@-1"
    sentence = f"上年度{name}不低于{_written(amount, unit)}"
    return Asked(sentence, {last: f"{amount}{unit}"}, {last: f"{amount - 1}{unit}"})


def _most(name: str, term: str, amount: int, unit: str) -> Asked:
    last = f"{term}@-1"
    sentence = f"上年度{name}不超过{_written(amount, unit)}"
    return Asked(sentence, {last: f"{amount}{unit}"}, {last: f"{amount + 1}{unit}"})


def _grows(name: str, term: str, percent: int) -> Asked:
    last, before = f"{term}@-1", f"{term}@-2"
    sentence = f"上年度{name}同比增长不低于{percent}%"
    return Asked(
        sentence, {last: f"{1000 + 10 * percent}万元", before: "1000万元"}, {last: "1000万元", before: "1000万元"}
    )


def _share(part: str, part_id: str, whole: str, whole_id: str, percent: int, unit: str = "万元") -> Asked:
    first, second = f"{part_id}@-1", f"{whole_id}@-1"
    sentence = f"上年度{part}占{whole}的比例不低于{percent}%"
    return Asked(
        sentence, {first: f"{percent * 20}{unit}", second: f"2000{unit}"}, {first: f"1{unit}", second: f"2000{unit}"}
    )


def _counted(name: str, term: str, least: int) -> Asked:
    return Asked(f"{name}不少于{least}项", {term: f"{least}项"}, {term: f"{least - 1}项"})


def _trade(listed: str, inside: str) -> Asked:
    return Asked(f"行业代码属于{listed}", {"industry-code": inside}, {"industry-code": "A01"})


_RATE = "上年度{part}与用地面积之比不低于{least}万元/亩"


def _by_area(part: str, term: str, least: int) -> Asked:
    """15 mu are 10,000 m²."""
    last = f"{term}@-1"
    return Asked(
        _RATE.format(part=part, least=least),
        {last: f"{least * 15}万元", "land-area": "10000平方米"},
        {last: f"{least * 15 - 1}万元", "land-area": "10000平方米"},
    )


_AGE = "established-on"

ASKED: Final[Mapping[str, Asked]] = {
    "age-1": Asked("自成立日期起已满一年", {_AGE: "-12"}, {_AGE: "-11"}),
    "age-3": Asked("自成立日期起已满三年", {_AGE: "-36"}, {_AGE: "-35"}),
    "age-5": Asked("自成立日期起已满五年", {_AGE: "-60"}, {_AGE: "-59"}),
    "young-3": Asked("自成立日期起三年以内", {_AGE: "-24"}, {_AGE: "-37"}),
    "young-5": Asked("自成立日期起未满五年", {_AGE: "-24"}, {_AGE: "-61"}),
    "high-tech": Asked("是高新技术企业", {"high-tech-enterprise": True}, {"high-tech-enterprise": False}),
    "not-high-tech": Asked("不是高新技术企业", {"high-tech-enterprise": False}, {"high-tech-enterprise": True}),
    "rd-100": _least("研发费用", "rd-expense", 100, "万元"),
    "rd-500": _least("研发费用", "rd-expense", 500, "万元"),
    "rd-1000": _least("研发费用", "rd-expense", 1000, "万元"),
    "rd-3": _share("研发费用", "rd-expense", "营业收入", "revenue", 3),
    "rd-5": _share("研发费用", "rd-expense", "营业收入", "revenue", 5),
    "rd-grows-10": _grows("研发费用", "rd-expense", 10),
    "rd-grows-20": _grows("研发费用", "rd-expense", 20),
    "revenue-2000": _least("营业收入", "revenue", 2000, "万元"),
    "revenue-10000": _least("营业收入", "revenue", 10000, "万元"),
    "revenue-20000": _least("营业收入", "revenue", 20000, "万元"),
    "revenue-50000": _least("营业收入", "revenue", 50000, "万元"),
    "revenue-to-2000": _most("营业收入", "revenue", 2000, "万元"),
    "revenue-to-5000": _most("营业收入", "revenue", 5000, "万元"),
    "revenue-grows-10": _grows("营业收入", "revenue", 10),
    "revenue-grows-20": _grows("营业收入", "revenue", 20),
    "tax-50": _least("实缴税额", "tax-paid", 50, "万元"),
    "tax-200": _least("实缴税额", "tax-paid", 200, "万元"),
    "tax-500": _least("实缴税额", "tax-paid", 500, "万元"),
    "tax-grows-10": _grows("实缴税额", "tax-paid", 10),
    "tax-by-area-15": _by_area("实缴税额", "tax-paid", 15),
    "tax-by-area-30": _by_area("实缴税额", "tax-paid", 30),
    "revenue-by-area-300": _by_area("营业收入", "revenue", 300),
    "export-100": _least("出口额", "export-value", 100, "万元"),
    "export-1000": _least("出口额", "export-value", 1000, "万元"),
    "export-5000": _least("出口额", "export-value", 5000, "万元"),
    "export-to-1000": _most("出口额", "export-value", 1000, "万元"),
    "export-grows-10": _grows("出口额", "export-value", 10),
    "export-grows-20": _grows("出口额", "export-value", 20),
    "export-30": _share("出口额", "export-value", "营业收入", "revenue", 30),
    "staff-20": _least("从业人员", "staff", 20, "人"),
    "staff-to-100": _most("从业人员", "staff", 100, "人"),
    "staff-to-300": _most("从业人员", "staff", 300, "人"),
    "researchers-10": _share("科技人员", "rd-staff", "从业人员", "staff", 10, "人"),
    "researchers-20": _share("科技人员", "rd-staff", "从业人员", "staff", 20, "人"),
    "insured-20": _least("参保人数", "insured-staff", 20, "人"),
    "insured-100": _least("参保人数", "insured-staff", 100, "人"),
    "insured-80": _share("参保人数", "insured-staff", "从业人员", "staff", 80, "人"),
    "inventions-1": _counted("发明专利", "patents-invention", 1),
    "inventions-5": _counted("发明专利", "patents-invention", 5),
    "inventions-20": _counted("发明专利", "patents-invention", 20),
    "utility-5": _counted("实用新型专利", "patents-utility", 5),
    "designs-3": _counted("外观设计专利", "patents-design", 3),
    "marks-1": _counted("注册商标", "trademarks", 1),
    "marks-10": _counted("注册商标", "trademarks", 10),
    "assets-5000": _least("资产总额", "total-assets", 5000, "万元"),
    "manufacturing": _trade("C", "C3516"),
    "equipment": _trade("C34、C35", "C3516"),
    "medicine": _trade("C27", "C2762"),
    "logistics": _trade("G", "G5990"),
    "software": _trade("I65", "I6513"),
    "services": _trade("I65、M73、M74", "M7452"),
    "land-10": Asked("用地面积不低于10亩", {"land-area": "10000平方米"}, {"land-area": "6000平方米"}),
    "land-to-30": Asked("用地面积不超过30亩", {"land-area": "10000平方米"}, {"land-area": "30000平方米"}),
    "floor-2000": Asked("建筑面积不低于2000平方米", {"floor-area": "2000平方米"}, {"floor-area": "1999平方米"}),
}
"""Key -> what is asked."""

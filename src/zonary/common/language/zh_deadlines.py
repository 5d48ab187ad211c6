"""Deadlines, in Chinese."""

from __future__ import annotations

DEADLINES: dict[str, str] = {
    "Answer due": "答复期限",
    "provisional": "暂定",
    "There is no such closure.": "没有这项闭门安排。",
    "This has a deadline already.": "此事项已有期限。",
    "The clock stands already.": "期限已处于中止状态。",
    "The clock does not stand.": "期限并未中止。",
    "Every deadline is computed with the present calendar.": "所有期限均已按现行日历计算。",
    "There is no deadline running for this.": "此事项没有正在计算的期限。",
}

"""Chinese of the sentences of :mod:`zonary.engines` (see :mod:`zonary.common.language`)."""

from __future__ import annotations

ENGINES: dict[str, str] = {
    # engines.workdays
    "The arrangement of {year} names the {day}, which belongs to another year.": "{year} 年的节假日安排中列有 {day}，该日不属于这一年。",
    "The arrangement says that the {day} is worked in exchange; only a day of a weekend that is no holiday can be.": "节假日安排将 {day} 列为调休上班；只有不是节假日的周末才能调休上班。",
    "A closure needs a reason.": "停止办公须填写事由。",
    "A closure lasts from its first day to its last, and at most {limit} days.": "停止办公的最后一日不得早于第一日，且最长 {limit} 天。",
    "A calendar needs official years, each once, and without a gap between them.": "日历须包含官方公布的年份，每年一次，中间不得有缺。",
    "A calendar has the years {first} to {last}.": "日历的年份为 {first} 至 {last} 年。",
    "The arrangement leaves out the {day}, which is a holiday in every year.": "节假日安排缺少 {day}，该日每年都是法定节假日。",
    "A calendar has at most {limit} closures.": "日历中停止办公的记录最多 {limit} 条。",
    "The calendar goes from {first} to the end of {last}; it does not know the {day}.": "日历自 {first} 起至 {last} 年底止；{day} 不在其中。",
    "A term is counted in workdays, days, months or years.": "期限须以工作日、日、月或年计。",
    "A term begins on a day, not at a moment.": "期限自某日起算，而不是自某一时刻。",
    "A term has at most {limit} stops and extensions.": "一个期限的中止与延长各最多 {limit} 次。",
    "The extension of {decided} came after the term had ended on {last}.": "{decided} 作出的延长晚于期限的届满日 {last}。",
    "No end was found within {days} days of {day}.": "自 {day} 起 {days} 天之内未找到期限的届满日。",
    "Workdays are counted over at most {days} days.": "一次最多计算 {days} 天之内的工作日。",
    "A term has from 1 to {limit} {unit}, not {count}.": "以{unit}计的期限应为 1 至 {limit}，而不是 {count}。",
    "An extension is at least 1, not {count}.": "延长的期限至少为 1，而不是 {count}。",
    "A stop that begins on {first} cannot end on {last}.": "自 {first} 开始的中止不能在 {last} 结束。",
    "An extension or a stop needs a reason.": "延长或中止期限须填写事由。",
}

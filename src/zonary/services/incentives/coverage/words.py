"""What the coverage report says, in Chinese; the portal adds it to the catalogue when it starts."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "Coverage": "政策覆盖情况",
    "Whom each measure reached, and what came of it. Numbers alone; open a measure to see why not.": "各事项覆盖了多少企业、结果如何。仅有数字；打开事项可查看未享受的原因。",
    "Told": "已告知",
    "Not for us": "不适用于我们",
    "Listed": "已列名单",
    "Wanted": "愿意享受",
    "Declined": "已放弃",
    "Taken out": "已移出",
    "Budget used up": "预算已用尽",
    "Paid, in yuan": "已付金额（元）",
    "Amount paid": "已付金额",
    "Claimed back": "追回",
    "No measure was published yet": "尚未发布事项",
    "{eligible} of {asked} enterprises fulfil it now; of {unknown} it is not known.": "{asked} 家企业中目前有 {eligible} 家符合，{unknown} 家因缺数据未知。",
    "Why not": "未享受的原因",
    "What": "情形",
    "In which words": "原文或理由",
    "Enterprises": "企业数",
    "Fulfil it now": "目前符合",
    "Not known for want of data": "因缺数据未知",
    "One condition short": "只差一个条件",
    "Datum missing": "所缺数据",
    "What they said": "企业的说明",
    "Looked for among the first {looked_at} of the {unknown} enterprises of which something is not known; the others are not in these numbers.": "在 {unknown} 家缺数据的企业中，仅统计了前 {looked_at} 家，其余未计入以下数字。",
    "Of all {unknown} enterprises of which something is not known.": "已统计全部 {unknown} 家缺数据的企业。",
    "Looked at for what is missing": "统计所缺数据的企业数",
}

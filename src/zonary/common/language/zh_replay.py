"""Chinese of decisions that are kept and repeated (:mod:`zonary.engines.clauses.bundles`, ``zonary replay``), and of
numbers that are tried out (:mod:`zonary.engines.clauses.dials`).
"""

from __future__ import annotations

REPLAY: dict[str, str] = {
    "A stored snapshot has at most {limit} bytes.": "存档的数据快照至多 {limit} 字节。",
    "This is no stored snapshot: {reason}": "这不是存档的数据快照：{reason}",
    "This stored snapshot is not written as snapshots are: it was changed, or made elsewhere.": "这份数据快照的写法与存档格式不符：已被改动，或并非由本系统生成。",
    "A file with a decision has at most {limit} bytes.": "决定文件至多 {limit} 字节。",
    "“{file}” cannot be repeated; it was changed or cut off. {why} Download it again from the page of the decision or of the batch of grants.": "“{file}”无法重算：文件已被改动或不完整。{why}请从决定页面或资金发放批次页面重新下载。",
    "“{file}” is neither a decision nor a batch of grants. This command repeats the file that the page of a kept decision gives (“Download the file”) or the page of a batch (“Hand it out to be repeated elsewhere”).": "“{file}”既不是决定文件，也不是资金发放批次文件。此命令重算的文件，可在已保存决定的页面（“下载文件”）或批次页面（“导出供外部复算”）取得。",
    "This is no file with a decision: {reason}": "这不是决定文件：{reason}",
    "The rules in this file are not those the decision names.": "文件中的规则不是决定中写明的规则。",
    "The rules in this file are not written as a released pack is.": "文件中规则的写法与已发布规则包的格式不符。",
    "The amount comes out otherwise: {now} fen, and the file says {then}.": "金额重算结果不同：现为 {now} 分，文件中为 {then}。",
    "The decision is not among those its act names.": "该决定不在其登记行为所列的决定之中。",
    "Repeat a decision on a policy benefit from its file, offline.": "离线重算一份惠企政策决定文件。",
    "the file with the decision, as its page gives it": "决定文件（由决定页面下载）",
    "print the result as JSON": "以 JSON 输出结果",
    "Result: NOT THE SAME": "结论：不一致",
    "Decision {name}": "决定 {name}",
    "measure": "事项",
    "rules": "规则",
    "enterprise": "企业",
    "as of": "截至",
    "as known at": "数据知悉时间",
    "answer": "结论",
    "amount, in fen": "金额（分）",
    "What the receipt of act {entry} has to name": "行为 {entry} 的回执应载明",
    "That the data were true: only that the answer follows from them and from these rules.": "数据属实：只证明由这些数据和规则得出此结论。",
    "That the act is in the zone's log: check its receipt with zonary verify.": "该行为已载入园区日志：请用 zonary verify 核验其回执。",
    "Result: THE SAME ({digest})": "结论：一致（{digest}）",
    "What is paid is not less than nothing.": "给付金额不得小于零。",
    "met": "符合",
    "not met": "不符合",
    "not known yet": "待补",
    "not asked": "未判断",
    "There is nothing called “{key}” that could be changed here.": "此处没有名为“{key}”的可调数值。",
    "“{text}” is no number.": "“{text}”不是数字。",
}

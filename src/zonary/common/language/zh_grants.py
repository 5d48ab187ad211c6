"""What the repetition of a batch of grants says, in Chinese: without a server, too."""

from __future__ import annotations

GRANTS: dict[str, str] = {
    "A file with a batch has at most {limit} bytes.": "批次文件最多 {limit} 字节。",
    "This is no file with a batch: {reason}": "这不是批次文件：{reason}",
    "The terms of the batch are not those its digest is of.": "批次条款与其哈希值不符。",
    "The decision of grant {grant} was made by other rules than those in the file.": "发放编号 {grant} 的判定所依据的规则不是文件中的规则。",
    "The amount of grant {grant} comes out otherwise: {now} fen, and the file says {then}.": "发放编号 {grant} 的金额重算结果不同：现为 {now} 分，文件所载为 {then}。",
    "Payment file {number} comes out otherwise: {now}, and it was {then}.": "兑付文件 {number} 重新生成的结果不同：现为 {now}，原为 {then}。",
    "An amount is a whole number of fen from 0 to {most}; this one is {amount}.": "金额须为 0 至 {most} 分的整数，此处为 {amount}。",
    "One grant stands twice among those to be paid.": "待兑付名单中同一发放编号出现两次。",
    "Budget and cap are whole numbers of fen, at most {most}.": "预算与上限须为整数分，最多 {most}。",
    "A term has at most {most} workdays.": "期限最多 {most} 个工作日。",
    "Enterprises have 1 to {most} workdays to answer.": "企业答复期限为 1 至 {most} 个工作日。",
    "These are no terms of a batch.": "这不是批次条款。",
    "These terms are of another form than {form}.": "条款格式不是 {form}。",
    "Batch of grants {name}": "资金发放批次 {name}",
    "batch": "批次",
    "decisions": "判定数",
    "allocated, in yuan": "分配金额（元）",
    "What the receipts of its payment files have to name": "兑付文件的回执须载明",
    "That the data were true: only that the list and the amounts follow from them and from these rules.": "不证明数据真实，仅证明名单与金额由这些数据和规则得出。",
    "To which accounts the money went: none is in this file; the acts name both digests of a payment file.": "不证明款项付至哪个账户：本文件不含账户，台账载明兑付文件的两个哈希值。",
}

"""A made-up vocabulary with every kind of term, and names that begin alike."""

from __future__ import annotations

from datetime import date

from zonary.engines.clauses.vocabulary import CodeList, Edition, Frame, Kind, Term, Vocabulary

INDUSTRIES = "GB/T 4754-2017"

TERMS = (
    Term(id="rd", chinese="研发费用", english="R&D expenses", kind=Kind.MONEY, annual=True),
    Term(id="rd_share", chinese="研发费用加计比", english="the R&D rate", kind=Kind.SHARE, annual=True, high=10**6),
    Term(id="revenue", chinese="营业收入", english="operating revenue", kind=Kind.MONEY, annual=True),
    Term(id="profit", chinese="利润", english="profit", kind=Kind.MONEY, annual=True, low=-(10**16), high=10**16),
    Term(id="tax", chinese="实缴税额", english="tax paid", kind=Kind.MONEY, annual=True),
    Term(id="paid_in", chinese="已缴资本", english="paid-in capital", kind=Kind.MONEY),
    Term(id="staff", chinese="职工人数", english="staff", kind=Kind.COUNT, annual=True, unit="人",
         unit_english="person/people", high=10**7),
    Term(id="researchers", chinese="在研人员数", english="research staff", kind=Kind.COUNT, unit="人",
         unit_english="person/people", high=10**7),
    Term(id="patents", chinese="发明专利数", english="invention patents", kind=Kind.COUNT, unit="项",
         unit_english="patent/patents", high=10**6),
    Term(id="land", chinese="用地面积", english="land", kind=Kind.AREA),
    Term(id="energy", chinese="综合能耗", english="energy used", kind=Kind.NUMBER, annual=True, unit="吨标准煤",
         unit_english="tonne of coal equivalent/tonnes of coal equivalent", places=2),
    Term(id="founded", chinese="成立日期", english="date of establishment", kind=Kind.DATE),
    Term(id="born", chinese="出生日期", english="date of birth", kind=Kind.DATE),
    Term(id="accident", chinese="重大安全事故", english="serious safety accident", kind=Kind.EVENT),
    Term(id="offence", chinese="环境违法行为", english="environmental offence", kind=Kind.EVENT),
    Term(id="resident", chinese="居民企业", english="a resident enterprise", kind=Kind.FLAG),
    Term(id="person", chinese="独立法人资格", english="independent legal personality", kind=Kind.FLAG, frame=Frame.HAS),
    Term(id="reserve", chinese="建立研发准备金制度", english="set up an R&D reserve", kind=Kind.FLAG, frame=Frame.DONE),
    Term(id="industry", chinese="行业代码", english="industry code", kind=Kind.CODE, system=INDUSTRIES),
    Term(id="abnormal", chinese="经营异常名录", english="list of abnormal operations", kind=Kind.LISTING),
    Term(id="dishonest", chinese="严重违法失信名单", english="list of serious offenders", kind=Kind.LISTING),
    Term(id="debtors", chinese="失信被执行人名单", english="list of defaulting debtors", kind=Kind.LISTING),
    Term(id="high_tech", chinese="高新技术企业证书", english="high-tech enterprise certificate", kind=Kind.CREDENTIAL),
    Term(id="core", chinese="核心技术属于重点支持领域", english="the core technology is in a supported field",
         kind=Kind.JUDGEMENT),
)  # fmt: skip

LISTS = (
    CodeList(
        name="重点产业目录（2024）",
        english="Catalogue of key industries (2024)",
        system=INDUSTRIES,
        editions=(Edition(first=date(2024, 1, 1), last=None, codes=frozenset({"C26", "C39"}), citation="made up"),),
    ),
)

WORDS = Vocabulary(
    terms=TERMS,
    lists=LISTS,
    parameters=("研发投入强度下限", "起补额"),
    tables={"企业评分表": "分", "质量评分表": "分"},
    dimensions={"研发投入强度下限": "share", "起补额": "money"},
    english={"研发投入强度下限": "least R&D intensity", "企业评分表": "enterprise scores", "分": "point/points"},
    systems={INDUSTRIES: frozenset({"C", "C26", "C27", "C39", "I", "I65"})},
)

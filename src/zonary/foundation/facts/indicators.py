"""The dictionary of what can be said about an enterprise: dated, in code, so that a fact's meaning never changes.

An indicator keeps its code and meaning for ever. When a definition changes, the old one gets its last day (``until``)
and the new one another code. No indicator is computed here from others, and none is a score.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

EDITION = date(2026, 11, 23)
"""Day of this edition of the dictionary."""
_FIRST = date(2026, 11, 1)


class Type(StrEnum):
    AMOUNT = "amount"  # money: integer 分 (fen)
    COUNT = "count"  # whole things or people
    AREA = "area"  # m², at most two decimals
    CODE = "code"  # of a classification
    DATE = "date"
    TEXT = "text"
    YES_NO = "yes-no"
    QUANTITY = "quantity"  # of a measure of its own, at most four decimals
    SHARE = "share"  # %, at most four decimals
    LATEST = "latest"  # the latest day something happened, or “never”
    VALIDITY = "validity"  # the last day something is valid, “without-end”, or “never” held


NEVER = "never"
WITHOUT_END = "without-end"

UNITS: dict[Type, tuple[str, ...]] = {
    Type.AMOUNT: ("fen", "yuan", "wan-yuan"),
    Type.COUNT: ("person", "piece", "time", "year", "level"),
    Type.AREA: ("m2", "hectare"),
    Type.CODE: ("",),
    Type.DATE: ("",),
    Type.TEXT: ("",),
    Type.YES_NO: ("",),
    Type.QUANTITY: ("tce", "kwh", "tonne"),
    Type.SHARE: ("percent",),
    Type.LATEST: ("",),
    Type.VALIDITY: ("",),
}
"""Units a value may be given in. Kept are fen and m2; what is not exact in them (亩 is 2000/3 m²) is not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One thing that can be said.

    :param unit: the unit values are kept in; empty for what has none.
    :param citation: the law or standard that says what is meant, when there is one; empty: the zone's own term.
    :param is_personal: whether it names a natural person, so that it can be erased.
    :param pattern: what a code looks like.
    :param is_flow: whether it adds up over its period, as sales do and a number of staff does not.
    :param is_signed: whether it may be less than nothing.
    """

    code: str
    chinese: str
    english: str
    type: Type
    unit: str = ""
    citation: str = ""
    is_personal: bool = False
    pattern: str = ""
    is_flow: bool = False
    is_signed: bool = False
    since: date = _FIRST
    until: date | None = None

    @property
    def units(self) -> tuple[str, ...]:
        """The units a value may be given in."""
        return (self.unit,) if self.type in (Type.COUNT, Type.QUANTITY) else UNITS[self.type]


_SIZES = "统计上大中小微型企业划分办法（2017），国统字〔2017〕213号"
_HIGH_TECH = "高新技术企业认定管理工作指引，国科发火〔2016〕195号"
INDUSTRY_CODE = "industry-code"

_ALL = (
    Indicator(
        code="revenue", chinese="营业收入", english="Operating revenue", type=Type.AMOUNT, unit="fen", citation=_SIZES,
        is_flow=True,
    ),
    Indicator(
        code="total-assets", chinese="资产总额", english="Total assets", type=Type.AMOUNT, unit="fen", citation=_SIZES
    ),
    Indicator(code="registered-capital", chinese="注册资本", english="Registered capital", type=Type.AMOUNT, unit="fen",
              citation="公司法（2023 年修订）art. 47, 96"),
    Indicator(code="rd-expense", chinese="研发费用", english="R&D spending", type=Type.AMOUNT, unit="fen",
              citation=_HIGH_TECH, is_flow=True),
    Indicator(code="high-tech-revenue", chinese="高新技术产品（服务）收入", english="Revenue of high-tech products",
              type=Type.AMOUNT, unit="fen", citation=_HIGH_TECH, is_flow=True),
    Indicator(code="tax-paid", chinese="实缴税额", english="Taxes paid", type=Type.AMOUNT, unit="fen", is_flow=True),
    Indicator(code="export-value", chinese="出口额", english="Exports", type=Type.AMOUNT, unit="fen", is_flow=True),
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


def _amount(code: str, chinese: str, english: str, citation: str = "") -> Indicator:
    """Money that adds up over a period."""
    return Indicator(code=code, chinese=chinese, english=english, type=Type.AMOUNT, unit="fen", citation=citation,
                     is_flow=True, since=EDITION)  # fmt: skip


def _quantity(code: str, chinese: str, english: str, unit: str, citation: str = "") -> Indicator:
    """A measure that adds up over a period."""
    return Indicator(code=code, chinese=chinese, english=english, type=Type.QUANTITY, unit=unit, citation=citation,
                     is_flow=True, since=EDITION)  # fmt: skip


def _count(code: str, chinese: str, english: str, unit: str = "piece", citation: str = "") -> Indicator:
    return _other(Type.COUNT, code, chinese, english, citation, unit)


def _times(code: str, chinese: str, english: str) -> Indicator:
    """How often it happened in a period."""
    return Indicator(code=code, chinese=chinese, english=english, type=Type.COUNT, unit="time", is_flow=True,
                     since=EDITION)  # fmt: skip


def _in_a_year(code: str, chinese: str, english: str) -> Indicator:
    """How many there were in a period."""
    return replace(_times(code, chinese, english), unit="piece")


def _other(type: Type, code: str, chinese: str, english: str, citation: str = "", unit: str = "") -> Indicator:
    return Indicator(
        code=code, chinese=chinese, english=english, type=type, unit=unit, citation=citation, since=EDITION
    )


_SMALL_TECH = "科技型中小企业评价办法，国科发政〔2017〕115号"
_GRADED_2026 = "优质中小企业梯度培育管理办法，工信部企业〔2026〕2号"
_GRADED = "优质中小企业梯度培育管理暂行办法，工信部企业〔2022〕63号"
_ENERGY = "综合能耗计算通则 GB/T 2589—2020"

_ANY_CODE = r"[0-9A-Za-z]{1,20}"

_OF_RULES = (
    _amount("total-income", "总收入", "Total income", _HIGH_TECH),
    _amount("main-revenue", "主营业务收入", "Revenue of the main business"),
    _amount("costs-and-expenses", "成本费用支出", "Costs and expenses", _SMALL_TECH),
    _amount("rd-expense-domestic", "境内研发费用", "R&D spending inside China", _HIGH_TECH),
    _amount("output-value", "工业总产值", "Gross output"),
    _amount("industrial-value-added", "工业增加值", "Industrial value added"),
    _amount("equity-financing", "新增股权融资额", "New equity financing paid in", _GRADED),
    Indicator(code="net-profit", chinese="净利润", english="Net profit", type=Type.AMOUNT, unit="fen", is_flow=True,
              is_signed=True, since=EDITION),
    _other(Type.AMOUNT, "liabilities", "负债总额", "Total liabilities", unit="fen"),
    _other(Type.AMOUNT, "fixed-investment", "固定资产投资额", "Fixed asset investment", unit="fen"),
    _quantity("energy-used", "综合能耗", "Energy used", "tce", _ENERGY),
    _quantity("electricity-used", "用电量", "Electricity used", "kwh"),
    _quantity("water-used", "用水量", "Water used", "tonne"),
    _quantity("cod-discharged", "COD排放量", "COD discharged", "tonne"),
    _other(Type.SHARE, "foreign-share", "外资股比", "Foreign share of capital", "外商投资法 art. 2", "percent"),
    _other(Type.SHARE, "rank-share", "亩均效益排名位次占比", "Place in the ranking as a share of all ranked",
           unit="percent"),
    _times("safety-accidents", "重大安全事故次数", "Serious safety accidents"),
    _times("quality-accidents", "重大质量事故次数", "Serious quality accidents"),
    _times("environmental-offences", "严重环境违法次数", "Serious environmental offences"),
    _times("research-misconduct", "科研严重失信次数", "Serious research misconduct"),
    _count("mean-staff", "年平均从业人员", "Mean staff of the year", "person"),
    _count("graduate-rd-staff", "大专以上科技人员", "Technical staff with a college degree", "person"),
    _count("class-one-ip", "Ⅰ类知识产权数", "Class I intellectual property rights", citation=_SMALL_TECH),
    _count("class-two-ip", "Ⅱ类知识产权数", "Class II intellectual property rights", citation=_SMALL_TECH),
    _count("class-one-ip-own", "自主研发的Ⅰ类知识产权数", "Class I rights developed by itself", citation=_GRADED),
    _count("class-one-ip-high-value", "Ⅰ类高价值知识产权数", "High-value class I rights", citation=_GRADED),
    _other(Type.YES_NO, "resident-enterprise", "居民企业", "Resident enterprise", "企业所得税法 art. 2"),
    _other(Type.YES_NO, "in-free-trade-zone", "自由贸易试验区内企业", "In a pilot free trade zone"),
    _other(Type.YES_NO, "restricted-products", "产品和服务属于国家规定的禁止、限制和淘汰类",
           "Products or services of a prohibited, restricted or obsolete kind", _SMALL_TECH),
    _other(Type.YES_NO, "provincial-rd-institution", "省部级以上研发机构",
           "R&D institution of provincial or ministerial rank", _SMALL_TECH),
    _other(Type.YES_NO, "abnormal-operations-list", "经营异常名录", "On the list of abnormal operations",
           "企业信息公示暂行条例"),
    _other(Type.YES_NO, "serious-offenders-list", "严重违法失信企业名单", "On the list of serious offenders",
           "市场监督管理严重违法失信名单管理办法，市场监管总局令第44号"),
    _other(Type.YES_NO, "dishonest-debtors-list", "失信被执行人名单", "On the list of defaulting debtors",
           "法释〔2017〕7号"),
    _other(Type.YES_NO, "tax-offenders-list", "重大税收违法失信主体名单", "On the list of serious tax offenders",
           "重大税收违法失信主体信息公布管理办法，税务总局令第54号"),
    _other(Type.YES_NO, "core-ip-owned", "拥有主要产品（服务）核心技术的知识产权",
           "Owns the intellectual property of its core technology", _HIGH_TECH),
    _other(Type.YES_NO, "core-technology-field", "核心技术属于国家重点支持的高新技术领域",
           "Core technology in a field the State supports", _HIGH_TECH),
    _other(Type.LATEST, "serious-safety-accident", "重大安全事故", "Latest serious safety accident"),
    _other(Type.LATEST, "serious-quality-accident", "重大质量事故", "Latest serious quality accident"),
    _other(Type.LATEST, "serious-environmental-offence", "严重环境违法行为", "Latest serious environmental offence"),
    _other(Type.LATEST, "national-science-award", "国家级科技奖励", "Latest national science award", _GRADED),
    _other(Type.LATEST, "national-science-award-top-three", "国家级科技奖励（前三名）",
           "Latest national science award, among the first three", _SMALL_TECH),
    _other(Type.LATEST, "provincial-science-award", "省级科技奖励", "Latest provincial science award", _GRADED),
    _other(Type.LATEST, "standard-led", "主导制定标准", "Latest standard drawn up in the lead", _SMALL_TECH),
    _other(Type.VALIDITY, "high-tech-certificate", "高新技术企业证书", "High-tech enterprise certificate, valid until",
           "高新技术企业认定管理办法，国科发火〔2016〕32号"),
    _other(Type.VALIDITY, "small-tech-registration", "科技型中小企业入库登记编号",
           "Registration as technology-based small enterprise, valid until", _SMALL_TECH),
    _other(Type.VALIDITY, "innovative-small-recognition", "创新型中小企业公告",
           "Announced as innovative small enterprise, valid until", _GRADED),
    _other(Type.VALIDITY, "specialised-small-recognition", "专精特新中小企业认定",
           "Recognised as specialised small enterprise, valid until", _GRADED),
    _other(Type.DATE, "niche-market-since", "进入细分市场日期", "In its niche market since", _GRADED),
    _other(Type.SHARE, "inspection-rate", "平均查验率", "Mean rate of customs inspections", unit="percent"),
    _other(Type.SHARE, "ordinary-inspection-rate", "常规企业平均查验率",
           "Mean rate of customs inspections of ordinary enterprises", unit="percent"),
    Indicator(code="main-revenue-growth", chinese="主营业务收入两年平均增长率",
              english="Mean growth of main revenue over two years", type=Type.SHARE, unit="percent", citation=_GRADED,
              is_signed=True, since=EDITION),
    _count("niche-market-years", "从事特定细分市场年数", "Full years in the niche market", "year", _GRADED),
    _count("digital-level", "数字化水平等级", "Level of digitisation", "level", _GRADED),
    _other(Type.YES_NO, "chinese-controlled", "中方控股企业", "Chinese parties hold control"),
    _other(Type.YES_NO, "ungraded", "不定级企业", "Not graded by output per mu"),
    _other(Type.YES_NO, "in-emerging-industry", "主导产品属于战略性新兴产业分类",
           "Main product in a strategic emerging industry"),
    _other(Type.YES_NO, "fills-a-gap", "主导产品在关键领域补短板锻长板填空白取得实际成效",
           "Main product fills a gap in a key field with real effect", _GRADED),
    _other(Type.YES_NO, "six-basics", "主导产品属于工业六基领域或者老字号或者服务重点龙头企业",
           "Main product in the six industrial basics, a time-honoured brand, or for a leading enterprise", _GRADED),
    _other(Type.YES_NO, "quality-award", "省级以上质量奖荣誉", "Quality award of provincial rank or above", _GRADED),
    _other(Type.YES_NO, "quality-certified", "建立质量管理体系并获得认证证书",
           "Certified quality management system set up", _GRADED),
    _other(Type.YES_NO, "own-brand", "自主品牌", "Brand of its own", _GRADED),
    _other(Type.YES_NO, "standards-helped", "参与制修订标准", "Took part in drawing up or revising standards", _GRADED),
    _other(Type.LATEST, "provincial-award-top-three", "省级科技奖励前三名获奖",
           "Latest provincial science award, among the first three", _GRADED),
    _other(Type.LATEST, "national-award-top-five", "国家级科技奖励前五名获奖",
           "Latest national science award, among the first five", _GRADED),
    _other(Type.LATEST, "maker-china-top-500", "创客中国大赛全国500强企业组入围",
           "Latest entry into the first 500 of the Maker China contest", _GRADED),
    _other(Type.VALIDITY, "innovation-model-certificate", "国家级技术创新示范企业证书",
           "National model of technical innovation, valid until", _GRADED),
    _other(Type.VALIDITY, "ip-advantage-certificate", "知识产权优势企业证书",
           "Enterprise strong in intellectual property, valid until", _GRADED),
    _other(Type.VALIDITY, "ip-model-certificate", "知识产权示范企业证书",
           "Model of intellectual property, valid until", _GRADED),
    _other(Type.YES_NO, "ip-in-use", "Ⅰ类知识产权与主导产品相关且已产生经济效益",
           "Class I rights of the main product, in use with economic effect", _GRADED_2026),
    _other(Type.YES_NO, "market-standing", "主导产品细分市场占有率较为靠前且有一定知名度影响力",
           "Main product well placed in its niche market", _GRADED_2026),
    _other(Type.YES_NO, "deep-technology", "核心技术属于片区深科技方向", "Core technology in deep technology"),
    _other(Type.YES_NO, "national-platform", "国家级创新平台的依托单位", "Host of a national platform"),
    _amount("platform-spending", "平台研发投入", "R&D spending of the platform"),
    _other(Type.YES_NO, "transfer-model", "技术转移示范机构", "Model body of technology transfer"),
    _amount("transfer-contracts", "促成的技术合同成交额", "Value of technology contracts brought about"),
    _in_a_year("transfer-projects", "促成转化的项目数", "Projects brought to conversion"),
    _in_a_year("firms-served", "服务的企业家数", "Enterprises served"),
    _count("transfer-managers", "专职技术经理人数", "Full-time technology managers", "person"),
    _amount("trial-premium", "临床试验保险实缴保费", "Premiums paid for clinical trial insurance"),
    _amount("liability-premium", "质量责任保险实缴保费", "Premiums paid for product liability insurance"),
    Indicator(code="rd-institution-level", chinese="研发机构级别", english="Rank of the R&D institution",
              type=Type.CODE, pattern=_ANY_CODE, citation=_GRADED, since=EDITION),
    Indicator(code="standard-land-trade", chinese="标准地行业类别", english="Trade on standard land", type=Type.CODE,
              pattern=_ANY_CODE, since=EDITION),
    Indicator(code="customs-credit-tier", chinese="海关信用等级", english="Customs credit tier", type=Type.CODE,
              pattern=r"[A-Z]{1,8}", since=EDITION),
)  # fmt: skip

INDICATORS: dict[str, Indicator] = {each.code: each for each in (*_ALL, *_OF_RULES)}
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

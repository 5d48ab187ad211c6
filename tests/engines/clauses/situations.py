"""Enterprises, days and rules to try the interpreter on: a vocabulary with every kind of term, data with gaps in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import strategies as st

from zonary.engines.clauses.documents import Citation, Clause, Document, Item, WhenUnknown
from zonary.engines.clauses.expressions import (
    Aged,
    AtLeast,
    ClauseRef,
    Compare,
    CompareDay,
    Comparison,
    DayComparison,
    Duration,
    Edge,
    Elapsed,
    Every,
    Expression,
    Flag,
    Growth,
    Happened,
    Holds,
    IfThen,
    InCodes,
    Judged,
    Leaf,
    Listed,
    Not,
    PerUnit,
    Range,
    Share,
    Some,
    TimeUnit,
)
from zonary.engines.clauses.interpreter.asking import Setting
from zonary.engines.clauses.parameters import Value, series
from zonary.engines.clauses.quantities import (
    Amount,
    Difference,
    Gathered,
    Gathering,
    Number,
    Parameter,
    Period,
    Reading,
    Scored,
    Span,
    Sum,
)
from zonary.engines.clauses.snapshots import Datum, Key, Snapshot, Stored
from zonary.engines.clauses.tables.model import (
    DecisionTable,
    Fixed,
    HitPolicy,
    Interval,
    Ratio,
    Row,
    Score,
    Tables,
)
from zonary.engines.clauses.vocabulary import NEVER, WITHOUT_END, CodeList, Edition, Kind, Term, Vocabulary

DAY = date(2026, 5, 20)
KNOWN = datetime(2026, 6, 1, tzinfo=UTC)
RECORDED = datetime(2026, 3, 1, tzinfo=UTC)
SYSTEM = "GB/T 4754-2017"


def _counted(id: str, chinese: str, english: str, unit: str, unit_english: str, **more: int) -> Term:
    kind = Kind.NUMBER if more else Kind.COUNT
    return Term(
        id=id, chinese=chinese, english=english, kind=kind, annual=id != "patents", unit=unit,
        unit_english=unit_english, **more,
    )  # fmt: skip


TERMS = (
    Term(id="revenue", chinese="营业收入", english="revenue", kind=Kind.MONEY, annual=True, source="税务部门"),
    Term(id="rnd", chinese="研发费用", english="R&D spending", kind=Kind.MONEY, annual=True, source="税务部门"),
    Term(id="tax", chinese="实缴税额", english="tax paid", kind=Kind.MONEY, annual=True),
    Term(id="profit", chinese="利润总额", english="profit", kind=Kind.MONEY, annual=True, low=-(10**15), high=10**15),
    Term(id="capital", chinese="注册资本", english="capital", kind=Kind.MONEY),
    Term(id="land", chinese="用地面积", english="land", kind=Kind.AREA),
    _counted("staff", "职工总数", "staff", "人", "people"),
    _counted("techs", "科技人员数", "R&D staff", "人", "people"),
    _counted("patents", "发明专利数", "patents", "项", "items"),
    _counted("energy", "综合能耗", "energy", "吨标准煤", "tce", places=2),
    Term(id="quota", chinese="外资比例", english="foreign share", kind=Kind.SHARE, high=10**6),
    Term(id="founded", chinese="成立日期", english="day of foundation", kind=Kind.DATE),
    Term(id="born", chinese="出生日期", english="day of birth", kind=Kind.DATE),
    Term(id="accident", chinese="重大安全事故", english="serious accident", kind=Kind.EVENT, source="应急管理部门"),
    Term(id="resident", chinese="居民企业", english="resident enterprise", kind=Kind.FLAG),
    Term(id="reserve", chinese="研发准备金制度", english="R&D reserve", kind=Kind.FLAG),
    Term(id="industry", chinese="行业代码", english="industry code", kind=Kind.CODE, system=SYSTEM),
    Term(id="abnormal", chinese="经营异常名录", english="list of abnormal operation", kind=Kind.LISTING),
    Term(id="dishonest", chinese="严重违法失信名单", english="list of dishonesty", kind=Kind.LISTING),
    Term(id="hightech", chinese="高新技术企业证书", english="high-tech certificate", kind=Kind.CREDENTIAL),
    Term(id="core", chinese="核心技术", english="core technology", kind=Kind.JUDGEMENT),
)

STRATEGIC = CodeList(
    name="战略性新兴产业分类",
    english="strategic emerging industries",
    system=SYSTEM,
    editions=(
        Edition(first=date(2018, 1, 1), last=date(2025, 12, 31), codes=frozenset({"C35"}), citation="旧版"),
        Edition(first=date(2026, 1, 1), last=None, codes=frozenset({"C26", "C3511", "I65"}), citation="新版"),
    ),
)

SCORE = "科技评价得分"
GRANT = "奖励金额"
VOCABULARY = Vocabulary(
    terms=TERMS,
    lists=(STRATEGIC,),
    parameters=("研发投入强度下限", "已过期的下限"),
    tables={SCORE: "分", GRANT: "money", "科技人员得分": "分", "研发强度得分": "分"},
)


def bands(name: str, part: str, whole: str, edges: tuple[tuple[str, str], ...]) -> DecisionTable:
    """From the highest band down: the points from a share on."""
    heading = f"{part}/{whole}"
    column = Ratio(heading, Reading(part, Period.LAST_YEAR), Reading(whole, Period.SAME))
    rows, above = [], None
    for edge, given in edges:
        rows.append(Row((Interval(Decimal(edge), True, above, False),), Decimal(given)))
        above = Decimal(edge)
    return DecisionTable(
        name=name, columns=(column,), rows=tuple(rows), hit_policy=HitPolicy.UNIQUE, unit="分", otherwise=Decimal(0)
    )


TABLES = (
    bands("科技人员得分", "techs", "staff", (("30", "20"), ("20", "12"), ("10", "5"))),
    bands("研发强度得分", "rnd", "revenue", (("6", "50"), ("3", "25"), ("1", "10"))),
    Score(name=SCORE, parts=(("科技人员得分",), ("研发强度得分",)), unit="分", cap=Decimal(60)),
    Fixed(name=GRANT, bound=Amount(Decimal(20), "万元")),
)


def _value(first: date, last: date | None, number: str, citation: str) -> Value:
    amount = Amount(Decimal(number), "%")
    return Value(first=first, last=last, amount=amount, recorded_at=RECORDED, citation=citation)


FLOOR = "研发投入强度下限"
SETTING = Setting(
    VOCABULARY,
    series(
        (
            (FLOOR, _value(date(2024, 1, 1), date(2024, 12, 31), "3", "旧")),
            (FLOOR, _value(date(2025, 1, 1), None, "4", "新")),
            ("已过期的下限", _value(date(2024, 1, 1), date(2025, 12, 31), "3", "旧")),
        )
    ),
    Tables({each.name: each for each in TABLES}),
)


def snapshot(data: Mapping[Key | str, Stored], day: date = DAY, known_at: datetime = KNOWN) -> Snapshot:
    """Keys without a year may be written as the term alone."""
    found: dict[Key, Datum] = {}
    for key, value in data.items():
        id, year = (key, None) if isinstance(key, str) else key
        as_of = date(year, 12, 31) if year is not None else min(day, date(2026, 1, 1))
        found[(id, year)] = Datum(
            value=value, as_of=as_of, recorded_at=RECORDED, source="测试", reference=f"{id}-{year}"
        )
    return Snapshot("91330000MA0000000X", day, known_at, found)


def citation(article: str = "第一条") -> Citation:
    return Citation(document="园发〔2026〕1号", article=article, quote="示例")


def document(
    clauses: Mapping[str, Expression],
    condition: Expression,
    unknown: Mapping[str, WhenUnknown] | None = None,
    last: date | None = None,
) -> Document:
    """One item, called ``item``."""
    rules = unknown or {}
    item = Item(
        id="item", title="研发奖补", title_english="R&D grant", condition=condition, first=date(2026, 1, 1), last=last
    )
    return Document(
        number="园发〔2026〕1号",
        title="示例办法",
        title_english="Example measures",
        items=(item,),
        clauses=tuple(
            Clause(id=id, citation=citation(), expression=each, when_unknown=rules.get(id, WhenUnknown.ASK))
            for id, each in clauses.items()
        ),
    )


# Strategies

_KEYS: tuple[Key, ...] = tuple(
    (term.id, year) for term in TERMS for year in ((2022, 2023, 2024, 2025, 2026) if term.annual else (None,))
)
_days = st.dates(date(1980, 1, 1), date(2026, 5, 20))
_near = st.sampled_from(
    [date(2025, 5, 19), date(2025, 5, 20), date(2025, 5, 21), date(2024, 2, 29), date(1981, 5, 20), DAY]
)
_codes = st.sampled_from(["C", "C26", "C2614", "C35", "C351", "C3511", "C3512", "I65", "I6510", "A01"])


def _values(term: Term) -> st.SearchStrategy[Stored]:
    day = (_days | _near).map(date.toordinal)
    special: dict[Kind, st.SearchStrategy[Stored]] = {
        Kind.DATE: day,
        Kind.EVENT: day | st.just(NEVER),
        Kind.CREDENTIAL: day | st.just(NEVER) | st.just(WITHOUT_END) | st.just(DAY.toordinal()),
        Kind.CODE: _codes,
        Kind.FLAG: st.booleans(),
        Kind.LISTING: st.booleans(),
        Kind.JUDGEMENT: st.booleans(),
        Kind.COUNT: st.integers(0, 30),
        Kind.SHARE: st.sampled_from([0, 1, 249_999, 250_000, 10**6]),
    }
    wide = st.sampled_from([0, 1, 10**8 - 1, 10**8, 10**8 + 1, 3 * 10**8, 10**10]) | st.integers(0, 10**10)
    return special.get(term.kind, wide if term.low == 0 else wide | st.sampled_from([-1, -(10**8)]))


def data(keys: tuple[Key, ...] = _KEYS) -> st.SearchStrategy[dict[Key, Stored]]:
    return st.fixed_dictionaries({}, optional={key: _values(VOCABULARY.term(key[0])) for key in keys})  # type: ignore[return-value, arg-type]


_FILLINGS = {key: _values(VOCABULARY.term(key[0])) for key in _KEYS}


def completed(known: Mapping[Key, Stored]) -> st.SearchStrategy[dict[Key, Stored]]:
    """The same with every gap filled."""
    gaps = {key: each for key, each in _FILLINGS.items() if key not in known}
    return st.fixed_dictionaries(gaps).map(lambda rest: {**known, **rest})


_period = st.sampled_from([Period.LAST_YEAR, Period.YEAR_BEFORE_LAST, Period.THIS_YEAR])
_span = st.integers(1, 3).map(lambda years: Span(Number(years)))
_money = st.sampled_from(["revenue", "rnd", "tax", "profit"])
_part = st.builds(Reading, _money, _period) | st.builds(Gathered, _money, _span, st.sampled_from(Gathering))
_quantity = (
    _part
    | st.lists(_part, min_size=2, max_size=3).map(lambda parts: Sum(tuple(parts)))
    | st.builds(Difference, _part, _part)
    | st.just(Reading("capital"))
)
_amount = st.builds(
    Amount, st.sampled_from(["0", "1", "100", "100.5", "300", "0.01"]).map(Decimal), st.sampled_from(["元", "万元"])
)
_percent = st.builds(Amount, st.sampled_from(["0", "1", "3", "3.5", "50", "100"]).map(Decimal), st.just("%"))
_comparison = st.sampled_from(Comparison)
_like = st.builds(Reading, _money, st.just(Period.SAME)) | st.builds(
    Gathered, _money, st.none(), st.sampled_from(Gathering)
)
_number = st.integers(1, 6).map(Number)


def _ranged(quantity: object, low: str, wide: str, is_low: bool, is_high: bool) -> Range:
    bottom = Amount(Decimal(low), "万元")
    top = Amount(Decimal(low) + Decimal(wide), "万元")
    return Range(quantity, Edge(bottom, is_low), Edge(top, is_high))  # type: ignore[arg-type]


leaves: st.SearchStrategy[Leaf] = st.one_of(
    st.builds(Compare, _quantity, _comparison, _amount),
    st.builds(
        _ranged, _quantity, st.sampled_from(["0", "100"]), st.sampled_from(["1", "200"]), st.booleans(), st.booleans()
    ),
    st.builds(Share, _part, _like | _part, _comparison, _percent | st.just(Parameter(FLOOR))),
    st.builds(
        PerUnit,
        st.builds(Reading, _money, _period),
        st.just(Reading("land")),
        _comparison,
        st.builds(
            Amount, st.sampled_from(["0.1", "15"]).map(Decimal), st.just("万元"), st.sampled_from(["亩", "公顷"])
        ),
    ),
    st.builds(Growth, st.builds(Reading, _money, _period), _comparison, _percent),
    st.builds(Elapsed, st.just("founded"), st.sampled_from(Duration), _number, st.sampled_from(TimeUnit)),
    st.builds(Aged, st.just("born"), st.sampled_from(Duration), st.sampled_from([Number(44), Number(45)])),
    st.builds(CompareDay, st.just("founded"), st.sampled_from(DayComparison), _days | _near),
    st.builds(
        Happened, st.just("accident"), _days | _near | st.tuples(_number, st.sampled_from(TimeUnit)), st.booleans()
    ),
    st.builds(Flag, st.sampled_from(["resident", "reserve"]), st.booleans()),
    st.builds(InCodes, st.just("industry"), st.just("战略性新兴产业分类"), st.just(()), st.booleans()),
    st.builds(
        InCodes, st.just("industry"), st.just(""), st.lists(_codes, min_size=1, max_size=3).map(tuple), st.booleans()
    ),
    st.builds(Listed, st.sampled_from([("abnormal",), ("dishonest",), ("abnormal", "dishonest")]), st.booleans()),
    st.builds(Holds, st.just("hightech"), st.booleans()),
    st.just(Judged("core")),
    st.builds(
        Compare,
        st.just(Scored(SCORE)),
        _comparison,
        st.sampled_from(["0", "5", "25", "45", "60"]).map(lambda n: Amount(Decimal(n), "分")),
    ),
)


def joins(leaf: st.SearchStrategy[Expression], most: int = 8) -> st.SearchStrategy[Expression]:
    def extend(part: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        several = st.lists(part, min_size=1, max_size=4).map(tuple)
        return st.one_of(
            st.builds(Every, several),
            st.builds(Some, several),
            several.flatmap(lambda ps: st.integers(1, len(ps)).map(lambda n: AtLeast(Number(n), ps))),
            st.builds(Not, part),
            st.builds(IfThen, part, part),
        )

    return st.recursive(leaf, extend, max_leaves=most)


expressions: st.SearchStrategy[Expression] = joins(leaves)


_IDS = ("c0", "c1", "c2", "c3")
_clauses = st.lists(joins(leaves, 2), min_size=4, max_size=4)
_conditions = joins(st.sampled_from(_IDS).map(ClauseRef), 6)


def documents(unknown: tuple[WhenUnknown, ...] = tuple(WhenUnknown)) -> st.SearchStrategy[Document]:
    """One item over up to four clauses of one leaf or a few."""
    rules = st.tuples(*(st.sampled_from(unknown) for _ in _IDS))
    return st.builds(
        lambda clauses, condition, rules: document(
            dict(zip(_IDS, clauses, strict=True)), condition, dict(zip(_IDS, rules, strict=True))
        ),
        _clauses,
        _conditions,
        rules,
    )

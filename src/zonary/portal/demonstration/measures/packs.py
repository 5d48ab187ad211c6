"""From the offers to what officers would have written: the text of each document, and its rules as a pack."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from zonary.engines.clauses.dates import moved
from zonary.engines.clauses.expressions import TimeUnit
from zonary.engines.clauses.interpreter.asking import Asking, Setting
from zonary.engines.clauses.interpreter.decisions import decide
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.language.numerals import in_words
from zonary.engines.clauses.packs.reading import Pack, read_pack, read_shape
from zonary.engines.clauses.snapshots import Datum, Snapshot
from zonary.foundation.facts.indicators import INDICATORS
from zonary.foundation.rules.dictionary import term_of
from zonary.portal.demonstration.figures import ELSEWHERE, SOURCES
from zonary.portal.demonstration.measures.offers import Asks, Issued, Offer, Pays
from zonary.portal.demonstration.measures.samples import SAMPLES
from zonary.portal.demonstration.measures.sentences import ASKED, Data

FIRST_ARTICLE: Final = 3
_ANNUAL: Final = frozenset(
    ("revenue", "rd-expense", "tax-paid", "export-value", "staff", "rd-staff", "insured-staff", "total-assets")
)
"""What is stated for a year; everything else is as it is now."""
_HOW: Final = {"any": "符合下列任一项", "none": "不存在下列情形", "2": "符合下列至少两项", "all": "同时符合下列各项"}


def number_of(issued: Issued, year: int) -> str:
    return f"青管规〔{year}〕{issued.number}号"


def text_of(issued: Issued, year: int) -> str:
    """The document as it was published: an article for each offer, whose clauses it says word for word."""
    lines = [
        issued.chinese,
        number_of(issued, year),
        "第一条　为支持片区企业发展，制定本办法。",
        "第二条　本办法适用于在片区注册、经营的企业，由" + issued.department + "组织实施。",
    ]
    for article, offer in _articles(issued):
        lines.append(f"{article}　{offer.chinese}。同时符合下列条件的企业，{benefit_of(offer)}：")
        for place, asked in enumerate(offer.asks, 1):
            end = "。" if place == len(offer.asks) else "；"
            lines.append(f"（{_words(place)}）{_asked_in_words(asked)}{end}")
        lines += _limits_in_words(offer)
    last = FIRST_ARTICLE + len(issued.offers)
    alike = "".join(f"{alike_in_words(issued, each)}。" for each in issued.alike)
    lines.append(f"第{_words(last)}条　{alike}本办法自{year}年7月1日起施行。")
    return "\n".join(lines) + "\n"


def _limits_in_words(offer: Offer) -> Iterator[str]:
    """What holds beside the conditions; the cards say it as figures, and the rules mark what may be promised."""
    if offer.pays and offer.pays.of:
        yield most_of(offer.pays) + "。"
    if offer.budget:
        yield budget_of(offer) + "。"
    for key in offer.promised:
        yield f"“{ASKED[key].sentence}”的数据缺少时，企业可以书面承诺，由片区事后核查。"


def most_of(pays: Pays) -> str:
    return f"每家企业每年累计不超过{pays.amount // 10_000}万元"


def budget_of(offer: Offer) -> str:
    return f"本项每年预算{offer.budget}万元，不足时按比例分配，精确到分"


def alike_in_words(issued: Issued, group: Sequence[str]) -> str:
    titles = "、".join(each.chinese for each in issued.offers if each.id in group)
    return f"下列奖励属于同类，每年就高不重复：{titles}"


def pack_of(issued: Issued, year: int, today: date) -> bytes:
    """Its rules, with test cases: of each offer one who has it, and one who lacks each thing that it asks.

    :param year: when it was issued.
    """
    bare = _shape(issued, year)
    first = issued.offers[0]
    samples = [_case(str(place), each, today, first, "符合") for place, each in enumerate(SAMPLES)]
    pack = read_pack(read_shape(_bytes({**bare, "cases": _of_terms(samples, bare)})), parse)
    plan = Plan(pack.document)
    cases = [each for offer in issued.offers for each in _cases(offer, _haver(offer, pack, plan), today)]
    return _bytes({**bare, "cases": _of_terms(cases, bare)})


def _shape(issued: Issued, year: int) -> dict[str, Any]:
    keys = dict.fromkeys(key for offer in issued.offers for key in keys_of(offer.asks))
    terms = dict.fromkeys(name.partition("@")[0] for key in keys for name in ASKED[key].meets)
    terms |= dict.fromkeys(offer.pays.of for offer in issued.offers if offer.pays and offer.pays.of)
    return {
        "version": "zonary-rules/1",
        "id": issued.id,
        "number": number_of(issued, year),
        "title": {"zh": issued.chinese, "en": issued.english},
        "terms": [_term(each) for each in terms],
        "tables": [_table(article, offer, offer.pays) for article, offer in _articles(issued) if offer.pays],
        "clauses": [clause for article, offer in _articles(issued) for clause in _clauses(article, offer)],
        "items": [_item(offer, year) for offer in issued.offers],
    }


def _term(code: str) -> dict[str, Any]:
    """As the dictionary has it; what is counted at the end of a year is asked by the year, too."""
    term = term_of(INDICATORS[code])
    if term is None:
        raise LookupError(code)
    found: dict[str, Any] = {
        "id": code,
        "name": {"zh": term.chinese, "en": term.english},
        "kind": term.kind.value,
        "annual": code in _ANNUAL,
        "source": SOURCES.get(code, ELSEWHERE),
    }
    if term.unit:
        found["unit"] = {"zh": term.unit, "en": term.unit_english}
    if term.system:
        found["system"] = term.system
    return found


def _table(article: str, offer: Offer, pays: Pays) -> dict[str, Any]:
    """What it pays, in yuan."""
    found: dict[str, Any] = {
        "name": {"zh": amount_of(offer), "en": f"amount of: {offer.english}"},
        "article": article,
        "quote": benefit_of(offer),
        "unit": "元",
    }
    if not pays.of:
        return {**found, "kind": "fixed", "gives": str(pays.amount)}
    reads = {"reads": f"上年度{INDICATORS[pays.of].chinese}", "unit": "元"}
    rate = str(Decimal(pays.percent) / 100)
    rounding = {"rounding": "down", "step": "0.01", "cap": str(pays.amount)}
    return {**found, "kind": "proportion", "of": reads, "rate": rate, **rounding}


def amount_of(offer: Offer) -> str:
    """Name of the table that says what it pays."""
    return f"{offer.chinese}的金额"


def _paid(pays: Pays, sample: Data) -> str:
    """What a sample enterprise gets, whose figures are whole 万元."""
    if not pays.of:
        return f"{pays.amount}元"
    read = int(str(sample[f"{pays.of}@-1"]).removesuffix("万元")) * 10_000
    return f"{min(read * pays.percent // 100, pays.amount)}元"


def _clauses(article: str, offer: Offer) -> Iterator[dict[str, Any]]:
    for key in dict.fromkeys(keys_of(offer.asks)):
        sentence = ASKED[key].sentence
        clause = {"id": f"{offer.id}--{key}", "article": article, "quote": sentence, "sentence": sentence}
        yield {**clause, "when_unknown": "promise"} if key in offer.promised else clause


def _item(offer: Offer, year: int) -> dict[str, Any]:
    found = {
        "id": offer.id,
        "title": {"zh": offer.chinese, "en": offer.english},
        "condition": {"all": [_condition(offer, each) for each in offer.asks]},
        "first": f"{year}-07-01",
    }
    return {**found, "amount": amount_of(offer)} if offer.pays else found


def _condition(offer: Offer, asks: Asks) -> Any:
    if isinstance(asks, str):
        return f"{offer.id}--{asks}"
    how, parts = asks[0], [_condition(offer, each) for each in asks[1:]]
    if how == "none":
        return {"none": parts[0]}
    return {"at_least": 2, "of": parts} if how == "2" else {how: parts}


def _haver(offer: Offer, pack: Pack, plan: Plan) -> Data:
    """The first of the sample enterprises that has it."""
    for sample, case in zip(SAMPLES, pack.cases, strict=True):
        known_at = datetime(case.day.year + 1, 1, 1, tzinfo=UTC)
        data = {
            key: Datum(value=value, as_of=case.day, recorded_at=known_at, source="sample")
            for key, value in case.data.items()
        }
        asking = Asking(Setting(pack.vocabulary, pack.parameters), Snapshot("sample", case.day, known_at, data))
        if decide(plan, offer.id, asking).truth is Truth.YES:
            return sample
    raise LookupError(offer.id)


def _cases(offer: Offer, has: Data, today: date) -> Iterator[dict[str, Any]]:
    """The sample has it; then what is asked is taken away, one by one."""
    met = _case(f"{offer.chinese}：符合", has, today, offer, "符合")
    yield {**met, "tables": {amount_of(offer): _paid(offer.pays, has)}} if offer.pays else met
    for asked in offer.asks:
        is_denied = not isinstance(asked, str) and asked[0] == "none"
        changed = dict(has)
        for key in keys_of((asked,)):
            changed |= ASKED[key].meets if is_denied else ASKED[key].fails
        yield _case(f"{offer.chinese}：{_asked_in_words(asked)}，不满足", changed, today, offer, "不符合")


def _case(name: str, data: Data, today: date, offer: Offer, result: str) -> dict[str, Any]:
    return {
        "name": name[:200],
        "day": today.isoformat(),
        "data": {_dated(key, today): _day(value, today) for key, value in data.items()},
        "expected": {offer.id: result},
    }


def _of_terms(cases: Sequence[dict[str, Any]], bare: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The cases without what the pack does not ask about."""
    terms = {each["id"] for each in bare["terms"]}
    return [
        {**case, "data": {key: value for key, value in case["data"].items() if key.partition("@")[0] in terms}}
        for case in cases
    ]


def _dated(key: str, today: date) -> str:
    name, at, back = key.partition("@")
    return f"{name}@{today.year + int(back)}" if at else name


def _day(value: str | bool, today: date) -> str | bool:
    if isinstance(value, str) and value[0] in "+-" and value[1:].isdigit():
        return moved(today, int(value), TimeUnit.MONTHS).isoformat()
    return value


def keys_of(asks: Sequence[Asks]) -> list[str]:
    """Keys of ``ASKED``, in the order they are asked."""
    found: list[str] = []
    for each in asks:
        found += [each] if isinstance(each, str) else keys_of(each[1:])
    return found


def _asked_in_words(asked: Asks) -> str:
    if isinstance(asked, str):
        return ASKED[asked].sentence
    return _HOW[str(asked[0])] + "：" + "；".join(_asked_in_words(each) for each in asked[1:])


def asked_of(offer: Offer) -> str:
    """All that it asks, in one line."""
    return "；".join(_asked_in_words(each) for each in offer.asks)


def benefit_of(offer: Offer) -> str:
    if offer.pays is None:
        return {"reduction": "享受该项减免", "right": "享受该项服务", "qualification": "可认定该项资质"}[offer.kind]
    if offer.pays.of:
        name = INDICATORS[offer.pays.of].chinese
        return f"按上年度{name}的{offer.pays.percent}%给予补助，最高{offer.pays.amount // 10_000}万元"
    return f"给予一次性奖励{offer.pays.amount // 10_000}万元"


def _articles(issued: Issued) -> Iterator[tuple[str, Offer]]:
    for place, offer in enumerate(issued.offers, FIRST_ARTICLE):
        yield f"第{_words(place)}条", offer


def _words(number: int) -> str:
    return "二" if number == 2 else in_words(number)


def _bytes(shape: Mapping[str, Any]) -> bytes:
    return json.dumps(shape, ensure_ascii=False).encode()

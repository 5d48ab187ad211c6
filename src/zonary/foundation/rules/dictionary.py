"""The dictionary of facts as terms of rules, so that a pack can begin with words that facts will answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from zonary.engines.clauses.vocabulary import MAX_STORED, Frame, Kind, Term, Vocabulary
from zonary.foundation.facts.indicators import INDICATORS, Indicator, Type

_KINDS: Final = {
    Type.AMOUNT: Kind.MONEY,
    Type.COUNT: Kind.COUNT,
    Type.AREA: Kind.AREA,
    Type.QUANTITY: Kind.NUMBER,
    Type.SHARE: Kind.SHARE,
    Type.CODE: Kind.CODE,
    Type.DATE: Kind.DATE,
    Type.LATEST: Kind.EVENT,
    Type.VALIDITY: Kind.CREDENTIAL,
    Type.YES_NO: Kind.FLAG,
}
PLACES: Final = 4
"""Decimals that a fact keeps of a measure (吨标准煤)."""
WHOLE: Final = 1_000_000
"""A share of 100 %, in millionths."""
_UNITS: Final = {
    "person": ("人", "person/people"),
    "piece": ("项", "item/items"),
    "tce": ("吨标准煤", "tonne of coal equivalent/tonnes of coal equivalent"),
    "kwh": ("千瓦时", "kilowatt-hour/kilowatt-hours"),
    "tonne": ("吨", "tonne/tonnes"),
    "time": ("次", "time/times"),
    "year": ("个整年", "full year/full years"),
    "level": ("级", "level/levels"),
}


@dataclass(frozen=True, slots=True)
class _Said:
    """How an indicator is said in a sentence, where its name and type do not tell."""

    english: str
    kind: Kind | None = None
    frame: Frame = Frame.IS
    chinese: str = ""
    """Where the indicator's own name has marks that sentences have no room for."""


_SAID: Final[Mapping[str, _Said]] = {
    "high-tech-revenue": _Said("revenue of high-tech products and services", chinese="高新技术产品和服务收入"),
    "high-tech-enterprise": _Said("a recognised high-tech enterprise"),
    "resident-enterprise": _Said("a resident enterprise"),
    "in-free-trade-zone": _Said("an enterprise in a pilot free trade zone"),
    "restricted-products": _Said("products or services of a prohibited, restricted or obsolete kind",
                                 frame=Frame.HAS, chinese="禁止限制淘汰类产品或服务"),
    "provincial-rd-institution": _Said("an R&D institution of provincial or ministerial rank", frame=Frame.HAS),
    "abnormal-operations-list": _Said("list of abnormal operations", Kind.LISTING),
    "serious-offenders-list": _Said("list of serious offenders", Kind.LISTING),
    "dishonest-debtors-list": _Said("list of defaulting debtors", Kind.LISTING),
    "tax-offenders-list": _Said("list of serious tax offenders", Kind.LISTING),
    "core-ip-owned": _Said("the intellectual property of the core technology is owned", Kind.JUDGEMENT,
                           chinese="拥有主要产品核心技术的知识产权"),
    "core-technology-field": _Said("the core technology is in a field the State supports", Kind.JUDGEMENT),
    "serious-safety-accident": _Said("serious safety accident"),
    "serious-quality-accident": _Said("serious quality accident"),
    "serious-environmental-offence": _Said("serious environmental offence"),
    "national-science-award": _Said("national science award"),
    "national-science-award-top-three": _Said("national science award among the first three",
                                              chinese="国家级科技奖励前三名"),
    "provincial-science-award": _Said("provincial science award"),
    "standard-led": _Said("standard drawn up in the lead"),
    "high-tech-certificate": _Said("high-tech enterprise certificate"),
    "small-tech-registration": _Said("registration as technology-based small enterprise"),
    "innovative-small-recognition": _Said("announcement as innovative small enterprise"),
    "specialised-small-recognition": _Said("recognition as specialised small enterprise"),
    "chinese-controlled": _Said("an enterprise in which Chinese parties hold control"),
    "ungraded": _Said("an enterprise that is not graded"),
    "in-emerging-industry": _Said("the main product is in a strategic emerging industry", Kind.JUDGEMENT),
    "fills-a-gap": _Said("the main product fills a gap in a key field with real effect", Kind.JUDGEMENT),
    "six-basics": _Said("the main product is in the six industrial basics, a time-honoured brand, or serves a leading "
                        "enterprise of a key chain", Kind.JUDGEMENT),
    "quality-award": _Said("a quality award of provincial rank or above", frame=Frame.HAS),
    "quality-certified": _Said("set up a certified quality management system", frame=Frame.DONE),
    "own-brand": _Said("a brand of its own", frame=Frame.HAS),
    "standards-helped": _Said("taken part in drawing up or revising standards", frame=Frame.DONE),
    "provincial-award-top-three": _Said("provincial science award among the first three"),
    "national-award-top-five": _Said("national science award among the first five"),
    "maker-china-top-500": _Said("entry into the first 500 of the Maker China contest"),
    "innovation-model-certificate": _Said("certificate of a national model of technical innovation"),
    "ip-advantage-certificate": _Said("certificate of an enterprise strong in intellectual property"),
    "ip-model-certificate": _Said("certificate of a model of intellectual property"),
    "ip-in-use": _Said("the class I rights belong to the main product, are in use and earn money", Kind.JUDGEMENT),
    "market-standing": _Said("the main product is well placed in its niche market, and has a name", Kind.JUDGEMENT),
    "deep-technology": _Said("the core technology is in a field of deep technology of the zone", Kind.JUDGEMENT),
    "national-platform": _Said("the host of a national platform"),
    "transfer-model": _Said("a model body of technology transfer"),
    "mean-staff": _Said("mean staff of the year", chinese="职工年均人数"),
    "established-on": _Said("date of establishment"),
    "niche-market-since": _Said("first day in the niche market"),
}  # fmt: skip


def term_of(indicator: Indicator) -> Term | None:
    """The term whose data facts of this indicator are; None for a text, which no rule can ask.

    What adds up over a period is asked by the year. Whoever writes a pack may name it otherwise, or ask a count by the
    year: its id, which is the indicator's code, and a kind it fits are all that counts.
    """
    said = _SAID.get(indicator.code, _Said(_as_noun(indicator.english)))
    kind = said.kind or _KINDS.get(indicator.type)
    if kind is None:
        return None
    unit, unit_english = _UNITS.get(indicator.unit, ("", ""))
    bounds = {"high": WHOLE} if kind is Kind.SHARE else {"low": -MAX_STORED} if indicator.is_signed else {}
    return Term(
        id=indicator.code,
        chinese=said.chinese or indicator.chinese,
        english=said.english,
        kind=kind,
        annual=indicator.is_flow,
        unit=unit,
        unit_english=unit_english,
        places=PLACES if kind is Kind.NUMBER else 0,
        frame=said.frame,
        system=indicator.citation if kind is Kind.CODE else "",
        source=indicator.citation,
        **bounds,
    )


def base_vocabulary() -> Vocabulary:
    """Every indicator a rule can ask, as a term. Some names may clash in sentences: a pack takes those it needs."""
    return Vocabulary(tuple(term for each in INDICATORS.values() if (term := term_of(each)) is not None))


def _as_noun(english: str) -> str:
    """Within a sentence: with a small letter, but for abbreviations such as R&D."""
    return english if english[1:2] in ("&", "") or english[1].isupper() else english[0].lower() + english[1:]

"""The dictionary of facts as words of rules, and what shipped packs ask of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.foundation.rules.shipped import ROOT

pytest.importorskip("django", reason="rule packs need the [web] extra")

from zonary.engines.clauses.language import parse, render_english
from zonary.engines.clauses.vocabulary import Kind
from zonary.foundation.facts.indicators import INDICATORS, Type
from zonary.foundation.rules.dictionary import base_vocabulary, term_of
from zonary.foundation.rules.stated import why_unanswered

SENTENCES = {
    "上年度综合能耗不超过1吨标准煤": (
        "the figure for energy used in the previous year is at most 1 tonne of coal equivalent"
    ),
    "外资股比不超过49%": "the figure for foreign share of capital is at most 49%",
    "未被列入严重违法失信企业名单": "the enterprise is not on the list of serious offenders",
    "近三年内未发生重大安全事故": "no serious safety accident has occurred within the last 3 years",
    "持有有效的高新技术企业证书": "the enterprise holds a valid high-tech enterprise certificate",
    "上年度净利润超过0元": "the figure for net profit in the previous year is more than 0 yuan",
    "经认定，核心技术属于国家重点支持的高新技术领域": (
        "a person has found that the core technology is in a field the State supports"
    ),
}


def test_sentences_can_be_written_with_the_dictionarys_names_alone() -> None:
    words = base_vocabulary()
    assert {sentence: render_english(parse(sentence, words), words) for sentence in SENTENCES} == SENTENCES


def test_every_indicator_but_texts_is_a_term_that_its_facts_answer() -> None:
    words = base_vocabulary()
    asked = {each.id for each in words.terms}
    assert {each.code for each in INDICATORS.values() if each.type is not Type.TEXT} == asked
    assert [each.id for each in words.terms if why_unanswered(each)] == []


def test_every_yes_or_no_says_how_it_stands_in_a_sentence() -> None:
    """A list is not a quality, and a person's finding is neither: each was looked at."""
    from zonary.foundation.rules.dictionary import _SAID

    assert [each.code for each in INDICATORS.values() if each.type is Type.YES_NO and each.code not in _SAID] == []
    kinds = {code: term.kind for code, each in INDICATORS.items() if (term := term_of(each)) is not None}
    assert {code for code, kind in kinds.items() if kind is Kind.LISTING} == {
        "abnormal-operations-list",
        "serious-offenders-list",
        "dishonest-debtors-list",
        "tax-offenders-list",
    }


NOT_FACTS_OF_AN_ENTERPRISE = {
    "foreign-investment-negative-list": {
        "is-wheat-seed", "is-maize-seed", "is-rare-breed", "is-transgenic", "is-domestic-fishing", "is-rare-mining",
        "is-secret-medicine", "is-audience-research", "is-social-survey", "is-stem-cells", "is-chinese-law",
        "is-recordings", "is-video-on-demand", "is-cinema-chain", "is-relics", "is-troupe",
    },  # of a project
    "high-tech-enterprise-2008": {"ip-points", "conversion-points", "rd-management-points", "growth-points"},
    "high-tech-enterprise-2016": {"ip-points", "conversion-points", "rd-management-points", "growth-points"},
    "objective-scoring": {
        "verified-indicators", "agreed-indicators", "milestones-in-time", "milestones-due", "project-rights",
        "project-spending", "project-budget", "user-confirms", "planned-output", "planned-energy", "planned-water",
        "planned-waste", "reused-waste", "treatment-planned",
    },  # of a project
    "specialised-sme": {"local-points"},  # points that experts give: the profile of an enterprise has no score
    "specialised-sme-2026": {"development-score"},  # points again, by the platform
    "talent-recognition-template": {
        "employed-in-zone", "insured-months", "salary", "senior-title-certificate", "invention-patents", "birth-date",
        "found-key-talent",
    },  # of a person
    "zone-checks": {
        "charge-item", "charged-amount", "charged-quantity",  # of a bill
        "finance-business", "finance-licence",  # of an application
        "tax-pilot", "period-income", "period-invoices", "overpaid", "arrears", "tax-kind",  # the tax bureau's
        "work-permit", "permit-class", "permit-days", "employed-in-zone", "salary-after-tax", "exchanged",
        "otherwise-insured",  # of a person
    },
    "zone-support": {
        "first-kind", "first-registered", "found-first", "first-sale-paid", "first-buyer", "first-purchase-paid",
        "conversion-role", "conversion-registered", "conversion-paid",
    },  # of a contract
}  # fmt: skip


def test_facts_answer_what_the_shipped_packs_ask_of_enterprises(migrated: Any) -> None:
    from zonary.engines.clauses.packs.reading import read_pack
    from zonary.foundation.rules.offered import offered_packs

    unanswered = {}
    for offered in offered_packs():
        terms = read_pack(offered.shape, parse).vocabulary.terms
        if found := {term.id for term in terms if why_unanswered(term)}:
            unanswered[offered.shape.id] = found
    assert unanswered == NOT_FACTS_OF_AN_ENTERPRISE


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_lists_what_is_entered_when_somebody_decides(language: str) -> None:
    guide = (ROOT / "docs" / "guide" / language / "shipped-rules.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| ([^|]+) \|$", guide.rpartition("\n## ")[2], re.MULTILINE)
    assert {id: set(re.findall("`([a-z0-9-]+)`", terms)) for id, terms in rows} == NOT_FACTS_OF_AN_ENTERPRISE

"""The demonstration's measures are rules that could be released, in documents that say them word for word."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest

from zonary.engines.clauses.checks.release import findings_of
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import read_pack, read_shape

pytest.importorskip("django", reason="the portal needs the [web] extra")
from tests.five_accounts import browser

from zonary.portal.demonstration.measures.cards import card_of
from zonary.portal.demonstration.measures.documents import DOCUMENTS
from zonary.portal.demonstration.measures.english import WHO
from zonary.portal.demonstration.measures.further import PROPOSED
from zonary.portal.demonstration.measures.offers import Issued
from zonary.portal.demonstration.measures.packs import FIRST_ARTICLE, pack_of, text_of
from zonary.portal.demonstration.measures.sentences import ASKED

DAYS = (date(2026, 11, 23), date(2027, 1, 4), date(2028, 2, 29))


def test_they_are_a_hundred() -> None:
    assert sum(len(issued.offers) for issued in DOCUMENTS) == 100
    assert len({offer.id for issued in DOCUMENTS for offer in issued.offers}) == 100


def test_every_condition_has_its_english_and_each_card_says_in_it_what_it_gives_and_to_whom() -> None:
    assert set(WHO) == set(ASKED)
    cards = {offer.id: card_of(issued, offer, 2025, 2026) for issued in DOCUMENTS for offer in issued.offers}
    said = [each.summary_english for each in cards.values()]
    assert len(set(said)) == len(said)
    for each in said:
        assert re.fullmatch(r"[A-Z1-9].+, for enterprises that [^.]+\.", each), each
        assert len(each) <= 1000
    # The numbers are those of the Chinese sentence, in yuan.
    assert cards["export-first"].summary_english == (
        "CNY 30,000, once, for enterprises that exported at least CNY 1 million last year and exported at most "
        "CNY 10 million last year."
    )
    assert cards["market-access"].summary_english.endswith("CNY 50 million last year and are older than three years.")


def test_the_english_of_a_bound_has_the_number_of_its_sentence() -> None:
    for key, asked in ASKED.items():
        wan = re.search(r"(\d+)万元(?!/亩)", asked.sentence)
        percent = re.search(r"(\d+)%", asked.sentence)
        if wan:
            yuan = int(wan[1]) * 10_000
            said = f"CNY {yuan // 10**6} million" if yuan >= 10**6 else f"CNY {yuan:,}"
            assert said in WHO[key], key
        if percent:
            assert f"{percent[1]} %" in WHO[key], key
        least, most = "不低于" in asked.sentence or "不少于" in asked.sentence, "不超过" in asked.sentence
        assert not least or "at least" in WHO[key] or " a" in WHO[key], key
        assert not most or "at most" in WHO[key], key


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("issued", [*DOCUMENTS, PROPOSED], ids=lambda each: each.id)
def test_each_document_could_be_released_and_says_its_rules_word_for_word(issued: Issued, today: date) -> None:
    pack = read_pack(read_shape(pack_of(issued, today.year - 1, today)), parse)
    assert findings_of(pack, today=today) == ()
    text = text_of(issued, today.year - 1)
    for clause in pack.document.clauses:
        _before, article, rest = text.partition(f"\n{clause.citation.article}　")
        assert article
        assert clause.citation.quote in rest.partition("\n第")[0]


@pytest.mark.parametrize("issued", DOCUMENTS, ids=lambda each: each.id)
def test_cards_have_the_caps_budgets_and_groups_of_the_text_and_no_others(issued: Issued) -> None:
    text = text_of(issued, 2025)
    *articles, last = text.split("\n第")[FIRST_ARTICLE:]
    groups = [each.split("：")[1].split("、") for each in last.split("。") if "就高不重复：" in each]
    stacked: dict[str, list[str]] = {}
    for offer, article in zip(issued.offers, articles, strict=True):
        card = card_of(issued, offer, 2025, 2026)
        said = re.search(r"每家企业每年累计不超过(\d+)万元。", article)
        assert card.cap == (int(said[1]) * 1_000_000 if said else None)
        shared = re.search(r"本项每年预算(\d+)万元，不足时按比例分配，精确到分。", article)
        assert card.exhaustion == ("pro-rata" if shared else "first-come")
        assert shared is None or card.budget == int(shared[1]) * 1_000_000
        if card.stacking:
            stacked.setdefault(card.stacking, []).append(card.title)
    assert list(stacked.values()) == groups


@pytest.mark.parametrize("issued", DOCUMENTS, ids=lambda each: each.id)
def test_only_what_the_text_says_may_be_promised(issued: Issued) -> None:
    pack = read_pack(read_shape(pack_of(issued, 2025, DAYS[0])), parse)
    promised = {each.citation.quote for each in pack.document.clauses if each.when_unknown == "promise"}
    assert promised == set(re.findall(r"“([^”]+)”的数据缺少时，企业可以书面承诺", text_of(issued, 2025)))


@pytest.mark.parametrize("data", ["sqlite"], indirect=True)
def test_a_batch_was_paid_and_comes_out_the_same_months_later(told: Any) -> None:
    from zonary.foundation.facts.actions import record_fact
    from zonary.foundation.facts.rules import Claim
    from zonary.services.incentives.grants.models import AutomaticBatch
    from zonary.services.incentives.grants.repeating import replay_batch
    from zonary.services.incentives.measures.models import Measure

    assert Measure.objects.filter(state="published").count() == 100
    batch = AutomaticBatch.objects.get(public_id=told.stage.things["paid-batch"])
    assert batch.state == "settled"
    assert set(batch.grants.filter(state="paid").values_list("allocated", flat=True)) == {30_000_00}
    answered = batch.grants.exclude(state="lapsed")
    assert (batch.grants.filter(state="paid").count(), answered.count(), batch.grants.count()) == (8, 10, 16)
    newer = Claim(
        indicator="patents-utility",
        value="0",
        period=f"{told.stage.days.today}/",
        source="测试",
        consent_not_needed="测试",
    )
    officer = told.stage.acting("officer-trade", "zone", told.stage.days.made_at)
    record_fact(told.stage.organisations["maker"], newer, source_kind="officer", by=officer, at=told.stage.days.made_at)
    replay_batch(batch)  # raises at the first thing that comes out otherwise


@pytest.mark.parametrize("data", ["sqlite"], indirect=True)
def test_one_benefit_finds_the_company_unasked(told: Any) -> None:
    from zonary.services.incentives.grants.models import Grant

    owner = told.stage.acting("owner", "maker", told.stage.days.made_at)
    waiting = Grant.objects.get(
        batch__public_id=told.stage.things["waiting-batch"], subject__public_id=owner.organisation
    )
    assert (waiting.state, waiting.computed) == ("listed", 600_000_00)
    shown = html.unescape(browser(owner).get("/").content.decode())
    assert "营业收入上二亿元奖励" in shown
    mine = html.unescape(browser(owner).get("/incentives/mine").content.decode())
    assert "只差一个条件" in mine
    assert "尚缺：研发费用" in mine


@pytest.mark.parametrize("data", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["owner", "colleague"])
def test_who_looks_after_the_company_reads_in_the_inbox_that_benefits_found_it(told: Any, who: str) -> None:
    from zonary.foundation.notifications.inbox.models import Message
    from zonary.foundation.notifications.inbox.wording import address_of
    from zonary.services.incentives.matching.models import Push

    company = told.stage.organisations["maker"]
    found = Message.objects.filter(kind="matching.measure.found", person=told.stage.people[who], organisation=company)
    assert sum(each.count for each in found) == Push.objects.filter(subject__public_id=company).count() > 1
    assert all(each.count == 1 or address_of(each) == "/incentives/mine" for each in found)

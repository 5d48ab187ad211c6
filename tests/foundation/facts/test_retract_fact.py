"""What should never have been recorded is known no longer, from that moment on, and its history says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="facts need the [web] extra")

from tests.api.calls import Caller
from tests.five_accounts import browser
from tests.foundation.facts.stating import LATER, REASON, claim, declare, everyone, record, second_officer

DAY = date(2025, 6, 1)
THEN = LATER + timedelta(hours=1)


def retract(fact: Any, by: Any, at: Any = THEN, reason: str = REASON) -> Any:
    from zonary.foundation.facts.actions import retract_fact

    return retract_fact(str(fact.public_id), reason=reason, by=by, at=at)


def known(five: Any, at: Any) -> list[str]:
    from zonary.foundation.facts.queries import facts_as_of

    return [str(each.public_id) for each in facts_as_of(five.owner, five.owner.organisation, valid_on=DAY, known_at=at)]


def test_it_is_known_until_then_and_no_longer(five: Any) -> None:
    from zonary.foundation.facts.actions import read_profile
    from zonary.foundation.facts.queries import history_of, own_profile, retraction_of

    fact = declare(five)
    made = retract(fact, five.colleague)
    assert known(five, THEN - timedelta(seconds=1)) == [str(fact.public_id)]
    assert known(five, THEN) == []
    assert list(own_profile(five.owner, at=THEN)) == []
    assert not read_profile(five.owner.organisation, purpose="service", by=five.officer, at=THEN).facts
    (shown,) = history_of(five.owner, str(fact.public_id))
    assert (shown.value, retraction_of(shown)) == (fact.value, made)
    assert (made.reason, made.retracted_by) == (REASON, five.colleague.actor_id)


def test_it_is_an_act_of_its_own(five: Any) -> None:
    from zonary.foundation.ledger.queries import item_of

    entry = item_of(str(retract(declare(five), five.owner).entry))
    assert entry is not None
    assert entry.kind == "facts.fact.retracted"


def test_what_it_had_taken_the_place_of_does_not_come_back(five: Any) -> None:
    from zonary.foundation.facts.actions import correct_fact

    first = declare(five)
    second = correct_fact(str(first.public_id), claim(value="2"), reason=REASON, by=five.owner, at=LATER)
    retract(second, five.owner)
    assert known(five, THEN) == []


@pytest.mark.parametrize("is_own", [True, False])
def test_only_whose_word_it_was(five: Any, is_own: bool) -> None:
    from zonary.foundation.facts.permissions import UnknownFactError
    from zonary.proof.errors import Error

    fact = declare(five) if is_own else record(five)
    may = {"owner", "colleague"} if is_own else {"officer"}
    for name, by in everyone(five).items():
        if name not in may:
            with pytest.raises(Error) as refused:
                retract(fact, by)
            assert isinstance(refused.value, UnknownFactError), name
    assert known(five, THEN) == [str(fact.public_id)]
    retract(fact, everyone(five)[min(may)])


def test_nothing_more_is_done_with_it(five: Any) -> None:
    from zonary.foundation.facts.actions import correct_fact, dispute_fact
    from zonary.foundation.facts.permissions import FactStateError
    from zonary.foundation.facts.rules import WrongFactError

    fact = record(five)
    with pytest.raises(WrongFactError):
        retract(fact, five.officer, reason="  ")
    retract(fact, five.officer)
    public_id = str(fact.public_id)
    with pytest.raises(FactStateError):
        retract(fact, five.officer)
    with pytest.raises(FactStateError):
        correct_fact(public_id, claim(value="2"), reason=REASON, by=five.officer, at=THEN)
    with pytest.raises(FactStateError):
        dispute_fact(public_id, reason=REASON, ought="", by=five.owner, at=THEN)


def test_a_dispute_of_it_is_upheld_without_another_fact(five: Any) -> None:
    from zonary.foundation.facts.actions import answer_dispute, dispute_fact

    fact = record(five)
    dispute = dispute_fact(str(fact.public_id), reason=REASON, ought="", by=five.owner, at=LATER)
    retract(fact, five.officer)
    answered = answer_dispute(
        str(dispute.public_id), is_upheld=True, answer="It was another's", by=second_officer(five), at=THEN
    )
    assert (answered.state, answered.outcome_fact) == ("upheld", None)


def test_the_database_refuses_to_take_it_back(five: Any) -> None:
    from django.db import DatabaseError, connection, transaction

    from zonary.foundation.ledger.guard import unrecorded

    retract(declare(five), five.owner)
    for statement in ("DELETE FROM facts_retraction", "UPDATE facts_retraction SET reason = 'x'"):
        with unrecorded("what somebody with a shell would try"), pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(statement)


def test_five_accounts_at_the_api(five: Any) -> None:
    theirs, own = record(five), declare(five)
    callers = {name: Caller(by) for name, by in everyone(five).items()}
    for fact, allowed in ((theirs, "officer"), (own, "colleague")):
        where = f"/facts/{fact.public_id}"
        for name in ("rival", "outsider", "owner" if fact is theirs else "officer"):
            assert callers[name]("POST", f"{where}/retract", {"reason": "x"}).status_code == 404, name
        done = callers[allowed]("POST", f"{where}/retract", {"reason": "no such thing"})
        assert done.status_code == 200, done.content
        assert done.json()["retraction_reason"] == "no such thing"
        assert callers[allowed]("POST", f"{where}/retract", {"reason": "x"}).status_code == 409
        shown = callers["owner"]("GET", where).json()
        assert shown["retracted_at"] == done.json()["retracted_at"] is not None
    listed = callers["owner"]("GET", "/facts").json()["items"]
    assert [each["retraction_reason"] for each in listed] == ["no such thing"] * 2


def test_five_accounts_erase_by_the_api(five: Any) -> None:
    named = declare(five, indicator="legal-representative", value="林一舟", unit="")
    where = f"/facts/{named.public_id}/erase"
    for name, by in everyone(five).items():
        if name != "officer":
            assert Caller(by)("POST", where, {"reason": "x"}).status_code == 403, name
    officer = Caller(five.officer)
    assert officer("POST", f"/facts/{declare(five).public_id}/erase", {"reason": "x"}).status_code == 403
    assert officer("POST", where, {"reason": "asked for"}).status_code == 204
    assert officer("POST", where, {"reason": "again"}).status_code == 409
    assert Caller(five.owner)("GET", f"/facts/{named.public_id}").json()["value"] == ""


def test_the_pages(five: Any, demo: None) -> None:
    named = declare(five, indicator="legal-representative", value="林一舟", unit="")
    where = f"/facts/{named.public_id}"
    owner, officer = browser(five.owner), browser(five.officer)
    for name in ("owner", "colleague", "rival", "outsider"):
        assert browser(getattr(five, name)).get(f"{where}/erase").status_code == 404, name
    confirm = officer.get(f"{where}/erase")
    assert confirm.status_code == 200
    assert "林一舟" not in confirm.content.decode()
    read = officer.post(f"/facts/of/{five.enterprise.public_id}", {"purpose": "service"})
    assert f"{where}/erase" in read.content.decode()
    assert officer.post(f"{where}/erase", {"reason": ""}).status_code == 422
    assert officer.post(f"{where}/erase", {"reason": "asked for"}).status_code == 302
    assert "林一舟" not in owner.get(where).content.decode()

    assert browser(five.rival).get(f"{where}/retract").status_code == 404
    assert f"{where}/retract" in owner.get(where).content.decode()
    assert owner.post(f"{where}/retract", {"reason": "belongs to 远航"}).status_code == 302
    shown = owner.get(where).content.decode()
    assert "belongs to 远航" in shown
    assert f"{where}/retract" not in shown
    assert where not in owner.get("/facts/").content.decode()


def test_citations_are_of_documents_that_exist() -> None:
    """A citation is checked by a person once, and stands here; an indicator without one is the zone's own term."""
    from zonary.foundation.facts.indicators import INDICATORS

    assert {each.citation for each in INDICATORS.values()} == {
        "",
        "统计上大中小微型企业划分办法（2017），国统字〔2017〕213号",
        "公司法（2023 年修订）art. 47, 96",
        "高新技术企业认定管理工作指引，国科发火〔2016〕195号",
        "高新技术企业认定管理办法，国科发火〔2016〕32号",
        "专利法 art. 2",
        "商标法 art. 3",
        "国民经济行业分类 GB/T 4754—2017",
        "民法典 art. 61",
        "科技型中小企业评价办法，国科发政〔2017〕115号",
        "优质中小企业梯度培育管理暂行办法，工信部企业〔2022〕63号",
        "优质中小企业梯度培育管理办法，工信部企业〔2026〕2号",
        "综合能耗计算通则 GB/T 2589—2020",
        "外商投资法 art. 2",
        "企业所得税法 art. 2",
        "企业信息公示暂行条例",
        "市场监督管理严重违法失信名单管理办法，市场监管总局令第44号",
        "法释〔2017〕7号",
        "重大税收违法失信主体信息公布管理办法，税务总局令第54号",
    }

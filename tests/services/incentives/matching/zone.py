"""A zone with one measure: who spends on research, is not too large and keeps a reserve, gets a tenth of it back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.five_accounts import FiveAccounts
from tests.foundation.facts.stating import LATER, claim, second_officer
from tests.foundation.rules.packs import data_of, pack

THEN = LATER + timedelta(hours=2)
DAY = date(2026, 11, 20)
LONG_AFTER = datetime(2027, 5, 1, tzinfo=UTC)
PROMISED = {
    "id": "reserve",
    "name": {"zh": "研发准备金制度", "en": "set up a reserve"},
    "kind": "flag",
    "frame": "已/未",
}
RESERVE = {
    "id": "reserve",
    "article": "第四条",
    "quote": "已建立研发准备金制度",
    "sentence": "已研发准备金制度",
    "when_unknown": "promise",
}
AMOUNT = {
    "kind": "proportion",
    "name": {"zh": "奖励金额", "en": "reward"},
    "article": "第六条",
    "quote": "按上年度研发费用的10%奖励，最高20万元",
    "unit": "元",
    "of": {"reads": "上年度研发费用", "unit": "元"},
    "rate": "0.1",
    "rounding": "down",
    "step": "0.01",
    "cap": "200000",
}


def measure_pack(*, with_promise: bool = False, **changes: Any) -> dict[str, Any]:
    """The usual pack with an amount; with a clause that may be promised, if asked for."""
    usual = pack()
    (item,) = usual["items"]
    usual["tables"], usual["items"] = [AMOUNT], [{**item, "amount": "奖励金额"}]
    usual["cases"][0]["tables"] = {"奖励金额": "10万元"}
    if with_promise:
        usual["terms"] = [*usual["terms"], PROMISED]
        usual["clauses"] = [*usual["clauses"], RESERVE]
        usual["items"] = [{**usual["items"][0], "condition": {"all": ["rd", "size", "reserve"]}}]
        yes, *rest = usual["cases"]
        both = {**yes["data"], "reserve": True}
        usual["cases"] = [
            {**yes, "data": both},
            {**yes, "name": "无准备金", "data": {**both, "reserve": False}, "expected": {"support": "不符合"}},
            *rest,
        ]
    return {**usual, **changes}


def release(five: FiveAccounts, *, at: Any = LATER, second: Any = None, **changes: Any) -> Any:
    """The pack released by two officers."""
    from zonary.foundation.rules.actions import propose_pack, record_fair_competition_review, release_pack

    draft = propose_pack(data_of(measure_pack(**changes)), note="edition", by=five.officer, at=at)
    record_fair_competition_review(
        str(draft.public_id), conclusion="passes", grounds="open to all alike", by=five.officer, at=at
    )
    return release_pack(str(draft.public_id), by=second or second_of(five), at=at)


def second_of(five: FiveAccounts) -> Any:
    known = getattr(five, "_second", None)
    if known is None:
        known = second_officer(five)
        object.__setattr__(five, "_second", known)
    return known


def measure(**changes: Any) -> Any:
    """A published item card for it."""
    from zonary.common.ids import new_id
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.services.incentives.measures.models import Measure

    usual: dict[str, Any] = {
        "public_id": new_id(LATER),
        "pack": "rd-support",
        "item": "support",
        "title": "研发支持",
        "title_english": "Support for research",
        "summary": "按研发费用给予奖励",
        "summary_english": "A tenth of what was spent on research",
        "kind": "award",
        "mode": "automatic",
        "decided_here": True,
        "decided_by": "",
        "audience": [],
        "amount": "奖励金额",
        "exhaustion": "first-come",
        "stacking": "",
        "notice_workdays": 5,
        "pay_workdays": 10,
        "place": "",
        "telephone": "",
        "contact": "",
        "state": "published",
        "prepared_at": LATER,
        "published_at": LATER,
        "entry": new_id(LATER),
    }
    with unrecorded("what another part of the service does is not what is tried here"):
        return Measure.objects.create(**{**usual, **changes})


def change_waits(five: FiveAccounts, support: str, *, at: Any) -> str:
    """What an officer proposes for the money of a published card, and a second has not confirmed."""
    from dataclasses import replace

    from zonary.services.incentives.measures.actions import change_measure
    from zonary.services.incentives.measures.models import Measure
    from zonary.services.incentives.measures.queries import card_of, waiting_change

    found = Measure.objects.get(public_id=support)
    card = card_of(found)
    filled = {name: getattr(card, name) or "示例" for name in ("summary", "telephone", "contact", "title_english")}
    wanted = replace(card, **filled, audience=card.audience or ("all",), pay_workdays=found.pay_workdays + 1)
    change = waiting_change(change_measure(support, wanted, version=found.version, by=five.officer, at=at))
    assert change is not None
    return str(change.public_id)


def say(five: FiveAccounts, indicator: str, value: str, *, of: Any = None, at: Any = LATER, **more: Any) -> Any:
    """A fact an officer records about the enterprise, or about ``of``."""
    from zonary.foundation.facts.actions import record_fact

    usual = {"unit": "", "period": "2025" if indicator == "rd-expense" else "2026-01-01/"}
    subject = of or five.enterprise
    given = claim(indicator=indicator, value=value, **{**usual, **more})
    return record_fact(str(subject.public_id), given, source_kind="shared-by-authority", by=five.officer, at=at)


def spends(five: FiveAccounts, yuan: str, staff: str = "20", *, of: Any = None, at: Any = LATER) -> None:
    say(five, "rd-expense", yuan, unit="yuan", of=of, at=at)
    say(five, "staff", staff, of=of, at=at)


def promise(five: FiveAccounts, support: str, *, at: Any, clause: str = "reserve", by: Any = None) -> Any:
    """The owner promises a clause, in the Chinese words it is shown."""
    import hashlib

    from zonary.services.incentives.matching.actions import give_promise

    words = words_of(five, support, clause, at=at)
    digest = hashlib.sha256(words.encode()).hexdigest()
    return give_promise(support, clause, words_sha256=digest, by=by or five.owner, at=at)


def words_of(five: FiveAccounts, support: str, clause: str = "reserve", *, at: Any) -> str:
    from zonary.services.incentives.matching.queries import own_result
    from zonary.services.incentives.matching.wording import promise_words

    return promise_words(own_result(five.owner, support, at=at).answer, clause, in_english=False)


def latest(five: FiveAccounts, support: str) -> Any:
    from zonary.services.incentives.matching.queries import latest_decision

    return latest_decision(str(five.enterprise.public_id), support)


def three_measures(five: FiveAccounts) -> list[Any]:
    """One the enterprise has, one it is one condition short of, and one of which a datum is not known."""
    from tests.foundation.rules.packs import pack as plain

    patents = {
        "id": "patents-invention",
        "name": {"zh": "发明专利", "en": "invention patents"},
        "kind": "count",
        "unit": {"zh": "件", "en": "patent/patents"},
    }
    clause = {"id": "patents", "article": "第五条", "quote": "发明专利不少于5件", "sentence": "发明专利不低于5件"}
    (support,) = measure_pack()["items"]
    few = {"id": "few", "title": {"zh": "中小企业服务券", "en": "Vouchers"}, "condition": "size", "first": "2026-01-01"}
    skilled = {
        "id": "skilled",
        "title": {"zh": "知识产权奖励", "en": "Patent award"},
        "condition": {"all": ["size", "patents"]},
        "first": "2026-01-01",
    }
    cases = measure_pack()["cases"]
    cases[0] = {**cases[0], "data": {**cases[0]["data"], "patents-invention": "5件"}}
    cases[0]["expected"] = {"support": "符合", "few": "符合", "skilled": "符合"}
    cases[1] = {**cases[1], "data": {**cases[1]["data"], "patents-invention": "4件"}}
    cases[1]["expected"] = {"support": "不符合", "few": "符合", "skilled": "不符合"}
    release(
        five,
        terms=[*plain()["terms"], patents],
        clauses=[*plain()["clauses"], clause],
        items=[support, few, skilled],
        cases=cases,
    )
    say(five, "staff", "20")
    say(five, "patents-invention", "3")
    return [
        measure(),
        measure(item="few", title="中小企业服务券", title_english="Vouchers", amount="", kind="right"),
        measure(item="skilled", title="知识产权奖励", title_english="Patent award", amount=""),
    ]

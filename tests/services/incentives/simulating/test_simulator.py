"""Another threshold or amount: who would win and lose and what it costs, and that names are an act and numbers none."""

from __future__ import annotations

import html
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.five_accounts import browser
from tests.foundation import zone_at_work
from tests.services.incentives.matching.zone import THEN, measure, release, say, spends

pytestmark = pytest.mark.parametrize("data", ["sqlite"], indirect=True)
"""What the database answers is tried on both by the actions' own tests."""


@pytest.fixture
def at_work(demo: None, data: Any) -> None:
    zone_at_work.start(data)


@pytest.fixture
def support(five: Any, at_work: None) -> Any:
    release(five)
    spends(five, "1000000")
    spends(five, "600000", of=five.competitor)
    return measure()


def model(five: Any, support: Any) -> Any:
    from zonary.services.incentives.simulating.queries import model_of

    return model_of(five.officer, "measure", str(support.public_id), "support", at=THEN)


def outcome(five: Any, support: Any, **changes: str) -> Any:
    from zonary.services.incentives.simulating.queries import outcome

    return outcome(model(five, support), changes, at=THEN)


def test_a_lower_threshold_wins_and_costs(five: Any, support: Any) -> None:
    found = outcome(five, support, **{"rd.0": "60"})
    assert (found.now.sets.yes.count, found.then.sets.yes.count) == (1, 2)
    assert (found.winners.count, found.losers.count, found.rows) == (1, 0, 2)
    assert (found.now.cost.total, found.then.cost.total) == (10_000_000, 16_000_000)


def test_a_higher_threshold_loses_and_a_lower_cap_saves(five: Any, support: Any) -> None:
    assert outcome(five, support, **{"rd.0": "100.0001"}).losers.count == 1
    assert outcome(five, support, **{"table:奖励金额:cap": "50000"}).then.cost.total == 5_000_000
    assert outcome(five, support).winners.count == 0


def test_what_it_would_do_is_what_deciding_each_would(five: Any, support: Any) -> None:
    from zonary.engines.clauses.interpreter.asking import Asking
    from zonary.engines.clauses.interpreter.decisions import decide
    from zonary.engines.clauses.kleene import Truth
    from zonary.services.incentives.matching.queries import subjects_called
    from zonary.services.incentives.matching.queries.deciding import snapshots_of
    from zonary.services.incentives.simulating.queries import turned_model

    for rd in ("59.9999", "60", "60.0001", "100", "101"):
        found = outcome(five, support, **{"rd.0": rd})
        loaded = turned_model(model(five, support), found.pack)
        subjects = subjects_called(list(found.organizations))
        snapshots = snapshots_of(subjects, loaded, day=found.day, known_at=found.known_at)
        yes = [
            place
            for place, each in enumerate(subjects)
            if decide(loaded.plan, "support", Asking(loaded.setting, snapshots[each.pk])).truth is Truth.YES
        ]
        assert found.then.sets.yes.listed().tolist() == yes


def test_a_new_fact_is_seen_at_once(five: Any, support: Any) -> None:
    assert outcome(five, support).now.sets.yes.count == 1
    say(five, "rd-expense", "1000000", unit="yuan", of=five.competitor, at=THEN)
    assert outcome(five, support).now.sets.yes.count == 2


def test_numbers_are_no_act_and_names_are_one(five: Any, support: Any) -> None:
    from zonary.foundation.facts.queries import readings
    from zonary.foundation.ledger.models import Entry
    from zonary.services.incentives.simulating.actions import show_names

    before = Entry.objects.count()
    outcome(five, support, **{"rd.0": "60"})
    assert Entry.objects.count() == before
    named = show_names(model(five, support), {"rd.0": "60"}, side="winners", by=five.officer, at=THEN)
    assert [each.name for each in named.enterprises] == ["远航重工（虚构）"]
    assert Entry.objects.count() == before + 1
    (reading,) = readings(five.rival)
    assert {fact.indicator for fact in reading.facts.all()} == {"rd-expense", "staff"}
    assert not readings(five.owner).exists()


def test_a_draft_is_tried_before_it_is_released(five: Any, support: Any) -> None:
    from tests.foundation.rules.packs import data_of
    from tests.services.incentives.matching.zone import measure_pack

    from zonary.foundation.rules.actions import propose_pack
    from zonary.services.incentives.simulating.queries import choices, model_of
    from zonary.services.incentives.simulating.queries import outcome as outcome_of

    draft = propose_pack(data_of(measure_pack()), note="another", by=five.officer, at=THEN)
    kinds = [(each.kind, each.item) for each in choices(five.officer, at=THEN)]
    assert kinds == [("draft", "support"), ("measure", "support")]
    tried = model_of(five.officer, "draft", str(draft.public_id), "support", at=THEN)
    assert outcome_of(tried, {}, at=THEN).now.sets.yes.count == 1


def test_the_page_answers_while_typing_and_without_script(five: Any, support: Any) -> None:
    client = browser(five.officer)
    path = f"/incentives/simulator/measure/{support.public_id}/support"
    begun = client.post(f"{path}/begin", {"set.rd.0": "60"})
    assert (begun.status_code, begun.headers["Location"]) == (302, f"{path}?set.rd.0=60")
    whole = html.unescape(client.get(path, {"set.rd.0": "60"}).content.decode())
    assert "此次调整不显示新的数字" in whole
    part = client.get(path, {"set.rd.0": "60"}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section id="outcome"')
    wrong = client.get(path, {"set.rd.0": "viel"})
    assert wrong.status_code == 422
    assert "“viel”不是数字。" in html.unescape(wrong.content.decode())


def test_every_number_stands_with_its_unit_in_the_language_of_the_page(five: Any, support: Any) -> None:
    from zonary.common.language import speaking
    from zonary.services.incentives.simulating.wording import turnable

    def shown(language: str) -> list[tuple[str, str]]:
        with speaking(language):
            return [(each.unit, each.now) for each in turnable(model(five, support), {}, at=THEN)]

    assert shown("zh") == [("万元", "100万元"), ("人", "500人"), ("", "0.1 (10%)"), ("元", "200,000元")]
    assert shown("en") == [
        ("ten thousand yuan", "100 ten thousand yuan"), ("people", "500 people"), ("", "0.1 (10%)"),
        ("yuan", "200,000 yuan"),
    ]  # fmt: skip


def test_nobody_tries_out_unrecorded(five: Any, support: Any) -> None:
    from zonary.foundation.ledger.models import Entry

    client = browser(five.officer)
    path = f"/incentives/simulator/measure/{support.public_id}/support"
    for headers in ({}, {"HX-Request": "true"}):
        assert "调整后" not in client.get(path, {"set.rd.0": "60"}, headers=headers).content.decode()
    assert not Entry.objects.filter(kind="simulating.begun").exists()
    for _time in range(2):
        client.post(f"{path}/begin")
    (entry,) = Entry.objects.filter(kind="simulating.begun")
    assert (entry.actor, entry.about) == (five.officer.actor_id, str(support.public_id))
    assert "调整后" in client.get(path).content.decode()


def test_what_a_few_have_or_are_paid_is_not_shown(five: Any, support: Any) -> None:
    """One has it, and asking for another threshold or cap would tell what it spends."""
    client = browser(five.officer)
    path = f"/incentives/simulator/measure/{support.public_id}/support"
    client.post(f"{path}/begin")
    for asked in ({}, {"set.rd.0": "60"}, {"set.rd.0": "100.0001"}, {"set.table:奖励金额:cap": "50000"}):
        text = html.unescape(client.get(path, asked).content.decode())
        outcome = text[text.index('id="outcome"') :]
        assert not [
            each for each in ("100,000 元", "60,000 元", "50,000 元", "费用增加", "费用减少") if each in outcome
        ]
        assert ("此次调整不显示新的数字" if asked else "1 至 4 家企业的数字不显示") in outcome


def test_names_and_their_table(five: Any, support: Any) -> None:
    client = browser(five.officer)
    path = f"/incentives/simulator/measure/{support.public_id}/support/names"
    asked = {"set.rd.0": "60", "side": "winners"}
    assert "远航重工（虚构）" in client.post(path, asked).content.decode()
    table = client.post(path, {**asked, "format": "csv"}).content.decode("utf-8-sig")
    assert table.splitlines()[1].startswith("91430100MA4L9ABC2E,远航重工（虚构）,")
    before = len(zone_at_work.acts("simulating.names.shown"))
    assert client.post(path, {**asked, "side": "losers"}).status_code == 409
    # That it is nobody is an answer about enterprises, too: it is on record as any other.
    assert len(zone_at_work.acts("simulating.names.shown")) == before + 1


@pytest.mark.parametrize("who", ["owner", "rival", "outsider"])
def test_it_is_for_officers(five: Any, support: Any, who: str) -> None:
    client = browser(getattr(five, who))
    path = f"/incentives/simulator/measure/{support.public_id}/support"
    told = client.get("/incentives/simulator/", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert told.status_code == 403
    assert "Rules are tried out by owners and agents of the zone authority." in told.content.decode()
    assert "“My benefits”" in told.content.decode()
    # Whether there is such an item is told nobody else.
    for unknown in (path, path.replace(str(support.public_id), str(five.enterprise.public_id))):
        assert client.get(unknown).status_code == 403
    assert client.post(f"{path}/begin").status_code == 403
    assert client.post(f"{path}/names", {"side": "winners"}).status_code == 403
    assert zone_at_work.acts("simulating.begun") == zone_at_work.acts("simulating.names.shown") == []


def test_items_are_found_by_words_and_kind_under_their_document(five: Any, support: Any) -> None:
    from tests.services.incentives.documents import record

    from zonary.foundation.ledger.guard import unrecorded

    right = measure(item="right", title="法律服务券", title_english="Vouchers for legal advice", kind="right",
                    summary="小微企业")  # fmt: skip
    words = record(five.officer, at=THEN).document
    with unrecorded("what another part of the service does is not what is tried here"):
        right.document = words
        right.save()
    client = browser(five.officer)

    def shown(**asked: str) -> list[bool]:
        page = html.unescape(client.get("/incentives/simulator/", asked | {"lang": "en"}).content.decode())
        return ["Support for research</a>" in page, "Vouchers for legal advice</a>" in page]

    assert shown() == [True, True]
    assert shown(q="legal VOUCHERS") == [False, True]
    assert shown(q="小微") == [False, True]
    assert shown(q=words.number) == [False, True]
    assert shown(gives="award") == [True, False]
    assert shown(q="券", gives="award") == [False, False]
    assert shown(gives="nothing") == [True, True]
    page = html.unescape(client.get("/incentives/simulator/?q=nowhere&lang=en").content.decode())
    assert "Nothing here has these words" in page
    assert 'value="nowhere"' in page
    whole = html.unescape(client.get("/incentives/simulator/?lang=zh").content.decode())
    assert f"{words.title}（{words.number}） (1)" in whole
    assert "无政策文件 (1)" in whole


def test_what_was_told_today_is_remembered_for_the_next_trial(five: Any, support: Any, data: Any) -> None:
    """Each of two trials would be told alone; by both one would know the two enterprises between them."""
    from zonary.services.incentives.simulating import remembering
    from zonary.services.incentives.simulating.remembering import tell

    _many(five, 30)
    tried, found = model(five, support), {}
    for rd in ("16", "14", "21.0", "21", "16.000", "6"):
        found[rd] = tell(five.officer, tried, {"rd.0": rd}, at=THEN)[1]
        remembering._kept.clear()  # as in another process, or after a restart
    told = {rd: not each.is_nothing for rd, each in found.items()}
    assert told == {"16": True, "14": False, "21.0": True, "21": True, "16.000": True, "6": True}
    assert found["16"] == found["16.000"]
    assert found["16"].then.yes - found["21"].then.yes == 5
    other = tell(paying_second(five), tried, {"rd.0": "14"}, at=THEN)[1]
    assert not other.is_nothing


def paying_second(five: Any) -> Any:
    from tests.services.incentives.grants.paying import second

    return second(five)


def _many(five: Any, count: int) -> None:
    """So many more enterprises; the n-th spent n times ten thousand yuan, and a little."""
    from datetime import timedelta

    from tests.services.incentives.matching.zone import LATER

    from zonary.common.ids import new_id
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.foundation.organizations.models import Organization

    for number in range(1, count + 1):
        at = LATER + timedelta(milliseconds=number)
        with unrecorded("enterprises as a registry would have entered them; that one is entered is tried elsewhere"):
            made = Organization.objects.get(pk=five.competitor.pk)
            made.pk, made.public_id, made.name, made.uscc = None, new_id(at), f"第 {number} 家（虚构）", None
            made.save(force_insert=True)
        spends(five, f"{number}0001", of=made, at=LATER)

"""A rule pack decides only when two people, a fair-competition review and every test case agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="rule packs need the [web] extra")

from tests.foundation.facts.stating import LATER, second_officer
from tests.foundation.rules.packs import CASES, data_of, pack

THEN = LATER + timedelta(hours=1)


def propose(five: Any, **changes: Any) -> Any:
    from zonary.foundation.rules.actions import propose_pack

    return propose_pack(data_of(pack(**changes)), note="first edition", by=five.officer, at=LATER)


def review(five: Any, draft: Any, conclusion: str = "passes") -> Any:
    from zonary.foundation.rules.actions import record_fair_competition_review

    grounds = "open to every enterprise of the zone alike"
    return record_fair_competition_review(
        str(draft.public_id), conclusion=conclusion, grounds=grounds, by=five.officer, at=LATER
    )


def release(draft: Any, by: Any) -> Any:
    from zonary.foundation.rules.actions import release_pack

    return release_pack(str(draft.public_id), by=by, at=THEN)


def test_two_officers_and_a_review_release_a_pack(five: Any) -> None:
    from zonary.foundation.ledger.queries import item_of
    from zonary.foundation.rules.queries import release_in_force

    draft = propose(five)
    review(five, draft)
    made = release(draft, second_officer(five))
    assert (made.number, made.digest, made.content) == (1, draft.digest, draft.content)
    assert release_in_force("rd-support", at=THEN) == made
    assert item_of(str(made.entry)).kind == "rules.pack.released"


def test_what_was_released_is_the_same_bytes_however_it_was_written(five: Any) -> None:
    import hashlib

    from zonary.foundation.rules.actions import propose_pack

    first = propose(five)
    turned = dict(reversed(pack().items()))
    second = propose_pack(data_of(turned), note="again", by=five.officer, at=LATER)
    assert first.digest == second.digest == hashlib.sha256(first.content.encode()).hexdigest()


def test_who_proposed_it_cannot_release_it(five: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError

    draft = propose(five)
    review(five, draft)
    with pytest.raises(NotAllowedError, match="another officer has to release it"):
        release(draft, five.officer)


@pytest.mark.parametrize("who", ["owner", "colleague", "rival", "outsider"])
def test_nobody_but_officers_proposes_reviews_or_releases(five: Any, who: str) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.foundation.rules.actions import propose_pack, record_fair_competition_review
    from zonary.foundation.rules.models import FairCompetitionReview, PackDraft

    draft = propose(five)
    stranger = getattr(five, who)
    with pytest.raises(NotAllowedError):
        propose_pack(data_of(pack()), note="mine", by=stranger, at=LATER)
    with pytest.raises(NotAllowedError):
        record_fair_competition_review(
            str(draft.public_id), conclusion="passes", grounds="of course", by=stranger, at=LATER
        )
    with pytest.raises(NotAllowedError):
        release(draft, stranger)
    assert (PackDraft.objects.count(), FairCompetitionReview.objects.count()) == (1, 0)


@pytest.mark.parametrize("conclusion", [None, "fails"])
def test_without_a_review_that_lets_it_pass_nothing_is_released(five: Any, conclusion: str | None) -> None:
    from zonary.foundation.rules.permissions import PackStateError

    draft = propose(five)
    if conclusion:
        review(five, draft)
        review(five, draft, conclusion)  # the later one counts
    with pytest.raises(PackStateError, match="fair-competition review"):
        release(draft, second_officer(five))


def _uncited() -> dict[str, Any]:
    rd, size = pack()["clauses"]
    return {"clauses": [{**rd, "quote": ""}, size]}


def _untested() -> dict[str, Any]:
    return {"cases": [case for case in pack()["cases"] if case["name"] != "多一个人"]}


def _otherwise() -> dict[str, Any]:
    first, *rest = pack()["cases"]
    return {"cases": [{**first, "expected": {"support": "不符合"}}, *rest]}


def _contradicting() -> dict[str, Any]:
    rd, size = pack()["clauses"]
    never = {**size, "id": "many", "sentence": "从业人员超过600人"}
    (item,) = pack()["items"]
    return {"clauses": [rd, size, never], "items": [{**item, "condition": {"all": ["rd", "size", "many"]}}]}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (_uncited, "does not say where it stands"),
        (_untested, "has no test case in which it comes to “不符合”"),
        (_otherwise, "comes to “符合” and not to “不符合”"),
        (_contradicting, "contradict each other"),
    ],
)
def test_a_pack_with_a_finding_is_proposed_and_not_released(five: Any, changes: Any, reason: str) -> None:
    from zonary.foundation.rules.models import PackRelease
    from zonary.foundation.rules.permissions import PackStateError

    draft = propose(five, **changes())
    review(five, draft)
    with pytest.raises(PackStateError, match=reason):
        release(draft, second_officer(five))
    assert not PackRelease.objects.exists()


def test_a_sentence_that_cannot_be_read_is_not_even_proposed(five: Any) -> None:
    from zonary.engines.clauses.errors import PackError
    from zonary.foundation.rules.models import PackDraft

    rd, size = pack()["clauses"]
    with pytest.raises(PackError, match=r"clauses\[0\] \(rd\): "):
        propose(five, clauses=[{**rd, "sentence": "上年度研发费用大概有100万元"}, size])
    assert not PackDraft.objects.exists()


def test_a_draft_is_released_or_withdrawn_once(five: Any) -> None:
    from zonary.foundation.rules.actions import withdraw_pack
    from zonary.foundation.rules.permissions import PackStateError

    draft = propose(five)
    review(five, draft)
    withdraw_pack(str(draft.public_id), reason="a new draft follows", by=five.officer, at=LATER)
    with pytest.raises(PackStateError, match="released or withdrawn"):
        release(draft, second_officer(five))


def test_the_release_in_force_is_the_latest_by_then(five: Any) -> None:
    from zonary.foundation.rules.permissions import UnknownPackError
    from zonary.foundation.rules.queries import release_in_force

    other = second_officer(five)
    for title in ("第一版", "第二版"):
        draft = propose(five, title={"zh": title, "en": "Edition"})
        review(five, draft)
        release(draft, other)
    assert release_in_force("rd-support", at=THEN).number == 2
    with pytest.raises(UnknownPackError):
        release_in_force("rd-support", at=THEN - timedelta(seconds=1))


def test_a_release_and_a_review_are_never_changed(five: Any) -> None:
    from django.db import DatabaseError, connection, transaction

    from zonary.foundation.ledger.guard import unrecorded

    draft = propose(five)
    review(five, draft)
    release(draft, second_officer(five))
    for statement in (
        "UPDATE rules_packrelease SET digest = 'x'",
        "DELETE FROM rules_packrelease",
        "UPDATE rules_faircompetitionreview SET conclusion = 'fails'",
        "DELETE FROM rules_faircompetitionreview",
    ):
        with (
            unrecorded("what somebody with a shell would try"),
            pytest.raises(DatabaseError, match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_cases_of_the_sample_are_what_it_says(five: Any) -> None:
    from zonary.engines.clauses.checks.release import findings_of
    from zonary.engines.clauses.language import parse
    from zonary.engines.clauses.packs.reading import read_pack, read_shape

    read = read_pack(read_shape(data_of(pack())), parse)
    assert len(read.cases) == len(CASES)
    assert findings_of(read, today=THEN.date()) == ()


def test_who_saved_it_while_it_was_written_does_not_release_it_for_who_proposed(five: Any) -> None:
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.foundation.rules.actions import propose_pack

    writer = second_officer(five)
    by = {"by": five.officer, "at": LATER}
    draft = propose_pack(data_of(pack()), note="from the editor", written_by=[writer.actor_id], **by)
    review(five, draft)
    with pytest.raises(NotAllowedError, match="wrote some of this rule pack"):
        release(draft, writer)


ALTERNATIVE = "上年度研发费用不低于100万元，或者从业人员不少于500人"
LITTLE, FEW = "上年度研发费用低于100万元", "从业人员少于500人"


def reasons(sentences: list[str], condition: Any = None, **changes: Any) -> list[tuple[bool, str]]:
    """What is found in a pack of these clauses, of which all are asked."""
    from zonary.engines.clauses.checks.release import findings_of
    from zonary.engines.clauses.language import parse
    from zonary.engines.clauses.packs.reading import read_pack, read_shape

    clauses = [
        {"id": f"c{index}", "article": "第三条", "quote": each, "sentence": each}
        for index, each in enumerate(sentences)
    ]
    wanted = condition or {"all": [each["id"] for each in clauses]}
    made = pack(clauses=clauses, items=[{**pack()["items"][0], "condition": wanted}], cases=[], **changes)
    found = findings_of(read_pack(read_shape(data_of(made)), parse), today=THEN.date())
    return [(each.is_blocking, str(each.reason)) for each in found]


def nobody_meets(*found: Any, **changes: Any) -> str:
    (said,) = [text for is_blocking, text in reasons(*found, **changes) if is_blocking and "Nobody can meet" in text]
    return said


def test_clauses_that_contradict_only_together_are_named_and_no_others() -> None:
    harmless = [f"从业人员超过{number}人" for number in range(5)]
    said = nobody_meets([*harmless, ALTERNATIVE, LITTLE, *harmless, FEW, *harmless])
    assert f"cannot be met together. Mend one of them: “{ALTERNATIVE}”, “{LITTLE}”, “{FEW}”" in said
    assert "从业人员超过" not in said


def test_contradicting_clauses_are_named_beside_a_choice_and_behind_many_others() -> None:
    condition = {"all": ["c0", "c1", {"any": ["c2", "c3"]}]}
    pair = f"“{FEW}” and “从业人员不少于500人” contradict each other"
    assert pair in nobody_meets([FEW, "从业人员不少于500人", LITTLE, ALTERNATIVE], condition)
    many = [f"上年度研发费用不低于{number}万元" for number in range(1, 25)]
    assert pair in nobody_meets([*many, FEW, *many, "从业人员不少于500人"][-28:])
    everything = [*many, *many, FEW, *many, "从业人员不少于500人"]  # more than are compared: in general words
    assert "its clauses contradict each other" in nobody_meets(everything)


def test_a_share_above_the_whole_is_refused_where_its_term_is_never_more() -> None:
    from zonary.engines.clauses.errors import PackError

    def share(high: int | None) -> dict[str, Any]:
        term = {"id": "foreign", "name": {"zh": "外资股比", "en": "foreign share"}, "kind": "share"}
        return {"terms": [*pack()["terms"], term | ({"high": high} if high else {})]}

    sentence = ["外资股比不低于300%"]
    with pytest.raises(PackError, match="No enterprise can meet 300%"):
        reasons(sentence, **share(1_000_000))
    assert not [text for _is_blocking, text in reasons(sentence, **share(None)) if "Nobody" in text]


def test_parameters_with_sample_values_are_named_in_the_readers_language() -> None:
    from zonary.common.language import translate
    from zonary.engines.clauses.checks.release import findings_of
    from zonary.engines.clauses.language import parse
    from zonary.engines.clauses.packs.reading import read_pack, read_shape

    value = {"first": "2020-01-01", "recorded_at": "2020-01-01T00:00:00Z", "citation": "第三条", "sample": True,
             "amount": "100万元"}  # fmt: skip
    named = [
        {"name": "研发门槛", "english": "least R&D spending", "values": [value]},
        {"name": "另一门槛", "values": [value]},
    ]
    made = pack(parameters=named)
    found = findings_of(read_pack(read_shape(data_of(made)), parse), today=THEN.date())
    (told,) = [each.reason for each in found if "sample values" in each.reason.msgid]
    assert "“least R&D spending”, “另一门槛”." in translate(told.msgid, "en", told.params)
    assert "研发门槛、另一门槛" in translate(told.msgid, "zh", told.params)


def test_items_tables_and_expired_parameters_are_named_in_the_readers_language() -> None:
    from zonary.common.language import translate
    from zonary.engines.clauses.checks.release import findings_of
    from zonary.engines.clauses.language import parse
    from zonary.engines.clauses.packs.reading import read_pack, read_shape

    value = {"first": "2020-01-01", "last": "2021-01-01", "recorded_at": "2020-01-01T00:00:00Z",
             "citation": "第三条", "amount": "100万元"}  # fmt: skip
    clause = {"id": "rd", "article": "第二条", "quote": "x", "sentence": "上年度研发费用不低于【研发门槛】"}
    table = {"kind": "rows", "name": {"zh": "补贴金额", "en": "Subsidy"}, "article": "第三条", "quote": "x",
             "unit": "万元", "choose": "unique", "columns": [{"reads": "上年度研发费用", "unit": "万元"}],
             "rows": [{"when": ["100（含）以上"], "gives": "5"}]}  # fmt: skip
    item = pack()["items"][0] | {"condition": "rd"}
    parameter = {"name": "研发门槛", "english": "least R&D spending", "values": [value]}
    made = pack(parameters=[parameter], clauses=[clause], tables=[table], items=[item])
    found = findings_of(read_pack(read_shape(data_of(made)), parse), today=THEN.date())
    english = [translate(each.reason.msgid, "en", each.reason.params) for each in found]
    chinese = [translate(each.reason.msgid, "zh", each.reason.params) for each in found]
    for expected in (
        "The parameter “least R&D spending” has no value on",
        "In the test case “都符合” the item “Support for research” is not asked: The parameter “least R&D spending”",
        "No row of “Subsidy” matches where",
        "No test case says what the table “Subsidy” gives.",
    ):
        assert any(expected in each for each in english), (expected, english)
    for told in english:
        assert not any(name in told for name in ("研发支持", "补贴金额", "研发门槛”")), told
    assert any("参数“研发门槛”" in each for each in chinese)
    assert any("补贴金额" in each for each in chinese)
    assert not any("Subsidy" in each for each in chinese)

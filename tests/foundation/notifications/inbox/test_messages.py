"""What happens is told to those it concerns, with the act itself, and to nobody else."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="messages need the [web] extra")

from tests.filled_zone import register_evidence
from tests.five_accounts import ADDRESSES, browser
from tests.foundation import zone_at_work
from tests.foundation.facts.stating import LATER, REASON, claim, record, second_officer
from tests.foundation.organizations import listed as registry


def told(who: Any, *, all: bool = False) -> list[tuple[str, str]]:
    """Kind and sentence of what somebody is told as whom they act for."""
    from zonary.common.language import speaking
    from zonary.foundation.notifications.inbox.queries import inbox, names_in, unread
    from zonary.foundation.notifications.inbox.wording import sentence_of

    rows = list((inbox(who) if all else unread(who)).order_by("public_id"))
    with speaking("en"):
        return [(each.kind, sentence_of(each, names_in(rows))) for each in rows]


def kinds(who: Any) -> set[str]:
    return {kind for kind, _sentence in told(who)}


def dispute(five: Any) -> Any:
    from zonary.foundation.facts.actions import dispute_fact

    fact = record(five)
    return dispute_fact(str(fact.public_id), reason=REASON, ought="", by=five.owner, at=LATER)


def answer(made: Any, by: Any) -> Any:
    from zonary.foundation.facts.actions import answer_dispute

    return answer_dispute(str(made.public_id), is_upheld=False, answer=REASON, by=by, at=LATER)


def test_a_dispute_goes_to_the_officers_and_its_answer_to_the_enterprise(five: Any) -> None:
    other = second_officer(five)
    made = dispute(five)
    assert "facts.fact.disputed" in kinds(five.officer)
    assert "facts.fact.disputed" in kinds(other)
    assert told(five.owner) == [
        ("organizations.invitation.accepted", "Somebody accepted an invitation and acts for 星河精工（虚构） now."),
        ("facts.fact.recorded", "The zone recorded a fact about your organisation. Dispute it if it is wrong."),
    ]
    answer(made, other)
    for who in (five.owner, five.colleague):
        assert (
            "facts.dispute.answered",
            "The zone answered your dispute: the fact stands. The answer says why.",
        ) in told(who)
    for who in (five.rival, five.outsider):
        assert not {kind for kind in kinds(who) if kind.startswith("facts.")}


def test_a_claim_goes_to_the_officers_and_the_decision_to_the_claimant_alone(five: Any) -> None:
    enterprise = registry.list_enterprises(five)[0]
    made = registry.claim(enterprise, five.outsider)
    said = f"Somebody says that they act for {enterprise.name}. Compare and decide."
    assert ("organizations.organization.claimed", said) in told(five.officer)
    registry.decide(made, five.officer, compared="licence-seen")
    assert told(five.outsider) == [
        (
            "organizations.claim.decided",
            f"Your claim was confirmed: you act for {enterprise.name} from now on.",
        )
    ]
    for who in (five.owner, five.rival):
        assert "organizations.claim.decided" not in kinds(who)


def test_of_what_is_told_at_once_of_several_organisations_none_is_called_somebody(five: Any) -> None:
    from zonary.common.language import speaking
    from zonary.foundation.notifications.inbox.models import Message
    from zonary.foundation.notifications.inbox.queries import names_in
    from zonary.foundation.notifications.inbox.wording import sentence_of

    usual = {"kind": "organizations.organization.claimed", "place": 0}
    several, unknown = Message(**usual, count=2), Message(**usual, names=str(five.owner.person))
    said: list[list[str]] = []
    for language in ("en", "zh"):
        with speaking(language):
            said.append([sentence_of(each, names_in([each])) for each in (several, unknown)])
    assert said[0][0] == "Somebody says that they act for more than one organisation. Compare and decide."
    assert said[1][0] == "有人认领了多家机构，请核对并审核。"
    assert "有人认领了有人" not in "".join(said[1])


def test_a_deadline_is_told_once_when_near_and_once_when_missed_then_also_to_who_waits(five: Any) -> None:
    from zonary.common.clock import zone_date
    from zonary.foundation.deadlines.actions import DeadlineError, tell_of_deadline
    from zonary.foundation.deadlines.models import Deadline
    from zonary.foundation.deadlines.queries import untold
    from zonary.foundation.ledger.actors import SYSTEM

    dispute(five)
    deadline = Deadline.objects.get()
    assert deadline.due is not None
    left = deadline.due - zone_date(LATER)
    for days, kind in ((left.days - 4, ""), (left.days - 3, "neared"), (left.days, ""), (left.days + 1, "missed")):
        at = LATER + timedelta(days=days)
        found = [each for rows in untold(zone_date(at)) for each in rows]
        assert len(found) == (1 if kind else 0), (days, kind)
        for each in found:
            tell_of_deadline(each, by=SYSTEM, at=at)
            with pytest.raises(DeadlineError):
                tell_of_deadline(each, by=SYSTEM, at=at)
            assert f"deadlines.deadline.{kind}" in kinds(five.officer)
        for who in (five.owner, five.colleague):
            waited = [said for each, said in told(who) if each.startswith("deadlines.")]
            missed = "The zone missed the day by which it owed you an answer. Its officers were told, too."
            assert waited == ([missed] if kind == "missed" else [])
    assert not {kind for who in (five.rival, five.outsider) for kind in kinds(who) if kind.startswith("deadlines.")}


def test_what_is_shared_and_no_longer_shared_is_told_to_whom_it_was(five: Any) -> None:
    from zonary.common.clock import zone_date
    from zonary.services.evidence.sharing.actions import end_share, share_evidence

    made = register_evidence(five.owner, 1, LATER)
    rival, until = str(five.competitor.public_id), zone_date(LATER) + timedelta(days=30)
    for _anew in range(2):
        share, _secret = share_evidence("record", made, grantee=rival, until=until, by=five.owner, at=LATER)
    name = "星河精工（虚构）"
    assert told(five.rival) == 2 * [("sharing.evidence.shared", f"{name} shares evidence with you.")]
    end_share(str(share.public_id), by=five.owner, at=LATER)
    assert len(told(five.rival)) == 3
    assert ("sharing.share.ended", f"{name} no longer shares evidence with you.") in told(five.rival)
    assert not {kind for kind in kinds(five.outsider) if kind.startswith("sharing.")}


def test_published_evidence_is_told_once_a_day_to_each_holder_and_by_mail_only_to_who_chose_it(
    five: Any, data: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.conf import settings

    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.notifications.inbox.actions import Chosen, choose_channels
    from zonary.foundation.notifications.inbox.models import Posting
    from zonary.services.evidence.actions import tell_of_published
    from zonary.services.evidence.tasks import untold

    monkeypatch.setattr(settings, "ZONARY_SENDS_MAIL", True)
    kind = "evidence.published"
    chosen = Chosen(mailing="now", kinds={kind: "now"})
    choose_channels(chosen, by=five.colleague, at=LATER)
    for who, number in ((five.owner, 1), (five.owner, 2), (five.rival, 3)):
        register_evidence(who, number, LATER)
    next_day = LATER + timedelta(days=1)
    assert untold(at=next_day) is None  # nothing of it is published yet
    zone_at_work.start(data)
    assert untold(at=LATER) is None  # the day is not over
    found = untold(at=next_day)
    assert found is not None
    tell_of_published(found.since, found.until, by=SYSTEM, at=next_day)
    for who, count in ((five.owner, 1), (five.colleague, 1), (five.rival, 1), (five.officer, 0), (five.outsider, 0)):
        assert [each for each, _said in told(who)].count(kind) == count
    assert [each.message.person.name for each in Posting.objects.filter(message__kind=kind)] == ["colleague"]
    assert untold(at=next_day) is None
    register_evidence(five.rival, 4, next_day)
    assert untold(at=next_day) is None


def test_what_was_undone_was_told_to_nobody(five: Any) -> None:
    from zonary.foundation.facts.actions import answer_dispute
    from zonary.foundation.ledger.recording import action
    from zonary.foundation.notifications.inbox.models import Message, Posting

    made = dispute(five)
    other = second_officer(five)
    before = Message.objects.count(), Posting.objects.count()

    @action
    def fails() -> None:
        answer_dispute(str(made.public_id), is_upheld=False, answer=REASON, by=other, at=LATER)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert (Message.objects.count(), Posting.objects.count()) == before


def test_what_was_undone_alone_inside_an_act_that_stands_was_told_to_nobody(five: Any) -> None:
    from django.db import transaction

    from zonary.foundation.facts.actions import record_fact
    from zonary.foundation.ledger.recording import action, record
    from zonary.foundation.organizations.events import DepartmentOpened

    @action
    def half() -> None:
        with suppress(LookupError), transaction.atomic():
            record_fact(str(five.enterprise.public_id), claim(), source_kind="officer", by=five.officer, at=LATER)
            raise LookupError
        record(DepartmentOpened(department="x", name="x"), by=five.officer, about="x", at=LATER)

    half()
    assert "facts.fact.recorded" not in kinds(five.owner)


def test_many_alike_are_one_message(five: Any) -> None:
    from zonary.foundation.facts.actions import import_facts
    from zonary.foundation.facts.actions.importing import ImportRow
    from zonary.foundation.notifications.inbox.queries import inbox
    from zonary.foundation.notifications.inbox.wording import address_of

    rows = [
        ImportRow(number, five.enterprise.uscc, claim(period=str(2018 + number), source="tax office"))
        for number in range(1, 6)
    ]
    import_facts(rows, source="tax office", sharing_basis="", consent_not_needed="x", by=five.officer, at=LATER)
    (message,) = inbox(five.owner).filter(kind="facts.fact.recorded")
    assert message.count == 5
    assert address_of(message) == "/facts/"


def test_whoever_did_it_is_not_told(five: Any) -> None:
    from zonary.foundation.organizations.actions import invite_member

    invite_member(role="reader", email=ADDRESSES["rival"], until=None, by=five.owner, at=LATER)
    assert "organizations.member.invited" not in kinds(five.owner)
    assert kinds(_themselves(five.rival)) == {"organizations.member.invited"}
    assert "organizations.member.invited" not in kinds(five.rival)  # not the business of whom they act for


def _themselves(who: Any) -> Any:
    from zonary.foundation.organizations.standing import Standing

    return Standing(person=who.person)


def test_a_message_of_anothers_is_nobodys_to_open_or_to_mark(five: Any) -> None:
    from zonary.foundation.notifications.inbox.models import Message
    from zonary.foundation.notifications.inbox.queries import inbox

    dispute(five)
    message = inbox(five.officer).get(kind="facts.fact.disputed")
    for who in (five.owner, five.colleague, five.rival, five.outsider):
        assert browser(who).get(f"/inbox/{message.public_id}").status_code == 404
        assert browser(who).post("/inbox/read").status_code == 302
    assert Message.objects.get(pk=message.pk).read_at is None


def test_a_link_leads_to_the_thing_and_asks_to_switch_first(five: Any, demo: None) -> None:
    from zonary.foundation.notifications.inbox.queries import inbox

    made = dispute(five)
    message = inbox(five.officer).get(kind="facts.fact.disputed")
    address = f"/inbox/{message.public_id}"
    elsewhere = browser(_themselves(five.officer))
    page = elsewhere.get(address, headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "To read on, act for it." in page.content.decode()
    assert 'value="/inbox/' in page.content.decode()
    answer = browser(five.officer).get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/facts/disputes/{made.public_id}")
    message.refresh_from_db()
    assert message.read_at is not None
    nobody = browser(None).get(address)
    assert nobody["Location"].endswith(f"?next={address}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_has_what_is_unread_and_how_much_waits_elsewhere(five: Any, demo: None, language: str) -> None:
    dispute(five)
    page = browser(five.officer).get(f"/inbox/?lang={language}").content.decode()
    assert {"zh": "对一项事实提出异议", "en": "disputes a fact"}[language] in page
    alone = browser(_themselves(five.officer)).get(f"/inbox/?lang={language}").content.decode()
    assert {"zh": "示例片区管委会有 1 条未读", "en": "Unread for 示例片区管委会: 1"}[language] in alone
    reading = browser(five.officer)
    assert {"zh": "1 条未读", "en": "1 unread"}[language] in reading.get(f"/claims/?lang={language}").content.decode()
    assert reading.post("/inbox/read").status_code == 302
    assert told(five.officer) == []
    assert told(five.officer, all=True)
    empty = reading.get(f"/inbox/?lang={language}").content.decode()
    assert {"zh": "消息已全部阅读", "en": "Everything is read"}[language] in empty


def test_every_notice_has_chinese_and_leads_somewhere(migrated: Any) -> None:
    from django.urls import reverse

    from zonary.common.language import CATALOGUE
    from zonary.foundation.ledger.notices import NOTICES
    from zonary.foundation.organizations.happenings import HAPPENINGS

    assert len(NOTICES) > 20
    for kind, notices in NOTICES.items():
        assert kind in HAPPENINGS
        for notice in notices:
            assert notice.sentence in CATALOGUE, notice.sentence
            if notice.page:
                assert reverse(notice.page, args=["x"] if notice.argument else [])
            if notice.many:
                assert reverse(notice.many)
            assert ("{organisation}" in notice.sentence) or notice.names is None


def test_an_erased_person_leaves_nothing_here(five: Any) -> None:
    from zonary.foundation.accounts.actions import close_account, erase_person
    from zonary.foundation.notifications.inbox.actions import Chosen, choose_channels
    from zonary.foundation.notifications.inbox.models import Choice, Message, Posting, Wishes

    enterprise = registry.list_enterprises(five)[0]
    registry.decide(registry.claim(enterprise, five.outsider), five.officer, compared="", answer="no")
    chosen = Chosen(mailing="daily", handle="13800000000", kinds={"organizations.claim.decided": "now"})
    choose_channels(chosen, by=five.outsider, at=LATER)
    person = five.outsider.person
    assert Message.objects.filter(person__public_id=person).exists()
    close_account(person, reason="", by=five.outsider, at=LATER)
    erase_person(person, reason="", by=five.outsider, at=LATER + timedelta(days=200))
    for table in (Message, Wishes, Choice):
        assert not table.objects.filter(person__public_id=person).exists()
    assert not Posting.objects.filter(message__person__public_id=person).exists()

"""Reading is an act: with a purpose each fact allows, on record, and for outsiders only what was handed to them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="facts need the [web] extra")

from tests.five_accounts import RIVAL_USCC
from tests.foundation.facts.stating import LATER, claim, declare, everyone, record

UNTIL = date(2026, 12, 31)


def read(five: Any, by: Any, purpose: str = "policy", **options: Any) -> Any:
    from zonary.foundation.facts.actions import read_profile

    at = options.pop("at", LATER)
    return read_profile(str(five.enterprise.public_id), purpose=purpose, by=by, at=at, **options)


def share(five: Any, **options: Any) -> Any:
    from zonary.foundation.facts.actions import share_profile

    given = {"indicators": ["revenue"], "purpose": "finance", "until": UNTIL, "by": five.owner, "at": LATER, **options}
    return share_profile(RIVAL_USCC, **given)


def test_an_officer_reads_what_the_purpose_reaches_and_the_enterprise_sees_it(five: Any) -> None:
    from zonary.foundation.facts.queries import readings
    from zonary.foundation.ledger.queries import item_of

    open_one, limited = record(five), record(five, indicator="staff", value="7", unit="", use_limit=("statistics",))
    profile = read(five, five.officer, occasion="case 12")
    assert [fact.pk for fact in profile.facts] == [open_one.pk]
    assert profile.withheld == 1
    assert [fact.pk for fact in read(five, five.officer, "statistics").facts] == [open_one.pk, limited.pk]
    for reader in (five.owner, five.colleague):
        listed = list(readings(reader))
        assert [each.purpose for each in listed] == ["statistics", "policy"]
        assert listed[1].occasion == "case 12"
        assert listed[1].organization == five.authority
        assert [fact.pk for fact in listed[1].facts.all()] == [open_one.pk]
    for reader in (five.rival, five.officer, five.outsider):
        assert not readings(reader).exists()
    item = item_of(str(profile.reading.entry))
    assert item is not None
    assert json.loads(item.body)["facts"] == [str(open_one.public_id)]
    assert item.kind == "facts.profile.read"


def test_what_a_rule_was_asked_about_is_recorded_as_read(five: Any) -> None:
    from zonary.foundation.facts.actions import record_facts_read
    from zonary.foundation.facts.permissions import UnknownFactError
    from zonary.foundation.facts.queries import readings
    from zonary.foundation.facts.rules import WrongFactError
    from zonary.foundation.organizations.permissions import NotAllowedError

    subject, fact = str(five.enterprise.public_id), record(five)
    limited = record(five, indicator="staff", value="7", unit="", use_limit=("statistics",))

    def note(ids: list[str], *, by: Any = five.officer, about: str = subject) -> Any:
        return record_facts_read(about, ids, purpose="policy", occasion="batch 7", by=by, at=LATER)

    made = note([str(fact.public_id), str(fact.public_id)])
    (listed,) = readings(five.owner)
    assert (str(listed.public_id), listed.purpose, listed.occasion) == (str(made.public_id), "policy", "batch 7")
    assert [each.pk for each in listed.facts.all()] == [fact.pk]
    with pytest.raises(WrongFactError, match="may be read for that purpose"):
        note([str(limited.public_id)])
    with pytest.raises(UnknownFactError):
        note([str(fact.public_id)], about=str(five.competitor.public_id))
    with pytest.raises(UnknownFactError):
        note(["x"])
    for who in (five.rival, five.outsider, five.owner):
        with pytest.raises(NotAllowedError):
            note([str(fact.public_id)], by=who)
    assert readings(five.owner).count() == 1


def test_a_reading_needs_a_purpose_of_the_dictionary(five: Any) -> None:
    from zonary.foundation.facts.models import Reading
    from zonary.foundation.facts.rules import WrongFactError

    for purpose in ("", "curiosity"):
        with pytest.raises(WrongFactError):
            read(five, five.officer, purpose)
    assert not Reading.objects.exists()


def test_nobody_else_reads_unless_it_was_handed_over(five: Any) -> None:
    from zonary.foundation.facts.permissions import UnknownFactError
    from zonary.foundation.organizations.permissions import NotAllowedError

    record(five)
    for by in (five.rival, five.outsider):
        with pytest.raises(UnknownFactError):
            read(five, by, "finance")
    for by in (five.owner, five.colleague):
        with pytest.raises(NotAllowedError):
            read(five, by)


def test_what_was_handed_over_is_read_for_that_purpose_until_the_last_day(five: Any) -> None:
    from zonary.foundation.facts.actions import end_profile_share
    from zonary.foundation.facts.permissions import UnknownFactError
    from zonary.foundation.facts.queries import readings, shares, shares_received

    revenue = record(five)
    record(five, indicator="staff", value="7", unit="")
    record(five, value="1", period="2024", use_limit=("statistics",))
    given = share(five)
    profile = read(five, five.rival, "finance")
    assert [fact.pk for fact in profile.facts] == [revenue.pk]
    assert profile.withheld == 0
    assert profile.reading.share_id == given.pk
    assert [each.organization for each in readings(five.owner)] == [five.competitor]
    for wrong in ({"purpose": "policy"}, {"indicators": ["staff"]}, {"at": LATER + timedelta(days=60)}):
        with pytest.raises(UnknownFactError):
            read(five, five.rival, **{"purpose": "finance", **wrong})
    for name, reader in everyone(five).items():
        assert shares(reader).exists() is (name in ("owner", "colleague")), name
        assert shares_received(reader, at=LATER).exists() is (name == "rival"), name
    for name in ("rival", "officer", "outsider"):
        with pytest.raises(UnknownFactError):
            end_profile_share(str(given.public_id), by=everyone(five)[name], at=LATER)
    end_profile_share(str(given.public_id), by=five.colleague, at=LATER)
    with pytest.raises(UnknownFactError):
        read(five, five.rival, "finance")
    with pytest.raises(UnknownFactError):
        end_profile_share(str(given.public_id), by=five.owner, at=LATER)


def test_the_last_day_is_the_zone_s_own(five: Any) -> None:
    from zonary.foundation.facts.permissions import UnknownFactError

    record(five)
    share(five, until=date(2026, 11, 20))
    last_moment = LATER.replace(hour=15, minute=59)  # 23:59 in China
    assert read(five, five.rival, "finance", at=last_moment).facts
    with pytest.raises(UnknownFactError):
        read(five, five.rival, "finance", at=last_moment + timedelta(minutes=1))


def test_wrong_shares_are_refused(five: Any) -> None:
    from zonary.foundation.facts.actions import share_profile
    from zonary.foundation.facts.permissions import UnknownFactError
    from zonary.foundation.facts.rules import WrongFactError
    from zonary.foundation.organizations.permissions import NotAllowedError

    for wrong in ({"purpose": ""}, {"purpose": "x"}, {"indicators": ["score"]}, {"until": date(2026, 11, 19)}):
        with pytest.raises(WrongFactError):
            share(five, **wrong)
    with pytest.raises(NotAllowedError):
        share(five, by=five.outsider)
    options = {"indicators": [], "purpose": "finance", "until": UNTIL, "by": five.owner, "at": LATER}
    with pytest.raises(UnknownFactError):
        share_profile("nobody", **options)
    with pytest.raises(WrongFactError):
        share_profile(str(five.enterprise.public_id), **options)


def test_a_withdrawn_consent_ends_reading_and_not_the_record(five: Any) -> None:
    from zonary.foundation.facts.actions import give_consent, withdraw_consent
    from zonary.foundation.facts.permissions import UnknownFactError
    from zonary.foundation.facts.queries import consents, facts_as_of
    from zonary.foundation.facts.rules import WrongFactError

    terms = {"purposes": ["policy"], "until": UNTIL, "at": LATER}
    consent = give_consent(indicators=["revenue"], by=five.owner, **terms)
    named = {"consent": str(consent.public_id), "consent_not_needed": ""}
    fact = record(five, **named)
    with pytest.raises(WrongFactError, match="does not cover"):
        record(five, indicator="staff", value="7", unit="", **named)
    foreign = give_consent(indicators=["revenue"], by=five.rival, **terms)
    with pytest.raises(UnknownFactError):
        record(five, consent=str(foreign.public_id), consent_not_needed="")
    assert [each.pk for each in read(five, five.officer).facts] == [fact.pk]
    assert read(five, five.officer, "statistics").facts == []
    assert read(five, five.officer, at=LATER + timedelta(days=60)).facts == []
    for name in ("rival", "officer", "outsider"):
        with pytest.raises(UnknownFactError):
            withdraw_consent(str(consent.public_id), reason="no", by=everyone(five)[name], at=LATER)
        assert consent not in consents(everyone(five)[name])
    withdraw_consent(str(consent.public_id), reason="no longer", by=five.owner, at=LATER)
    assert read(five, five.officer).facts == []
    assert facts_as_of(five.owner, str(five.enterprise.public_id), valid_on=fact.valid_from, known_at=LATER)
    with pytest.raises(UnknownFactError):
        record(five, **named)
    with pytest.raises(UnknownFactError):
        withdraw_consent(str(consent.public_id), reason="again", by=five.owner, at=LATER)


def test_consent_is_given_by_those_who_may_act_for_the_enterprise(five: Any) -> None:
    from zonary.foundation.facts.actions import give_consent
    from zonary.foundation.facts.rules import WrongFactError
    from zonary.foundation.organizations.permissions import NotAllowedError

    with pytest.raises(NotAllowedError):
        give_consent(indicators=["revenue"], purposes=[], until=None, by=five.outsider, at=LATER)
    for wrong in ({"indicators": []}, {"purposes": ["x"]}, {"until": date(2026, 11, 19)}):
        given = {"indicators": ["revenue"], "purposes": [], "until": None, **wrong}
        with pytest.raises(WrongFactError):
            give_consent(by=five.owner, at=LATER, **given)


def test_an_officer_reads_what_was_known_then(five: Any) -> None:
    from zonary.foundation.facts.actions import correct_fact

    wrong, noon = declare(five), LATER + timedelta(hours=3)
    correct_fact(str(wrong.public_id), claim(value="5"), reason="slip", by=five.owner, at=noon)
    then = read(five, five.officer, known_at=LATER, valid_on=date(2025, 6, 1), at=noon)
    now = read(five, five.officer, valid_on=date(2025, 6, 1), at=noon)
    assert [fact.value for fact in then.facts] == ["123456780000"]
    assert [fact.value for fact in now.facts] == ["5000000"]


def test_a_token_without_scope_reads_nothing(five: Any) -> None:
    from dataclasses import replace

    from zonary.foundation.organizations.permissions import NotAllowedError

    with pytest.raises(NotAllowedError):
        read(five, replace(five.officer, scopes=frozenset({"evidence:write"})))


def test_officers_alone_find_enterprises(five: Any) -> None:
    from zonary.foundation.facts.queries import find_enterprises

    for name, reader in everyone(five).items():
        found = list(find_enterprises(reader, "精工"))
        assert found == ([five.enterprise] if name == "officer" else []), name
    assert list(find_enterprises(five.officer, RIVAL_USCC.lower())) == [five.competitor]
    assert not find_enterprises(five.officer, " ")
    assert not find_enterprises(five.officer, "示例片区管委会")

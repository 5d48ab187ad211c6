"""What is known from the registry alone is claimed, by anybody; it is nobody's until an officer says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="organisations need the [web] extra")

from tests.foundation import zone_at_work
from tests.foundation.organizations.listed import LATER, claim, decide, list_enterprises, newcomer


@pytest.fixture
def listed(five: Any) -> Any:
    return list_enterprises(five)[0]


def test_whoever_knows_the_number_has_nothing_but_a_claim(five: Any, listed: Any) -> None:
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.organizations.claims.queries import claims
    from zonary.foundation.organizations.models import Membership

    made = claim(listed, five.outsider, statement="  行政部\n 经理 ")
    listed.refresh_from_db()
    assert (listed.state, listed.confirmation_act) == ("listed", None)
    assert not Membership.objects.filter(organization=listed).exists()
    assert (made.state, made.statement) == ("open", "行政部 经理")
    [told] = zone_at_work.acts("organizations.organization.claimed")
    assert (told["claim"], told["organisation"]) == (str(made.public_id), str(listed.public_id))
    assert (told["uscc"], told["statement"]) == (listed.uscc, "行政部 经理")
    entry = Entry.objects.get(kind="organizations.organization.claimed")
    assert (entry.actor, entry.about, entry.organisation) == (five.outsider.person, five.outsider.person, "")
    assert [each.pk for each in claims(five.outsider)] == [made.pk]


def test_the_door_claims_what_is_listed_and_founds_what_is_not(five: Any, listed: Any) -> None:
    from zonary.foundation.organizations.actions.founding import Founding
    from zonary.foundation.organizations.claims.entering import enter_organization
    from zonary.foundation.organizations.models import Claim, Organization

    def enter(uscc: str) -> Any:
        founding = Founding(kind="enterprise", name="冒名（虚构）", uscc=uscc)
        return enter_organization(founding, statement="", by=five.outsider, at=LATER)

    spelled = f" {listed.uscc[:8].lower()} {listed.uscc[8:].lower()}"
    made = enter(spelled)
    assert isinstance(made, Claim)
    assert made.organization.name == listed.name
    founded = enter("91110108551385082Q")
    assert isinstance(founded, Organization)
    assert (founded.state, founded.confirmation_act) == ("active", None)


def test_the_action_that_founds_takes_nothing_up(five: Any, listed: Any) -> None:
    """The door looks first; an import may come in between."""
    from zonary.foundation.organizations.actions import ListedError, found_organization
    from zonary.foundation.organizations.actions.founding import Founding

    with pytest.raises(ListedError):
        found_organization(Founding(kind="enterprise", name="甲", uscc=listed.uscc), by=five.outsider, at=LATER)
    listed.refresh_from_db()
    assert listed.state == "listed"


def test_several_may_claim_one_and_each_sees_their_own(five: Any, listed: Any) -> None:
    from zonary.foundation.organizations.claims.queries import claim_seen_by, claims, claims_waiting, others_on
    from zonary.foundation.organizations.queries import acts_seen_by

    first, second = claim(listed, five.outsider), claim(listed, five.rival)
    assert [each.pk for each in claims(five.outsider)] == [first.pk]
    assert [each.pk for each in claims(five.rival)] == [second.pk]
    for stranger in (five.owner, five.colleague, five.outsider):
        assert claim_seen_by(stranger, str(second.public_id)) is None
        assert not claims_waiting(stranger).exists()
        assert not others_on(stranger, first).exists()
    assert {each.pk for each in claims(five.officer)} == {first.pk, second.pk}
    assert claims_waiting(five.officer).count() == 2
    assert [each.pk for each in others_on(five.officer, first)] == [second.pk]
    # The rival claims for themselves: nobody at the company they act for learns of it.
    seen = acts_seen_by(five.rival, before=None, limit=50, kinds=["organizations.organization.claimed"])
    assert [each.organisation for each in seen] == [""]


def test_one_claims_an_organisation_once_at_a_time(five: Any, listed: Any) -> None:
    from zonary.foundation.organizations.actions import ClaimError, withdraw_claim

    made = claim(listed, five.outsider)
    with pytest.raises(ClaimError, match="already"):
        claim(listed, five.outsider)
    withdraw_claim(str(made.public_id), by=five.outsider, at=LATER)
    made.refresh_from_db()
    assert made.state == "withdrawn"
    again = claim(listed, five.outsider)
    decide(again, five.officer, answer="与执照不符")
    assert claim(listed, five.outsider).state == "open"


def test_so_many_claims_wait_and_no_more(five: Any) -> None:
    from zonary.foundation.organizations.actions import ClaimError, withdraw_claim
    from zonary.foundation.organizations.rules import MAX_OPEN_CLAIMS

    listed = list_enterprises(five, MAX_OPEN_CLAIMS + 1)
    made = [claim(each, five.outsider) for each in listed[:-1]]
    with pytest.raises(ClaimError, match="5 claims"):
        claim(listed[-1], five.outsider)
    withdraw_claim(str(made[0].public_id), by=five.outsider, at=LATER)
    assert claim(listed[-1], five.outsider).state == "open"


@pytest.mark.parametrize(("statement", "said"), [("长" * 301, "at most 300"), ("经理\u202e", "can be read")])
def test_what_cannot_be_said(five: Any, listed: Any, statement: str, said: str) -> None:
    from zonary.foundation.organizations.actions import ClaimError
    from zonary.foundation.organizations.models import Claim

    with pytest.raises(ClaimError, match=said):
        claim(listed, five.outsider, statement=statement)
    assert not Claim.objects.exists()


def test_what_cannot_be_claimed(five: Any, listed: Any) -> None:
    from zonary.foundation.organizations.actions import AlreadyFoundedError, ClaimError, claim_organization
    from zonary.foundation.organizations.permissions import NotAllowedError
    from zonary.foundation.organizations.rules import WrongUSCCError
    from zonary.foundation.organizations.standing import Standing

    def attempt(uscc: str, by: Any = five.outsider) -> None:
        claim_organization(uscc, statement="", by=by, at=LATER)

    with pytest.raises(AlreadyFoundedError, match="Ask an owner"):
        attempt(five.enterprise.uscc)
    with pytest.raises(ClaimError, match="no organisation"):
        attempt("91110108551385082Q")
    with pytest.raises(WrongUSCCError):
        attempt("9143")
    with pytest.raises(NotAllowedError):
        attempt(listed.uscc, Standing(person="operator"))


def test_a_claim_is_withdrawn_by_whoever_made_it_while_it_is_open(five: Any, listed: Any) -> None:
    from zonary.foundation.organizations.actions import ClaimError, withdraw_claim

    made = claim(listed, five.outsider)
    for other in (five.owner, five.rival, five.officer):
        with pytest.raises(ClaimError, match="no such claim"):
            withdraw_claim(str(made.public_id), by=other, at=LATER)
    decide(made, five.officer)
    with pytest.raises(ClaimError, match="decided"):
        withdraw_claim(str(made.public_id), by=five.outsider, at=LATER)
    listed.refresh_from_db()
    assert listed.state == "active"


def test_who_leaves_takes_open_claims_back_and_what_was_said_is_erased_with_them(data: Any, five: Any) -> None:
    from django.db import connection

    from zonary.foundation.accounts.actions import close_account, erase_person
    from zonary.foundation.organizations.claims.queries import claims, statement_of
    from zonary.foundation.organizations.models import Claim

    listed = list_enterprises(five, 2)
    who = newcomer("leaver")
    refused = claim(listed[0], who, statement="statement-of-a-leaver")
    decide(refused, five.officer, answer="answer-to-a-leaver")
    claim(listed[1], who, statement="statement-of-a-leaver")
    close_account(who.person, reason="", by=who, at=LATER)
    left = list(claims(five.officer).order_by("pk"))
    assert [each.state for each in left] == ["refused", "withdrawn"]
    assert [statement_of(each) for each in left] == ["", ""]  # restricted from now on
    assert [told["claim"] for told in zone_at_work.acts("organizations.claim.withdrawn")] == [
        str(Claim.objects.get(organization=listed[1]).public_id)
    ]
    erase_person(who.person, reason="本人要求", by=who, at=LATER + timedelta(days=185))
    assert zone_at_work.acts("organizations.organization.claimed") == []
    assert zone_at_work.acts("organizations.claim.decided") == []
    [told] = zone_at_work.acts("organizations.claims.forgotten")
    assert told["count"] == 2
    unread = {"search_grams"} if connection.vendor == "sqlite" else set()  # holds numbers alone, and gives none back
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names()) - unread):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "of-a-leaver" not in repr(cursor.fetchall()), table
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "to-a-leaver" not in repr(cursor.fetchall()), table


def test_a_locked_account_claims_nothing(five: Any, listed: Any) -> None:
    from zonary.foundation.accounts.actions import close_account
    from zonary.foundation.organizations.permissions import NotAllowedError

    close_account(five.outsider.person, reason="", by=five.outsider, at=LATER)
    with pytest.raises(NotAllowedError, match="closed or locked"):
        claim(listed, five.outsider)

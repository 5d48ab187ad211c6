"""A person leaves: restricted while what is known has to be kept, then erased; and every receipt verifies on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="accounts need the [web] extra")

from tests.five_accounts import AT
from tests.foundation import zone_at_work

LATER = AT + timedelta(hours=1)


def test_what_has_to_be_kept_is_restricted_and_not_erased(five: Any) -> None:
    from zonary.common.language import translate
    from zonary.foundation.accounts.actions import LeavingError, close_account, erase_person

    person = close_account(five.outsider.person, reason="不再使用", by=five.outsider, at=LATER)
    assert not person.is_active
    assert person.restricted_until == date(2026, 11, 20) + timedelta(days=184)
    assert person.email
    with pytest.raises(LeavingError, match="2027-05-23") as refused:
        erase_person(five.outsider.person, reason="本人要求", by=five.outsider, at=LATER)
    told = {each: translate(refused.value.msgid, each, refused.value.params) for each in ("zh", "en")}
    assert "《网络安全法》（2016）第二十一条第三项" in told["zh"]
    assert "art" not in told["zh"]
    assert "Cybersecurity Law (2016), article 21(3)" in told["en"]
    person.refresh_from_db()
    assert person.email
    [restricted] = zone_at_work.acts("accounts.person.restricted")
    assert restricted["until"] == "2027-05-23"


def test_an_erased_person_is_nowhere_and_receipts_still_verify(data: Any, five: Any) -> None:
    from allauth.account.models import EmailAddress
    from django.db import connection

    from zonary.foundation.accounts.actions import close_account, erase_person
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.receipts import receipt_of
    from zonary.foundation.organizations.actions import accept_invitation, invite_member
    from zonary.proof.act import examine_receipt
    from zonary.proof.package.report import Outcome

    _, secret = invite_member(role="reader", email="outsider@zone.example", until=None, by=five.owner, at=LATER)
    accept_invitation(secret, by=five.outsider, at=LATER)
    zone_at_work.start(data)
    mine = Entry.objects.get(kind="accounts.person.registered", about=five.outsider.person)
    joined = Entry.objects.filter(actor=five.outsider.person, kind="organizations.invitation.accepted").get()
    kept = {str(each.public_id): receipt_of(str(each.public_id)) for each in (mine, joined)}

    close_account(five.outsider.person, reason="不再使用", by=five.outsider, at=LATER)
    erased = erase_person(five.outsider.person, reason="本人要求", by=five.outsider, at=LATER + timedelta(days=185))
    assert erased >= 1
    log = zone_at_work.start(data)
    trusts = [zone_at_work.trust_of(data)]
    for receipt in kept.values():
        assert examine_receipt(receipt, trusts=trusts).report.outcome is Outcome.VERIFIED
    # What happened to the organisation is its own, and has its receipt still.
    assert examine_receipt(receipt_of(str(joined.public_id)), trusts=trusts).report.outcome is Outcome.VERIFIED
    assert log is not None
    assert not EmailAddress.objects.filter(email__contains="outsider").exists()
    with connection.cursor() as cursor:
        # SQLite cannot read an index without contents as a table; what it keeps lies in tables beside it, read here.
        indexes = {"search_grams"} if connection.vendor == "sqlite" else set()
        for table in set(connection.introspection.table_names()) - indexes:
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "outsider@zone.example" not in repr(cursor.fetchall()), table


def test_who_owns_an_organisation_alone_hands_it_over_first(five: Any) -> None:
    from zonary.foundation.accounts.actions import close_account
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import MembershipError, hand_over_organization
    from zonary.foundation.organizations.queries import members

    with pytest.raises(MembershipError, match="Hand it over"):
        close_account(five.owner.person, reason="", by=five.owner, at=LATER)
    assert Person.objects.get(public_id=five.owner.person).is_active
    hand_over_organization(five.colleague.membership, stay_as="reader", by=five.owner, at=LATER)
    close_account(five.owner.person, reason="", by=five.owner, at=LATER)
    assert [each.role for each in members(five.colleague, at=LATER)] == ["owner"]


@pytest.mark.parametrize("who", ["colleague", "rival", "officer"])
def test_nobody_closes_or_erases_another(five: Any, who: str) -> None:
    from zonary.foundation.accounts.actions import LeavingError, close_account, erase_person
    from zonary.foundation.accounts.models import Person

    by = getattr(five, who)
    with pytest.raises(LeavingError):
        close_account(five.outsider.person, reason="", by=by, at=LATER)
    close_account(five.outsider.person, reason="", by=five.outsider, at=LATER)
    with pytest.raises(LeavingError):
        erase_person(five.outsider.person, reason="", by=by, at=LATER + timedelta(days=400))
    assert Person.objects.get(public_id=five.outsider.person).email


def test_the_retention_an_operator_sets_is_read_carefully() -> None:
    from zonary.config.places import retention
    from zonary.proof.errors import Error

    assert retention("") == timedelta(days=184)
    assert retention("0") == timedelta(0)
    for wrong in ("-1", "1.5", "x", "99999", "１"):
        with pytest.raises(Error):
            retention(wrong)

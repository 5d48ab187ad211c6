"""Three administrators who keep each other in check; and how it is known who a person is."""

from __future__ import annotations

from typing import Any

import pytest
from tests.five_accounts import AT, FiveAccounts


@pytest.fixture
def admins(five: FiveAccounts) -> dict[str, Any]:
    """Role -> standing of the first three."""
    from zonary.foundation.accounts.actions import register_person
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.organizations.actions import appoint_first_admins
    from zonary.foundation.organizations.queries import standing_of

    people = {
        role: register_person(email=f"{role}@zone.example", name=role, by=SYSTEM, at=AT)
        for role in ("system", "security", "audit")
    }
    appoint_first_admins(people, by=SYSTEM, at=AT)
    return {role: standing_of(person, "", at=AT) for role, person in people.items()}


def _kinds() -> list[str]:
    from zonary.foundation.ledger.models import Entry

    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


def test_appoint_admin(five: FiveAccounts, admins: dict[str, Any]) -> None:
    from zonary.foundation.organizations.actions import AppointmentError, appoint_admin
    from zonary.foundation.organizations.permissions import NotAllowedError

    outsider = five.outsider.person
    for nobody in (admins["system"], admins["audit"], five.officer, five.owner, five.outsider):
        with pytest.raises(NotAllowedError):
            appoint_admin(outsider, role="audit", by=nobody, at=AT)
    security = admins["security"]
    with pytest.raises(AppointmentError):
        appoint_admin(security.person, role="audit", by=security, at=AT)
    for taken in (admins["system"].person, five.officer.person, "no-such-person"):
        with pytest.raises(AppointmentError):
            appoint_admin(taken, role="audit", by=security, at=AT)
    with pytest.raises(AppointmentError):
        appoint_admin(outsider, role="king", by=security, at=AT)
    before = len(_kinds())
    appoint_admin(outsider, role="audit", by=security, at=AT)
    assert _kinds()[before:] == ["accounts.admin.appointed"]


def test_an_administrator_does_not_become_an_officer(five: FiveAccounts, admins: dict[str, Any]) -> None:
    from zonary.foundation.organizations.actions import MembershipError, accept_invitation, invite_member

    _, secret = invite_member(role="agent", email="", until=None, by=five.officer, at=AT)
    with pytest.raises(MembershipError):
        accept_invitation(secret, by=admins["audit"], at=AT)


def test_the_first_three_are_three_people_and_first(five: FiveAccounts, admins: dict[str, Any]) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.organizations.actions import AppointmentError, appoint_first_admins

    person = Person.objects.get(public_id=five.outsider.person)
    with pytest.raises(AppointmentError):
        appoint_first_admins({"system": person, "security": person, "audit": person}, by=SYSTEM, at=AT)


def test_end_appointment(five: FiveAccounts, admins: dict[str, Any]) -> None:
    from zonary.foundation.accounts.models import AdminAppointment
    from zonary.foundation.organizations.actions import AppointmentError, appoint_admin, end_appointment
    from zonary.foundation.organizations.permissions import NotAllowedError

    security = admins["security"]
    first = str(AdminAppointment.objects.get(role="audit").public_id)
    with pytest.raises(AppointmentError, match="without this administrator"):
        end_appointment(first, reason="leaves", by=security, at=AT)
    appoint_admin(five.outsider.person, role="audit", by=security, at=AT)
    with pytest.raises(NotAllowedError):
        end_appointment(first, reason="leaves", by=admins["audit"], at=AT)
    end_appointment(first, reason="leaves", by=security, at=AT)
    assert _kinds()[-1] == "accounts.appointment.ended"
    with pytest.raises(AppointmentError):
        end_appointment(first, reason="again", by=security, at=AT)


def test_one_who_was_replaced_appoints_nobody_with_an_old_standing(five: FiveAccounts, admins: dict[str, Any]) -> None:
    from zonary.foundation.accounts.models import AdminAppointment
    from zonary.foundation.organizations.actions import appoint_admin, end_appointment
    from zonary.foundation.organizations.permissions import NotAllowedError

    security = admins["security"]
    appoint_admin(five.outsider.person, role="security", by=security, at=AT)
    own = str(AdminAppointment.objects.get(person__public_id=security.person).public_id)
    end_appointment(own, reason="hands over", by=security, at=AT)
    with pytest.raises(NotAllowedError):
        appoint_admin(five.owner.person, role="audit", by=security, at=AT)


def test_lock_person(five: FiveAccounts, admins: dict[str, Any]) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import LockError, end_sessions_of, lock_person, unlock_person
    from zonary.foundation.organizations.permissions import NotAllowedError

    security, rival = admins["security"], five.rival.person
    with pytest.raises(NotAllowedError):
        lock_person(rival, reason="?", by=five.officer, at=AT)
    with pytest.raises(LockError):
        lock_person(admins["audit"].person, reason="knows too much", by=security, at=AT)
    lock_person(rival, reason="stolen phone", by=security, at=AT)
    assert not Person.objects.get(public_id=rival).is_active
    with pytest.raises(LockError):
        lock_person(rival, reason="twice", by=security, at=AT)
    unlock_person(rival, reason="new phone", by=security, at=AT)
    assert Person.objects.get(public_id=rival).is_active
    with pytest.raises(LockError):
        unlock_person(rival, reason="twice", by=security, at=AT)
    assert end_sessions_of(rival, reason="to be sure", by=security, at=AT) == 0
    assert _kinds()[-3:] == ["accounts.person.locked", "accounts.person.unlocked", "accounts.sessions.ended"]


def test_check_identity(five: FiveAccounts) -> None:
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.accounts.queries import identity_of
    from zonary.foundation.organizations.actions import IdentityError, check_identity, revoke_identity_check
    from zonary.foundation.organizations.permissions import NotAllowedError

    owner = Person.objects.get(public_id=five.owner.person)
    for nobody in (five.owner, five.colleague, five.rival, five.outsider):
        with pytest.raises(NotAllowedError):
            check_identity(five.owner.person, document="passport", by=nobody, at=AT)
    with pytest.raises(IdentityError):
        check_identity(five.officer.person, document="passport", by=five.officer, at=AT)
    assert identity_of(owner) is None
    check_identity(five.owner.person, document="resident identity card", by=five.officer, at=AT)
    known = identity_of(owner)
    assert known is not None
    assert (known.method, known.source) == ("document-seen", "resident identity card")
    revoke_identity_check(five.owner.person, reason="another person's card", by=five.officer, at=AT)
    assert identity_of(owner) is None
    with pytest.raises(IdentityError):
        revoke_identity_check(five.owner.person, reason="twice", by=five.officer, at=AT)

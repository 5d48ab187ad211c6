"""The three administrators who keep each other in check (三员分立), and what the security administrator may do.

GB/T 22239-2019 (网络安全等级保护基本要求, 8.1.5) asks for system, audit and security management apart from each other.
So nobody holds two of the roles, nobody appoints themselves, and there is always one of each. Nor is an administrator
an officer: whoever could decide a case and say who may sign in, or what the record of both shows, would keep nobody in
check.
"""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import QuerySet

from zonary.common.ids import new_id
from zonary.foundation.accounts.administrator_events import (
    AdminAppointed,
    AppointmentEnded,
    PersonLocked,
    PersonUnlocked,
    SessionsEnded,
)
from zonary.foundation.accounts.models import AdminAppointment, Person
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_appointment, hold_person
from zonary.foundation.organizations.queries import as_uuid, is_officer
from zonary.foundation.organizations.standing import Standing

Role = AdminAppointment.Role


class AppointmentError(LedgerError):
    """This appointment cannot be made, or not be ended."""


class LockError(LedgerError):
    """This account cannot be locked or unlocked."""


@action
def appoint_admin(person: str, *, role: str, by: Standing, at: datetime) -> AdminAppointment:
    """Make somebody an administrator; only the security administrator does.

    :param person: public id.
    :raises NotAllowedError: unless ``by`` is the security administrator.
    :raises AppointmentError: for themselves, for one who is an administrator or an officer, or for nobody.
    """
    hold_appointment(by, Role.SECURITY)
    if person == by.person:
        raise AppointmentError("Nobody appoints themselves. Another security administrator has to.")
    return _appoint(_person(person), role, by=by, at=at)


@action
def appoint_first_admins(people: dict[str, Person], *, by: Actor, at: datetime) -> list[AdminAppointment]:
    """The zone's first administrators, when it is founded.

    :param people: role -> who; all three of them.
    :raises AppointmentError: when there were administrators already, or one would hold two roles.
    """
    if AdminAppointment.objects.exists():
        raise AppointmentError("This zone has its administrators already; its security administrator appoints others.")
    if set(people) != set(Role.values) or len({person.pk for person in people.values()}) < len(people):
        raise AppointmentError("System, security and audit administrator have to be three different people.")
    return [_appoint(person, role, by=by, at=at) for role, person in people.items()]


def _appoint(person: Person, role: str, *, by: Actor, at: datetime) -> AdminAppointment:
    if role not in Role.values:
        raise AppointmentError("There is no such administrator; there are system, security and audit.")
    hold_person(person)
    if AdminAppointment.objects.filter(person=person, ended_at=None).exists():
        raise AppointmentError("This person is an administrator already; nobody holds two of these roles.")
    if is_officer(person, at=at):
        raise AppointmentError("This person acts for the zone authority; an administrator may not.")
    made = AdminAppointment.objects.create(
        public_id=new_id(at), person=person, role=role, appointed_by=by.actor_id, appointed_at=at
    )
    event = AdminAppointed(appointment=str(made.public_id), role=role)
    record(event, by=by, about=str(person.public_id), at=at)
    return made


@action
def end_appointment(appointment: str, *, reason: str, by: Standing, at: datetime) -> None:
    """End somebody's appointment; only the security administrator does.

    :raises AppointmentError: when there is none, or nobody would be left in that role.
    """
    hold_appointment(by, Role.SECURITY)
    # All of them are locked: of two who end the last two at one time, one waits and is then refused.
    held = {row.public_id: row for row in _locked(AdminAppointment.objects.filter(ended_at=None).order_by("pk"))}
    ending = held.get(as_uuid(appointment))
    if ending is None:
        raise AppointmentError("There is no such appointment that has not ended.")
    if sum(row.role == ending.role for row in held.values()) == 1:
        raise AppointmentError("The zone would be without this administrator. Appoint another first.")
    AdminAppointment.objects.filter(pk=ending.pk).update(ended_at=at)
    event = AppointmentEnded(appointment=appointment, role=ending.role, reason=reason)
    record(event, by=by, about=str(ending.person.public_id), at=at)


@action
def lock_person(person: str, *, reason: str, by: Standing, at: datetime) -> None:
    """Keep somebody out from now on, wherever they are signed in.

    :raises LockError: for an administrator, whose appointment has to be ended first, and for who is locked already.
    """
    hold_appointment(by, Role.SECURITY)
    locked = _person(person)
    if AdminAppointment.objects.filter(person=locked, ended_at=None).exists():
        raise LockError("This person is an administrator. End the appointment first; then it is known who takes over.")
    if not Person.objects.filter(pk=locked.pk, is_active=True).update(is_active=False):
        raise LockError("This account is locked already.")
    _end_sessions(locked)
    record(PersonLocked(reason=reason), by=by, about=person, at=at)


@action
def unlock_person(person: str, *, reason: str, by: Standing, at: datetime) -> None:
    """Let somebody in again who was locked.

    :raises LockError: when the account is not locked, or was erased.
    """
    hold_appointment(by, Role.SECURITY)
    locked = Person.objects.filter(pk=_person(person).pk, is_active=False, erased_at=None, restricted_at=None)
    if not locked.update(is_active=True):
        raise LockError("This account is not locked, or its person has left.")
    record(PersonUnlocked(reason=reason), by=by, about=person, at=at)


@action
def end_sessions_of(person: str, *, reason: str, by: Standing, at: datetime) -> int:
    """Sign somebody out everywhere; returns in how many places."""
    hold_appointment(by, Role.SECURITY)
    count = _end_sessions(_person(person))
    record(SessionsEnded(count=count, reason=reason), by=by, about=person, at=at)
    return count


def _end_sessions(person: Person) -> int:
    sessions = list(UserSession.objects.filter(user_id=person.pk))
    for session in sessions:
        session.end()
    return len(sessions)


def _person(public_id: str) -> Person:
    found = Person.objects.filter(public_id=as_uuid(public_id), erased_at=None).first()
    if found is None:
        raise AppointmentError("There is no such person.")
    return found


def _locked(rows: QuerySet[AdminAppointment]) -> QuerySet[AdminAppointment]:
    return rows.select_for_update() if connection.features.has_select_for_update else rows

"""Making a real zone: its name and areas, its three administrators, and a way in for its authority's first owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from zonary.foundation.accounts.actions import register_person
from zonary.foundation.accounts.models import Person
from zonary.foundation.accounts.reset_tokens import PasswordLinks
from zonary.foundation.ledger.recording import recorded_if_changed
from zonary.foundation.organizations.actions import appoint_first_admins, found_zone
from zonary.foundation.organizations.queries import founded_zone
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error


class UnconfirmedError(Error):
    """An account that is to be an administrator's may be a stranger's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZonePlan:
    """What a zone is to be.

    :param authority: what who runs the zone is called; empty: as the zone is.
    :param areas: Chinese and English name of each.
    :param admins: role of an administrator -> e-mail address.
    """

    name: str
    english_name: str
    authority: str
    areas: Sequence[tuple[str, str]]
    admins: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """The links by which the first people come in, each good once and for seven days.

    :param admins: role -> link.
    :param owner: for the authority's first owner.
    """

    admins: Mapping[str, str]
    owner: str


@recorded_if_changed
def make_zone(plan: ZonePlan, *, url: str, by: Standing, at: datetime) -> Founded:
    """All of it or, when something fails, nothing; each act in it records for itself.

    :param url: where the server will be reached.
    :raises AlreadyFoundedError: when there is a zone.
    :raises UnconfirmedError: when one of them has an account whose address was never confirmed.
    :raises AppointmentError: when the three are not three different people.
    """
    names = {"name": plan.name, "english_name": plan.english_name, "authority_name": plan.authority}
    _authority, secret = found_zone(**names, areas=plan.areas, by=by, at=at)
    people = {role: _person(address, by=by, at=at) for role, address in plan.admins.items()}
    appoint_first_admins(people, by=by, at=at)
    links = {role: url + _first_password(person) for role, person in people.items()}
    return Founded(admins=links, owner=f"{url}{reverse('organizations:accept-invitation', args=[secret])}")


def zone_name() -> str:
    """What the zone is called; empty before it is founded."""
    zone = founded_zone()
    return zone.name if zone else ""


def _person(address: str, *, by: Standing, at: datetime) -> Person:
    """Who has this address, or is entered under it now.

    :raises UnconfirmedError: when somebody registered it and never showed that it is theirs: they know its password.
    """
    known = Person.objects.filter(email=address.lower()).first()
    if known is not None and not EmailAddress.objects.filter(user=known, email=known.email, verified=True).exists():
        raise UnconfirmedError(
            "There is an account for {address} whose address was never confirmed. Have its owner sign in and confirm "
            "it first, or name another address.",
            address=address,
        )
    return known or register_person(email=address, name=address.partition("@")[0], by=by, at=at)


def _first_password(person: Person) -> str:
    key = PasswordLinks().make_token(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})

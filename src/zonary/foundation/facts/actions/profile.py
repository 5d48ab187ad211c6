"""Handing a profile over, and reading one: both acts, so that the enterprise sees who read what, and what for.

A bank sees nothing an enterprise did not hand over itself (征信业务管理办法): facts with sources and dates, no score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zonary.common.clock import zone_date
from zonary.common.ids import new_id
from zonary.foundation.facts.events import ProfileRead, ProfileShared, ProfileShareEnded
from zonary.foundation.facts.models import Fact, ProfileShare, Reading, ReadingFact
from zonary.foundation.facts.permissions import READ, UnknownFactError, require_organisation, require_write
from zonary.foundation.facts.queries import known_facts, latest_facts, permitted, shares_received
from zonary.foundation.facts.rules import MAX_TEXT, WrongFactError, read_indicators, read_purposes
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.permissions import NotAllowedError, hold_standing, require_officer, require_scope
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing

MAX_READ = 1_000
"""Facts in one reading: their ids stand in one entry, whose body has at most 64 KiB."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What was read. ``withheld`` counts, for officers, facts that the purpose does not reach."""

    subject: Organization
    reading: Reading
    facts: Sequence[Fact]
    withheld: int


@action
def share_profile(
    recipient: str, *, indicators: Sequence[str], purpose: str, until: date, by: Standing, at: datetime
) -> ProfileShare:
    """Hand one's own enterprise's profile to another organisation, for one purpose, until a last day.

    :param recipient: public id or 统一社会信用代码 of it.
    :param indicators: empty: all.
    :raises UnknownFactError: when there is no such organisation.
    :raises WrongFactError: for a purpose the dictionary does not have, a day that is past, or oneself.
    """
    hold_standing(by, at=at)
    require_write(by)
    require_organisation(by)
    chosen, purpose = list(read_indicators(indicators)), _purpose(purpose)
    if until < zone_date(at):
        raise WrongFactError("The last day {day} is past.", day=until.isoformat())
    found = _organization(recipient)
    if found is None or found.state == Organization.State.CLOSED:
        raise UnknownFactError("There is no organisation “{text}” here.", text=recipient[:40])
    if str(found.public_id) == by.organisation:
        raise WrongFactError("Your own enterprise sees its profile already.")
    public_id = new_id(at)
    event = ProfileShared(
        share=public_id, recipient=str(found.public_id), indicators=chosen, purpose=purpose, until=until.isoformat()
    )
    recorded = record(event, by=by, about=by.organisation, at=at)
    return ProfileShare.objects.create(
        public_id=public_id,
        subject=Organization.objects.get(public_id=by.organisation),
        recipient=found,
        indicators=chosen,
        purpose=purpose,
        until=until,
        shared_by=by.actor_id,
        shared_at=at,
        entry=recorded.public_id,
    )


@action
def end_profile_share(public_id: str, *, by: Standing, at: datetime) -> None:
    """Take back a profile one's enterprise handed over; what was read stays recorded.

    :raises UnknownFactError: when there is none of it that could be ended.
    """
    hold_standing(by, at=at)
    require_write(by)
    own = ProfileShare.objects.filter(public_id=as_uuid(public_id), subject__public_id=as_uuid(by.organisation))
    found = own.select_related("recipient").first()
    if found is None or not own.filter(ended_at=None).update(ended_at=at):
        raise UnknownFactError("Your enterprise handed over no such profile that could be taken back.")
    event = ProfileShareEnded(share=public_id, recipient=str(found.recipient.public_id))
    record(event, by=by, about=by.organisation, at=at)


@action
def read_profile(
    subject: str,
    *,
    purpose: str,
    occasion: str = "",
    indicators: Sequence[str] = (),
    valid_on: date | None = None,
    known_at: datetime | None = None,
    by: Standing,
    at: datetime,
) -> Profile:
    """Read facts about an enterprise: for officers with a purpose, for others when it handed them its profile for it.

    At most ``MAX_READ`` facts are read.

    :param occasion: for whoever looks at the record later: a case's number, a few words.
    :param valid_on: only facts about this day; None: of all periods.
    :param known_at: only what was known at that moment; None: now.
    :raises UnknownFactError: when there is no such enterprise, or ``by`` was not handed its profile for that purpose.
    :raises NotAllowedError: for the enterprise's own members, whose reading is no act.
    """
    require_scope(by, READ)
    hold_standing(by, at=at)
    purpose, wanted, occasion = _purpose(purpose), list(read_indicators(indicators)), _short(occasion)
    found, share = _readable(subject, purpose, by=by, at=at)
    if share is not None and share.indicators:
        wanted = [code for code in (wanted or share.indicators) if code in share.indicators]
        if not wanted:
            raise UnknownFactError("This profile was not handed to you for that purpose.")
    moment = min(known_at or at, at)
    known = (
        latest_facts(subject, known_at=moment, indicators=wanted)
        if valid_on is None
        else known_facts(subject, valid_on=valid_on, known_at=moment, indicators=wanted)
    )
    facts = permitted(known, purpose, at=at)[:MAX_READ]
    reading = _record_reading(found, facts, purpose, occasion, share, by=by, at=at)
    return Profile(found, reading, facts, len(known) - len(facts) if by.is_officer else 0)


@action
def record_facts_read(
    subject: str, facts: Sequence[str], *, purpose: str, occasion: str, by: Standing, at: datetime
) -> Reading:
    """Record, as an officer, that these facts about an enterprise were read: when a rule was asked about it.

    :param facts: public ids, at most ``MAX_READ``, of facts about the enterprise that ``purpose`` reaches.
    :raises UnknownFactError: when there is no such enterprise, or one of the facts is not about it.
    :raises WrongFactError: for a purpose that does not reach one of them, and for too many.
    """
    require_scope(by, READ)
    hold_standing(by, at=at)
    require_officer(by)
    purpose, occasion = _purpose(purpose), _short(occasion)
    found, _ = _readable(subject, purpose, by=by, at=at)
    wanted = {as_uuid(each) for each in facts}
    if len(wanted) > MAX_READ:
        raise WrongFactError("At most {limit} facts are read at once.", limit=MAX_READ)
    rows = list(Fact.objects.filter(subject=found, public_id__in=wanted).select_related("consent").order_by("pk"))
    if len(rows) != len(wanted):
        raise UnknownFactError("There is no such fact about this enterprise.")
    if len(permitted(rows, purpose, at=at)) != len(rows):
        raise WrongFactError("Not all of these facts may be read for that purpose.")
    return _record_reading(found, rows, purpose, occasion, None, by=by, at=at)


def _short(text: str) -> str:
    if len(text) > MAX_TEXT or (text and not text.isprintable()):
        raise WrongFactError("A text here has at most {limit} characters, all printable, in one line.", limit=MAX_TEXT)
    return text


def _record_reading(
    subject: Organization,
    facts: Sequence[Fact],
    purpose: str,
    occasion: str,
    share: ProfileShare | None,
    *,
    by: Standing,
    at: datetime,
) -> Reading:
    public_id = new_id(at)
    event = ProfileRead(
        reading=public_id,
        facts=[str(fact.public_id) for fact in facts],
        purpose=purpose,
        occasion=occasion,
        share=str(share.public_id) if share else "",
    )
    recorded = record(event, by=by, about=str(subject.public_id), at=at)
    reading = Reading.objects.create(
        public_id=public_id,
        subject=subject,
        reader=by.actor_id,
        organization=Organization.objects.get(public_id=by.organisation),
        purpose=purpose,
        occasion=occasion,
        share=share,
        read_at=at,
        entry=recorded.public_id,
    )
    ReadingFact.objects.bulk_create([ReadingFact(reading=reading, fact=fact) for fact in facts], batch_size=200)
    return reading


def _readable(subject: str, purpose: str, *, by: Standing, at: datetime) -> tuple[Organization, ProfileShare | None]:
    """The enterprise and, unless ``by`` is an officer, the share that lets them read."""
    if subject and subject == by.organisation:
        raise NotAllowedError("Your own enterprise sees its profile without asking.")
    if by.is_officer:
        found = Organization.objects.filter(public_id=as_uuid(subject)).first()
        if found is None:
            raise UnknownFactError("There is no such enterprise.")
        return found, None
    share = shares_received(by, at=at).filter(subject__public_id=as_uuid(subject), purpose=purpose).first()
    if share is None:
        raise UnknownFactError("This profile was not handed to you for that purpose.")
    return share.subject, share


def _purpose(code: str) -> str:
    if not code:
        raise WrongFactError("Say what you read this for: choose a purpose.")
    return read_purposes([code])[0]


def _organization(text: str) -> Organization | None:
    text = text.strip()
    if not text.isprintable():  # a NUL is nothing a database could be asked for
        return None
    return (
        Organization.objects.filter(uscc=text.upper()).first()
        or Organization.objects.filter(public_id=as_uuid(text)).first()
    )

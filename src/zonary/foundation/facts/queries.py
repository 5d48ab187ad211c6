"""Every read. Members of the enterprise see all there is about it; nobody else sees a fact here at all: they read a
profile (:func:`~zonary.foundation.facts.actions.read_profile`), which is an act and is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from zonary.common.clock import zone_date
from zonary.foundation.facts.models import Consent, Dispute, Fact, ProfileShare, Reading, Retraction
from zonary.foundation.facts.permissions import is_subject, may_erase_fact
from zonary.foundation.facts.rules import permits, still_holding
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing

MAX_FOUND = 50


def facts_as_of(reader: Standing, subject: str, *, valid_on: date, known_at: datetime) -> list[Fact]:
    """What was known at ``known_at`` about the day ``valid_on``, by indicator and the latest period first.

    Nothing for who is no member of the enterprise ``subject`` (a public id). A fact that was retracted, or whose place
    another had taken, by ``known_at`` is left out, and one that went on until a later one of its source began.
    """
    return known_facts(subject, valid_on=valid_on, known_at=known_at) if is_subject(reader, subject) else []


def known_facts(subject: str, *, valid_on: date, known_at: datetime, indicators: Iterable[str] = ()) -> list[Fact]:
    """:func:`facts_as_of` for whoever has seen to it that they may be read. ``indicators`` empty: all."""
    covering = Q(valid_from__lte=valid_on) & (Q(valid_until__isnull=True) | Q(valid_until__gte=valid_on))
    found = _standing_facts(subject, known_at).filter(covering)
    wanted = list(indicators)
    if wanted:
        found = found.filter(indicator__in=wanted)
    return still_holding(_in_order(found))


def latest_facts(subject: str, *, known_at: datetime, indicators: Iterable[str] = ()) -> list[Fact]:
    """Every fact that stands at ``known_at``, whatever its period: the time series a profile shows."""
    found = _standing_facts(subject, known_at)
    wanted = list(indicators)
    return list(_in_order(found.filter(indicator__in=wanted) if wanted else found))


def own_profile(reader: Standing, *, at: datetime) -> QuerySet[Fact]:
    """What :func:`latest_facts` has of the reader's own enterprise, to be shown page by page; nothing without one."""
    return _in_order(_standing_facts(reader.organisation, at))


def _standing_facts(subject: str, known_at: datetime) -> QuerySet[Fact]:
    replaced = Fact.objects.filter(supersedes=OuterRef("pk"), recorded_at__lte=known_at)
    known = Fact.objects.filter(subject__public_id=as_uuid(subject), recorded_at__lte=known_at)
    retracted = Retraction.objects.filter(fact=OuterRef("pk"), retracted_at__lte=known_at)
    return known.filter(~Exists(replaced), ~Exists(retracted))


def _in_order(facts: QuerySet[Fact]) -> QuerySet[Fact]:
    disputes = Prefetch("disputes", Dispute.objects.order_by("-disputed_at"))
    ordered = facts.select_related("subject", "consent", "supersedes", "retraction").prefetch_related(disputes)
    return ordered.order_by("indicator", "-valid_from", "-recorded_at", "-id")


def permitted(facts: Iterable[Fact], purpose: str, *, at: datetime) -> list[Fact]:
    """Those that may be read for ``purpose``: by their use limit, and by the consent they rest on, if they do."""
    return [fact for fact in facts if permits(purpose, fact.use_limit) and _consented(fact.consent, purpose, at)]


def _consented(consent: Consent | None, purpose: str, at: datetime) -> bool:
    return consent is None or (is_in_force(consent, at=at) and permits(purpose, consent.purposes))


def is_in_force(consent: Consent, *, at: datetime) -> bool:
    """Neither withdrawn nor over."""
    return consent.withdrawn_at is None and (consent.until is None or consent.until >= zone_date(at))


def find_fact(reader: Standing, public_id: str) -> Fact | None:
    """A fact about the reader's enterprise, or one the reader recorded themselves."""
    found = _in_order(Fact.objects.filter(public_id=as_uuid(public_id))).first()
    if found is None:
        return None
    own = is_subject(reader, str(found.subject.public_id))
    recorder = reader.is_officer and found.recorded_by == reader.person and found.recorded_for == reader.organisation
    return found if own or recorder else None


def history_of(reader: Standing, public_id: str) -> list[Fact]:
    """The fact and all that came before it in its place or took it later, in the order recorded."""
    fact = find_fact(reader, public_id)
    if fact is None:
        return []
    chain = [fact]
    while chain[0].supersedes_id is not None:
        chain.insert(0, _in_order(Fact.objects.filter(pk=chain[0].supersedes_id)).get())
    while (following := _in_order(Fact.objects.filter(supersedes=chain[-1])).first()) is not None:
        chain.append(following)
    return chain


def own_facts(reader: Standing) -> QuerySet[Fact]:
    """Every fact about the reader's enterprise, superseded ones too."""
    own = _in_order(Fact.objects.filter(subject__public_id=as_uuid(reader.organisation)))
    return own.select_related("subject", "consent", "supersedes", "successor", "retraction").order_by("-id")


def retraction_of(fact: Fact) -> Retraction | None:
    """That it was retracted, if it was."""
    return getattr(fact, "retraction", None)


def erasable_fact(reader: Standing, public_id: str) -> Fact | None:
    """A fact that names a person, for the officers who erase its value when it has to go; it is not theirs to read."""
    if not reader.is_officer:
        return None
    found = Fact.objects.filter(public_id=as_uuid(public_id)).select_related("subject").first()
    return found if found is not None and may_erase_fact(reader, found) else None


def readings(reader: Standing) -> QuerySet[Reading]:
    """Who read facts about the reader's enterprise, latest first."""
    own = Reading.objects.filter(subject__public_id=as_uuid(reader.organisation))
    facts = Prefetch("facts", Fact.objects.order_by("indicator", "-valid_from"))
    return own.select_related("organization", "share").prefetch_related(facts).order_by("-read_at", "-id")


def disputes(reader: Standing) -> QuerySet[Dispute]:
    """The enterprise's own; for officers all: an enterprise lays them before the zone by disputing."""
    found = Dispute.objects.select_related("fact", "fact__subject", "subject", "outcome_fact")
    if not reader.is_officer:
        found = found.filter(subject__public_id=as_uuid(reader.organisation))
    return found.order_by("-disputed_at", "-id")


def open_disputes(reader: Standing, subject: str) -> dict[str, str]:
    """Public id of a fact about an enterprise -> that of its dispute which waits for an answer, as far as they are the
    reader's to see. One query.
    """
    waiting = disputes(reader).filter(state=Dispute.State.OPEN, subject__public_id=as_uuid(subject))
    found = waiting.order_by().values_list("fact__public_id", "public_id")
    return {str(fact): str(dispute) for fact, dispute in found}


def bases_of(reader: Standing, facts: Iterable[str]) -> dict[str, str]:
    """Public id of a fact about the reader's enterprise -> on what basis it was shared, where that is recorded."""
    own = Fact.objects.filter(public_id__in=list(facts), subject__public_id=as_uuid(reader.organisation))
    return {str(fact): basis for fact, basis in own.values_list("public_id", "sharing_basis") if basis}


def disputes_waiting(reader: Standing) -> QuerySet[Dispute]:
    """Those without an answer, the longest waiting first."""
    return disputes(reader).filter(state=Dispute.State.OPEN).order_by("disputed_at", "id")


def disputes_to_answer(reader: Standing) -> QuerySet[Dispute]:
    """Those the reader may answer: as an officer who neither recorded the fact nor disputed it."""
    waiting = disputes_waiting(reader)
    if not (reader.is_officer and reader.may_act):
        return waiting.none()
    return waiting.exclude(fact__recorded_by=reader.person).exclude(disputed_by=reader.person)


def find_dispute(reader: Standing, public_id: str) -> Dispute | None:
    return disputes(reader).filter(public_id=as_uuid(public_id)).first()


def consents(reader: Standing) -> QuerySet[Consent]:
    """What the reader's enterprise agreed to, latest first."""
    own = Consent.objects.filter(subject__public_id=as_uuid(reader.organisation))
    return own.select_related("subject").order_by("-given_at", "-id")


def shares(reader: Standing) -> QuerySet[ProfileShare]:
    """To whom the reader's enterprise handed its profile, latest first."""
    own = ProfileShare.objects.filter(subject__public_id=as_uuid(reader.organisation))
    return own.select_related("recipient", "subject").order_by("-shared_at", "-id")


def shares_received(reader: Standing, *, at: datetime) -> QuerySet[ProfileShare]:
    """Profiles that were handed to the reader's organisation and may be read now."""
    given = ProfileShare.objects.filter(recipient__public_id=as_uuid(reader.organisation))
    in_force = given.filter(ended_at__isnull=True, until__gte=zone_date(at), shared_at__lte=at)
    return in_force.select_related("recipient", "subject").order_by("-shared_at", "-id")


def readable_enterprise(reader: Standing, subject: str, *, at: datetime) -> Organization | None:
    """Whose profile the reader may ask for: an officer anybody's, others one that was handed to them."""
    found = Organization.objects.filter(public_id=as_uuid(subject)).exclude(kind=Organization.Kind.ZONE_AUTHORITY)
    if not reader.is_officer:
        found = found.filter(pk__in=shares_received(reader, at=at).order_by().values("subject"))
    return found.first()


def find_enterprises(reader: Standing, text: str) -> QuerySet[Organization]:
    """Whose profile an officer may ask for: by number or part of the name, at most ``MAX_FOUND``. Nobody for others.

    Never the zone authority itself.
    """
    found = Organization.objects.exclude(kind=Organization.Kind.ZONE_AUTHORITY)
    text = text.strip()
    if not (reader.is_officer and text and text.isprintable()):
        return found.none()
    return found.filter(Q(uscc=text.upper()) | Q(name__contains=text)).order_by("name")[:MAX_FOUND]

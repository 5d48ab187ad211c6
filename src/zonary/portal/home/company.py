"""What a company, an inventor, a lender and an expert find on their first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zonary.common.clock import zone_date
from zonary.common.language import _
from zonary.foundation.deadlines.queries import deadlines_of
from zonary.foundation.documents.models import Document
from zonary.foundation.documents.queries import documents, grants_in_force, read_by
from zonary.foundation.documents.reviews.models import ReviewAnswer
from zonary.foundation.documents.reviews.queries import own_answers
from zonary.foundation.documents.reviews.rules import Answer
from zonary.foundation.facts.indicators import INDICATORS, Type
from zonary.foundation.facts.models import Dispute, Fact, ProfileShare
from zonary.foundation.facts.queries import disputes_waiting, own_profile, shares, shares_received
from zonary.foundation.organizations.standing import Standing
from zonary.portal.demonstration import copycat
from zonary.portal.demonstration.queries import shown_demonstration
from zonary.portal.home.items import Urgency, urgency
from zonary.proof.stages import Stage
from zonary.services.evidence.capture.models import Capture
from zonary.services.evidence.capture.queries import captures
from zonary.services.evidence.capture.tasks.machine import shortcoming
from zonary.services.evidence.capture.views import verdict_of
from zonary.services.evidence.dossiers.models import Dossier
from zonary.services.evidence.dossiers.queries import dossiers, template_of
from zonary.services.evidence.dossiers.rules import Ask, worst_gap
from zonary.services.evidence.dossiers.rules import Stage as DossierStage
from zonary.services.evidence.models import EvidenceRecord
from zonary.services.evidence.queries import described, stages_of
from zonary.services.evidence.sharing.models import Share
from zonary.services.evidence.sharing.queries import is_open, shared_with
from zonary.services.evidence.sharing.shareable import shareable

LATEST = 3
MOST = 50
_YEARLY = (Type.AMOUNT, Type.COUNT)


@dataclass(frozen=True, slots=True)
class Gap:
    """A figure the company stated for ``known`` and not for the year that followed, which is over."""

    indicator: str
    known: int
    missing: int


@dataclass(frozen=True, slots=True)
class DossierGap:
    """What is missing in a dossier and would hurt most, in the reader's language, and where it is asked for."""

    dossier: Dossier
    what: str
    source: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """A dispute of the company's that the zone has not answered."""

    dispute: Dispute
    due: date | None
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class Review:
    """A document somebody else shared, until a day; ``answer``: what the reader, of a pool, said to reviewing it."""

    document: Document
    until: date | None
    urgency: Urgency
    is_read: bool
    answer: ReviewAnswer | None

    @property
    def is_declined(self) -> bool:
        return self.answer is not None and self.answer.answer == Answer.DECLINED


def latest_evidence(reader: Standing) -> list[tuple[EvidenceRecord, Stage]]:
    found = described(reader, limit=LATEST).items
    stages = stages_of(found)
    return [(each, stages.get(str(each.public_id), Stage.RECORDED)) for each in found]


def awaited_answers(reader: Standing, *, at: datetime) -> list[Awaited]:
    found = list(disputes_waiting(reader)[:MOST])
    deadlines = deadlines_of(str(each.public_id) for each in found)
    dues = [deadline.due if (deadline := deadlines.get(str(each.public_id))) else None for each in found]
    return [Awaited(each, due, urgency(due, zone_date(at))) for each, due in zip(found, dues, strict=True)]


def gaps(reader: Standing, *, at: datetime) -> list[Gap]:
    """Yearly figures of the company's own word that stop before the last whole year."""
    last_year = zone_date(at).year - 1
    own = own_profile(reader, at=at).filter(source_kind=Fact.SourceKind.SELF, valid_until__isnull=False)
    latest: dict[str, int] = {}
    for indicator, until in own.order_by("indicator").values_list("indicator", "valid_until"):
        if until is not None and INDICATORS[indicator].type in _YEARLY:
            latest[indicator] = max(until.year, latest.get(indicator, 0))
    return [Gap(code, year, year + 1) for code, year in latest.items() if year < last_year]


def dossier_gaps(reader: Standing) -> list[DossierGap]:
    """The newest dossier of the company, if it lacks something: what would hurt most."""
    found = [(each, _worst_gap(each)) for each in dossiers(reader, limit=1)]
    return [DossierGap(dossier, _(ask.name), ask.source) for dossier, ask in found if ask is not None]


def _worst_gap(dossier: Dossier) -> Ask | None:
    """Asked with one query, however much lies in it; the dossier's own page looks at each record."""
    filled = dossier.items.filter(taken_at=None).values_list("ask", flat=True)
    return worst_gap(template_of(dossier), filled, DossierStage(dossier.stands_at))


def shares_that_run(reader: Standing, *, at: datetime) -> Sequence[ProfileShare]:
    """To whom the company lets its profile be read, the first to end first."""
    return list(shares(reader).filter(ended_at=None, until__gte=zone_date(at)).order_by("until", "id")[:MOST])


def latest_captures(reader: Standing) -> list[tuple[Capture, tuple[str, str, str]]]:
    """Pages the holder had captured, the newest first, each with word, tone and sentence for how it stands."""
    found = captures(reader).order_by("-public_id")[:LATEST]
    return [(each, verdict_of(each)) for each in found]


@dataclass(frozen=True, slots=True)
class Copycat:
    """The made-up shop of a demonstration, and why it cannot be captured here; empty when it can."""

    address: str
    shortcoming: str


def copycat_of(reader: Standing) -> Copycat | None:
    """For the rig's maker, in a demonstration."""
    demonstration = shown_demonstration()
    if demonstration is None or reader.organisation != demonstration.organisations.get("maker"):
        return None
    return Copycat(copycat.address(), shortcoming())


def profiles_received(reader: Standing, *, at: datetime) -> list[ProfileShare]:
    return list(shares_received(reader, at=at)[:MOST])


def records_received(reader: Standing, *, at: datetime) -> list[tuple[Share, str]]:
    """Evidence that others let the reader, or whom they act for, see now; with what its holder calls it."""
    running = [each for each in shared_with(reader) if is_open(each, at)]
    return [(each, _title(each)) for each in running]


def _title(share: Share) -> str:
    kind = shareable(share.kind)
    return (kind.title(share.holder, str(share.thing)) if kind else None) or ""


def reviews(reader: Standing, *, at: datetime) -> list[Review]:
    """Documents others shared with whom the reader acts for, those that end first at the top."""
    seen = list(documents(reader, at=at).exclude(holder=reader.holder)[:MOST])
    ends = dict(grants_in_force(at).filter(grantee=reader.holder, document__in=seen).values_list("document", "until"))
    read, answers = read_by(reader, seen), own_answers(reader, seen)
    today = zone_date(at)
    made = [Review(d, ends.get(d.pk), urgency(ends.get(d.pk), today), d.pk in read, answers.get(d.pk)) for d in seen]
    return sorted(made, key=lambda each: (each.is_declined, each.is_read, each.until or date.max))

"""Every read, the reader first: nobody sees another's codes and recordings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from zonary.foundation.documents.models import DocumentVersion
from zonary.foundation.ledger.actors import Actor, NamedActor, holder_of
from zonary.foundation.ledger.watching import Happening
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.proof.digests import HashName
from zonary.proof.statement import Statement, decode_statement
from zonary.services.evidence.events import EvidenceErased
from zonary.services.evidence.models import EvidenceMaterial, EvidenceRecord
from zonary.services.evidence.onsite.models import OnsiteCapture
from zonary.services.evidence.onsite.rules import DAY

_MAX_FOUND = 100


def onsite_captures(reader: Standing) -> QuerySet[OnsiteCapture]:
    """All of the reader's holder."""
    return OnsiteCapture.objects.filter(holder=reader.holder)


def find_onsite_capture(reader: Standing, public_id: str) -> OnsiteCapture | None:
    return onsite_captures(reader).filter(public_id=as_uuid(public_id)).first()


def count_open(person: str, *, at: datetime) -> int:
    """Codes of a person that are good and not used."""
    return OnsiteCapture.objects.filter(given_to=person, sealed_at=None, good_until__gte=at).count()


def count_of_a_day(holder: str, *, at: datetime) -> int:
    return OnsiteCapture.objects.filter(holder=holder, given_at__gt=at - DAY).count()


def titles_of(reader: Standing, captures: Iterable[OnsiteCapture]) -> dict[str, str]:
    """Public id -> title: of the record once there is one, else what was written before; none of an erased one."""
    listed = list(captures)
    records = EvidenceRecord.objects.filter(
        holder=reader.holder, public_id__in=[each.evidence for each in listed if each.evidence]
    )
    titles = {str(public_id): title for public_id, title in records.values_list("public_id", "title")}
    return {str(each.public_id): titles.get(str(each.evidence), each.title) for each in listed}


def statement_of(capture: OnsiteCapture) -> Statement | None:
    """What was sealed; None before, and once its record was erased."""
    kept = EvidenceMaterial.objects.filter(public_id=capture.evidence).first() if capture.evidence else None
    return None if kept is None else decode_statement(bytes(kept.statement))


def deposited(reader: Standing, capture: OnsiteCapture) -> DocumentVersion | None:
    """The version of a document of the holder that has exactly this file, if it was deposited."""
    if not capture.sha256:
        return None
    same = DocumentVersion.objects.filter(
        document__holder=reader.holder, content__sha256=bytes(capture.sha256), erased_at=None
    )
    return same.select_related("document").order_by("pk").first()


def records_of_digest(reader: Actor, algorithm: HashName, digest: bytes) -> Sequence[str]:
    """Public ids of the reader's records of recordings that have this digest: their statements say more than that."""
    rows = OnsiteCapture.objects.filter(holder=holder_of(reader), evidence__isnull=False, **{algorithm: digest})
    return [str(each) for each in rows.order_by("-pk").values_list("evidence", flat=True)[:_MAX_FOUND]]


Forget = Callable[..., object]


def with_record_erased(forget: Forget) -> Callable[[Sequence[Happening]], None]:
    """What is told of every act: where the record of a recording was erased, ``forget`` its digests."""

    def watch(happenings: Sequence[Happening]) -> None:
        for each in happenings:
            if each.kind == EvidenceErased.kind:
                for capture in OnsiteCapture.objects.filter(evidence=as_uuid(each.about)):
                    forget(capture, by=NamedActor(each.actor, each.organisation), at=each.at)

    return watch

"""What goes in and out over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, field
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.proof.disclosure import MAX_DISCLOSED
from zonary.services.evidence.certificates.contents import WHOLE, Shown
from zonary.services.evidence.certificates.many import MAX_AT_ONCE, Wanted
from zonary.services.evidence.certificates.models import EvidenceCertificate

Id = Annotated[str, Meta(min_length=1, max_length=36)]


Name = Annotated[str, Meta(min_length=1, max_length=4096)]
Names = Annotated[list[Name], Meta(min_length=1, max_length=MAX_DISCLOSED)]


class CertificateIn(Body, frozen=True):
    """Names of the files to be shown, as they were sealed; without them the whole record is."""

    files: Names | None = None

    def shown(self) -> Shown:
        return _files(self.files or [])


class DisclosureIn(Body, frozen=True):
    """A record of which only these files are shown."""

    record: Id
    files: Names


class CertificatesIn(Body, frozen=True):
    """Ids of your own records, and records of which only some files are shown: 1,000 in all."""

    records: Annotated[list[Id], Meta(max_length=MAX_AT_ONCE)] = field(default_factory=list)
    disclosures: Annotated[list[DisclosureIn], Meta(max_length=MAX_AT_ONCE)] = field(default_factory=list)

    def misfit(self) -> str | None:
        return None if self.records or self.disclosures else "Name at least one record."

    def wanted(self) -> list[Wanted]:
        return [
            *((record, WHOLE) for record in self.records),
            *((each.record, _files(each.files)) for each in self.disclosures),
        ]


def _files(names: Sequence[str]) -> Shown:
    return Shown(files=tuple(name.encode("utf-8", "surrogatepass") for name in names))


class CertificateOut(BaseModel):
    """`content` is where the PDF is fetched, `address` the public page that the QR code leads to.

    `disclosure`: it shows only some of the record's files.
    """

    number: str
    record: str
    disclosure: bool
    content: str
    address: str
    issued_at: datetime
    receipt: str


class CertificatesOut(BaseModel):
    """Newest first."""

    items: list[CertificateOut]


def certificate_out(each: EvidenceCertificate) -> dict[str, object]:
    number = str(each.public_id)
    return {
        "number": number,
        "record": str(each.record),
        "disclosure": each.is_disclosure,
        "content": f"/api/v1/evidence/{each.record}/certificate?number={number}",
        "address": f"/certificates/{number}",
        "issued_at": rfc3339(each.issued_at),
        "receipt": str(each.entry),
    }

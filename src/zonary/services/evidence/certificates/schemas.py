"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.services.evidence.certificates.many import MAX_AT_ONCE
from zonary.services.evidence.certificates.models import EvidenceCertificate

Id = Annotated[str, Meta(min_length=1, max_length=36)]


class CertificatesIn(Body, frozen=True):
    """Ids of your own records."""

    records: Annotated[
        list[Annotated[str, Meta(min_length=1, max_length=36)]], Meta(min_length=1, max_length=MAX_AT_ONCE)
    ]


class CertificateOut(BaseModel):
    """`content` is where the PDF is fetched, `address` the public page that the QR code leads to."""

    number: str
    record: str
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
        "content": f"/api/v1/evidence/{each.record}/certificate?number={number}",
        "address": f"/certificates/{number}",
        "issued_at": rfc3339(each.issued_at),
        "receipt": str(each.entry),
    }

"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.plain_text import PLAIN, PlainBody
from zonary.foundation.organizations.schemas import ProblemOut
from zonary.services.evidence.capture.models import Capture
from zonary.services.evidence.capture.rules import MAX_ADDRESS
from zonary.services.evidence.rules import Subject
from zonary.services.evidence.schemas import SubjectName

__all__ = ["CaptureIn", "CaptureOut", "CapturesOut", "ProblemOut", "capture_out"]


class CaptureIn(PlainBody, frozen=True):
    """`address` begins with `https://` or `http://`, and has no name or password in it.

    `in_spite_of_certificate`: open the page though the browser does not trust its certificate; what is wrong with it is
    recorded either way. `subject` is what its record will be about, such as `infringement`.
    """

    address: Annotated[str, Meta(min_length=1, max_length=MAX_ADDRESS, extra_json_schema={"pattern": PLAIN})]
    in_spite_of_certificate: bool = False
    subject: SubjectName = ""

    def misfit(self) -> str | None:
        if self.subject and self.subject not in set(Subject):
            return "there is no such subject"
        return super().misfit()


class CaptureOut(BaseModel):
    """`outcome` is there once `state` is `sealed`, and then `evidence` is the record and `document` holds the files."""

    id: str
    address: str
    in_spite_of_certificate: bool
    subject: str
    state: str
    outcome: str
    failure: str
    title: str
    asked_by: str
    asked_at: datetime
    ended_at: datetime | None
    evidence: str | None
    document: str | None


class CapturesOut(BaseModel):
    items: list[CaptureOut]
    next: str | None


def capture_out(capture: Capture) -> dict[str, object]:
    return {
        "id": str(capture.public_id),
        "address": capture.address,
        "in_spite_of_certificate": capture.goes_on,
        "subject": capture.subject,
        "state": capture.state,
        "outcome": capture.outcome,
        "failure": capture.failure,
        "title": capture.title,
        "asked_by": capture.asked_by,
        "asked_at": rfc3339(capture.asked_at),
        "ended_at": None if capture.ended_at is None else rfc3339(capture.ended_at),
        "evidence": None if capture.evidence is None else str(capture.evidence),
        "document": None if capture.document is None else str(capture.document),
    }

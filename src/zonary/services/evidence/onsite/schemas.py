"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.foundation.organizations.schemas import ProblemOut
from zonary.proof.digests import Digests
from zonary.services.evidence.onsite.models import OnsiteCapture
from zonary.services.evidence.onsite.rules import MAX_PLACE, MAX_SHOWS, MAX_TOLD, WAYS, Medium, Plan, Told
from zonary.services.evidence.rules import MAX_TITLE, Subject
from zonary.services.evidence.schemas import SubjectName

__all__ = ["OnsiteIn", "OnsiteListOut", "OnsiteOut", "ProblemOut", "RecordingIn", "onsite_out"]

_Digest = Annotated[str, Meta(min_length=64, max_length=64, extra_json_schema={"pattern": "^[0-9a-f]{64}$"})]
_Told = Annotated[str, Meta(max_length=MAX_TOLD)]
_HEXADECIMAL = frozenset("0123456789abcdef")


class OnsiteIn(Body, frozen=True):
    """What is to be made, and what for. `place` and `shows` are sealed with the recording as declared, not checked."""

    medium: Annotated[str, Meta(extra_json_schema={"enum": list(Medium)})]
    title: Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
    subject: SubjectName = ""
    place: Annotated[str, Meta(max_length=MAX_PLACE)] = ""
    shows: Annotated[str, Meta(max_length=MAX_SHOWS)] = ""

    def misfit(self) -> str | None:
        if self.medium not in set(Medium):
            return "there is no such medium"
        if self.subject and self.subject not in set(Subject):
            return "there is no such subject"
        return None if self.plan().is_plain() else "texts can be read, with nothing hidden in them"

    def plan(self) -> Plan:
        return Plan(medium=self.medium, title=self.title, subject=self.subject, place=self.place, shows=self.shows)


class RecordingIn(Body, frozen=True):
    """Both digests of the file, and what is told of it: sealed as told, not as seen."""

    sha256: _Digest
    sm3: _Digest
    way: Annotated[str, Meta(extra_json_schema={"enum": list(WAYS)})] = "program"
    camera: _Told = ""
    media_type: _Told = ""
    clock: _Told = ""

    def misfit(self) -> str | None:
        if not _HEXADECIMAL.issuperset(self.sha256 + self.sm3):
            return "a digest has 64 digits from 0 to 9 and a to f"
        return None if self.way in WAYS else "there is no such way"

    def digests(self) -> Digests:
        return Digests.from_hex(self.sha256, self.sm3)

    def told(self, user_agent: str) -> Told:
        return Told(
            user_agent=user_agent, way=self.way, camera=self.camera, media_type=self.media_type, clock=self.clock
        )


class OnsiteOut(BaseModel):
    """`evidence` is the record once a recording was sealed; before `good_until`, and once."""

    id: str
    medium: str
    code: str
    given_to: str
    given_at: datetime
    good_until: datetime
    sealed_at: datetime | None
    evidence: str | None


class OnsiteListOut(BaseModel):
    items: list[OnsiteOut]
    next: str | None


def onsite_out(capture: OnsiteCapture) -> dict[str, object]:
    return {
        "id": str(capture.public_id),
        "medium": capture.medium,
        "code": capture.code,
        "given_to": capture.given_to,
        "given_at": rfc3339(capture.given_at),
        "good_until": rfc3339(capture.good_until),
        "sealed_at": None if capture.sealed_at is None else rfc3339(capture.sealed_at),
        "evidence": None if capture.evidence is None else str(capture.evidence),
    }

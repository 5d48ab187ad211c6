"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta
from ninja import Schema

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.common.language import _
from zonary.services.evidence.exporting.models import ExportAcceptance
from zonary.services.evidence.exporting.rules import DIGEST, NEEDS_NOTICE, TEXT, VERSION, Receiver, notice_text


class AcceptanceIn(Body, frozen=True):
    """`receiver` is `authority` for a foreign court, or judicial or law-enforcement body, else `abroad`.
    `export_notice` is the SHA-256 of the text you have read."""

    receiver: Annotated[str, Meta(extra_json_schema={"enum": [Receiver.AUTHORITY, Receiver.ABROAD]})]
    export_notice: Annotated[str, Meta(max_length=64)]

    def misfit(self) -> str | None:
        return None if self.receiver in NEEDS_NOTICE else "there is no such kind of receiver"


class ExportNoticeOut(Schema):
    """`text` is in the language of whoever asks, a paragraph each. `sha256` is that of `canonical`: version and text
    in both languages, canonical JSON."""

    version: str
    sha256: str
    text: list[str]
    canonical: str


class AcceptanceOut(Schema):
    """`share` is the id of the share it was accepted for, or empty; `receipt` that of the act."""

    receiver: str
    export_notice: str
    share: str
    accepted_by: str
    accepted_at: datetime
    receipt: str


class AcceptancesOut(Schema):
    """Newest first, at most 100."""

    items: list[AcceptanceOut]


def notice_out() -> dict[str, object]:
    text = [_(each) for each in TEXT]
    return {"version": VERSION, "sha256": DIGEST, "text": text, "canonical": notice_text().decode("utf-8")}


def acceptance_out(each: ExportAcceptance) -> dict[str, object]:
    return {
        "receiver": each.receiver,
        "export_notice": each.notice,
        "share": "" if each.share is None else str(each.share),
        "accepted_by": each.accepted_by,
        "accepted_at": rfc3339(each.accepted_at),
        "receipt": str(each.entry),
    }

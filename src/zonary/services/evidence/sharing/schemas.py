"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta
from ninja import Schema

from zonary.common.clock import rfc3339
from zonary.common.plain_text import PLAIN, PlainBody
from zonary.services.evidence.declarations.schemas import DeclarationOut, OriginOut
from zonary.services.evidence.exporting.rules import Receiver
from zonary.services.evidence.schemas import ReceiptOut
from zonary.services.evidence.sharing.models import Share, ShareOpening
from zonary.services.evidence.sharing.rules import MAX_NAME


class ShareIn(PlainBody, frozen=True):
    """With an organisation or a person, by public id (`grantee`), or with whoever gets a link (`name`): one of both.

    `until` is the last day, at most 366 days away. `abroad`: they are not in mainland China; `authority`: they are a
    foreign court, or judicial or law-enforcement body. Then `export_notice` is the SHA-256 of the export notice
    (`GET /evidence/export-notice`) that you have read and accept, which is put on record.
    """

    DAYS = ("until",)

    until: str
    grantee: Annotated[str, Meta(max_length=36)] = ""
    name: Annotated[str, Meta(max_length=MAX_NAME, extra_json_schema={"pattern": PLAIN})] = ""
    abroad: bool = False
    authority: bool = False
    export_notice: Annotated[str, Meta(max_length=64)] = ""

    def misfit(self) -> str | None:
        if bool(self.grantee) == bool(self.name):
            return "give exactly one of grantee and name"
        return PlainBody.misfit(self)

    def receiver(self) -> Receiver:
        if self.authority:
            return Receiver.AUTHORITY
        return Receiver.ABROAD if self.abroad else Receiver.HOME

    def last_day(self) -> date:
        return date.fromisoformat(self.until)


class ErasureIn(PlainBody, frozen=True):
    """`reason` becomes part of the ledger: never put into it what is being erased."""

    reason: Annotated[str, Meta(min_length=1, max_length=200, extra_json_schema={"pattern": PLAIN})]


class ShareOut(Schema):
    """`secret` belongs into the address of the page `/shared/link/SECRET`; it is in the answer to sharing, and nowhere
    else."""

    id: str
    kind: str
    thing: str
    holder: str
    grantee: str
    name: str
    until: date
    since: datetime
    ended_at: datetime | None
    secret: str | None = None


class SharesOut(Schema):
    """Newest first."""

    items: list[ShareOut]
    next: str | None = None


class OpeningOut(Schema):
    """Who looked at what; `record` is empty for the page of a dossier. `receipt` is the id of the act."""

    share: str
    what: str
    record: str
    person: str
    organisation: str
    at: datetime
    receipt: str


class OpeningsOut(Schema):
    """Newest first, at most 100."""

    items: list[OpeningOut]


class SharedRecordOut(Schema):
    """A record that is shared with you. `declared` is what its holder says, not checked, and `origin` what was sealed
    with it."""

    title: str
    note: str
    receipt: ReceiptOut
    declared: list[DeclarationOut]
    origin: OriginOut


class SharedSectionOut(Schema):
    name: str
    records: list[str]


class SharedOut(Schema):
    """What is shared: ids of the records in groups; each is read by itself."""

    share: ShareOut
    title: str
    sections: list[SharedSectionOut]


def share_out(share: Share, secret: str = "") -> dict[str, object]:
    return {
        "id": str(share.public_id),
        "kind": share.kind,
        "thing": str(share.thing),
        "holder": share.holder,
        "grantee": "" if share.secret_digest is not None else share.grantee,
        "name": share.name,
        "until": share.until.isoformat(),
        "since": rfc3339(share.since),
        "ended_at": None if share.ended_at is None else rfc3339(share.ended_at),
        "secret": secret or None,
    }


def opening_out(each: ShareOpening) -> dict[str, object]:
    return {
        "share": str(each.share.public_id),
        "what": each.what,
        "record": "" if each.record is None else str(each.record),
        "person": each.person,
        "organisation": each.organisation,
        "at": rfc3339(each.at),
        "receipt": str(each.entry),
    }

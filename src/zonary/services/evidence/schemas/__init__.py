"""What goes in and out over HTTP."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

import msgspec
from msgspec import Meta
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.common.language import _
from zonary.common.plain_text import day_of
from zonary.common.problems import Problem
from zonary.proof import canonical
from zonary.proof.origin import MAX_STATED, STATED_LABELS, declared_origin, is_readable, reported_by
from zonary.proof.package.build import Parts, members_for
from zonary.services.evidence.actions import Registered
from zonary.services.evidence.models import EvidenceRecord
from zonary.services.evidence.queries import Receipt, Wanted
from zonary.services.evidence.rules import MARKS, MAX_NOTE, MAX_TITLE, Description, Kind, Notice, Registrations, Subject
from zonary.services.evidence.tokens import Stamped

MAX_BATCH = 10_000

HexDigest: TypeAlias = Annotated[
    str,
    Meta(min_length=64, max_length=64, extra_json_schema={"pattern": "^[0-9a-f]{64}$", "examples": ["00" * 32]}),
]
IdempotencyKey: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=128, extra_json_schema={"pattern": r"^[\x20-\x7e]+$"})
]

_DIGITS = "Digests are lower-case hexadecimal digits."
_PRINTABLE = "Keys are printable ASCII."


class DigestsIn(Body, frozen=True, gc=False):
    """Both digests of the same bytes: 64 lower-case hexadecimal digits each."""

    sha256: HexDigest
    sm3: HexDigest


class EvidenceIn(Body, frozen=True, gc=False):
    """Exactly one of `statement` and `digest`.

    `statement`: digests of a salted statement that you made and keep. `digest`: digests of a file; the server makes and
    keeps the statement, and gives you a package. Sent again under the same `idempotency_key`, it is registered once.
    """

    statement: DigestsIn | None = None
    digest: DigestsIn | None = None
    idempotency_key: IdempotencyKey | None = None

    def misfit(self) -> str | None:
        return _misfit([self], [])

    def registrations(self) -> Registrations:
        return _registrations([self], None)


SubjectName: TypeAlias = Annotated[str, Meta(extra_json_schema={"enum": ["", *Subject]})]
"""One of ``rules.Subject``, or nothing said."""


class DescriptionIn(Body, frozen=True, gc=False):
    """What you call a record: a title, and if you like a note and what it is about. Nobody but those it belongs to sees
    them, and whom you share it with."""

    title: Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
    note: Annotated[str, Meta(max_length=MAX_NOTE)] = ""
    subject: SubjectName = ""

    def misfit(self) -> str | None:
        if self.subject and self.subject not in set(Subject):
            return "there is no such subject"
        return None if self.description().is_plain() else "titles and notes are plain text, and no title is blank"

    def description(self) -> Description:
        return Description.of(self)


StatedText: TypeAlias = Annotated[str, Meta(max_length=MAX_STATED)]


class StatedIn(Body, frozen=True, gc=False):
    """What a person says of where a file came from, as specs/origin.md has it: their word, which nobody checks."""

    source: StatedText = ""
    generated_by: StatedText = ""
    machine: StatedText = ""
    custodian: StatedText = ""
    custody: StatedText = ""
    notarisation: StatedText = ""
    witness: StatedText = ""
    corroboration: StatedText = ""

    def texts(self) -> dict[str, str]:
        return {name: text for name in STATED_LABELS if (text := getattr(self, name))}


ReportedText: TypeAlias = Annotated[str, Meta(max_length=1000)]


class ReportedIn(Body, frozen=True, gc=False):
    """What your program or browser (`by`) reports of the machine it runs on: your word, too. What does not belong to
    such a one is left out. Name no user and no machine here."""

    by: Annotated[str, Meta(extra_json_schema={"enum": ["program", "browser"]})]
    program: ReportedText = ""
    user_agent: ReportedText = ""
    system: ReportedText = ""
    distribution: ReportedText = ""
    architecture: ReportedText = ""
    clock: ReportedText = ""
    time_zone: ReportedText = ""
    selection: ReportedText = ""
    utc_offset_minutes: Annotated[int, Meta(ge=-1440, le=1440)] | None = None
    clock_ahead_seconds: Annotated[int, Meta(ge=-(10**10), le=10**10)] | None = None


class OriginIn(Body, frozen=True, gc=False):
    """Where a file came from (specs/origin.md). It is sealed with the file, and stands in its package."""

    stated: StatedIn | None = None
    reported: ReportedIn | None = None

    def misfit(self) -> str | None:
        if self.reported is not None and self.reported.by not in ("program", "browser"):
            return "what is reported is reported by a program or a browser"
        texts = {} if self.stated is None else self.stated.texts()
        return None if all(map(is_readable, texts.values())) else "what is stated is text that can be read"

    def declared(self) -> bytes:
        """What the statement declares, canonical JSON; empty: nothing."""
        stated = {} if self.stated is None else self.stated.texts()
        told = {} if self.reported is None else reported_by(self.reported.by, msgspec.structs.asdict(self.reported))
        declared = declared_origin(stated, told)
        return canonical.encode(declared) if declared else b""


class RegistrationIn(EvidenceIn, frozen=True, gc=False):
    """One piece of evidence, and what you call it if you like, kept when it is registered for the first time.

    `origin` goes with a `digest`; who makes a `statement` writes it in there.
    """

    description: DescriptionIn | None = None
    origin: OriginIn | None = None

    def misfit(self) -> str | None:
        # Not super(): a class that was made with slots is another than the one the zero-argument form means.
        if self.origin is not None and self.digest is None:
            return "give origin with a digest alone: your statement holds its own"
        parts = (each.misfit() for each in (self.description, self.origin) if each is not None)
        return _misfit([self], []) or next(filter(None, parts), None)

    def registrations(self) -> Registrations:
        wanted, said = _registrations([self], None), b"" if self.origin is None else self.origin.declared()
        return replace(wanted, declared={0: said}) if said else wanted


class BatchIn(Body, frozen=True, gc=False):
    """Registered all together or not at all.

    With an `idempotency_key` the same batch sent again gives the same receipts; its items have no keys of their own
    then.
    """

    items: Annotated[list[EvidenceIn], Meta(min_length=1, max_length=MAX_BATCH)]
    idempotency_key: IdempotencyKey | None = None

    def misfit(self) -> str | None:
        if self.idempotency_key is None:
            return _misfit(self.items, [])
        if any(item.idempotency_key is not None for item in self.items):
            return "give idempotency keys to the batch or to its items, not to both"
        return _misfit(self.items, [self.idempotency_key])

    def registrations(self) -> Registrations:
        return _registrations(self.items, self.idempotency_key)


def _misfit(items: list[EvidenceIn], keys: list[str]) -> str | None:
    """What is wrong with any of ``items`` or ``keys``, all looked at together."""
    given = [item.statement or item.digest for item in items]
    both = [item for item in items if item.statement is not None and item.digest is not None]
    if both or None in given:
        return "give exactly one of “statement” and “digest”"
    digits = "".join([text for pair in given if pair is not None for text in (pair.sha256, pair.sm3)])
    try:
        if bytes.fromhex(digits).hex() != digits:  # fromhex() takes capitals, and passes over white space
            return _DIGITS
    except ValueError:
        return _DIGITS
    together = "".join([*keys, *(item.idempotency_key for item in items if item.idempotency_key is not None)])
    return None if together.isascii() and together.isprintable() else _PRINTABLE


def _registrations(items: list[EvidenceIn], key: str | None) -> Registrations:
    statement, digest = MARKS[Kind.STATEMENT], MARKS[Kind.DIGEST]
    pairs = [item.statement or item.digest for item in items]
    digits = "".join([text for pair in pairs if pair is not None for text in (pair.sha256, pair.sm3)])
    return Registrations(
        marks=b"".join([digest if item.statement is None else statement for item in items]),
        pairs=bytes.fromhex(digits),
        keys={n: item.idempotency_key for n, item in enumerate(items) if item.idempotency_key is not None},
        key=key,
    )


class NoticeOut(BaseModel):
    """What a receipt must not be mistaken for; `code` stays, `text` is in the language of whoever asks."""

    code: str
    text: str


class StampedOut(BaseModel):
    """Authorities of how many operators have signed, and of how many have to before it counts as timestamped."""

    there: int
    needed: int
    complete: bool


class ReceiptOut(BaseModel):
    """What is known of a record now. `leaf` is base64; `size` is that of the published checkpoint that covers it.

    `subject` is what its holder says it is about, or empty. `notices` are to be shown wherever the receipt is.
    `timestamps` is null where the zone asks no authority but its own, and of records from before it did.
    """

    id: str
    kind: Literal["statement", "digest"]
    sha256: str
    sm3: str
    leaf_class: str
    leaf: str
    stage: Literal["recorded", "sequenced", "published"]
    index: int | None
    recorded_at: datetime
    size: int | None
    proof: str
    package: str | None
    subject: str
    notices: list[NoticeOut]
    timestamps: StampedOut | None


class FoundOut(BaseModel):
    items: list[ReceiptOut]


class BatchReceiptOut(BaseModel):
    """The short receipt of one item of a batch, in the order of the items. `leaf` is null for a repeated key."""

    id: str
    leaf: str | None


class BatchOut(BaseModel):
    receipts: list[BatchReceiptOut]


class ProblemOut(BaseModel):
    """Problem details (RFC 9457). `code` never changes for the same kind of problem."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, str]] | None = None


def receipt_out(receipt: Receipt, address: str) -> dict[str, object]:
    """:param address: where this record is found, without host."""
    return {
        "id": receipt.public_id,
        "kind": receipt.kind.value,
        **receipt.digests.hex(),
        "leaf_class": receipt.leaf_class,
        "leaf": base64.b64encode(receipt.leaf).decode("ascii"),
        "stage": receipt.stage.value,
        "index": receipt.index,
        "recorded_at": rfc3339(receipt.recorded_at),
        "size": receipt.size,
        "proof": f"{address}/proof",
        "package": f"{address}/package" if receipt.has_package else None,
        "subject": receipt.subject,
        "notices": [{"code": each.value, "text": _NOTICES[each]()} for each in receipt.notices],
        "timestamps": None if receipt.stamped is None else _stamped_out(receipt.stamped),
    }


def _stamped_out(stamped: Stamped) -> dict[str, object]:
    return {"there": stamped.there, "needed": stamped.needed, "complete": stamped.is_complete}


_NOTICES = {Notice.NOT_A_PATENT_APPLICATION: lambda: _("Evidence is not a patent application.")}


class _ShortReceipt(msgspec.Struct, gc=False):
    """A :class:`BatchReceiptOut`; msgspec writes bytes as base64."""

    id: str
    leaf: bytes | None


def batch_out(registered: Registered) -> dict[str, Any]:
    return {"receipts": list(map(_ShortReceipt, registered.public_ids, registered.leaves))}


class DescribedOut(BaseModel):
    """A record by what its holder calls it; `address` is that of its receipt."""

    id: str
    title: str
    note: str
    subject: str
    registered_at: str
    address: str


class DescribedListOut(BaseModel):
    """Newest first; `next` is the address of those after them, or null."""

    items: list[DescribedOut]
    next: str | None


def asked_for(*, q: str, subject: str, since: str, until: str, among: frozenset[str] | None = None) -> Wanted:
    """Which records are asked for in an address.

    :raises Problem: 422 for a subject there is none of, or what is no day.
    """
    if subject and subject not in set(Subject):
        raise Problem(422, "invalid", "There is no such subject.")
    if not all(day_of(each) for each in (since, until) if each):
        raise Problem(422, "invalid", "Give days as YYYY-MM-DD.")
    words = tuple(q[:MAX_TITLE].split())
    return Wanted(words=words, subject=subject, since=day_of(since), until=day_of(until), among=among)


def described_out(record: EvidenceRecord, address: str) -> dict[str, str]:
    return {
        "id": str(record.public_id),
        **record.description().columns(),
        "registered_at": rfc3339(record.registered_at),
        "address": address,
    }


class PartOut(BaseModel):
    """A member of a package: its name, and its bytes in base64."""

    name: str
    content: str


class PartsOut(BaseModel):
    """Members in their order; `statement.json` and `manifest.jsonl` come before them."""

    members: list[PartOut]


def parts_out(parts: Parts, sha256: bytes) -> dict[str, object]:
    """:param sha256: of the statement."""
    return {
        "members": [
            {"name": name, "content": base64.b64encode(data).decode("ascii")}
            for name, data in members_for(sha256, parts)
        ]
    }

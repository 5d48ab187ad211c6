"""What goes in and out over HTTP."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from zonary.common.clock import rfc3339
from zonary.proof.digests import Digests
from zonary.services.evidence.actions import Registered, Registration
from zonary.services.evidence.models import Kind
from zonary.services.evidence.queries import Receipt

MAX_BATCH = 10_000

HexDigest = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{64}\z", min_length=64, max_length=64), Field(examples=["00" * 32])
]
IdempotencyKey = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[\x20-\x7e]+\z")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class DigestsIn(_In):
    """Both digests of the same bytes: 64 lower-case hexadecimal digits each."""

    sha256: HexDigest
    sm3: HexDigest

    def digests(self) -> Digests:
        return Digests(bytes.fromhex(self.sha256), bytes.fromhex(self.sm3))


class EvidenceIn(_In):
    """Exactly one of `statement` and `digest`.

    `statement`: digests of a salted statement that you made and keep. `digest`: digests of a file; the server makes and
    keeps the statement, and gives you a package. Sent again under the same `idempotency_key`, it is registered once.
    """

    statement: DigestsIn | None = None
    digest: DigestsIn | None = None
    idempotency_key: IdempotencyKey | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.statement is None) == (self.digest is None):
            raise ValueError("give exactly one of “statement” and “digest”")
        return self

    def registration(self) -> Registration:
        if self.statement is not None:
            return Registration(Kind.STATEMENT, self.statement.digests(), self.idempotency_key)
        assert self.digest is not None  # noqa: S101 - validated above
        return Registration(Kind.DIGEST, self.digest.digests(), self.idempotency_key)


class BatchIn(_In):
    """Registered all together or not at all."""

    items: Annotated[list[EvidenceIn], Field(min_length=1, max_length=MAX_BATCH)]


class ReceiptOut(BaseModel):
    """What is known of a record now. `leaf` is base64; `size` is that of the published checkpoint that covers it."""

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
        "leaf": _base64(receipt.leaf),
        "stage": receipt.stage.value,
        "index": receipt.index,
        "recorded_at": rfc3339(receipt.recorded_at),
        "size": receipt.size,
        "proof": f"{address}/proof",
        "package": f"{address}/package" if receipt.kind is Kind.DIGEST else None,
    }


def batch_out(registered: Iterable[Registered]) -> dict[str, object]:
    return {
        "receipts": [
            {"id": each.public_id, "leaf": None if each.leaf is None else _base64(each.leaf)} for each in registered
        ]
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")

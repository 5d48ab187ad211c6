"""A whole batch decided, allocated and written anew, from what one file holds: see specs/payment-file.md.

Whoever is given the file needs neither the zone nor its database. No account is in it: the payment file is compared as
it is without them, and the act that names that digest names the other beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import msgspec
import rfc8785

from zonary.engines.clauses.bundles import amount_of, setting_of
from zonary.engines.clauses.errors import ReplayError
from zonary.engines.clauses.interpreter.asking import Asking, Setting
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.interpreter.records import replay, version_of
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import read_pack, read_shape
from zonary.engines.clauses.packs.writing import digest_of
from zonary.engines.clauses.stored import read_snapshot
from zonary.services.incentives.grants.rules.allocating import Asked, allocate, entitled
from zonary.services.incentives.grants.rules.payment_files import Line, payment_file
from zonary.services.incentives.grants.rules.payment_files import digest as file_digest
from zonary.services.incentives.grants.rules.terms import terms_of

FORM: Final = "zonary-grant-batch/1"
MAX_BATCH: Final = 256 * 1024 * 1024
"""Bytes: five thousand decisions with their snapshots, of some tens of thousands each."""


class BatchGrant(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One grant: its decision, and what it was allocated from. Money in fen.

    :param consented_at: RFC 3339; empty for who never consented.
    :param allocated: None for what was not there when the budget was allocated.
    """

    grant: str
    decision: str
    snapshot: str
    computed: int
    state: str
    reason: str
    kept_because: str
    consented_at: str
    earlier: list[int]
    allocated: int | None


class BatchFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A payment file without accounts: its text, that text's SHA-256, and that of the file with accounts.

    :param lines: the grants paid by it, in order.
    """

    number: int
    lines: list[str]
    shown: str
    shown_digest: str
    digest: str


class Batch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the file holds. ``spent`` is what other batches had of the budget; ``rules`` the released pack."""

    number: str
    day: str
    terms: str
    terms_digest: str
    rules: str
    spent: int | None
    grants: list[BatchGrant]
    files: list[BatchFile]
    form: Literal["zonary-grant-batch/1"] = FORM


@dataclass(frozen=True, slots=True)
class RepeatedBatch:
    """What came out again: how many decisions, how much was allocated, and the digests of the payment files."""

    number: str
    decisions: int
    allocated: int
    files: Sequence[str]


def write_batch(batch: Batch) -> bytes:
    """Canonical JSON (RFC 8785)."""
    return rfc8785.dumps(msgspec.to_builtins(batch))


class _Form(msgspec.Struct):
    form: str


def is_batch(data: bytes) -> bool:
    """Whether this says of itself that it is one; whether it is one says :func:`read_batch`."""
    try:
        return msgspec.json.decode(data, type=_Form).form == FORM
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False


def read_batch(data: bytes) -> Batch:
    """:raises ReplayError: when it is none."""
    if len(data) > MAX_BATCH:
        raise ReplayError("A file with a batch has at most {limit} bytes.", limit=MAX_BATCH)
    try:
        return msgspec.json.decode(data, type=Batch)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ReplayError("This is no file with a batch: {reason}", reason=str(error)[:200]) from error


def repeat_batch(batch: Batch) -> RepeatedBatch:
    """Decide, allocate and write anew, from what the file holds and nothing else.

    :raises ReplayError: at the first thing that comes out otherwise; says which.
    :raises PackError: when its rules cannot be read.
    """
    if hashlib.sha256(batch.terms.encode()).hexdigest() != batch.terms_digest:
        raise ReplayError("The terms of the batch are not those its digest is of.")
    repeat_decisions(batch.rules, batch.grants)
    allocated = repeat_allocation(batch.terms, batch.spent, batch.grants)
    purpose = terms_of(batch.terms).title
    for each in batch.files:
        _repeat_file(batch.number, purpose, each, batch.grants)
    return RepeatedBatch(batch.number, len(batch.grants), allocated, [each.digest for each in batch.files])


def repeat_decisions(rules: str, grants: Sequence[BatchGrant]) -> None:
    """:raises ReplayError: when one comes out otherwise, or is by other rules."""
    pack = read_pack(read_shape(rules.encode()), parse)
    plan, setting, version = Plan(pack.document), setting_of(pack), digest_of(rules.encode())
    for each in grants:
        _repeat_decision(each, plan, setting, version)


def _repeat_decision(grant: BatchGrant, plan: Plan, setting: Setting, version: str) -> None:
    stored = grant.decision.encode()
    if version_of(stored) != version:
        raise ReplayError(
            "The decision of grant {grant} was made by other rules than those in the file.", grant=grant.grant
        )
    asking = Asking(setting, read_snapshot(grant.snapshot.encode()))
    amount = amount_of(replay(stored, plan, asking), asking)
    if amount != grant.computed:
        raise ReplayError(
            "The amount of grant {grant} comes out otherwise: {now} fen, and the file says {then}.",
            grant=grant.grant,
            now=str(amount),
            then=str(grant.computed),
        )


def repeat_allocation(terms: str, spent: int | None, grants: Sequence[BatchGrant]) -> int:
    """What was allocated in all, in fen.

    :raises ReplayError: when one amount comes out otherwise.
    """
    agreed, those = terms_of(terms), [each for each in grants if each.allocated is not None]
    asked = [
        Asked(
            each.grant,
            entitled(each.computed, earlier=each.earlier, cap=agreed.cap).amount,
            datetime.fromisoformat(each.consented_at),
        )
        for each in those
    ]
    left = None if agreed.budget is None else max(0, agreed.budget - (spent or 0))
    shares = allocate(asked, left, exhaustion=agreed.exhaustion, last=agreed.last)
    for each, share in zip(those, shares, strict=True):
        if share.amount != each.allocated:
            raise ReplayError(
                "The amount of grant {grant} comes out otherwise: {now} fen, and the file says {then}.",
                grant=each.grant,
                now=str(share.amount),
                then=str(each.allocated),
            )
    return sum(each.amount for each in shares)


def _repeat_file(number: str, purpose: str, file: BatchFile, grants: Sequence[BatchGrant]) -> None:
    amounts = {each.grant: each.allocated or 0 for each in grants}
    lines = [Line(place, grant, amounts.get(grant, 0), None) for place, grant in enumerate(file.lines, 1)]
    content = payment_file(number, purpose, lines)
    if content.decode() != file.shown or file_digest(content) != file.shown_digest:
        raise ReplayError(
            "Payment file {number} comes out otherwise: {now}, and it was {then}.",
            number=file.number,
            now=file_digest(content),
            then=file.shown_digest,
        )

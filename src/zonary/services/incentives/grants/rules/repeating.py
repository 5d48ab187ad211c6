"""A whole batch decided, allocated and written anew, from what one file holds: see specs/payment-file.md.

Whoever is given the file needs neither the zone nor its database. No account is in it: the payment file is compared as
it is without them, and the act that names that digest names the other beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
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
from zonary.proof.printable import printable
from zonary.services.incentives.grants.rules.allocating import Asked, allocate, entitled
from zonary.services.incentives.grants.rules.lists import list_digest
from zonary.services.incentives.grants.rules.payment_files import Line, payment_file
from zonary.services.incentives.grants.rules.payment_files import digest as file_digest
from zonary.services.incentives.grants.rules.terms import terms_of

FORM: Final = "zonary-grant-batch/1"
MAX_BATCH: Final = 256 * 1024 * 1024
"""Bytes: five thousand decisions with their snapshots, of some tens of thousands each."""
MAX_SHOWN: Final = 200
"""Characters of a line that is shown because it came out otherwise: the file is anybody's."""


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
    """What the file holds. ``spent`` is what other batches had of the budget; ``rules`` the released pack.

    :param is_instant: whether it was claimed line by line (即申即享): then its first act names an empty list, and each
        grant has an act of its own.
    :param grants: in the order of the list.
    """

    number: str
    is_instant: bool
    day: str
    terms: str
    terms_digest: str
    rules: str
    spent: int | None
    grants: list[BatchGrant]
    files: list[BatchFile]
    form: Literal["zonary-grant-batch/1"] = FORM


@dataclass(frozen=True, slots=True)
class RepeatedGrant:
    """One line of the list, come out again: enterprise, SHA-256 of its decision, and fen by the rule."""

    grant: str
    enterprise: str
    decision_digest: str
    computed: int


@dataclass(frozen=True, slots=True)
class RepeatedFile:
    """A payment file, written anew without accounts. ``taken`` is the digest of it with accounts, as the file says."""

    number: int
    shown_digest: str
    taken: str


@dataclass(frozen=True, slots=True)
class RepeatedBatch:
    """What came out again. Receipts have to name these digests; nothing here says that they do.

    :param list_digest: of enterprises, decisions and amounts in order; what the act that started the batch names.
    :param item: of the rules; that of every decision, empty without any.
    :param spent: of other batches, in fen, taken from the file; the act of the payment file names it.
    """

    number: str
    item: str
    list_digest: str
    grants: Sequence[RepeatedGrant]
    spent: int | None
    allocated: int
    files: Sequence[RepeatedFile]

    @property
    def decisions(self) -> int:
        return len(self.grants)


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

    :raises ReplayError: at the first thing that comes out otherwise or does not belong together; says which.
    :raises PackError: when its rules cannot be read.
    """
    if hashlib.sha256(batch.terms.encode()).hexdigest() != batch.terms_digest:
        raise ReplayError("The terms of the batch are not those its digest is of.")
    item, grants = repeat_decisions(batch.rules, batch.day, batch.grants)
    allocated = repeat_allocation(batch.terms, batch.spent, batch.grants)
    _require_lines(batch)
    purpose = terms_of(batch.terms).title
    return RepeatedBatch(
        number=batch.number,
        item=item,
        list_digest=list_digest((each.enterprise, each.decision_digest, each.computed) for each in grants),
        grants=grants,
        spent=batch.spent,
        allocated=allocated,
        files=[_repeat_file(batch.number, purpose, each, batch.grants) for each in batch.files],
    )


def repeat_decisions(rules: str, day: str, grants: Sequence[BatchGrant]) -> tuple[str, list[RepeatedGrant]]:
    """The item all of them are of, and each as it came out again.

    :raises ReplayError: when one comes out otherwise, is by other rules, of another day or item, or there twice.
    """
    pack = read_pack(read_shape(rules.encode()), parse)
    plan, setting, version = Plan(pack.document), setting_of(pack), digest_of(rules.encode())
    items, found = dict[str, str](), list[RepeatedGrant]()
    for each in grants:
        item, repeated = _repeat_decision(each, day, plan, setting, version)
        items.setdefault(item, each.grant)
        if len(items) > 1:
            raise ReplayError("The decision of grant {grant} is of another item than the others.", grant=each.grant)
        found.append(repeated)
    _require_once(each.grant for each in found)
    _require_once(each.enterprise for each in found)
    return next(iter(items), ""), found


def _repeat_decision(
    grant: BatchGrant, day: str, plan: Plan, setting: Setting, version: str
) -> tuple[str, RepeatedGrant]:
    stored = grant.decision.encode()
    if version_of(stored) != version:
        raise ReplayError(
            "The decision of grant {grant} was made by other rules than those in the file.", grant=grant.grant
        )
    asking = Asking(setting, read_snapshot(grant.snapshot.encode()))
    decision = replay(stored, plan, asking)
    if decision.snapshot.day.isoformat() != day:
        raise ReplayError("The decision of grant {grant} is not as of the day of the batch.", grant=grant.grant)
    amount = amount_of(decision, asking) or 0  # a right gives none
    if amount != grant.computed:
        raise ReplayError(
            "The amount of grant {grant} comes out otherwise: {now} fen, and the file says {then}.",
            grant=grant.grant,
            now=str(amount),
            then=str(grant.computed),
        )
    enterprise, digest = decision.snapshot.subject, hashlib.sha256(stored).hexdigest()
    return decision.item.id, RepeatedGrant(grant.grant, enterprise, digest, grant.computed)


def _moment(grant: BatchGrant) -> datetime:
    try:
        found = datetime.fromisoformat(grant.consented_at)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ReplayError("Grant {grant} does not say when it was consented to.", grant=grant.grant)
    return found


def _require_once(names: Iterable[str]) -> None:
    seen = set[str]()
    for each in names:
        if each in seen:
            raise ReplayError("{name} is in the batch twice.", name=each)
        seen.add(each)


def _require_lines(batch: Batch) -> None:
    """The first file pays exactly what was allocated, in the order of the list; later ones some of it again.

    :raises ReplayError: for another line, one twice, or one that is missing.
    """
    due = [each.grant for each in batch.grants if each.allocated]
    numbers = [each.number for each in batch.files]
    if numbers != sorted(set(numbers)):
        raise ReplayError("The payment files of the batch are not numbered in order.")
    for place, each in enumerate(batch.files):
        wanted = due if place == 0 else [grant for grant in due if grant in set(each.lines)]
        if each.lines != wanted:
            raise ReplayError(
                "The lines of payment file {number} are not the grants that were allocated, each once and in order.",
                number=each.number,
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
            _moment(each),
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


def _repeat_file(number: str, purpose: str, file: BatchFile, grants: Sequence[BatchGrant]) -> RepeatedFile:
    amounts = {each.grant: each.allocated or 0 for each in grants}
    lines = [Line(place, grant, amounts[grant], None) for place, grant in enumerate(file.lines, 1)]
    content = payment_file(number, purpose, lines)
    shown = file_digest(content)
    if content.decode() != file.shown:
        line, now, then = _first_difference(content.decode(), file.shown)
        raise ReplayError(
            "Line {line} of payment file {number} comes out otherwise: “{now}”, and it was “{then}”.",
            line=line,
            number=file.number,
            now=now,
            then=then,
        )
    if shown != file.shown_digest:
        raise ReplayError(
            "Payment file {number} comes out otherwise: {now}, and it was {then}.",
            number=file.number,
            now=shown,
            then=file.shown_digest,
        )
    return RepeatedFile(file.number, shown, file.digest)


def _first_difference(now: str, then: str) -> tuple[int, str, str]:
    """The first line, counted from one, in which two files differ, and how it begins in each."""
    lines = enumerate(zip_longest(now.split("\r\n"), then.split("\r\n"), fillvalue=""), 1)
    line, one, other = next((line, one, other) for line, (one, other) in lines if one != other)
    return line, _shown(one), _shown(other)


def _shown(line: str) -> str:
    return printable(line[:MAX_SHOWN].encode("utf-8", "backslashreplace"))

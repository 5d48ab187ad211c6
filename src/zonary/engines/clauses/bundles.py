"""One decision with all it takes to repeat it: the record, the snapshot and the rules, in one file.

Whoever is given the file needs neither the zone nor its database; ``zonary replay`` asks :func:`repeat` of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import msgspec
import rfc8785

from zonary.engines.clauses.errors import ReplayError, TableError
from zonary.engines.clauses.interpreter.asking import Asking, Setting
from zonary.engines.clauses.interpreter.decisions import Decision
from zonary.engines.clauses.interpreter.plans import Plan
from zonary.engines.clauses.interpreter.records import replay, version_of
from zonary.engines.clauses.kleene import Truth
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import Pack, read_pack, read_shape
from zonary.engines.clauses.packs.writing import canonical, digest_of
from zonary.engines.clauses.stored import read_snapshot

FORM: Final = "zonary-decision-bundle/1"
MAX_BUNDLE: Final = 16 * 1024 * 1024
"""Bytes: a rule pack of 4 MiB, a record and a snapshot, all written once more as JSON text."""
MAX_LIST: Final = 10_000
"""Decisions of one act."""

_Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the file holds.

    :param amount: in fen, as digits; empty when nothing is paid, or it is not known.
    :param decisions: digests of all decisions of the act that names this one, ascending.
    :param entry: public id of that act.
    """

    decision: str
    snapshot: str
    rules: str
    amount: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{0,18}$")]
    decisions: Annotated[list[_Digest], msgspec.Meta(max_length=MAX_LIST)]
    entry: str
    form: Literal["zonary-decision-bundle/1"] = FORM


@dataclass(frozen=True, slots=True)
class Repeated:
    """What came out again. ``list_digest`` is what the act has to name."""

    decision: Decision
    pack: Pack
    amount: int | None
    list_digest: str


def write_bundle(bundle: Bundle) -> bytes:
    """Canonical JSON (RFC 8785)."""
    return rfc8785.dumps(msgspec.to_builtins(bundle))


def read_bundle(data: bytes) -> Bundle:
    """:raises ReplayError: when it is none."""
    if len(data) > MAX_BUNDLE:
        raise ReplayError("A file with a decision has at most {limit} bytes.", limit=MAX_BUNDLE)
    try:
        return msgspec.json.decode(data, type=Bundle)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ReplayError("This is no file with a decision: {reason}", reason=str(error)[:200]) from error


def repeat(bundle: Bundle) -> Repeated:
    """Decide again, from what the file holds and nothing else.

    :raises ReplayError: when it comes out otherwise, or its parts do not belong to each other.
    :raises PackError: when its rules cannot be read.
    """
    stored, rules = bundle.decision.encode(), bundle.rules.encode()
    if version_of(stored) != digest_of(rules):
        raise ReplayError("The rules in this file are not those the decision names.")
    shape = read_shape(rules)
    if canonical(shape) != rules:
        raise ReplayError("The rules in this file are not written as a released pack is.")
    pack = read_pack(shape, parse)
    asking = Asking(setting_of(pack), read_snapshot(bundle.snapshot.encode()))
    decision = replay(stored, Plan(pack.document), asking)
    amount = amount_of(decision, asking)
    if ("" if amount is None else str(amount)) != bundle.amount:
        raise ReplayError(
            "The amount comes out otherwise: {now} fen, and the file says {then}.",
            now=str(amount),
            then=bundle.amount or "None",
        )
    if hashlib.sha256(stored).hexdigest() not in bundle.decisions:
        raise ReplayError("The decision is not among those its act names.")
    return Repeated(decision, pack, amount, list_digest(bundle.decisions))


def setting_of(pack: Pack) -> Setting:
    """What its sentences are read with."""
    return Setting(pack.vocabulary, pack.parameters, pack.tables)


def amount_of(decision: Decision, asking: Asking) -> int | None:
    """What a yes pays, in fen; None when it pays nothing, or that is not known yet."""
    name = decision.item.amount
    if decision.truth is not Truth.YES or not name:
        return None
    try:
        number = asking.table(name).extent.number
    except TableError:  # no row of it is for this enterprise: nothing is known of an amount, and nothing is made up
        return None
    return number if isinstance(number, int) and number >= 0 else None


def list_digest(decisions: Iterable[str]) -> str:
    """SHA-256 over the digests, ascending, each with a line feed behind it: what the act of a batch names."""
    return hashlib.sha256("".join(f"{each}\n" for each in sorted(decisions)).encode()).hexdigest()

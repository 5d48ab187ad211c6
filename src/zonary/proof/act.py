"""An act, and the receipt that proves it: one file anyone can check offline (``specs/act.md``).

The receipt is a C2SP tlog-proof whose extra data is the act. Nothing vouches for extra data by itself; here the leaf is
made again from it, and only the right act gives the leaf that the proof leads to the signed root.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from zonary.proof import canonical, merkle
from zonary.proof.canonical import Json
from zonary.proof.digests import digests_of
from zonary.proof.errors import Error, MalformedError, UnsupportedError, VerificationError
from zonary.proof.leaf import ACT, encode_leaf
from zonary.proof.package.log import claimed_checkpoint, judge_checkpoint
from zonary.proof.package.report import Facts, Layer, LayerVerdict, Report, Sentence, Status, verdict_of
from zonary.proof.tlog.proof import MAX_EXTRA_BYTES, TlogProof
from zonary.proof.trust import Trust

ACT_VERSION: Final = "zonary-act/1"
RECEIPT_MAGIC: Final = b"c2sp.org/tlog-proof@"
"""What a receipt begins with; a package begins otherwise."""
_KEYS = {"about", "actor", "body", "class", "kind", "organisation", "recorded_at", "salt", "version"}
_SALT = re.compile(r"[0-9a-f]{32}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody did. Ids are pseudonymous; ``recorded_at`` is RFC 3339 in UTC."""

    kind: str
    about: str
    actor: str
    organisation: str
    recorded_at: str
    body: Mapping[str, Json]


def decode_act(data: bytes) -> Act:
    """:raises UnsupportedError: for a later version; :raises MalformedError: for anything that is no act."""
    value = canonical.decode(data, "the act", limit=MAX_EXTRA_BYTES)
    if not isinstance(value, dict):
        raise MalformedError("An act is a map.")
    version = value.get("version")
    if version != ACT_VERSION and isinstance(version, str) and version.startswith("zonary-act/"):
        raise UnsupportedError("The act is of a version not known here: {version}.", version=version[:40])
    texts = {key: value.get(key) for key in _KEYS - {"body"}}
    body = value.get("body")
    if (
        set(value) != _KEYS
        or version != ACT_VERSION
        or value["class"] != ACT
        or not isinstance(body, dict)
        or not all(isinstance(text, str) for text in texts.values())
        or not _SALT.fullmatch(str(texts["salt"]))
        or not _MOMENT.fullmatch(str(texts["recorded_at"]))
    ):
        raise MalformedError("This is no act: a key is missing, unknown, or does not hold what it should.")
    return Act(
        kind=str(texts["kind"]),
        about=str(texts["about"]),
        actor=str(texts["actor"]),
        organisation=str(texts["organisation"]),
        recorded_at=str(texts["recorded_at"]),
        body=body,
    )


def make_receipt(proof: bytes, act: bytes) -> bytes:
    """The receipt of ``act``, whose leaf the ``.tlog-proof`` ``proof`` is about."""
    return replace(TlogProof.parse(proof), extra=act).encode()


@dataclass(frozen=True, slots=True)
class ReceiptReport:
    """What was found: the verdicts, and the act itself when it could be read."""

    report: Report
    act: Act | None


def examine_receipt(data: bytes, *, trusts: Sequence[Trust]) -> ReceiptReport:
    """The verdicts on a receipt. Raises nothing that a receipt can cause.

    :param trusts: the trust files in force; without one that knows the log, its origin is not established.
    """
    try:
        proof = TlogProof.parse(data)
        checkpoint = claimed_checkpoint(proof)
    except Error as error:
        return ReceiptReport(Report((verdict_of(Layer.INCLUSION, error),), Facts()), None)
    facts = Facts(
        leaf_class=ACT,
        origin=checkpoint.origin,
        index=proof.index,
        tree_size=checkpoint.size,
        root=base64.b64encode(checkpoint.root).decode("ascii"),
    )
    act: Act | None = None
    try:
        act = _included(proof)
        text = "The act stands at index {index} of the log “{origin}” (leaf class “act”, {size} entries)."
        values: dict[str, str | int] = {"index": proof.index, "origin": checkpoint.origin, "size": checkpoint.size}
        inclusion = LayerVerdict(Layer.INCLUSION, Status.VERIFIED, Sentence(text, values))
    except Error as error:
        inclusion = verdict_of(Layer.INCLUSION, error)
    try:
        signature = judge_checkpoint(proof.checkpoint, checkpoint.origin, trusts)
    except Error as error:
        signature = verdict_of(Layer.CHECKPOINT, error)
    return ReceiptReport(Report((inclusion, signature), facts), act)


def _included(proof: TlogProof) -> Act:
    if proof.extra is None:
        raise MalformedError("This log proof brings no act along, so nothing can be said about one.")
    checkpoint = claimed_checkpoint(proof)
    leaf = merkle.leaf_hash(encode_leaf(ACT, digests_of(proof.extra)))
    try:
        merkle.verify_inclusion(
            index=proof.index, size=checkpoint.size, leaf=leaf, proof=proof.hashes, root=checkpoint.root
        )
    except VerificationError as error:
        raise VerificationError(
            "The log proof does not belong to this act: the act was changed, or the proof is another's."
        ) from error
    return decode_act(proof.extra)

"""What a package or a receipt claims about the log, and whether a key one trusts has signed it."""

from __future__ import annotations

from collections.abc import Sequence

from zonary.proof.errors import UntrustedError, VerificationError
from zonary.proof.package.report import Layer, LayerVerdict, Sentence, Status
from zonary.proof.tlog.body import Checkpoint
from zonary.proof.tlog.checkpoint import open_checkpoint
from zonary.proof.tlog.notes import Note
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.trust import Trust, select


def claimed_checkpoint(proof: TlogProof) -> Checkpoint:
    """The checkpoint inside ``proof``, unverified.

    :raises MalformedError: when it is no signed note, or no checkpoint.
    """
    return Checkpoint.parse(Note.parse(proof.checkpoint).text)


def judge_checkpoint(note: bytes, origin: str, trusts: Sequence[Trust]) -> LayerVerdict:
    """The verdict on the signatures of the checkpoint ``note``.

    :raises UntrustedError: when nobody in ``trusts`` says which key the log ``origin`` has.
    :raises VerificationError: when they do, and that key has not signed.
    """
    trust = select(trusts, origin)
    if not trust.log_keys:
        raise UntrustedError(
            "You have not said which key of the log “{origin}” you trust. Ask the operator for a trust file and name "
            "it with --trust, or add it with “zonary trust add”.",
            origin=origin,
        )
    witnesses = trust.witness_keys
    try:
        opened = open_checkpoint(note, [*trust.log_keys, *witnesses], origin=origin)
    except UntrustedError as error:
        raise VerificationError(
            "The checkpoint names the log “{origin}”, but carries no signature by the key you trust for that log.",
            origin=origin,
        ) from error
    cosigned = [key for key in opened.verified if key in witnesses]
    if not trust.quorum_reached(cosigned):
        raise UntrustedError(
            "The log's signature is right, but too few of the witnesses your trust file asks for have cosigned."
        )
    text = "The checkpoint is signed by a key you trust for the log “{origin}” ({count} witnesses cosigned)."
    return LayerVerdict(Layer.CHECKPOINT, Status.VERIFIED, Sentence(text, {"origin": origin, "count": len(cosigned)}))

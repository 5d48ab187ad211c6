"""What a package claims about the log, before any signature is looked at."""

from __future__ import annotations

from zonary.proof.tlog.body import Checkpoint
from zonary.proof.tlog.notes import Note
from zonary.proof.tlog.proof import TlogProof


def claimed_checkpoint(proof: TlogProof) -> Checkpoint:
    """The checkpoint inside ``proof``, unverified.

    :raises MalformedError: when it is no signed note, or no checkpoint.
    """
    return Checkpoint.parse(Note.parse(proof.checkpoint).text)

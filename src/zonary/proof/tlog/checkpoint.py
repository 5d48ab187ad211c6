"""Signed checkpoints: C2SP tlog-checkpoint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zonary.proof.errors import Error, UntrustedError, VerificationError
from zonary.proof.tlog.body import Checkpoint
from zonary.proof.tlog.keys import ED25519, MLDSA44_COSIGNATURE, SM2, Signer, VerifierKey
from zonary.proof.tlog.notes import Note, VerifiedSignature, open_note

__all__ = ["Checkpoint", "SignedCheckpoint", "open_checkpoint", "sign_checkpoint"]

_LOG_KINDS = frozenset((ED25519, MLDSA44_COSIGNATURE, SM2))


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint its log signed with a known key. ``note`` is its bytes as they were read."""

    checkpoint: Checkpoint
    signatures: tuple[VerifiedSignature, ...]
    unknown: int
    note: bytes

    @property
    def verified(self) -> tuple[VerifierKey, ...]:
        """All known keys that signed, the log's and others', each once."""
        return tuple(dict.fromkeys(signature.key for signature in self.signatures))

    @property
    def log_keys(self) -> tuple[VerifierKey, ...]:
        """Those of :attr:`verified` that are the log's."""
        return tuple(key for key in self.verified if _is_log_key(key, self.checkpoint.origin))

    @property
    def cosignatures(self) -> tuple[VerifiedSignature, ...]:
        """The verified signatures that are not the log's."""
        return tuple(s for s in self.signatures if not _is_log_key(s.key, self.checkpoint.origin))


def open_checkpoint(data: bytes, keys: Iterable[VerifierKey], origin: str | None = None) -> SignedCheckpoint:
    """The checkpoint ``data``, if its log signed it with one of ``keys``.

    A log's keys carry its origin as name and are Ed25519 (kind 1), ML-DSA-44 (kind 6) or, of
    the second tree, SM2 (kind 255). ``keys`` may hold
    witnesses' keys too: their cosignatures are checked, but do not make up for the log's signature.

    :param origin: the log expected, if only one is.
    :raises MalformedError: when it is no signed checkpoint.
    :raises VerificationError: for another origin; when a signature by one of ``keys`` does not hold; for
        extension lines when the log's only signature is ML-DSA-44, which does not cover them.
    :raises UntrustedError: when none of ``keys`` is the log's and signed it.
    :raises UnsupportedError: when the only signatures by ``keys`` cannot be checked by this installation.
    """
    checkpoint = Checkpoint.parse(Note.parse(data).text)
    if origin is not None and checkpoint.origin != origin:
        raise VerificationError(
            "The checkpoint is of the log {origin}, not of {expected}.",
            origin=checkpoint.origin,
            expected=origin,
        )
    opened = open_note(data, keys)
    signed = SignedCheckpoint(checkpoint, opened.signatures, opened.unknown, data)
    if not signed.log_keys:
        raise UntrustedError("No trusted key of the log {origin} has signed its checkpoint.", origin=checkpoint.origin)
    if checkpoint.extensions and all(key.kind == MLDSA44_COSIGNATURE for key in signed.log_keys):
        raise VerificationError("The checkpoint has extension lines that no verified signature of its log covers.")
    return signed


def sign_checkpoint(checkpoint: Checkpoint, signers: Iterable[Signer], at: int) -> bytes:
    """``checkpoint`` as a note signed by every one of ``signers``, as of ``at`` POSIX seconds.

    :raises Error: when there is no signer, one cannot sign it, or ``at`` is out of range.
    """
    text = checkpoint.encode()
    signatures = tuple(signer.sign(text, at=at) for signer in signers)
    if not signatures:
        raise Error("A checkpoint needs at least one signature.")
    return Note(text, signatures).encode()


def _is_log_key(key: VerifierKey, origin: str) -> bool:
    return key.kind in _LOG_KINDS and key.name == origin

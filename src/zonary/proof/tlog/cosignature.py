"""Timestamped signatures on checkpoints: C2SP tlog-cosignature."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from zonary.proof.errors import Error, MalformedError
from zonary.proof.signatures import (
    ED25519_SIGNATURE_SIZE,
    MLDSA44_SIGNATURE_SIZE,
    mldsa_available,
    require_mldsa,
    verify_ed25519,
    verify_mldsa44,
)
from zonary.proof.tlog.body import Checkpoint
from zonary.proof.tlog.grammar import MAX_NAME_BYTES, MAX_UINT63
from zonary.proof.tlog.keys import (
    ED25519_COSIGNATURE,
    MLDSA44_COSIGNATURE,
    NoteSignature,
    VerifierKey,
    encode_secret,
    parse_secret,
    require_time,
)

__all__ = [
    "MlDsaSigningKey",
    "ed25519_message",
    "mldsa_available",
    "subtree_message",
    "verify_cosignature",
]

_TIME_SIZE: Final = 8
_SUBTREE_LABEL: Final = b"subtree/v1\n\0"


def ed25519_message(text: bytes, timestamp: int) -> bytes:
    """What a cosignature/v1 signs: two lines before the checkpoint's note text."""
    return b"cosignature/v1\ntime %d\n" % timestamp + text


def subtree_message(*, cosigner: str, timestamp: int, origin: str, start: int, end: int, root: bytes) -> bytes:
    """What an ML-DSA-44 cosignature signs; for a checkpoint ``start`` is 0 and ``end`` its size.

    :raises Error: when a name has not 1 to 255 bytes, or a sub-tree off the left edge has a time.
    """
    if start and timestamp:
        raise Error("The signature on a sub-tree that does not begin at 0 carries no time.")
    return b"".join(
        (
            _SUBTREE_LABEL,
            _opaque(cosigner),
            timestamp.to_bytes(8, "big"),
            _opaque(origin),
            start.to_bytes(8, "big"),
            end.to_bytes(8, "big"),
            root,
        )
    )


def _opaque(name: str) -> bytes:
    data = name.encode("utf-8")
    if not 1 <= len(data) <= MAX_NAME_BYTES:
        raise Error("A cosigned message names cosigner and log in 1 to {limit} bytes.", limit=MAX_NAME_BYTES)
    return bytes([len(data)]) + data


def verify_cosignature(key: VerifierKey, text: bytes, signature: bytes) -> int:
    """Check the ``timestamped_signature`` of ``key`` on the checkpoint note ``text``.

    :returns: the time it carries, in POSIX seconds; 0 says nothing about time.
    :raises MalformedError: when the signature has the wrong length, or ``text`` is no checkpoint.
    :raises VerificationError: when it does not verify.
    :raises UnsupportedError: for ML-DSA-44 where it is not available.
    """
    size = ED25519_SIGNATURE_SIZE if key.kind == ED25519_COSIGNATURE else MLDSA44_SIGNATURE_SIZE
    timestamp = int.from_bytes(signature[:_TIME_SIZE], "big")
    if len(signature) != _TIME_SIZE + size or timestamp > MAX_UINT63:
        raise MalformedError("The cosignature by {name} has a wrong length or time.", name=key.name)
    if key.kind == ED25519_COSIGNATURE:
        Checkpoint.parse(text)
        verify_ed25519(key.public_key, signature[_TIME_SIZE:], ed25519_message(text, timestamp))
    else:
        message = _checkpoint_message(key.name, timestamp, Checkpoint.parse(text))
        verify_mldsa44(key.public_key, signature[_TIME_SIZE:], message)
    return timestamp


def _checkpoint_message(cosigner: str, timestamp: int, checkpoint: Checkpoint) -> bytes:
    return subtree_message(
        cosigner=cosigner,
        timestamp=timestamp,
        origin=checkpoint.origin,
        start=0,
        end=checkpoint.size,
        root=checkpoint.root,
    )


@dataclass(frozen=True, slots=True)
class MlDsaSigningKey:
    """An ML-DSA-44 key that signs checkpoints, as log or as witness; its text form is an skey of kind 6."""

    verifier: VerifierKey
    seed: bytes = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> MlDsaSigningKey:
        """A fresh key.

        :raises MalformedError: for a name no key can have.
        :raises UnsupportedError: unless :func:`mldsa_available`.
        """
        require_mldsa()
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

        return cls.from_seed(name, MLDSA44PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_seed(cls, name: str, seed: bytes) -> MlDsaSigningKey:
        """The key made from 32 random bytes (FIPS 204, ML-DSA.KeyGen_internal)."""
        require_mldsa()
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

        public_key = MLDSA44PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw()
        return cls(VerifierKey.of(name, MLDSA44_COSIGNATURE, public_key), seed)

    @classmethod
    def parse(cls, text: str) -> MlDsaSigningKey:
        """The skey ``text``, ``PRIVATE+KEY+name+hex(id)+base64(6, seed)``.

        :raises MalformedError: when it is none; the sentence never repeats the text.
        :raises UnsupportedError: unless :func:`mldsa_available`.
        """
        name, identifier, seed = parse_secret(text, MLDSA44_COSIGNATURE)
        key = cls.from_seed(name, seed)
        if key.verifier.key_id.hex() != identifier:
            raise MalformedError("The key {name} does not have the id written in it.", name=name)
        return key

    def encode(self) -> str:
        """The skey: one line of text, without newline. Keep it secret."""
        return encode_secret(self.verifier, self.seed)

    def sign(self, text: bytes, *, at: int = 0) -> NoteSignature:
        """Sign the checkpoint note ``text`` as of ``at`` POSIX seconds; extension lines are not covered.

        :raises MalformedError: when ``text`` is no checkpoint.
        """
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

        require_time(at)
        message = _checkpoint_message(self.verifier.name, at, Checkpoint.parse(text))
        signature = MLDSA44PrivateKey.from_seed_bytes(self.seed).sign(message)
        return NoteSignature(self.verifier.name, self.verifier.key_id, at.to_bytes(_TIME_SIZE, "big") + signature)

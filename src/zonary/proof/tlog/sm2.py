"""The key that signs the second tree of a log, whose hashes are SM3: SM2 in a signed note."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from zonary.proof.sm2 import SM2PrivateKey
from zonary.proof.tlog.keys import SM2, SM2_IDENTIFIER, NoteSignature, VerifierKey

ORIGIN_SUFFIX: Final = "/sm3"


def second_origin(origin: str) -> str:
    """What the second tree of the log ``origin`` is called: its checkpoints can never be taken for the log's own."""
    return origin + ORIGIN_SUFFIX


@dataclass(frozen=True, slots=True)
class Sm2SigningKey:
    """An SM2 key under the name it signs with; signatures are DER of r and s over the note text."""

    verifier: VerifierKey
    key: SM2PrivateKey = field(repr=False, compare=False)

    @classmethod
    def of(cls, name: str, key: SM2PrivateKey) -> Sm2SigningKey:
        """:raises MalformedError: for a name no key can have."""
        return cls(VerifierKey.of(name, SM2, SM2_IDENTIFIER + key.public_key().point), key)

    def sign(self, text: bytes, *, at: int = 0) -> NoteSignature:
        """Sign the note ``text``; the signature carries no time, ``at`` is not used."""
        return NoteSignature(self.verifier.name, self.verifier.key_id, self.key.sign(text))

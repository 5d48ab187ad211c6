"""Offline proof that a log contains an entry: C2SP tlog-proof, and the same over the second tree, in SM3."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from zonary.proof import merkle
from zonary.proof.digests import HashName
from zonary.proof.errors import MalformedError, UnsupportedError
from zonary.proof.merkle import HASH_SIZE, MAX_PROOF_HASHES
from zonary.proof.tlog.checkpoint import SignedCheckpoint, open_checkpoint
from zonary.proof.tlog.grammar import MAX_UINT63, decode_base64, decode_decimal, decode_text, encode_base64
from zonary.proof.tlog.keys import VerifierKey
from zonary.proof.tlog.notes import MAX_NOTE_BYTES

MAX_EXTRA_BYTES: Final = 64 * 1024
MAX_HEADER_BYTES: Final = 2 * MAX_EXTRA_BYTES
MAX_PROOF_BYTES: Final = MAX_HEADER_BYTES + MAX_NOTE_BYTES
_FORMATS: Final[dict[HashName, str]] = {"sha256": "c2sp.org/tlog-proof@", "sm3": "zonary-sm3-proof/"}
_VERSIONS: Final[dict[HashName, str]] = {"sha256": "c2sp.org/tlog-proof@v1", "sm3": "zonary-sm3-proof/1"}
"""The first line; that of SM3 is ours, so that no C2SP verifier takes it for its own."""


@dataclass(frozen=True, slots=True)
class TlogProof:
    """Inclusion proof of entry ``index`` in the tree of ``checkpoint``, a signed note as the log wrote it.

    ``hashes`` are 32 bytes each, from the leaf's sibling up. ``extra`` is authenticated by nothing. ``algorithm`` is
    the tree's.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None
    algorithm: HashName = "sha256"

    def __post_init__(self) -> None:
        if not 0 <= self.index <= MAX_UINT63:
            raise MalformedError("The index in a log proof is below 2^63.")
        if len(self.hashes) > MAX_PROOF_HASHES or any(len(value) != HASH_SIZE for value in self.hashes):
            raise MalformedError("A log proof has at most {limit} hashes of 32 bytes.", limit=MAX_PROOF_HASHES)
        if self.extra is not None and not 1 <= len(self.extra) <= MAX_EXTRA_BYTES:
            raise MalformedError("The extra data of a log proof has 1 to {limit} bytes.", limit=MAX_EXTRA_BYTES)
        if len(self.checkpoint) > MAX_NOTE_BYTES:
            raise MalformedError("A signed note has at most {limit} bytes.", limit=MAX_NOTE_BYTES)

    @classmethod
    def parse(cls, data: bytes, algorithm: HashName = "sha256") -> TlogProof:
        """The proof file ``data``; its checkpoint is taken as it is, only :meth:`verify` looks at it.

        :raises MalformedError: when it is no log proof, or exceeds a limit.
        :raises UnsupportedError: for another version of the format.
        """
        if len(data) > MAX_PROOF_BYTES:
            raise MalformedError("A log proof has at most {limit} bytes.", limit=MAX_PROOF_BYTES)
        header, separator, checkpoint = data.partition(b"\n\n")
        if not separator or len(header) > MAX_HEADER_BYTES:
            raise MalformedError("A log proof is a few lines, an empty line and a checkpoint.")
        version, *lines = decode_text(header, "log proof").split("\n")
        if version != _VERSIONS[algorithm]:
            if version.startswith(_FORMATS[algorithm]):
                raise UnsupportedError("The log proof is of a version not known here: {version}.", version=version)
            raise MalformedError("A log proof begins with {version}.", version=_VERSIONS[algorithm])
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = decode_base64(lines.pop(0).removeprefix("extra "), "extra data")
        if not lines or not lines[0].startswith("index "):
            raise MalformedError("The log proof does not say the index of its entry.")
        index = decode_decimal(lines.pop(0).removeprefix("index "), "index")
        if len(lines) > MAX_PROOF_HASHES:
            raise MalformedError("A log proof has at most {limit} hashes of 32 bytes.", limit=MAX_PROOF_HASHES)
        return cls(
            index, tuple(decode_base64(line, "log proof's hash") for line in lines), checkpoint, extra, algorithm
        )

    def encode(self) -> bytes:
        """The content of a ``.tlog-proof`` file."""
        lines = [_VERSIONS[self.algorithm]]
        if self.extra is not None:
            lines.append("extra " + encode_base64(self.extra))
        lines.append(f"index {self.index}")
        lines.extend(encode_base64(value) for value in self.hashes)
        return ("\n".join(lines) + "\n\n").encode("ascii") + self.checkpoint

    def verify(self, entry: bytes, keys: Iterable[VerifierKey], origin: str | None = None) -> SignedCheckpoint:
        """Check that ``entry`` (the entry's bytes) is in a log that one of ``keys`` signed for.

        :raises Error: as :func:`open_checkpoint` does.
        :raises VerificationError: when the checkpoint holds, and the proof does not.
        """
        signed = open_checkpoint(self.checkpoint, keys, origin)
        merkle.verify_inclusion(
            index=self.index,
            size=signed.checkpoint.size,
            leaf=merkle.leaf_hash(entry, self.algorithm),
            proof=self.hashes,
            root=signed.checkpoint.root,
            algorithm=self.algorithm,
        )
        return signed

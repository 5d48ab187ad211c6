"""Endorsements: a log's key says which further key signs for the log, or for its successor (``specs/trust.md``).

Whoever trusts the first key learns the second from them without trusting the network it came over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from zonary.proof.errors import Error, MalformedError
from zonary.proof.tlog.grammar import decode_text
from zonary.proof.tlog.keys import ED25519, MLDSA44_COSIGNATURE, SM2, Signer, VerifierKey
from zonary.proof.tlog.notes import Note, open_note

MAX_ENDORSEMENT_BYTES: Final = 16 * 1024
_HEADER = "zonary-key-endorsement/1"
_ENDORSING_KINDS = frozenset((ED25519, SM2))
_ENDORSED_KINDS = frozenset((ED25519, MLDSA44_COSIGNATURE, SM2))


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A signed note that names one log key; whether anybody trusted signed it is for :func:`follow` to say.

    ``note`` is its bytes as they were read; the endorsed key's name is the origin of its log.
    """

    note: bytes
    key: VerifierKey

    @classmethod
    def parse(cls, note: bytes) -> Endorsement:
        """The endorsement ``note``; its signatures are not checked.

        :raises MalformedError: when it is none.
        :raises UnsupportedError: when it endorses a kind of key that is not known here.
        """
        if len(note) > MAX_ENDORSEMENT_BYTES:
            raise MalformedError("An endorsement has at most {limit} bytes.", limit=MAX_ENDORSEMENT_BYTES)
        lines = decode_text(Note.parse(note).text, "signed note").split("\n")
        if len(lines) != 4 or lines[0] != _HEADER or lines[3]:
            raise MalformedError("An endorsement is three lines: its version, the log's origin, and a verifier key.")
        key = VerifierKey.parse(lines[2])
        if key.name != lines[1] or key.kind not in _ENDORSED_KINDS or key.encode() != lines[2]:
            raise MalformedError("An endorsement names another log than its key does, or a key that is no log's.")
        return cls(note, key)


def endorse(key: VerifierKey, signers: Iterable[Signer]) -> bytes:
    """The endorsement of ``key``, signed by those of ``signers`` that may (ML-DSA-44 keys sign checkpoints only).

    :raises Error: when none of them signs with Ed25519.
    """
    text = f"{_HEADER}\n{key.name}\n{key.encode()}\n".encode()
    endorsing = [signer for signer in signers if signer.verifier.kind in _ENDORSING_KINDS]
    if all(signer.verifier.kind != ED25519 for signer in endorsing):
        raise Error("An endorsement needs an Ed25519 signature.")
    return Note(text, tuple(signer.sign(text) for signer in endorsing)).encode()


def follow(
    trusted: Collection[VerifierKey], endorsements: Iterable[Endorsement], *, taken: Collection[bytes] = ()
) -> list[Endorsement]:
    """Those of ``endorsements`` that lead from ``trusted`` to further keys, each after the one it rests on.

    A further key of a log that is trusted already must be endorsed by a key of that log. The first key of another log,
    the successor, may be endorsed by a key of its predecessor: whoever steals a key of a log that has ended gains
    nothing over those who know the successor.

    :param taken: public keys that may not become a log's, such as witnesses'.
    """
    known = list(trusted)
    used = {*taken, *(key.public_key for key in known)}
    followed: list[Endorsement] = []
    waiting = [each for each in endorsements if each.key not in known]
    while found := _next(known, [each for each in waiting if each.key.public_key not in used]):
        followed.append(found)
        known.append(found.key)
        used.add(found.key.public_key)
    return followed


def _next(known: Sequence[VerifierKey], waiting: Sequence[Endorsement]) -> Endorsement | None:
    origins = {key.name for key in known}
    of_known_logs = (each for each in waiting if each.key.name in origins)
    of_others = (each for each in waiting if each.key.name not in origins)
    for each in (*of_known_logs, *of_others):
        log = {each.key.name} if each.key.name in origins else origins
        if _is_signed(each, [key for key in known if key.kind in _ENDORSING_KINDS and key.name in log]):
            return each
    return None


def _is_signed(endorsement: Endorsement, keys: Sequence[VerifierKey]) -> bool:
    try:
        open_note(endorsement.note, keys)
    except Error:
        return False
    return True

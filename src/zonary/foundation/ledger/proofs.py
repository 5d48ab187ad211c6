"""What can be proven of an entry with what is published now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.layout import DataDirectory, log_folder
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.models import LogState
from zonary.foundation.ledger.second_tree import FOLDER
from zonary.foundation.ledger.storage import CHECKPOINT, TileStore, open_store
from zonary.proof.package.build import SecondTree as SecondProof
from zonary.proof.tlog.checkpoint import Checkpoint
from zonary.proof.tlog.keys import SM2, VerifierKey
from zonary.proof.tlog.notes import Note
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.tlog.tiles import MissingResource, prove_inclusion
from zonary.proof.trust import parse_trust


class NotPublishedError(LedgerError):
    """The entry is recorded, but no published checkpoint covers it yet. Ask again in a moment."""


@dataclass(frozen=True, slots=True)
class Published:
    """The checkpoint readers see: what it says, and its signed bytes."""

    checkpoint: Checkpoint
    note: bytes

    @property
    def size(self) -> int:
        return self.checkpoint.size


def present_generation(name: str) -> int:
    """Which generation of the log ``name`` goes on now; 1 before there is any."""
    return LogState.objects.filter(name=name).values_list("generation", flat=True).first() or 1


def store_of(name: str, generation: int | None = None) -> TileStore:
    """Where the log ``name`` is published.

    :param generation: which of its generations; the present one when None.
    """
    if generation is None:
        generation = present_generation(name)
    place = settings.ZONARY_STORE or settings.ZONARY_DATA.path
    return _opened(f"{place}/{log_folder(name, generation)}")


@lru_cache(maxsize=64)
def _opened(address: str) -> TileStore:
    return open_store(address)


def published_checkpoint(name: str = MAIN, generation: int | None = None) -> Published | None:
    """The checkpoint of the log ``name`` as readers see it, or None before the first."""
    try:
        note = store_of(name, generation).read(CHECKPOINT)
    except MissingResource:
        return None
    return _parsed(note)


@lru_cache(maxsize=16)
def _parsed(note: bytes) -> Published:
    return Published(Checkpoint.parse(Note.parse(note).text), note)


def prove(generation: int | None, index: int | None) -> bytes:
    """A ``.tlog-proof`` (C2SP tlog-proof) for the entry at ``index``, against the checkpoint published now.

    :param index: None for an entry that has no index yet.
    :raises NotPublishedError: when no published checkpoint covers it.
    """
    published = published_checkpoint(MAIN, generation)
    if index is None or published is None or index >= published.size:
        raise NotPublishedError("The log has not published this entry yet. Ask again in a moment.")
    hashes = prove_inclusion(index, published.size, store_of(MAIN, generation).read)
    return TlogProof(index, tuple(hashes), published.note).encode()


def second_store_of(name: str = MAIN, generation: int | None = None) -> TileStore:
    """Where the second tree of the log ``name`` is published, whether it is or not."""
    number = present_generation(name) if generation is None else generation
    place = settings.ZONARY_STORE or settings.ZONARY_DATA.path
    return _opened(f"{place}/{log_folder(name, number)}/{FOLDER}")


def prove_in_second_tree(generation: int | None, index: int | None) -> SecondProof | None:
    """The same of the second tree, for a package; None where there is none, or it does not cover the entry yet.

    It follows the log at once, and a package is whole without it: nobody is kept waiting.
    """
    if not settings.ZONARY_SECOND_TREE:
        return None
    store = second_store_of(MAIN, generation)
    try:
        published = _parsed(store.read(CHECKPOINT))
    except MissingResource:
        return None
    if index is None or index >= published.size:
        return None
    hashes = prove_inclusion(index, published.size, store.read, "sm3")
    proof = TlogProof(index, tuple(hashes), published.note, algorithm="sm3").encode()
    return SecondProof(proof=proof, log_keys=_keys_under(published.note))


def keys_on(proof: bytes) -> tuple[str, ...]:
    """The zone's keys that signed the checkpoint in ``proof``, the bytes of :func:`prove`; a line each."""
    return _keys_under(TlogProof.parse(proof).checkpoint)


def _keys_under(note: bytes) -> tuple[str, ...]:
    signed = {(signature.name, signature.key_id) for signature in Note.parse(note).signatures}
    return tuple(key.encode() for key in _every_key() if (key.name, key.key_id) in signed)


def log_keys() -> tuple[str, ...]:
    """The verifier keys of the zone's own logs, one line each: those that sign first, then those of the past."""
    return tuple(key.encode() for key in _every_key() if key.kind != SM2)


def _every_key() -> list[VerifierKey]:
    """Those of second trees, too."""
    data: DataDirectory = settings.ZONARY_DATA
    return [log.key for log in parse_trust(data.trust.read_bytes()).logs]

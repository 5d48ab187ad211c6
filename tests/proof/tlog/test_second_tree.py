"""Tiles, proofs and checkpoints of the second tree: RFC 6962's shape in SM3, signed notes by SM2."""

from __future__ import annotations

import hashlib

import pytest
from tests.proof.tlog.memory_log import MemoryLog, numbered

from zonary.proof.errors import MalformedError, UnsupportedError, UntrustedError, VerificationError
from zonary.proof.merkle import leaf_hash, leaf_hashes, root_of, verify_inclusion
from zonary.proof.sm2 import SM2PrivateKey
from zonary.proof.tlog.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from zonary.proof.tlog.endorsement import Endorsement, endorse, follow
from zonary.proof.tlog.fsck import FsckError, check_log
from zonary.proof.tlog.keys import SM2, SM2_IDENTIFIER, SigningKey, VerifierKey
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.tlog.sm2 import Sm2SigningKey, second_origin
from zonary.proof.tlog.tiles import extend_tiles, prove_inclusion, root_of_tiles

ORIGIN = second_origin("log.example/memory")
KEY = Sm2SigningKey.of(ORIGIN, SM2PrivateKey.generate())
SIZE = 70_000
"""Of two levels of full tiles, and partial ones on each."""


@pytest.fixture(scope="module")
def entries() -> list[bytes]:
    return numbered(SIZE)


@pytest.fixture(scope="module")
def tiles(entries: list[bytes]) -> dict[str, bytes]:
    made: dict[str, bytes] = {}
    hashes = leaf_hashes(entries, "sm3")
    for start, end in ((0, 300), (300, 66_000), (66_000, SIZE)):
        made |= {tile.path: data for tile, data in extend_tiles(start, hashes[start:end], made.__getitem__, "sm3")}
    return made


def test_tiles_lead_to_the_root_of_rfc_6962_in_sm3(entries: list[bytes], tiles: dict[str, bytes]) -> None:
    root = root_of_tiles(SIZE, tiles.__getitem__, "sm3")
    assert root == root_of(leaf_hashes(entries, "sm3"), "sm3")
    assert root != root_of_tiles(SIZE, tiles.__getitem__)
    two = [hashlib.new("sm3", b"\x00" + entry).digest() for entry in entries[:2]]
    assert root_of(two, "sm3") == hashlib.new("sm3", b"\x01" + two[0] + two[1]).digest()


@pytest.mark.parametrize("index", [0, 299, 65_535, 65_536, SIZE - 1])
def test_proofs_from_tiles_hold(entries: list[bytes], tiles: dict[str, bytes], index: int) -> None:
    root = root_of_tiles(SIZE, tiles.__getitem__, "sm3")
    hashes = tuple(prove_inclusion(index, SIZE, tiles.__getitem__, "sm3"))
    note = sign_checkpoint(Checkpoint(ORIGIN, SIZE, root), [KEY], at=0)
    data = TlogProof(index, hashes, note, algorithm="sm3").encode()
    assert data.startswith(b"zonary-sm3-proof/1\nindex ")
    proof = TlogProof.parse(data, "sm3")
    assert proof.verify(entries[index], [KEY.verifier], ORIGIN).checkpoint.size == SIZE
    with pytest.raises(VerificationError):
        proof.verify(entries[index] + b"!", [KEY.verifier], ORIGIN)
    with pytest.raises(VerificationError):
        verify_inclusion(index=index, size=SIZE, leaf=leaf_hash(entries[index]), proof=hashes, root=root)
    with pytest.raises(MalformedError):
        TlogProof.parse(data)


def test_the_key_has_the_type_without_a_byte_and_an_identifier() -> None:
    line = KEY.verifier.encode()
    again = VerifierKey.parse(line)
    assert again == KEY.verifier
    assert again.kind == SM2 == 0xFF
    identified = ORIGIN.encode() + b"\n\xff" + SM2_IDENTIFIER + KEY.key.public_key().point
    assert again.key_id == hashlib.sha256(identified).digest()[:4]
    for material, error in ((bytes(75), UnsupportedError), (SM2_IDENTIFIER + bytes(64), MalformedError)):
        with pytest.raises(error):
            VerifierKey.of(ORIGIN, SM2, material)


def test_a_note_by_another_key_or_over_another_text_is_refused() -> None:
    note = sign_checkpoint(Checkpoint(ORIGIN, 3, bytes(32)), [KEY], at=0)
    open_checkpoint(note, [KEY.verifier], ORIGIN)
    with pytest.raises(VerificationError, match="not valid"):
        open_checkpoint(note.replace(b"\n3\n", b"\n4\n"), [KEY.verifier])
    with pytest.raises(UntrustedError):
        open_checkpoint(note, [Sm2SigningKey.of(ORIGIN, SM2PrivateKey.generate()).verifier])
    elsewhere = VerifierKey(ORIGIN, KEY.verifier.key_id, SM2, SM2_IDENTIFIER + b"\x04" + bytes(64))
    with pytest.raises(VerificationError, match="not valid"):
        open_checkpoint(note, [elsewhere])  # the id of the key, and a point that is not on the curve


def test_the_log_s_own_key_endorses_it() -> None:
    first = SigningKey.generate("log.example/memory")
    endorsement = Endorsement.parse(endorse(KEY.verifier, [first]))
    assert [each.key for each in follow([first.verifier], [endorsement])] == [KEY.verifier]
    assert follow([SigningKey.generate("log.example/memory").verifier], [endorsement]) == []


def test_fsck_checks_it_over_the_entries_of_the_first() -> None:
    log = MemoryLog.of(600)
    hashes = leaf_hashes(numbered(600), "sm3")
    made = {tile.path: data for tile, data in extend_tiles(0, hashes, {}.__getitem__, "sm3")}
    made["checkpoint"] = sign_checkpoint(Checkpoint(ORIGIN, 600, root_of(hashes, "sm3")), [KEY], at=0)

    def read(path: str) -> bytes:
        return log.read(path) if path.startswith("tile/entries/") else made[path]

    report = check_log(read, [KEY.verifier], origin=ORIGIN, algorithm="sm3")
    assert (report.entries, report.signatures) == (600, 1)
    made["tile/0/001"] = made["tile/0/001"][:40] + bytes((made["tile/0/001"][40] ^ 1,)) + made["tile/0/001"][41:]
    with pytest.raises(FsckError) as caught:
        check_log(read, [KEY.verifier], origin=ORIGIN, algorithm="sm3")
    assert (caught.value.path, caught.value.offset) == ("tile/0/001", 40)

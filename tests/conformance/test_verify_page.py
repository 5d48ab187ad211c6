"""The parts of the page that verifies in a browser, held against the vectors that the Python parts are held against."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.assets.building import build, node

from zonary.proof.tlog import tiles

Job = Sequence[Any]
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("parts") / "parts.mjs")


def answers(parts: Path, jobs: Sequence[Job]) -> list[Any]:
    assert jobs
    lines = "".join(json.dumps(job) + "\n" for job in jobs)
    done = subprocess.run([node(), parts], input=lines, capture_output=True, text=True, check=True, timeout=120)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(jobs)
    return found


def is_good(answer: Any) -> bool:
    return answer is not False and not (isinstance(answer, dict) and "refused" in answer)


def wycheproof(vectors: Path, file: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    content = json.loads((vectors / "signatures" / "wycheproof" / file).read_text("utf-8"))
    return [(group, test) for group in content["testGroups"] for test in group["tests"]]


def differing(parts: Path, cases: Sequence[tuple[dict[str, Any], Job]]) -> list[int]:
    found = answers(parts, [job for _test, job in cases])
    verdicts = {is_good(answer) for answer in found}
    assert verdicts == {True, False}
    return [t["tcId"] for (t, _), a in zip(cases, found, strict=True) if is_good(a) != (t["result"] == "valid")]


def test_ed25519(vectors: Path, parts: Path) -> None:
    tests = wycheproof(vectors, "ed25519_test.json")
    assert not differing(parts, [(t, ["ed25519", g["publicKey"]["pk"], t["sig"], t["msg"]]) for g, t in tests])


def test_ed25519_follows_the_documented_rule_at_its_edges(vectors: Path, parts: Path) -> None:
    cases = json.loads((vectors / "signatures" / "cctv-ed25519" / "ed25519vectors.json").read_text("utf-8"))
    found = answers(parts, [["ed25519", c["key"], c["sig"], c["msg"].encode().hex()] for c in cases])
    rejecting = {"non_canonical_R", "low_order_residue"}
    wrong = [
        c["number"]
        for c, answer in zip(cases, found, strict=True)
        if is_good(answer) == bool(rejecting & set(c["flags"] or ()))
    ]
    assert wrong == []


def test_ecdsa(vectors: Path, parts: Path) -> None:
    tests = wycheproof(vectors, "ecdsa_secp256r1_sha256_test.json")
    job = ("ecdsa", "P-256", "sha256")
    cases = [(t, [*job, g["publicKey"]["uncompressed"], t["sig"], t["msg"]]) for g, t in tests]
    assert not differing(parts, cases)


def test_mldsa44(vectors: Path, parts: Path) -> None:
    tests = [(g, t) for g, t in wycheproof(vectors, "mldsa_44_verify_test.json") if not t.get("ctx")]
    assert not differing(parts, [(t, ["mldsa44", g["publicKey"], t["sig"], t["msg"]]) for g, t in tests])


def test_sm3(vectors: Path, parts: Path) -> None:
    cases = json.loads((vectors / "signatures" / "openssl-sm" / "sm3.json").read_text("utf-8"))
    assert answers(parts, [["digest", "sm3", c["input_hex"]] for c in cases]) == [c["sm3_hex"] for c in cases]


def test_inclusion_proofs(vectors: Path, parts: Path) -> None:
    def job(case: dict[str, Any]) -> Job:
        texts = (case["leafHash"], case["root"], *(case["proof"] or []))
        leaf, root, *proof = (base64.b64decode(each).hex() for each in texts)
        return ["inclusion", str(case["leafIdx"]), str(case["treeSize"]), leaf, proof, root]

    cases = [json.loads(path.read_text("utf-8")) for path in sorted((vectors / "merkle" / "inclusion").rglob("*.json"))]
    found = answers(parts, [job(case) for case in cases])
    assert [is_good(answer) for answer in found] == [not case["wantErr"] for case in cases]


def test_a_log_written_by_tessera(vectors: Path, parts: Path) -> None:
    folder = vectors / "tlog" / "tessera-log"
    key = (folder / "vkey.txt").read_text("ascii").strip()
    jobs: list[Job] = []
    for size in range(1, 16):
        bundle = (folder / tiles.entries_path(0, size)).read_bytes()
        jobs += [
            ["checkpoint", (folder / f"checkpoint.{size}").read_bytes().hex(), key],
            ["root", [entry.hex() for entry in tiles.decode_bundle(bundle, size)]],
        ]
    found = answers(parts, jobs)
    for size in range(1, 16):
        (said, root), computed = found[2 * size - 2 : 2 * size]
        assert (said, root) == (str(size), computed)


def test_timestamps_of_other_authorities(vectors: Path, parts: Path) -> None:
    folder = vectors / "rfc3161"
    every = json.loads((folder / "expected.json").read_text("utf-8"))
    expected = {name: case for name, case in every.items() if "chain" in case}
    jobs = []
    for name, case in expected.items():
        pem = (folder / case["chain"]).read_text("ascii")
        chain = [base64.b64decode(block).hex() for block in _PEM.findall(pem)]
        message = case["message"].encode() if "message" in case else (folder / case["message_file"]).read_bytes()
        jobs.append(["token", (folder / name).read_bytes().hex(), message.hex(), chain[-1:], chain[:-1]])
    for (name, case), answer in zip(expected.items(), answers(parts, jobs), strict=True):
        assert is_good(answer) == case["expect"].startswith("accept"), (name, answer)
        if is_good(answer):
            assert answer.replace("Z", "+00:00") == case["gen_time"], name

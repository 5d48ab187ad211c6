"""Signature vectors of Wycheproof, CCTV and OpenSSL (``signatures/``)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zonary.proof.digests import digests_of
from zonary.proof.errors import Error, VerificationError
from zonary.proof.merkle import leaf_hash
from zonary.proof.signatures import Curve, EcdsaEncoding, mldsa_available, verify_ecdsa, verify_ed25519, verify_mldsa44
from zonary.proof.sm2 import SM2PublicKey

Test = dict[str, Any]


def _tests(path: Path) -> Iterator[tuple[Test, Test]]:
    """Every test of a Wycheproof file with its group."""
    content = json.loads(path.read_text("utf-8"))
    pairs = [(group, test) for group in content["testGroups"] for test in group["tests"]]
    assert len(pairs) == content["numberOfTests"]
    yield from pairs


def _assert_verdicts(path: Path, verify: Callable[[Test, Test], None]) -> None:
    """``verify`` raises our error for exactly the tests whose result is invalid."""
    wrong: list[int] = []
    for group, test in _tests(path):
        try:
            verify(group, test)
            accepted = True
        except Error:
            accepted = False
        if accepted != (test["result"] == "valid"):
            wrong.append(test["tcId"])
    assert wrong == []


@pytest.mark.parametrize(
    ("file", "curve", "encoding"),
    [
        ("ecdsa_secp256r1_sha256_test.json", "P-256", "der"),
        ("ecdsa_secp256r1_sha256_p1363_test.json", "P-256", "p1363"),
        ("ecdsa_secp256k1_sha256_test.json", "secp256k1", "der"),
    ],
)
def test_ecdsa(vectors: Path, file: str, curve: Curve, encoding: EcdsaEncoding) -> None:
    def verify(group: Test, test: Test) -> None:
        point = bytes.fromhex(group["publicKey"]["uncompressed"])
        signature, message = bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"])
        verify_ecdsa(curve, point, signature, message, encoding=encoding)

    _assert_verdicts(vectors / "signatures" / "wycheproof" / file, verify)


def test_ed25519(vectors: Path) -> None:
    def verify(group: Test, test: Test) -> None:
        key = bytes.fromhex(group["publicKey"]["pk"])
        verify_ed25519(key, bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))

    _assert_verdicts(vectors / "signatures" / "wycheproof" / "ed25519_test.json", verify)


@pytest.mark.skipif(not mldsa_available(), reason="the installed cryptography has no ML-DSA-44")
def test_mldsa44(vectors: Path) -> None:
    def verify(group: Test, test: Test) -> None:
        key, context = bytes.fromhex(group["publicKey"]), bytes.fromhex(test.get("ctx", ""))
        verify_mldsa44(key, bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]), context)

    _assert_verdicts(vectors / "signatures" / "wycheproof" / "mldsa_44_verify_test.json", verify)


def test_hmac_sm3(vectors: Path) -> None:
    """Not a signature of ours: the SM3 that everything uses, under keys and messages of many lengths."""

    def verify(group: Test, test: Test) -> None:
        key, message = bytes.fromhex(test["key"]), bytes.fromhex(test["msg"])
        tag = hmac.new(key, message, "sm3").digest()[: group["tagSize"] // 8]
        if not hmac.compare_digest(tag, bytes.fromhex(test["tag"])):
            raise VerificationError("The tag is not valid.")

    _assert_verdicts(vectors / "signatures" / "wycheproof" / "hmac_sm3_test.json", verify)


def test_sm3(vectors: Path) -> None:
    cases = json.loads((vectors / "signatures" / "openssl-sm" / "sm3.json").read_text("utf-8"))
    assert cases
    for case in cases:
        data, expected = bytes.fromhex(case["input_hex"]), case["sm3_hex"]
        assert digests_of(data).sm3.hex() == expected
        assert leaf_hash(data, "sm3") == hashlib.new("sm3", b"\x00" + data).digest()


def test_ed25519_edge_cases_follow_the_documented_rule(vectors: Path) -> None:
    """The rule of :mod:`zonary.proof.signatures`: a non-canonical R and a low-order residue are rejected."""
    cases = json.loads((vectors / "signatures" / "cctv-ed25519" / "ed25519vectors.json").read_text("utf-8"))
    rejecting = {"non_canonical_R", "low_order_residue"}
    wrong: list[int] = []
    verdicts: set[bool] = set()
    for case in cases:
        try:
            verify_ed25519(bytes.fromhex(case["key"]), bytes.fromhex(case["sig"]), case["msg"].encode())
            accepted = True
        except VerificationError:
            accepted = False
        verdicts.add(accepted)
        if accepted == bool(rejecting & set(case["flags"] or ())):
            wrong.append(case["number"])
    assert wrong == []
    assert verdicts == {True, False}


def test_sm2(vectors: Path) -> None:
    """Of OpenSSL's own tests: over digests that hold Z already."""
    cases = json.loads((vectors / "signatures" / "openssl-sm" / "sm2_verify.json").read_text("utf-8"))
    assert {case["expect"] for case in cases} == {"accept", "reject"}
    for case in cases:
        key = SM2PublicKey(bytes.fromhex(case["public_key_uncompressed_hex"]))
        signature, digest = bytes.fromhex(case["signature_der_hex"]), bytes.fromhex(case["digest_hex"])
        if case["expect"] == "accept":
            key.verify_digest(signature, digest)
        else:
            with pytest.raises(VerificationError):
                key.verify_digest(signature, digest)

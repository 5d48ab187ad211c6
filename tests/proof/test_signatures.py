"""Every algorithm accepts its own signatures and raises for everything else."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from zonary.proof import signatures
from zonary.proof.errors import Error, MalformedError, UnsupportedError, VerificationError
from zonary.proof.signatures import Curve, mldsa_available, verify_ecdsa, verify_ed25519, verify_mldsa44

MESSAGE = b"a message"
needs_mldsa = pytest.mark.skipif(not mldsa_available(), reason="the installed cryptography has no ML-DSA-44")

Case = tuple[Callable[[bytes, bytes, bytes], None], bytes, bytes]
"""How to verify, a public key, and its signature over MESSAGE."""


def _ed25519() -> Case:
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    return verify_ed25519, key.public_key().public_bytes_raw(), key.sign(MESSAGE)


def _ecdsa(curve: Curve, p1363: bool, compressed: bool) -> Case:
    key = ec.derive_private_key(7, ec.SECP256R1() if curve == "P-256" else ec.SECP256K1())
    form = PublicFormat.CompressedPoint if compressed else PublicFormat.UncompressedPoint
    signature = key.sign(MESSAGE, ec.ECDSA(SHA256()))
    if p1363:
        signature = b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(signature))

    def verify(public_key: bytes, signature: bytes, message: bytes) -> None:
        verify_ecdsa(curve, public_key, signature, message, encoding="p1363" if p1363 else "der")

    return verify, key.public_key().public_bytes(Encoding.X962, form), signature


def _mldsa() -> Case:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    key = MLDSA44PrivateKey.from_seed_bytes(bytes(32))
    return verify_mldsa44, key.public_key().public_bytes_raw(), key.sign(MESSAGE)


CASES = {
    "ed25519": _ed25519(),
    "P-256 DER": _ecdsa("P-256", p1363=False, compressed=False),
    "P-256 P1363": _ecdsa("P-256", p1363=True, compressed=True),
    "secp256k1 DER": _ecdsa("secp256k1", p1363=False, compressed=True),
    "secp256k1 P1363": _ecdsa("secp256k1", p1363=True, compressed=False),
}
if mldsa_available():
    CASES["ML-DSA-44"] = _mldsa()

every_algorithm = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


@every_algorithm
def test_good_signature(case: Case) -> None:
    verify, key, signature = case
    assert verify(key, signature, MESSAGE) is None


@every_algorithm
def test_another_message(case: Case) -> None:
    verify, key, signature = case
    with pytest.raises(VerificationError, match="not valid"):
        verify(key, signature, MESSAGE + b".")


@every_algorithm
@given(data=st.data())
def test_a_changed_byte(case: Case, data: st.DataObject) -> None:
    verify, *fields = case
    fields.append(MESSAGE)
    which = data.draw(st.integers(0, 2))
    changed = bytearray(fields[which])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    fields[which] = bytes(changed)
    with pytest.raises((MalformedError, VerificationError)):
        verify(*fields)


@every_algorithm
@given(key=st.binary(max_size=80), signature=st.binary(max_size=80), message=st.binary(max_size=10))
def test_random_bytes_raise_only_our_error(case: Case, key: bytes, signature: bytes, message: bytes) -> None:
    verify, real_key, real_signature = case
    for one, other in ((real_key, signature), (key, real_signature)):
        with pytest.raises(Error):
            verify(one, other, message)
    with contextlib.suppress(Error):  # both random: an Ed25519 key of low order may well verify
        verify(key, signature, message)


@every_algorithm
def test_wrong_lengths(case: Case) -> None:
    verify, key, signature = case
    for bad_key in (b"", key[:-1], key + b"\x00"):
        with pytest.raises(MalformedError):
            verify(bad_key, signature, MESSAGE)
    for bad_signature in (b"", signature[:-1], signature + b"\x00"):
        with pytest.raises((MalformedError, VerificationError)):
            verify(key, bad_signature, MESSAGE)


def test_a_point_of_another_curve() -> None:
    _, key, signature = CASES["P-256 DER"]
    with pytest.raises(MalformedError, match="secp256k1"):
        verify_ecdsa("secp256k1", key, signature, MESSAGE)


def test_the_encodings_are_not_mixed() -> None:
    _, key, der = CASES["P-256 DER"]
    _, _, p1363 = CASES["P-256 P1363"]
    with pytest.raises(VerificationError):
        verify_ecdsa("P-256", key, p1363, MESSAGE)
    with pytest.raises(MalformedError):
        verify_ecdsa("P-256", key, der, MESSAGE, encoding="p1363")


@needs_mldsa
def test_mldsa_context() -> None:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    key = MLDSA44PrivateKey.from_seed_bytes(bytes(32))
    public, signature = key.public_key().public_bytes_raw(), key.sign(MESSAGE, b"context")
    verify_mldsa44(public, signature, MESSAGE, b"context")
    for context in (b"", b"other"):
        with pytest.raises(VerificationError):
            verify_mldsa44(public, signature, MESSAGE, context)
    with pytest.raises(MalformedError):
        verify_mldsa44(public, signature, MESSAGE, bytes(256))


def test_without_mldsa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signatures, "mldsa_available", lambda: False)
    with pytest.raises(UnsupportedError, match="ML-DSA"):
        verify_mldsa44(bytes(1312), bytes(2420), MESSAGE)

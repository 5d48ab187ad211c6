"""Other people's SM2 over our signatures, and ours over theirs: the openssl command, and pure-Python gmssl."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from gmssl.sm2 import CryptSM2
from gmssl.sm3 import sm3_hash

from zonary.proof.errors import VerificationError
from zonary.proof.sm2 import DEFAULT_IDENTIFIER, SM2PrivateKey, SM2PublicKey

MESSAGE = "两套密码算法，一份证据".encode()
DISTID = f"distid:{DEFAULT_IDENTIFIER.decode()}"
Run = Callable[..., str]


@pytest.fixture
def openssl(tmp_path: Path) -> Run:
    if shutil.which("openssl") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("the openssl command is missing; CI must have it")
        pytest.skip("the openssl command is not installed")

    def run(*arguments: str, good: bool = True) -> str:
        done = subprocess.run(["openssl", *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (done.returncode == 0) == good, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture(scope="module")
def key() -> SM2PrivateKey:
    """One that gmssl can hold: it takes a point that begins with 04 for one with its mark in front."""
    while True:
        key = SM2PrivateKey.generate()
        if not key.public_key().point.hex()[2:].startswith("04"):
            return key


def test_openssl_verifies_our_signatures(openssl: Run, tmp_path: Path, key: SM2PrivateKey) -> None:
    (tmp_path / "key.pem").write_bytes(key.pem())
    (tmp_path / "message").write_bytes(MESSAGE)
    (tmp_path / "other").write_bytes(MESSAGE + b"!")
    (tmp_path / "signature").write_bytes(key.sign(MESSAGE))
    openssl("pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "public.der")
    assert (tmp_path / "public.der").read_bytes() == key.public_key().spki()
    openssl("pkey", "-in", "key.pem", "-pubout", "-out", "public.pem")
    verify = ("dgst", "-sm3", "-verify", "public.pem", "-sigopt", DISTID, "-signature", "signature")
    assert "Verified OK" in openssl(*verify, "message")
    openssl(*verify, "other", good=False)
    raw = ("pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pubin", "-inkey", "public.pem", "-sigfile", "signature")
    openssl(*raw, "-in", "message", "-pkeyopt", DISTID)
    openssl(*raw, "-in", "message", "-pkeyopt", "distid:another", good=False)


def test_we_verify_signatures_of_openssl_with_a_key_of_its_own(openssl: Run, tmp_path: Path) -> None:
    openssl("genpkey", "-algorithm", "SM2", "-out", "key.pem")
    openssl("pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "public.der")
    (tmp_path / "message").write_bytes(MESSAGE)
    openssl("dgst", "-sm3", "-sign", "key.pem", "-sigopt", DISTID, "-out", "signature", "message")
    public = SM2PublicKey.from_spki((tmp_path / "public.der").read_bytes())
    public.verify((tmp_path / "signature").read_bytes(), MESSAGE)
    assert SM2PrivateKey.from_pem((tmp_path / "key.pem").read_bytes()).public_key() == public


def _gmssl(key: SM2PublicKey, secret: str = "") -> CryptSM2:
    return CryptSM2(private_key=secret, public_key=key.point.hex()[2:], asn1=True)


def test_gmssl_verifies_our_signatures(key: SM2PrivateKey) -> None:
    judge = _gmssl(key.public_key())
    signature = key.sign(MESSAGE).hex()
    # Its own digest over Z and the message, made by its own SM3.
    assert judge.verify_with_sm3(signature, MESSAGE)
    assert not judge.verify_with_sm3(signature, MESSAGE + b"!")
    assert sm3_hash(list(b"abc")) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_we_verify_signatures_of_gmssl(key: SM2PrivateKey) -> None:
    secret = key._handle.private_der()
    secret_hex = secret[secret.index(b"\x04\x20") + 2 :][:32].hex()
    signature = bytes.fromhex(_gmssl(key.public_key(), secret_hex).sign_with_sm3(MESSAGE, secrets.token_hex(31)))
    key.public_key().verify(signature, MESSAGE)
    with pytest.raises(VerificationError):
        key.public_key().verify(signature, MESSAGE + b"!")

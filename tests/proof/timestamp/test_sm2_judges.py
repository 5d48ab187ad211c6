"""Other people's programs over our SM2 certificates and tokens, by the commands of specs/timestamp.md."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from tests.proof.timestamp import factory
from tests.proof.timestamp.conftest import OpenSSL
from tests.proof.timestamp.factory import DATA, Holder

from zonary.proof.digests import digests_of
from zonary.proof.errors import UntrustedError
from zonary.proof.timestamp.development import (
    SM2_KEYS,
    DevelopmentAuthority,
    create_development_authority,
    load_certificates,
    load_private_key,
)
from zonary.proof.timestamp.verify import verify_token

PAGE = (Path(__file__).resolve().parents[3] / "specs" / "timestamp.md").read_text("utf-8")
COMMANDS = re.findall(r"<!-- run -->\n```sh\n(.*?)```", PAGE, re.DOTALL)[-1]
GMSSL = re.findall(r"<!-- gmssl -->\n```python\n(.*?)```", PAGE, re.DOTALL)[0]
MADE = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""The time at which the commands look at the certificate."""
DISTID = ("-vfyopt", "distid:1234567812345678")


@pytest.fixture(scope="module")
def zone() -> DevelopmentAuthority:
    """Whose key gmssl can hold: it takes a point that begins with 04 for one with its mark in front."""
    while True:
        made = create_development_authority("Judged SM2 zone", MADE, keys=SM2_KEYS)
        if not load_private_key(made.signer_key_pem).public_key().point.hex()[2:].startswith("04"):  # type: ignore[union-attr]
            return made


@pytest.fixture
def desk(tmp_path: Path, zone: DevelopmentAuthority) -> Path:
    token = zone.authority().issue("sm3", digests_of(b"hello\n").sm3, MADE)
    (tmp_path / "sm2.tst").write_bytes(token.der)
    (tmp_path / "sm2-root.pem").write_bytes(zone.root_pem)
    (tmp_path / "tsa.pem").write_bytes(zone.signer_pem)
    return tmp_path


def _run(desk: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=desk, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout if done.returncode == 0 else f"failed: {done.stdout}{done.stderr}"


def test_openssl_and_gmssl_check_a_fresh_token_by_the_documented_commands(openssl: OpenSSL, desk: Path) -> None:
    lines = _run(desk, "sh", "-eu", "-c", COMMANDS).splitlines()
    assert lines[:2] == ["Verified OK", "tsa.pem: OK"]
    assert lines[2:4] == lines[4:6]
    assert lines[6] == lines[7] == digests_of(b"hello\n").sm3.hex().upper()
    assert lines[8:] == ["20261123080000Z"]
    assert _run(desk, sys.executable, "-c", GMSSL) == "True\n"
    attributes = (desk / "attributes.der").read_bytes()
    (desk / "attributes.der").write_bytes(attributes[:-1] + bytes((attributes[-1] ^ 1,)))
    assert _run(desk, sys.executable, "-c", GMSSL) == "False\n"


def test_the_documented_commands_fail_for_a_changed_token(openssl: OpenSSL, desk: Path) -> None:
    token = (desk / "sm2.tst").read_bytes()
    (desk / "sm2.tst").write_bytes(token[:-1] + bytes((token[-1] ^ 1,)))
    assert "failed" in _run(desk, "sh", "-eu", "-c", COMMANDS)


def test_openssl_accepts_the_certificates_strictly(openssl: OpenSSL, desk: Path) -> None:
    verify = ("verify", "-x509_strict", "-purpose", "timestampsign", "-attime", str(int(MADE.timestamp())))
    assert "tsa.pem: OK" in openssl(*verify, *DISTID, "-CAfile", "sm2-root.pem", "tsa.pem")
    other = create_development_authority("Judged SM2 zone", MADE, keys=SM2_KEYS)
    (desk / "other.pem").write_bytes(other.root_pem)
    openssl(*verify, *DISTID, "-CAfile", "other.pem", "tsa.pem", fails=True)


def test_openssl_reads_the_revocation_list_and_verifies_its_signature(
    openssl: OpenSSL, desk: Path, zone: DevelopmentAuthority
) -> None:
    serial = load_certificates(zone.signer_pem)[0].serial_number
    der = zone.crl(MADE, revoked=[serial])
    (desk / "crl.der").write_bytes(der)
    text = openssl("crl", "-in", "crl.der", "-inform", "DER", "-noout", "-text")
    assert "SM2-with-SM3" in text
    assert f"Serial Number: {serial:X}" in text.replace("Serial Number: 0", "Serial Number: ")
    # Its own check of a CRL has no place for the identifier, so that the signed part is checked as what it is.
    crl = x509.load_der_x509_crl(der)
    (desk / "signed").write_bytes(crl.tbs_certlist_bytes)
    (desk / "signature").write_bytes(crl.signature)
    openssl("x509", "-in", "sm2-root.pem", "-noout", "-pubkey", "-out", "root.pub")
    verify = ("dgst", "-sm3", "-verify", "root.pub", "-sigopt", DISTID[1], "-signature", "signature", "signed")
    assert "Verified OK" in openssl(*verify)


def test_we_believe_certificates_made_by_openssl(openssl: OpenSSL, desk: Path) -> None:
    """Root and authority with SM2 keys of OpenSSL's, once signed without the identifier, as it does by default."""
    openssl("genpkey", "-algorithm", "SM2", "-out", "root.key")
    openssl("genpkey", "-algorithm", "SM2", "-out", "tsa.key")
    openssl("req", "-x509", "-new", "-key", "root.key", "-sm3", "-sigopt", DISTID[1], "-subj", "/CN=Their root",
            "-days", "300", "-out", "their-root.pem")  # fmt: skip
    (desk / "extensions").write_text("extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n")
    for name, options in (("good", ("-sigopt", DISTID[1], "-vfyopt", DISTID[1])), ("plain", ())):
        openssl("req", "-new", "-key", "tsa.key", "-sm3", *options[:2], "-subj", "/CN=Their TSA", "-out", "tsa.csr")
        openssl("x509", "-req", "-in", "tsa.csr", "-CA", "their-root.pem", "-CAkey", "root.key", "-CAcreateserial",
                "-sm3", "-extfile", "extensions", "-days", "200", *options, "-out", f"{name}.pem")  # fmt: skip
    root = load_certificates((desk / "their-root.pem").read_bytes())[0]
    key = load_private_key((desk / "tsa.key").read_bytes())
    tokens = {}
    for name in ("good", "plain"):
        certificate = load_certificates((desk / f"{name}.pem").read_bytes())[0]
        time = certificate.not_valid_before_utc.strftime("%Y%m%d%H%M%SZ").encode("ascii")
        tokens[name] = factory.forge(Holder(key, certificate), factory.tst_info(time=time))
    assert len(verify_token(tokens["good"], data=DATA, roots=[root]).chain) == 2
    with pytest.raises(UntrustedError):
        verify_token(tokens["plain"], data=DATA, roots=[root])

"""The authority nobody should rely on says so, and is in order otherwise."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.proof.timestamp import factory
from tests.proof.timestamp.conftest import OpenSSL
from tests.proof.timestamp.factory import DATA, NOW, YEAR, Holder

from zonary.proof.errors import MalformedError, VerificationError
from zonary.proof.timestamp.certificates import DEVELOPMENT_NOTICE
from zonary.proof.timestamp.development import (
    CRL_LIFETIME,
    DevelopmentAuthority,
    create_development_authority,
    load_authority,
    load_certificates,
    load_private_key,
    revocation_list,
)
from zonary.proof.timestamp.verify import verify_token


def certificates(development: DevelopmentAuthority) -> tuple[x509.Certificate, x509.Certificate]:
    return load_certificates(development.root_pem)[0], load_certificates(development.signer_pem)[0]


def test_subject_and_issuer_say_what_it_is(development: DevelopmentAuthority) -> None:
    for certificate in certificates(development):
        assert DEVELOPMENT_NOTICE in certificate.subject.rfc4514_string()
        assert DEVELOPMENT_NOTICE in certificate.issuer.rfc4514_string()


def test_root_and_signer_may_do_what_they_are_for_and_nothing_else(development: DevelopmentAuthority) -> None:
    root, signer = certificates(development)
    purposes = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert purposes.critical
    assert list(purposes.value) == list(factory.TIMESTAMPING)
    assert signer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value == x509.BasicConstraints(True, 0)
    assert root.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def test_lifetimes(development: DevelopmentAuthority) -> None:
    root, signer = certificates(development)
    assert signer.not_valid_before_utc < NOW < NOW + 5 * YEAR < signer.not_valid_after_utc
    assert root.not_valid_after_utc > NOW + 20 * YEAR


def test_two_authorities_share_nothing(development: DevelopmentAuthority) -> None:
    other = create_development_authority("Test zone", NOW)
    assert {other.root_key_pem, other.signer_key_pem}.isdisjoint({development.root_key_pem, development.signer_key_pem})
    token = other.authority().issue("sha256", hashlib.sha256(DATA).digest(), NOW)
    with pytest.raises(VerificationError):
        verify_token(token, data=DATA, roots=load_certificates(development.root_pem))


def test_keys_are_not_shown_by_accident(development: DevelopmentAuthority) -> None:
    assert "PRIVATE" not in repr(development)


def test_a_name_may_be_chinese() -> None:
    made = create_development_authority("示范区时间戳", NOW)
    token = made.authority().issue("sha256", hashlib.sha256(DATA).digest(), NOW)
    assert "示范区时间戳" in verify_token(token, data=DATA, roots=load_certificates(made.root_pem)).authority


@pytest.mark.parametrize("name", ["", "x" * 57, "区" * 19, "a\nb", "a\0b"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(MalformedError):
        create_development_authority(name, NOW)


def test_the_authority_is_found_again_in_its_files(development: DevelopmentAuthority) -> None:
    again = load_authority(
        development.signer_key_pem,
        development.signer_pem + development.root_pem,
        policy="1.2.3",
        accuracy=timedelta(milliseconds=100),
    )
    token = again.issue("sha256", hashlib.sha256(DATA).digest(), NOW)
    assert (token.policy, token.accuracy) == ("1.2.3", timedelta(milliseconds=100))


def test_files_that_are_no_authority_are_refused(development: DevelopmentAuthority) -> None:
    for key, chain in (
        (b"", development.signer_pem),
        (development.signer_key_pem[:-40], development.signer_pem),
        (development.signer_key_pem, b""),
        (development.signer_key_pem, development.signer_pem[:-40]),
        (development.root_key_pem, development.signer_pem),
        (development.signer_pem, development.signer_pem),
    ):
        with pytest.raises(MalformedError):
            load_authority(key, chain)
    with pytest.raises(VerificationError):
        load_authority(development.root_key_pem, development.root_pem)


def test_a_key_of_another_kind_is_refused() -> None:
    from cryptography.hazmat.primitives.asymmetric import x25519

    pem = x25519.X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(MalformedError):
        load_private_key(pem)


def test_the_revocation_list_is_the_root_s(development: DevelopmentAuthority) -> None:
    root, signer = certificates(development)
    crl = x509.load_der_x509_crl(development.crl(NOW, revoked=[signer.serial_number]))
    assert crl.is_signature_valid(root.public_key())  # type: ignore[arg-type]
    assert crl.issuer == root.subject
    assert crl.next_update_utc == NOW.replace(microsecond=0) + CRL_LIFETIME
    assert crl.get_revoked_certificate_by_serial_number(signer.serial_number) is not None
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == int(NOW.timestamp())


def test_a_root_with_an_ed25519_key_can_revoke_too() -> None:
    root = factory.root(kind="Ed25519")
    pem = root.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert x509.load_der_x509_crl(revocation_list(pem, root.pem, NOW)).is_signature_valid(
        root.certificate.public_key()  # type: ignore[arg-type]
    )


def test_openssl_checks_the_certificate_against_the_revocation_list(openssl: OpenSSL, tmp_path: Path) -> None:
    now = datetime.now(tz=NOW.tzinfo)
    made = create_development_authority("Revocation", now)
    signer = load_certificates(made.signer_pem)[0]
    (tmp_path / "root.pem").write_bytes(made.root_pem)
    (tmp_path / "tsa.pem").write_bytes(made.signer_pem)
    (tmp_path / "good.der").write_bytes(made.crl(now))
    (tmp_path / "bad.der").write_bytes(made.crl(now, revoked=[signer.serial_number]))
    command = ("verify", "-x509_strict", "-purpose", "timestampsign", "-CAfile", "root.pem", "-crl_check")
    assert "tsa.pem: OK" in openssl(*command, "-CRLfile", "good.der", "tsa.pem")
    assert "certificate revoked" in openssl(*command, "-CRLfile", "bad.der", "tsa.pem", fails=True)


def test_openssl_accepts_the_chain_strictly(openssl: OpenSSL, tmp_path: Path, tsa: Holder) -> None:
    now = datetime.now(tz=NOW.tzinfo)
    made = create_development_authority("Strict", now)
    (tmp_path / "ca.pem").write_bytes(made.ca_pem)
    (tmp_path / "tsa.pem").write_bytes(made.signer_pem)
    openssl("verify", "-x509_strict", "-purpose", "timestampsign", "-CAfile", "ca.pem", "tsa.pem")

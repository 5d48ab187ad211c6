"""Every single thing that can be wrong with a token, made wrong, is named."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from tests.proof.timestamp import factory
from tests.proof.timestamp.factory import DATA, NOW, YEAR, Holder, refused, tst_info, verify

from zonary.proof.digests import digests_of
from zonary.proof.errors import MalformedError, UnsupportedError, UntrustedError, VerificationError
from zonary.proof.timestamp import algorithms
from zonary.proof.timestamp.algorithms import oid
from zonary.proof.timestamp.authority import Authority
from zonary.proof.timestamp.certificates import Certificate
from zonary.proof.timestamp.der import OCTET_STRING, SEQUENCE, tlv
from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.timestamp.verify import verify_token

SUBJECT = "CN=TSA,O=Zonary tests"


def test_an_honest_token_is_believed(root: Holder, tsa: Holder) -> None:
    verified = verify(factory.forge(tsa), root)
    assert verified.gen_time == NOW
    assert verified.authority == SUBJECT
    assert verified.development is False
    assert verified.chain == (tsa.der, root.der)
    assert (verified.algorithm, verified.imprint) == ("sha256", hashlib.sha256(DATA).digest())


@pytest.mark.parametrize("kind", ["P-256", "P-384", "P-521", "RSA-2048", "Ed25519"])
def test_authorities_with_any_usual_key_are_believed(kind: str) -> None:
    root = factory.root(kind=kind)
    holder = factory.authority(root, kind=kind)
    token = Authority(holder.key, holder.der).issue("sha256", hashlib.sha256(DATA).digest(), NOW)
    assert verify(token, root).authority == SUBJECT


def test_roots_may_be_given_as_certificates(root: Holder, tsa: Holder) -> None:
    assert verify(factory.forge(tsa), root, roots=[root.certificate]).authority == SUBJECT


def test_the_authority_itself_may_be_the_root(root: Holder, tsa: Holder) -> None:
    assert verify(factory.forge(tsa), root, roots=[tsa.der]).chain == (tsa.der,)


# What was stamped


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512", "sm3"])
def test_imprints_of_every_algorithm_are_compared(
    root: Holder, tsa: Holder, algorithm: algorithms.ImprintAlgorithm
) -> None:
    token = factory.forge(tsa, tst_info(algorithm=algorithm))
    verify(token, root)
    verify(token, root, data=None, digest=hashlib.new(algorithm, DATA).digest())
    assert isinstance(refused(token, root, data=DATA + b"!"), VerificationError)
    assert isinstance(refused(token, root, data=None, digest=b""), VerificationError)


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_of_two_digests_the_token_s_own_is_compared(
    root: Holder, tsa: Holder, algorithm: algorithms.ImprintAlgorithm
) -> None:
    token = factory.forge(tsa, tst_info(algorithm=algorithm))
    verify(token, root, data=None, digest=digests_of(DATA))
    assert isinstance(refused(token, root, data=None, digest=digests_of(b"other")), VerificationError)


def test_of_two_digests_neither_is_sha512(root: Holder, tsa: Holder) -> None:
    token = factory.forge(tsa, tst_info(algorithm="sha512"))
    assert "sha512" in str(refused(token, root, data=None, digest=digests_of(DATA)))


@pytest.mark.parametrize("both", [{"data": None}, {"digest": bytes(32)}])
def test_exactly_one_expectation_must_be_given(root: Holder, tsa: Holder, both: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        verify(factory.forge(tsa), root, **both)


# Terms


def test_the_policy_and_the_nonce_are_compared(root: Holder, tsa: Holder) -> None:
    token = factory.forge(tsa, tst_info(rest=b"\x02\x01\x05"))
    verify(token, root, policy=factory.UNKNOWN_OID, nonce=5)
    assert "1.2.9" in str(refused(token, root, policy="1.2.9"))
    assert "nonce" in str(refused(token, root, nonce=6))
    assert "nonce" in str(refused(factory.forge(tsa), root, nonce=5))


def test_a_critical_extension_is_not_passed_over(root: Holder, tsa: Holder) -> None:
    def extension(critical: bytes) -> bytes:
        return tlv(0xA1, tlv(SEQUENCE, oid("1.2.9"), critical, tlv(OCTET_STRING, b"x")))

    verify(factory.forge(tsa, tst_info(rest=extension(b""))), root)
    error = refused(factory.forge(tsa, tst_info(rest=extension(b"\x01\x01\xff"))), root)
    assert isinstance(error, UnsupportedError)


# Who signed


def test_a_signature_by_another_key_is_refused(root: Holder, tsa: Holder) -> None:
    error = refused(factory.forge(tsa, sign_with=factory.key("P-256", 77)), root)
    assert "does not verify" in str(error)
    assert not isinstance(error, UntrustedError)


def test_a_token_without_certificates_needs_them_supplied(root: Holder, tsa: Holder) -> None:
    token = factory.forge(tsa, certificates=[])
    error = refused(token, root)
    assert "does not carry the certificate" in str(error)
    assert not isinstance(error, UntrustedError)
    verify(token, root, certificates=[tsa.der])
    verify(token, root, certificates=[tsa.certificate])


def test_junk_among_the_certificates_does_no_harm(root: Holder, tsa: Holder) -> None:
    impostor = factory.certify(
        factory.Wanted(common_name="TSA", purposes=factory.TIMESTAMPING), factory.key("P-256", 66)
    )
    token = factory.forge(tsa, certificates=[b"\x30\x00", impostor.der, b"\x30\x03\x02\x01\x01", tsa.der])
    assert verify(token, root).chain == (tsa.der, root.der)


def test_a_substituted_certificate_is_noticed(root: Holder, tsa: Holder) -> None:
    """Same key, same issuer, same serial number, and yet not the certificate that was signed for."""
    twin = (
        x509.CertificateBuilder()
        .subject_name(tsa.certificate.subject)
        .issuer_name(tsa.certificate.issuer)
        .public_key(tsa.certificate.public_key())
        .serial_number(tsa.certificate.serial_number)
        .not_valid_before(NOW - YEAR)
        .not_valid_after(NOW + 9 * YEAR)
        .add_extension(x509.ExtendedKeyUsage(factory.TIMESTAMPING), critical=True)
        .sign(root.key, hashes.SHA256())
    ).public_bytes(Encoding.DER)
    error = refused(factory.forge(tsa, certificates=[twin]), root)
    assert "names another signing certificate" in str(error)
    verify(factory.forge(tsa, certificates=[twin, tsa.der]), root)


def test_the_signer_may_be_named_by_its_key(root: Holder) -> None:
    key = factory.key("P-256", 9)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    holder = factory.authority(root, extra=[(identifier, False)])
    sid = tlv(0x80, identifier.digest)
    assert verify(factory.forge(holder, sid=sid), root).authority == SUBJECT
    assert "does not carry" in str(refused(factory.forge(holder, sid=tlv(0x80, bytes(20))), root))
    plain = factory.authority(root)
    assert "does not carry" in str(refused(factory.forge(plain, sid=sid), root))


# Whether the signer may


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"purposes": ()}, "timestamping only"),
        ({"purposes": (*factory.TIMESTAMPING, x509.ObjectIdentifier("1.3.6.1.5.5.7.3.1"))}, "timestamping only"),
        ({"purposes": (x509.ObjectIdentifier("1.3.6.1.5.5.7.3.1"),)}, "timestamping only"),
        ({"purposes_critical": False}, "critical"),
        ({"usage": factory.key_usage(signs_certificates=True)}, "signing data"),
        ({"usage": factory.key_usage(signs_data=True, signs_certificates=True)}, "signing data"),
        ({"begin": NOW + timedelta(seconds=1)}, "not valid yet"),
        ({"end": NOW - timedelta(seconds=1)}, "expired"),
        ({"extra": [(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.9"), b"\x05\x00"), True)]}, "1.2.9"),
        ({"kind": "RSA-1024"}, "1024"),
        ({"kind": "P-224"}, "cannot verify"),
    ],
)
def test_a_certificate_that_is_no_authority_s_is_refused(root: Holder, changes: dict[str, object], words: str) -> None:
    holder = factory.authority(root, **changes)
    sign_with = factory.key() if changes.get("kind") == "P-224" else None
    error = refused(factory.forge(holder, sign_with=sign_with), root)
    assert words in str(error)
    assert not isinstance(error, UntrustedError)


def test_a_token_is_judged_at_its_own_time_unless_another_is_asked_for(root: Holder, tsa: Holder) -> None:
    token = factory.forge(tsa)
    verify(token, root, at=NOW + timedelta(days=300))
    assert "expired" in str(refused(token, root, at=NOW + 2 * YEAR))
    assert "not valid yet" in str(refused(token, root, at=NOW - 2 * YEAR))


def test_a_time_outside_the_certificate_is_not_healed_by_asking_for_another(root: Holder) -> None:
    holder = factory.authority(root, end=NOW - timedelta(seconds=1))
    assert "expired" in str(refused(factory.forge(holder), root, at=NOW - timedelta(days=1)))


# Names


def test_the_name_of_the_signer_can_be_pinned(root: Holder, tsa: Holder) -> None:
    token = factory.forge(tsa)
    verify(token, root, signer_name=SUBJECT)
    assert "not by CN=Other" in str(refused(token, root, signer_name="CN=Other"))
    assert "not by" in str(refused(token, root, signer_name="O=Zonary tests,CN=TSA"))
    assert isinstance(refused(token, root, signer_name="no name"), MalformedError)


def test_the_name_the_token_gives_its_authority_must_be_the_signer_s(root: Holder, tsa: Holder) -> None:
    def named(general_name: bytes) -> TimestampToken:
        return factory.forge(tsa, tst_info(rest=tlv(0xA0, general_name)))

    subject, other = Certificate.load(tsa.der).subject, Certificate.load(root.der).subject
    verify(named(tlv(0xA4, subject)), root)
    verify(named(tlv(0xA4, subject.replace(b"\x0c\x03TSA", b"\x13\x03TSA"))), root)
    verify(named(tlv(0x82, b"tsa.example")), root)
    assert "another name" in str(refused(named(tlv(0xA4, other)), root))
    assert isinstance(refused(named(tlv(0xA4, b"\x05\x00")), root), MalformedError)


def test_a_name_cannot_smuggle_control_characters_into_a_message() -> None:
    holder = factory.authority(factory.root(), common_name="TSA\x1b[2J\u202etxt.exe\n")
    message = str(refused(factory.forge(holder), factory.root("Other root"), roots=[]))
    assert message.isprintable()


# Trust


def test_without_a_matching_root_the_origin_is_not_established(root: Holder, tsa: Holder) -> None:
    token = factory.forge(tsa)
    for roots in ([], [factory.root("Other").der]):
        assert type(refused(token, root, roots=roots)) is UntrustedError


def test_a_root_of_the_same_name_establishes_nothing(tsa: Holder, root: Holder) -> None:
    namesake = factory.certify(factory.Wanted(common_name="Root", ca=True), factory.key("P-256", 55))
    assert type(refused(factory.forge(tsa), root, roots=[namesake.der])) is UntrustedError


def test_a_root_in_the_token_is_not_trusted(root: Holder, tsa: Holder) -> None:
    token = factory.forge(tsa, certificates=sorted([tsa.der, root.der]))
    assert type(refused(token, root, roots=[])) is UntrustedError
    assert type(refused(token, root, roots=[], certificates=[root.der])) is UntrustedError


def test_what_is_wrong_is_said_before_what_is_untrusted(root: Holder, tsa: Holder) -> None:
    bad = factory.forge(tsa, sign_with=factory.key("P-256", 77))
    assert not isinstance(refused(bad, root, roots=[]), UntrustedError)
    assert not isinstance(refused(factory.forge(tsa), root, roots=[], data=b"other"), UntrustedError)
    assert not isinstance(refused(factory.forge(tsa), root, roots=[], at=NOW + 2 * YEAR), UntrustedError)


def test_a_development_authority_is_called_one(development: object) -> None:
    from zonary.proof.timestamp.development import DevelopmentAuthority, load_certificates

    assert isinstance(development, DevelopmentAuthority)
    request = TimestampRequest.new("sha256", hashlib.sha256(DATA).digest())
    token = TimestampToken.parse(development.authority().respond(request.encode(), NOW))
    verified = verify_token(token, data=DATA, roots=load_certificates(development.root_pem), nonce=request.nonce)
    assert verified.development is True
    assert "DEVELOPMENT AUTHORITY - NOT A TRUSTED TIMESTAMP AUTHORITY" in verified.authority


def test_checking_is_imported_only_when_something_is_checked() -> None:
    """``zonary verify`` has half a second for everything; reading certificates is loaded by the first call."""
    program = "import sys, zonary.proof.timestamp.verify; print('cryptography.x509' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False\n"

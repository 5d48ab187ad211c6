"""The signature of a token: which certificate it names, what it binds, which algorithms count."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat import asn1
from tests.proof.timestamp import factory
from tests.proof.timestamp.factory import Holder, attribute, refused, signing_certificate, verify

from zonary.proof.errors import Error, MalformedError, UnsupportedError, VerificationError
from zonary.proof.timestamp import algorithms
from zonary.proof.timestamp.algorithms import digest_identifier, digest_of, oid
from zonary.proof.timestamp.certificates import Certificate
from zonary.proof.timestamp.der import ASN1_NULL, OCTET_STRING, SEQUENCE, tlv
from zonary.proof.timestamp.signing import SigningMethod
from zonary.proof.timestamp.token import TimestampToken

# The reference to the signing certificate


def sha1_reference(certificate: bytes) -> bytes:
    digest = hashlib.sha1(certificate, usedforsecurity=False).digest()
    value = tlv(SEQUENCE, tlv(SEQUENCE, tlv(SEQUENCE, tlv(OCTET_STRING, digest))))
    return attribute(algorithms.SIGNING_CERTIFICATE, value)


def reference_with(algorithm: bytes, digest: bytes) -> bytes:
    value = tlv(SEQUENCE, tlv(SEQUENCE, tlv(SEQUENCE, algorithm, tlv(OCTET_STRING, digest))))
    return attribute(algorithms.SIGNING_CERTIFICATE_V2, value)


def issuer_serial(issuer: bytes, serial: int) -> bytes:
    return tlv(SEQUENCE, tlv(SEQUENCE, tlv(0xA4, issuer)), asn1.encode_der(serial))


def test_the_old_reference_alone_is_accepted(root: Holder, tsa: Holder) -> None:
    verify(factory.forge(tsa, reference=sha1_reference(tsa.der)), root)
    assert "names another" in str(refused(factory.forge(tsa, reference=sha1_reference(root.der)), root))


def test_both_references_must_name_the_signer(root: Holder, tsa: Holder) -> None:
    def both(old: bytes, new: bytes) -> TimestampToken:
        return factory.forge(tsa, attributes=lambda each: [*each[:2], sha1_reference(old), signing_certificate(new)])

    verify(both(tsa.der, tsa.der), root)
    assert "names another" in str(refused(both(root.der, tsa.der), root))
    assert "names another" in str(refused(both(tsa.der, root.der), root))


@pytest.mark.parametrize("algorithm", ["sha384", "sha512", "sm3"])
def test_references_may_use_other_digests(root: Holder, tsa: Holder, algorithm: algorithms.ImprintAlgorithm) -> None:
    digest = digest_of(algorithm, tsa.der)
    verify(factory.forge(tsa, reference=reference_with(digest_identifier(algorithm), digest)), root)
    other = factory.forge(tsa, reference=reference_with(digest_identifier(algorithm), digest[::-1]))
    assert "names another" in str(refused(other, root))


def test_references_by_an_unknown_digest_are_unsupported(root: Holder, tsa: Holder) -> None:
    token = factory.forge(tsa, reference=reference_with(tlv(SEQUENCE, oid("1.2.3")), bytes(32)))
    assert isinstance(refused(token, root), UnsupportedError)


def test_issuer_and_serial_of_the_reference_are_compared(root: Holder, tsa: Holder) -> None:
    certificate = Certificate.load(tsa.der)
    for issuer, serial, right in (
        (certificate.issuer, certificate.serial, True),
        (certificate.issuer, certificate.serial + 1, False),
        (certificate.subject, certificate.serial, False),
    ):
        reference = signing_certificate(tsa.der, issuer_serial(issuer, serial))
        token = factory.forge(tsa, reference=reference)
        if right:
            verify(token, root)
        else:
            assert "names another" in str(refused(token, root))


@pytest.mark.parametrize(
    ("reference", "kind"),
    [
        (b"", VerificationError),
        (attribute(algorithms.SIGNING_CERTIFICATE_V2, tlv(SEQUENCE, tlv(SEQUENCE))), MalformedError),
        (attribute(algorithms.SIGNING_CERTIFICATE_V2, ASN1_NULL), MalformedError),
        (attribute(algorithms.SIGNING_CERTIFICATE_V2), MalformedError),
        (attribute(algorithms.SIGNING_CERTIFICATE, ASN1_NULL, tlv(SEQUENCE)), MalformedError),
    ],
)
def test_a_missing_or_broken_reference_is_refused(
    root: Holder, tsa: Holder, reference: bytes, kind: type[Error]
) -> None:
    error = refused(factory.forge(tsa, reference=reference), root)
    assert type(error) is kind


# The signed attributes


def replaced(dotted: str, *values: bytes) -> object:
    """An ``attributes`` change: ``dotted`` gets ``values``, or goes away when there are none."""

    def change(attributes: list[bytes]) -> list[bytes]:
        others = [each for each in attributes if oid(dotted) not in each[:16]]
        return sorted([*others, attribute(dotted, *values)] if values else others)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (replaced(algorithms.CONTENT_TYPE), "does not say"),
        (replaced(algorithms.CONTENT_TYPE, oid("1.2.840.113549.1.7.1")), "does not say"),
        (replaced(algorithms.MESSAGE_DIGEST), "digest in the signature"),
        (replaced(algorithms.MESSAGE_DIGEST, tlv(OCTET_STRING, bytes(32))), "digest in the signature"),
        (replaced(algorithms.MESSAGE_DIGEST, tlv(OCTET_STRING)), "digest in the signature"),
        (replaced(algorithms.MESSAGE_DIGEST, ASN1_NULL), "cannot be read"),
        (lambda each: [*each, each[0]], "exactly one value"),
    ],
)
def test_the_attributes_must_bind_the_content(root: Holder, tsa: Holder, change: object, words: str) -> None:
    assert words in str(refused(factory.forge(tsa, attributes=change), root))


def test_attributes_in_the_order_they_were_signed_in_are_accepted(root: Holder, tsa: Holder) -> None:
    verify(factory.forge(tsa, attributes=lambda each: sorted(each, reverse=True)), root)


def test_further_attributes_are_passed_over(root: Holder, tsa: Holder) -> None:
    verify(factory.forge(tsa, attributes=lambda each: sorted([*each, attribute("1.2.3", ASN1_NULL)])), root)


# Algorithms


def method(holder: Holder, identifier: bytes, digest: algorithms.ImprintAlgorithm = "sha256") -> SigningMethod:
    honest = factory.signing_method(holder.key)
    return SigningMethod(digest, digest_identifier(digest), identifier, honest.sign)


@pytest.mark.parametrize("dotted", sorted(algorithms.WEAK_SIGNATURE_OIDS))
def test_weak_signatures_are_refused(root: Holder, tsa: Holder, dotted: str) -> None:
    error = refused(factory.forge(tsa, method=method(tsa, tlv(SEQUENCE, oid(dotted)))), root)
    assert "no longer safe" in str(error)


def test_weak_digests_in_the_signature_are_refused(root: Holder, tsa: Holder) -> None:
    for dotted, kind in (("1.3.14.3.2.26", VerificationError), ("1.2.3", UnsupportedError)):
        token = factory.forge(tsa, digest_algorithm=tlv(SEQUENCE, oid(dotted), ASN1_NULL))
        assert type(refused(token, root)) is kind


@pytest.mark.parametrize(
    "identifier",
    [oid("1.2.3"), oid(algorithms.ED25519), oid(algorithms.RSA_ENCRYPTION) + ASN1_NULL, oid(algorithms.RSA_PSS)],
)
def test_algorithms_that_do_not_fit_the_key_are_unsupported(root: Holder, tsa: Holder, identifier: bytes) -> None:
    token = factory.forge(tsa, method=method(tsa, tlv(SEQUENCE, identifier)))
    assert type(refused(token, root)) is UnsupportedError


@pytest.mark.parametrize("identifier", [b"", b"\x05\x00", oid("1.2.3") * 3])
def test_broken_algorithm_identifiers_are_malformed(root: Holder, tsa: Holder, identifier: bytes) -> None:
    token = factory.forge(tsa, method=method(tsa, tlv(SEQUENCE, identifier)))
    assert type(refused(token, root)) is MalformedError


def test_the_key_s_algorithm_in_place_of_the_signature_s_is_understood(root: Holder, tsa: Holder) -> None:
    verify(factory.forge(tsa, method=method(tsa, tlv(SEQUENCE, oid(algorithms.EC_PUBLIC_KEY)))), root)
    holder = factory.authority(root, kind="RSA-2048")
    plain = tlv(SEQUENCE, oid(algorithms.RSA_ENCRYPTION), ASN1_NULL)
    verify(factory.forge(holder, method=method(holder, plain)), root)


def test_rsa_pss_is_verified(root: Holder) -> None:
    holder = factory.authority(root, kind="RSA-2048")
    verify(factory.pss_token(holder, factory.PSS), root)
    assert "does not verify" in str(refused(factory.pss_token(holder, factory.PSS, salt=20), root))
    plain = tlv(SEQUENCE, oid(algorithms.RSA_ENCRYPTION), ASN1_NULL)
    assert "does not verify" in str(refused(factory.pss_token(holder, plain), root))


@pytest.mark.parametrize(
    "identifier",
    [
        tlv(SEQUENCE, oid(algorithms.RSA_PSS)),
        factory.pss_identifier(b"", factory.MGF1_SHA256),
        factory.pss_identifier(factory.SHA256, b""),
        factory.pss_identifier(factory.SHA256, tlv(SEQUENCE, oid(algorithms.MGF1), digest_identifier("sha512"))),
        factory.pss_identifier(factory.SHA256, tlv(SEQUENCE, oid("1.2.3"), factory.SHA256)),
        factory.pss_identifier(factory.SHA256, factory.MGF1_SHA256, salt=65),
        factory.pss_identifier(factory.SHA256, factory.MGF1_SHA256, salt=-1),
        factory.pss_identifier(factory.SHA256, factory.MGF1_SHA256, trailer=tlv(0xA3, b"\x02\x01\x02")),
        factory.pss_identifier(digest_identifier("sm3"), tlv(SEQUENCE, oid(algorithms.MGF1), digest_identifier("sm3"))),
    ],
)
def test_rsa_pss_with_odd_parameters_is_unsupported(root: Holder, identifier: bytes) -> None:
    holder = factory.authority(root, kind="RSA-2048")
    assert type(refused(factory.pss_token(holder, identifier), root)) is UnsupportedError

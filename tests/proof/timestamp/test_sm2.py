"""Tokens, certificates and chains of SM2 and SM3, alone and mixed with the others."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat import asn1
from tests.proof.timestamp import factory
from tests.proof.timestamp.factory import DATA, NOW, YEAR, Forgery, Holder, refused, tst_info, verify

from zonary.proof.errors import MalformedError, UnsupportedError, UntrustedError, VerificationError
from zonary.proof.sm2 import SM2PrivateKey
from zonary.proof.timestamp import algorithms
from zonary.proof.timestamp.algorithms import (
    CONTENT_TYPE,
    GM_DATA,
    GM_SIGNED_DATA,
    MESSAGE_DIGEST,
    SIGNED_DATA,
    SIGNING_CERTIFICATE_V2,
    SM2_SIGNATURES,
    SM2_WITH_SM3,
    TST_INFO,
    digest_identifier,
    digest_of,
    oid,
)
from zonary.proof.timestamp.authority import Authority
from zonary.proof.timestamp.der import ASN1_NULL, BIT_STRING, OCTET_STRING, SEQUENCE, tlv
from zonary.proof.timestamp.development import (
    SM2_KEYS,
    DevelopmentAuthority,
    create_development_authority,
    load_authority,
    load_certificates,
    load_private_key,
)
from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.timestamp.signing import SigningMethod, signing_method
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.timestamp.verify import verify_token

SM3 = hashlib.new("sm3", DATA).digest()


@pytest.fixture(scope="module")
def top() -> Holder:
    return factory.root("SM2 root", "SM2")


@pytest.fixture(scope="module")
def signer(top: Holder) -> Holder:
    return factory.authority(top, "SM2 TSA", "SM2")


@pytest.fixture(scope="module")
def zone() -> DevelopmentAuthority:
    return create_development_authority("示范区国密时间戳", NOW, keys=SM2_KEYS)


# What the authority issues


def test_a_token_is_of_sm2_and_sm3_throughout_and_believed(zone: DevelopmentAuthority) -> None:
    request = TimestampRequest.new("sm3", SM3)
    token = TimestampToken.parse(zone.authority().respond(request.encode(), NOW))
    request.check_answer(token)
    verified = verify_token(token, data=DATA, roots=load_certificates(zone.root_pem))
    assert (verified.gen_time, verified.algorithm, verified.development) == (NOW, "sm3", True)
    assert "示范区国密时间戳" in verified.authority
    content_info = asn1.decode_der(algorithms_content_info(), token.der)
    assert content_info.content_type.dotted_string == GM_SIGNED_DATA
    assert token.signer.digest_algorithm.oid.dotted_string == algorithms.DIGEST_OIDS["sm3"]
    assert asn1.encode_der(token.signer.signature_algorithm[0]) == oid(SM2_WITH_SM3)
    reference = next(
        each for each in token.signer.signed_attributes or () if each.oid.dotted_string == SIGNING_CERTIFICATE_V2
    )
    assert digest_of("sm3", token.certificates[0]) in asn1.encode_der(reference)


def algorithms_content_info() -> type:
    from zonary.proof.timestamp import structures

    return structures.ContentInfo


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512", "sm3"])
def test_an_sm2_authority_stamps_every_imprint(
    zone: DevelopmentAuthority, algorithm: algorithms.ImprintAlgorithm
) -> None:
    token = zone.authority().issue(algorithm, digest_of(algorithm, DATA), NOW)
    verify_token(token, data=DATA, roots=load_certificates(zone.root_pem))


def test_a_token_for_other_data_or_of_another_root_is_refused(zone: DevelopmentAuthority, top: Holder) -> None:
    token = zone.authority().issue("sm3", SM3, NOW)
    with pytest.raises(VerificationError, match="other data"):
        verify_token(token, data=DATA + b"!", roots=load_certificates(zone.root_pem))
    with pytest.raises(UntrustedError):
        verify_token(token, data=DATA, roots=[top.der])


def test_every_changed_byte_of_signature_or_content_is_refused(zone: DevelopmentAuthority) -> None:
    token = zone.authority().issue("sm3", SM3, NOW)
    roots = load_certificates(zone.root_pem)
    for part in (token.signer.signature, token.content):
        begin = token.der.index(part)
        for offset in range(0, len(part), 7):
            changed = bytearray(token.der)
            changed[begin + offset] ^= 1
            with pytest.raises((VerificationError, MalformedError, UnsupportedError)):
                verify_token(TimestampToken.parse(bytes(changed)), data=DATA, roots=roots)


def test_the_files_of_an_authority_give_it_back(zone: DevelopmentAuthority) -> None:
    assert isinstance(load_private_key(zone.signer_key_pem), SM2PrivateKey)
    again = load_authority(zone.signer_key_pem, zone.signer_pem + zone.root_pem, accuracy=timedelta(milliseconds=100))
    token = again.issue("sm3", SM3, NOW)
    assert verify_token(token, data=DATA, roots=load_certificates(zone.root_pem)).accuracy == timedelta(
        milliseconds=100
    )
    with pytest.raises(MalformedError, match="not the one in its certificate"):
        load_authority(zone.root_key_pem, zone.signer_pem)
    with pytest.raises(MalformedError):
        load_authority(zone.signer_key_pem[:-60], zone.signer_pem)


def test_certificates_beyond_2049_are_read_as_they_were_meant() -> None:
    late = NOW + 25 * YEAR
    made = create_development_authority("Late", late, keys=SM2_KEYS)
    for pem in (made.root_pem, made.signer_pem):
        assert load_certificates(pem)[0].not_valid_before_utc == late.replace(microsecond=0) - timedelta(minutes=5)
    token = made.authority().issue("sm3", SM3, late)
    verify_token(token, data=DATA, roots=load_certificates(made.root_pem))


def test_the_revocation_list_names_who_is_revoked(zone: DevelopmentAuthority) -> None:
    serial = load_certificates(zone.signer_pem)[0].serial_number
    crl = x509.load_der_x509_crl(zone.crl(NOW, revoked=[serial]))
    assert crl.issuer == load_certificates(zone.root_pem)[0].subject
    assert crl.get_revoked_certificate_by_serial_number(serial) is not None
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == int(NOW.timestamp())
    assert crl.next_update_utc == NOW.replace(microsecond=0) + timedelta(days=7)
    load_private_key(zone.root_key_pem).public_key().verify(crl.signature, crl.tbs_certlist_bytes)  # type: ignore[call-arg,union-attr]
    assert x509.load_der_x509_crl(zone.crl(NOW)).get_revoked_certificate_by_serial_number(serial) is None


# Names that others use


@pytest.mark.parametrize("outer", [SIGNED_DATA, GM_SIGNED_DATA])
@pytest.mark.parametrize("dotted", sorted(SM2_SIGNATURES))
@pytest.mark.parametrize("parameters", [b"", ASN1_NULL])
def test_both_families_of_names_are_accepted(
    top: Holder, signer: Holder, outer: str, dotted: str, parameters: bytes
) -> None:
    method = SigningMethod("sm3", digest_identifier("sm3"), tlv(SEQUENCE, oid(dotted), parameters), signer.key.sign)  # type: ignore[arg-type]
    verify(factory.forge(signer, method=method, outer_type=outer), top)


def test_sm3_by_its_longer_name_is_accepted(top: Holder, signer: Holder) -> None:
    longer = tlv(SEQUENCE, oid("1.2.156.10197.1.401.1"))
    verify(factory.forge(signer, digest_algorithm=longer), top)


def _plain_data(each: list[bytes]) -> list[bytes]:
    return sorted([factory.attribute(CONTENT_TYPE, oid(GM_DATA)), *each[1:]])


def test_content_called_plain_data_as_gmt_0010_has_it_is_accepted(top: Holder, signer: Holder) -> None:
    token = factory.forge(signer, outer_type=GM_SIGNED_DATA, content_type=GM_DATA, attributes=_plain_data)
    verify(token, top)


def test_content_and_signature_must_call_it_the_same(top: Holder, signer: Holder) -> None:
    for changes in ({"content_type": GM_DATA}, {"attributes": _plain_data}):
        token = factory.forge(signer, outer_type=GM_SIGNED_DATA, **changes)  # type: ignore[arg-type]
        assert "does not say that it is one over timestamp information" in str(refused(token, top))


# What does not fit together


def test_sm2_with_another_digest_is_not_known(top: Holder, signer: Holder) -> None:
    for digest, dotted in (("sha256", SM2_WITH_SM3), ("sm3", "1.2.156.10197.1.503"), ("sm3", "1.2.840.10045.4.3.2")):
        method = SigningMethod(digest, digest_identifier(digest), tlv(SEQUENCE, oid(dotted)), signer.key.sign)  # type: ignore[arg-type]
        assert type(refused(factory.forge(signer, method=method), top)) is UnsupportedError


def test_a_key_of_another_kind_cannot_pass_for_sm2(root: Holder, tsa: Holder, top: Holder, signer: Holder) -> None:
    claims = SigningMethod(
        "sm3", digest_identifier("sm3"), tlv(SEQUENCE, oid(SM2_WITH_SM3)), signing_method(tsa.key).sign
    )
    assert type(refused(factory.forge(tsa, method=claims), root)) is UnsupportedError
    assert "not valid" in str(refused(factory.forge(signer, sign_with=factory.key("SM2", 33)), top))


def test_a_signature_over_another_identifier_is_refused(top: Holder, signer: Holder) -> None:
    key = signer.key
    assert isinstance(key, SM2PrivateKey)
    method = signing_method(key)
    other = SigningMethod(
        "sm3", method.digest_identifier, method.signature_identifier, lambda data: key.sign(data, b"")
    )
    assert "not valid" in str(refused(factory.forge(signer, method=other), top))


def test_the_digest_must_be_that_of_the_content(top: Holder, signer: Holder) -> None:
    def wrong(each: list[bytes]) -> list[bytes]:
        return sorted([each[0], factory.attribute(MESSAGE_DIGEST, tlv(OCTET_STRING, bytes(32))), each[2]])

    assert "digest in the signature" in str(refused(factory.forge(signer, attributes=wrong), top))


def test_an_authority_needs_the_purpose_with_sm2_too(top: Holder) -> None:
    for changes in ({"purposes": ()}, {"purposes_critical": False}):
        other = factory.authority(top, "No purpose", "SM2", **changes)
        with pytest.raises(VerificationError):
            Authority(other.key, other.der)
        refused(factory.forge(other), top)


# Chains


@pytest.mark.parametrize("kinds", [("SM2", "SM2", "SM2"), ("SM2", "SM2", "P-256"), ("SM2", "P-256", "SM2"),
                                   ("P-256", "SM2", "P-256"), ("P-256", "SM2", "SM2"), ("P-256", "P-256", "SM2"),
                                   ("Ed25519", "SM2", "RSA-2048")])  # fmt: skip
def test_chains_of_both_kinds_lead_to_their_root(kinds: tuple[str, str, str]) -> None:
    above = factory.root("Mixed root", kinds[0])
    middle = factory.intermediate(above, "Mixed intermediate", kind=kinds[1])
    leaf = factory.authority(middle, "Mixed TSA", kinds[2])
    token = Authority(leaf.key, leaf.der, [middle.der]).issue("sm3", SM3, NOW)
    assert verify(token, above).chain == (leaf.der, middle.der, above.der)


def test_an_issuer_of_the_same_name_with_another_key_is_not_one(top: Holder, signer: Holder) -> None:
    token = Authority(signer.key, signer.der).issue("sm3", SM3, NOW)
    for other in (factory.certify(factory.Wanted(common_name="SM2 root", ca=True), factory.key("SM2", 77)),
                  factory.root("SM2 root", "P-256")):  # fmt: skip
        assert type(refused(token, other)) is UntrustedError


def test_what_is_wrong_with_an_sm2_issuer_is_said(signer: Holder) -> None:
    for changes, words in (
        ({"ca": False}, "not one of an authority"),
        ({"end": NOW - timedelta(days=1)}, "no longer valid"),
        ({"path_length": 0}, "allows a chain"),
    ):
        above = factory.root("Strict root", "SM2", **changes)
        middle = factory.intermediate(above, "Between", kind="SM2")
        leaf = factory.authority(middle, "Strict TSA", "SM2")
        assert words in str(refused(Authority(leaf.key, leaf.der, [middle.der]).issue("sm3", SM3, NOW), above))


def test_a_changed_certificate_is_no_longer_its_issuer_s(top: Holder, signer: Holder) -> None:
    at = signer.der.index(b"SM2 TSA")
    changed = signer.der[:at] + b"SM9" + signer.der[at + 3 :]
    holder = Holder(signer.key, x509.load_der_x509_certificate(changed))
    assert type(refused(factory.forge(holder), top)) is UntrustedError


def test_algorithm_inside_and_outside_a_certificate_must_be_the_same(top: Holder, signer: Holder) -> None:
    tbs = signer.certificate.tbs_certificate_bytes.replace(oid(SM2_WITH_SM3), oid("1.2.156.10197.1.504"), 1)
    signature = top.key.sign(tbs)  # type: ignore[call-arg]
    der = tlv(SEQUENCE, tbs, tlv(SEQUENCE, oid(SM2_WITH_SM3)), tlv(BIT_STRING, b"\0", signature))
    holder = Holder(signer.key, x509.load_der_x509_certificate(der))
    assert type(refused(factory.forge(holder), top)) is UntrustedError


def test_a_machine_without_sm2_says_so(zone: DevelopmentAuthority, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.proof.sm2 import libcrypto

    token = zone.authority().issue("sm3", SM3, NOW)
    monkeypatch.setattr(libcrypto, "_candidates", lambda: iter(()))
    libcrypto._found.cache_clear()
    try:
        with pytest.raises(UnsupportedError, match="OpenSSL 3 with SM2"):
            verify_token(token, data=DATA, roots=load_certificates(zone.root_pem))
    finally:
        libcrypto._found.cache_clear()


def test_a_forged_token_needs_its_certificate(top: Holder, signer: Holder) -> None:
    token = Forgery(signer=signer, content=tst_info(), outer_type=GM_SIGNED_DATA, certificates=[]).parsed()
    assert "does not carry the certificate" in str(refused(token, top))
    verify(token, top, certificates=[signer.der])
    assert token.content_type == TST_INFO
    assert isinstance(token.gen_time, datetime)

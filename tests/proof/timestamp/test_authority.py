"""The authority: what it grants, what it refuses and how, and that its tokens are what RFC 5816 asks for."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest
from cryptography.hazmat import asn1
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.proof.timestamp import factory
from tests.proof.timestamp.factory import DATA, NOW, YEAR, Holder

from zonary.proof.errors import Error, MalformedError, UnsupportedError, VerificationError
from zonary.proof.timestamp import structures
from zonary.proof.timestamp.algorithms import SIGNING_CERTIFICATE_V2, ImprintAlgorithm, oid
from zonary.proof.timestamp.authority import DEFAULT_POLICY, Authority
from zonary.proof.timestamp.cms import attribute
from zonary.proof.timestamp.der import OCTET_STRING, SEQUENCE, decode, raw, tlv
from zonary.proof.timestamp.request import MAX_REQUEST_BYTES, TimestampRequest
from zonary.proof.timestamp.token import RefusedError, TimestampToken
from zonary.proof.timestamp.verify import verify_token

SHA256 = hashlib.sha256(DATA).digest()


@pytest.fixture(scope="module")
def issuer(tsa: Holder) -> Authority:
    return Authority(tsa.key, tsa.der)


def ask(issuer: Authority, now: datetime = NOW, **changes: object) -> TimestampToken:
    request = TimestampRequest.new("sha256", SHA256, **changes)  # type: ignore[arg-type]
    token = TimestampToken.parse(issuer.respond(request.encode(), now))
    request.check_answer(token)
    return token


def failure(response: bytes) -> tuple[int, int, str]:
    """Status, the one failure bit, and the words of a refusal."""
    info = decode(structures.TimeStampResp, response)
    assert info.token is None
    assert info.status.failure is not None
    bits = [i for i in range(32) if (info.status.failure.as_bytes() + bytes(4))[i // 8] & 0x80 >> i % 8]
    assert len(bits) == 1
    assert info.status.text is not None
    return info.status.status, bits[0], info.status.text[0]


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512", "sm3"])
@pytest.mark.parametrize("with_null", [True, False])
def test_the_imprint_comes_back_as_it_was_sent(
    issuer: Authority, root: Holder, algorithm: ImprintAlgorithm, with_null: bool
) -> None:
    digest = hashlib.new(algorithm, DATA).digest()
    request = TimestampRequest.new(algorithm, digest)
    imprint = request.imprint if with_null else request.imprint.replace(b"\x05\x00", b"", 1)
    if not with_null:
        inner = oid(factory.algorithms.DIGEST_OIDS[algorithm])
        imprint = tlv(SEQUENCE, tlv(SEQUENCE, inner), tlv(OCTET_STRING, digest))
    data = tlv(SEQUENCE, b"\x02\x01\x01", imprint, b"\x01\x01\xff")
    token = TimestampToken.parse(issuer.respond(data, NOW))
    assert imprint in token.content
    assert verify_token(token, data=DATA, roots=[root.der]).gen_time == NOW


def test_what_a_token_says(issuer: Authority, tsa: Holder) -> None:
    token = ask(issuer, nonce=0xFFEE)
    assert (token.policy, token.accuracy, token.ordering) == (DEFAULT_POLICY, timedelta(seconds=1), False)
    assert (token.nonce, token.tsa, token.critical_extensions) == (0xFFEE, None, ())
    assert token.certificates == (tsa.der,)
    value = attribute(token.signer, SIGNING_CERTIFICATE_V2)
    assert value is not None
    reference = decode(structures.SigningCertificateV2, raw(value)).certificates[0]
    assert (reference.algorithm, reference.digest) == (None, hashlib.sha256(tsa.der).digest())


def test_the_signed_attributes_stand_in_der_order(issuer: Authority) -> None:
    attributes = [asn1.encode_der(each) for each in ask(issuer).signer.signed_attributes or ()]
    assert attributes == sorted(attributes)


def test_certificates_come_only_when_asked_for(issuer: Authority) -> None:
    assert ask(issuer, cert_request=False).certificates == ()


def test_the_chain_is_sent_along_without_its_root(root: Holder) -> None:
    middle = factory.intermediate(root)
    signer = factory.authority(middle)
    issuer = Authority(signer.key, signer.der, [signer.der, middle.der, root.certificate])
    token = ask(issuer)
    assert sorted(token.certificates) == sorted([signer.der, middle.der])
    assert len(verify_token(token, data=DATA, roots=[root.der]).chain) == 3


def test_serial_numbers_are_random_positive_and_of_128_bits(issuer: Authority) -> None:
    serials = {ask(issuer).serial for _ in range(200)}
    assert len(serials) == 200
    assert all(serial >> 128 == 1 for serial in serials)


@pytest.mark.parametrize(
    ("micros", "written"),
    [(0, b"20260102030405Z"), (678999, b"20260102030405.678Z"), (670000, b"20260102030405.67Z"),
     (999, b"20260102030405Z"), (1000, b"20260102030405.001Z"), (999999, b"20260102030405.999Z")],
)  # fmt: skip
def test_times_are_written_in_der(issuer: Authority, micros: int, written: bytes) -> None:
    token = ask(issuer, NOW.replace(microsecond=micros))
    assert tlv(0x18, written) in token.content


@given(
    seconds=st.integers(-300 * 86400, 300 * 86400),
    micros=st.integers(0, 999999),
    minutes=st.integers(-14 * 60, 14 * 60),
)
@settings(deadline=None)
def test_the_time_is_that_of_the_caller_in_utc(tsa: Holder, seconds: int, micros: int, minutes: int) -> None:
    expected = (NOW + timedelta(seconds=seconds)).replace(microsecond=micros)
    zone = timezone(timedelta(minutes=minutes))
    token = ask(Authority(tsa.key, tsa.der), expected.astimezone(zone))
    assert token.gen_time == expected.replace(microsecond=micros // 1000 * 1000)


@pytest.mark.parametrize(
    ("accuracy", "written"),
    [(timedelta(seconds=1), "3003020101"), (timedelta(milliseconds=500), "3004800201f4"),
     (timedelta(seconds=300, milliseconds=20), "30070202012c800114")],
)  # fmt: skip
def test_the_accuracy_is_written(tsa: Holder, accuracy: timedelta, written: str) -> None:
    token = ask(Authority(tsa.key, tsa.der, accuracy=accuracy))
    assert token.accuracy == accuracy
    assert bytes.fromhex(written) in token.content


def test_a_policy_of_one_s_own(tsa: Holder) -> None:
    issuer = Authority(tsa.key, tsa.der, policy="1.2.3.4")
    assert ask(issuer).policy == "1.2.3.4"
    assert ask(issuer, policy="1.2.3.4").policy == "1.2.3.4"


def test_issue_makes_a_token_without_a_request(issuer: Authority, root: Holder) -> None:
    token = issuer.issue("sm3", hashlib.new("sm3", DATA).digest(), NOW)
    assert verify_token(token, data=DATA, roots=[root.der]).gen_time == NOW
    with pytest.raises(MalformedError):
        issuer.issue("sm3", b"short", NOW)
    with pytest.raises(VerificationError):
        issuer.issue("sha256", SHA256, NOW + 2 * YEAR)


IMPRINT = TimestampRequest.new("sha256", SHA256).imprint


@pytest.mark.parametrize(
    ("request_der", "bit"),
    [
        (b"", 5),
        (b"GET / HTTP/1.1\r\n", 5),
        (bytes(MAX_REQUEST_BYTES + 1), 5),
        (tlv(SEQUENCE, b"\x02\x01\x02", IMPRINT), 2),
        (tlv(SEQUENCE, b"\x02\x01\x01", IMPRINT.replace(SHA256, SHA256[:-1])), 5),
        (tlv(SEQUENCE, b"\x02\x01\x01", tlv(SEQUENCE, tlv(SEQUENCE, oid("1.3.14.3.2.26")), tlv(4, bytes(20)))), 0),
        (tlv(SEQUENCE, b"\x02\x01\x01", tlv(SEQUENCE, tlv(SEQUENCE, oid("1.2.3")), tlv(4, bytes(20)))), 0),
        (tlv(SEQUENCE, b"\x02\x01\x01", tlv(SEQUENCE, tlv(SEQUENCE, oid("2.16.840.1.101.3.4.2.1")), tlv(4))), 5),
        (TimestampRequest.new("sha256", SHA256, policy="1.2.3").encode(), 15),
        (tlv(SEQUENCE, b"\x02\x01\x01", IMPRINT, tlv(0xA0, tlv(SEQUENCE, oid("1.2.3"), tlv(4)))), 16),
    ],
)
def test_refusals_are_answers(issuer: Authority, request_der: bytes, bit: int) -> None:
    response = issuer.respond(request_der, NOW)
    status, found, words = failure(response)
    assert (status, found) == (2, bit)
    assert words.endswith(".")
    with pytest.raises(RefusedError):
        TimestampToken.parse(response)


@pytest.mark.parametrize("now", [NOW - 2 * YEAR, NOW + 2 * YEAR])
def test_an_authority_outside_its_certificate_has_no_time_to_give(issuer: Authority, now: datetime) -> None:
    assert failure(issuer.respond(TimestampRequest.new("sha256", SHA256).encode(), now))[1] == 14


@given(data=st.binary(max_size=200))
@settings(deadline=None)
def test_random_bytes_get_a_refusal(tsa: Holder, data: bytes) -> None:
    assert failure(Authority(tsa.key, tsa.der).respond(data, NOW))[0] == 2


def test_every_flipped_bit_of_a_request_gets_an_answer(issuer: Authority) -> None:
    """Granted or refused, and when granted, for just what the flipped request says."""
    sent = TimestampRequest.new("sha256", SHA256, policy=DEFAULT_POLICY).encode()
    for bit in range(len(sent) * 8):
        changed = bytearray(sent)
        changed[bit // 8] ^= 1 << bit % 8
        response = issuer.respond(bytes(changed), NOW)
        try:
            token = TimestampToken.parse(response)
        except RefusedError:
            continue
        TimestampRequest.parse(bytes(changed)).check_answer(token)


def test_many_threads_may_share_one_authority(issuer: Authority, root: Holder) -> None:
    def one(number: int) -> bytes:
        digest = hashlib.sha256(b"%d" % number).digest()
        token = TimestampToken.parse(issuer.respond(TimestampRequest.new("sha256", digest).encode(), NOW))
        return verify_token(token, digest=digest, roots=[root.der]).imprint

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, range(100))) == [hashlib.sha256(b"%d" % n).digest() for n in range(100)]


def test_an_authority_that_could_not_be_believed_is_not_made(root: Holder, tsa: Holder) -> None:
    with pytest.raises(VerificationError):
        Authority(root.key, root.der)
    with pytest.raises(MalformedError):
        Authority(root.key, tsa.der)
    with pytest.raises(MalformedError):
        Authority(tsa.key, tsa.der, policy="zone")
    with pytest.raises(Error):
        Authority(tsa.key, b"\x30\x00")
    for accuracy in (timedelta(0), timedelta(seconds=-1), timedelta(days=400), timedelta(microseconds=5)):
        with pytest.raises(MalformedError):
            Authority(tsa.key, tsa.der, accuracy=accuracy)


def test_a_key_that_cannot_sign_timestamps_is_unsupported(root: Holder) -> None:
    holder = factory.authority(root, kind="P-224")
    with pytest.raises(UnsupportedError):
        Authority(holder.key, holder.der)

"""Tokens and responses: what is read, what is refused, and in which words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat import asn1
from tests.proof.timestamp import factory
from tests.proof.timestamp.factory import DATA, Forgery, Holder, response, tst_info

from zonary.proof.errors import MalformedError, UnsupportedError
from zonary.proof.timestamp.algorithms import DIGEST_OIDS, GM_DATA, GM_SIGNED_DATA, digest_of, oid
from zonary.proof.timestamp.der import OCTET_STRING, SEQUENCE, SET, tlv
from zonary.proof.timestamp.token import MAX_CERTIFICATES, MAX_TOKEN_BYTES, RefusedError, TimestampToken


def integer(value: int) -> bytes:
    return asn1.encode_der(value)


@pytest.fixture
def der(tsa: Holder) -> bytes:
    return Forgery(signer=tsa, content=tst_info()).token()


def status(number: int, *rest: bytes) -> bytes:
    return tlv(SEQUENCE, tlv(SEQUENCE, integer(number), *rest))


def test_a_token_says_what_was_signed(tsa: Holder) -> None:
    accuracy = tlv(SEQUENCE, integer(2), b"\x80\x02\x01\xf4", b"\x81\x01\x07")
    token = factory.forge(tsa, tst_info(policy="1.2.3", serial=2**100, rest=accuracy + b"\x01\x01\xff\x02\x01\x05"))
    assert (token.algorithm, token.imprint) == ("sha256", digest_of("sha256", DATA))
    assert token.gen_time == factory.NOW
    assert token.accuracy == timedelta(seconds=2, milliseconds=500, microseconds=7)
    assert (token.policy, token.serial, token.nonce, token.ordering) == ("1.2.3", 2**100, 5, True)
    assert token.certificates == (tsa.der,)


def test_a_response_and_its_token_read_the_same(der: bytes) -> None:
    assert TimestampToken.parse(response(der)) == TimestampToken.parse(der)
    assert TimestampToken.parse(response(der)).der == der


def test_a_response_granted_with_modifications_holds_a_token(der: bytes) -> None:
    assert TimestampToken.parse(tlv(SEQUENCE, tlv(SEQUENCE, integer(1)), der)).der == der


@pytest.mark.parametrize("serial", [0, -1, -0x21524111, 2**160 - 1])
def test_odd_serial_numbers_are_read(tsa: Holder, serial: int) -> None:
    assert factory.forge(tsa, tst_info(serial=serial)).serial == serial


@pytest.mark.parametrize(
    ("text", "micros"),
    [("20260102030405Z", 0), ("20260102030405.5Z", 500000), ("20260102030405.1234567Z", 123456),
     ("20260102030405.500Z", 500000), ("20260102030405.000001Z", 1)],
)  # fmt: skip
def test_times_are_read_to_the_microsecond(tsa: Holder, text: str, micros: int) -> None:
    expected = datetime(2026, 1, 2, 3, 4, 5, micros, tzinfo=UTC)
    assert factory.forge(tsa, tst_info(time=text.encode())).gen_time == expected


@pytest.mark.parametrize(
    "text",
    ["", "20260102030405", "20260102030405+0000", "20260102030405.Z", "202601020304Z", "20260230030405Z",
     "20260102036005Z", "20260102030460Z", "00000102030405Z", "20260102030405,5Z", "２0260102030405Z",
     " 20260102030405Z", "20260102030405Z\n", "20260102030405.1234567890123Z"],
)  # fmt: skip
def test_other_times_are_refused(tsa: Holder, text: str) -> None:
    with pytest.raises(MalformedError, match="time"):
        factory.forge(tsa, tst_info(time=text.encode()))


@pytest.mark.parametrize(
    "content",
    [
        tst_info(imprint=tlv(SEQUENCE, tlv(SEQUENCE, oid(DIGEST_OIDS["sha512"])), tlv(OCTET_STRING, bytes(32)))),
        tst_info(serial=2**600),
        tst_info(rest=tlv(0x02, b"\x01" + bytes(64))),
        tst_info(rest=tlv(SEQUENCE, b"\x80\x02\x03\xe8")),
        tst_info(rest=tlv(SEQUENCE, integer(-1))),
        tst_info(rest=tlv(SEQUENCE, integer(10**12))),
        tst_info(rest=tlv(0xA0, b"\x05\x00", b"\x05\x00")),
        tst_info(rest=tlv(0xA0)),
        tst_info(rest=b"\x02\x01\x05\x01\x01\xff"),
        tst_info() + b"\0",
        b"\x05\x00",
    ],
)
def test_malformed_information_is_refused(tsa: Holder, content: bytes) -> None:
    with pytest.raises(MalformedError):
        factory.forge(tsa, content)


@pytest.mark.parametrize(
    "content",
    [
        tst_info(version=2),
        tst_info(imprint=tlv(SEQUENCE, tlv(SEQUENCE, oid("1.2.3")), tlv(OCTET_STRING, bytes(32)))),
        tst_info(imprint=tlv(SEQUENCE, tlv(SEQUENCE, oid("1.3.14.3.2.26")), tlv(OCTET_STRING, bytes(20)))),
    ],
)
def test_other_versions_and_digests_are_unsupported(tsa: Holder, content: bytes) -> None:
    with pytest.raises(UnsupportedError):
        factory.forge(tsa, content)


@pytest.mark.parametrize(
    "changes",
    [
        {"outer_type": "1.2.840.113549.1.7.1"},
        {"content_type": "1.2.840.113549.1.7.1"},
        {"content_type": GM_DATA},
        {"outer_type": GM_SIGNED_DATA, "content_type": "1.2.840.113549.1.7.1"},
        {"signers": 0},
        {"signers": 2},
        {"certificates": [b"\x30\x00"] * (MAX_CERTIFICATES + 1)},
        {"attributes": lambda each: each + [factory.attribute("1.2.3", b"\x05\x00")] * 70},
    ],
)
def test_signed_data_that_is_no_token_is_refused(tsa: Holder, changes: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        factory.forge(tsa, **changes)


def test_indefinite_lengths_are_refused(der: bytes) -> None:
    assert der[:2] == b"\x30\x82"
    with pytest.raises(MalformedError):
        TimestampToken.parse(b"\x30\x80" + der[4:] + b"\0\0")


def test_longer_lengths_than_needed_are_refused(der: bytes) -> None:
    with pytest.raises(MalformedError):
        TimestampToken.parse(b"\x30\x83\0" + der[2:])


@pytest.mark.parametrize("cut", [0, 1, 2, 3, 5, 50, -1])
def test_truncated_tokens_are_refused(der: bytes, cut: int) -> None:
    with pytest.raises(MalformedError):
        TimestampToken.parse(der[:cut])


def test_what_follows_a_token_is_refused(der: bytes) -> None:
    for data in (der + b"\0", response(der) + b"\0", response(der + der)):
        with pytest.raises(MalformedError):
            TimestampToken.parse(data)


def test_an_oversized_token_is_refused_unread() -> None:
    with pytest.raises(MalformedError, match=str(MAX_TOKEN_BYTES)):
        TimestampToken.parse(bytes(MAX_TOKEN_BYTES + 1))


def test_deep_nesting_is_refused() -> None:
    data = b""
    for _ in range(15000):
        data = tlv(SEQUENCE, data)
        if len(data) > MAX_TOKEN_BYTES - 10:
            break
    for each in (data, tlv(SEQUENCE, b"\x30\x03\x02\x01\x00", data[-60000:])):
        with pytest.raises(MalformedError):
            TimestampToken.parse(each)


def test_a_refusal_is_told_in_the_authority_s_words() -> None:
    words = tlv(SEQUENCE, tlv(0x0C, "no such 策略".encode()), tlv(0x0C, b"ask\n\x1b[31mus"))
    with pytest.raises(RefusedError) as caught:
        TimestampToken.parse(status(2, words, b"\x03\x03\x00\x00\x01"))
    assert str(caught.value) == (
        "The timestamp authority refused (rejection, unacceptedPolicy): no such 策略 ask [31mus"
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (status(2), "rejection"),
        (status(3), "waiting"),
        (status(77), "unknown status"),
        (status(-1), "unknown status"),
        (status(2**70), "unknown status"),
        (status(2, b"\x03\x02\x07\x80"), "badAlg"),
        (status(2, b"\x03\x05\x06\x00\x00\x00\x40"), "systemFailure"),
        (status(2, tlv(0x03, b"\0" + b"\xff" * 400)), "badDataFormat"),
    ],
)
def test_statuses_and_failures_are_named(data: bytes, said: str) -> None:
    with pytest.raises(RefusedError, match=said):
        TimestampToken.parse(data)


def test_long_winded_refusals_are_cut() -> None:
    with pytest.raises(RefusedError) as caught:
        TimestampToken.parse(status(2, tlv(SEQUENCE, tlv(0x0C, b"x" * 9999))))
    assert len(str(caught.value)) < 400


def test_granted_without_a_token_is_malformed() -> None:
    with pytest.raises(MalformedError, match="no token"):
        TimestampToken.parse(status(0))


def test_certificates_of_other_kinds_are_passed_over(tsa: Holder) -> None:
    token = factory.forge(tsa, certificates=[tsa.der, tlv(0xA2, b"\x05\x00"), tlv(0xA3, b"\x05\x00")])
    assert token.certificates == (tsa.der,)


def test_revocation_lists_and_unsigned_attributes_are_passed_over(tsa: Holder) -> None:
    token = factory.forge(tsa)
    unsigned = factory.attribute("1.2.3", b"\x05\x00")
    signer = asn1.encode_der(token.signer)
    longer = tlv(SEQUENCE, signer[4:], tlv(0xA1, unsigned))
    signed = token.der[token.der.index(b"\x02\x01\x03") : token.der.index(tlv(SET, signer))]
    changed = tlv(
        SEQUENCE,
        oid("1.2.840.113549.1.7.2"),
        tlv(0xA0, tlv(SEQUENCE, signed, tlv(0xA1, b"\x30\x00"), tlv(SET, longer))),
    )
    read = TimestampToken.parse(changed)
    assert (read.serial, read.certificates) == (token.serial, token.certificates)

"""Requests: what openssl writes is read, what we write is read by openssl, and the limits hold."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.proof.timestamp import factory
from tests.proof.timestamp.conftest import OpenSSL
from tests.proof.timestamp.factory import DATA, Holder

from zonary.proof.errors import MalformedError, UnsupportedError, VerificationError
from zonary.proof.timestamp.algorithms import DIGEST_OIDS, ImprintAlgorithm, oid
from zonary.proof.timestamp.der import OCTET_STRING, SEQUENCE, tlv
from zonary.proof.timestamp.request import MAX_REQUEST_BYTES, ImprintAlgorithmError, TimestampRequest

DIGEST = hashlib.sha256(DATA).digest()
ALGORITHMS = tuple(DIGEST_OIDS)


def request(imprint: bytes, *, version: bytes = b"\x02\x01\x01", rest: bytes = b"") -> bytes:
    return tlv(SEQUENCE, version, imprint, rest)


def imprint(algorithm: bytes, digest: bytes = DIGEST) -> bytes:
    return tlv(SEQUENCE, algorithm, tlv(OCTET_STRING, digest))


SHA256 = imprint(tlv(SEQUENCE, oid(DIGEST_OIDS["sha256"])))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("cert_request", [True, False])
def test_a_request_is_read_as_it_was_written(algorithm: ImprintAlgorithm, cert_request: bool) -> None:
    digest = hashlib.new(algorithm, DATA).digest()
    written = TimestampRequest.new(algorithm, digest, policy="1.2.3", cert_request=cert_request)
    assert TimestampRequest.parse(written.encode()) == written
    assert TimestampRequest.parse(written.encode()).encode() == written.encode()


def test_every_request_has_a_nonce_of_its_own() -> None:
    nonces = {TimestampRequest.new("sha256", DIGEST).nonce for _ in range(50)}
    assert len(nonces) == 50
    assert None not in nonces


@pytest.mark.parametrize("nonce", [0, 1, -1, 127, 128, 255, 256, 2**63, 2**159, -(2**63)])
def test_nonces_of_any_sign_and_size_come_back(nonce: int) -> None:
    written = TimestampRequest.new("sha256", DIGEST, nonce=nonce)
    assert TimestampRequest.parse(written.encode()).nonce == nonce


def test_the_bytes_of_the_imprint_are_kept_with_and_without_null_parameters() -> None:
    with_null = imprint(tlv(SEQUENCE, oid(DIGEST_OIDS["sha256"]), b"\x05\x00"))
    assert TimestampRequest.parse(request(SHA256)).imprint == SHA256
    assert TimestampRequest.parse(request(with_null)).imprint == with_null


def test_what_is_left_out_is_none_and_no_certificate_is_wanted() -> None:
    read = TimestampRequest.parse(request(SHA256))
    assert (read.nonce, read.policy, read.cert_request, read.extensions) == (None, None, False, ())


def test_a_spelled_out_default_is_accepted() -> None:
    assert TimestampRequest.parse(request(SHA256, rest=b"\x01\x01\x00")).cert_request is False


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", MalformedError),
        (b"\x30\x80\x02\x01\x01\x00\x00", MalformedError),
        (request(SHA256)[:-1], MalformedError),
        (request(SHA256) + b"\0", MalformedError),
        (request(SHA256, rest=b"\x02\x02\x00\x01"), MalformedError),
        (request(SHA256, rest=tlv(0x02, b"\x01" + bytes(64))), MalformedError),
        (request(SHA256, version=b"\x02\x01\x02"), UnsupportedError),
        (request(SHA256, rest=b"\x01\x01\x01"), MalformedError),
        (request(imprint(tlv(SEQUENCE, oid(DIGEST_OIDS["sha512"])))), MalformedError),
        (request(imprint(tlv(SEQUENCE, oid(DIGEST_OIDS["sha256"]), b"\x02\x01\x05"))), MalformedError),
        (request(imprint(tlv(SEQUENCE, oid("1.3.14.3.2.26")), bytes(20))), ImprintAlgorithmError),
        (request(imprint(tlv(SEQUENCE, oid("1.2.840.113549.2.5")), bytes(16))), ImprintAlgorithmError),
        (request(imprint(tlv(SEQUENCE, oid("1.2.3.4")), bytes(16))), ImprintAlgorithmError),
        (b"\x30" * (MAX_REQUEST_BYTES + 1), MalformedError),
        (b"\x30\x84\xff\xff\xff\xff", MalformedError),
    ],
)
def test_what_is_not_a_request_is_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        TimestampRequest.parse(data)
    assert type(caught.value) is error


@pytest.mark.parametrize(("algorithm", "digest"), [("sha256", bytes(31)), ("sm3", b""), ("sha512", DIGEST)])
def test_a_digest_of_another_length_is_not_requested(algorithm: ImprintAlgorithm, digest: bytes) -> None:
    with pytest.raises(MalformedError):
        TimestampRequest.new(algorithm, digest)


@pytest.mark.parametrize("policy", ["", "zone", "1", "1.2.x", "9.9.9"])
def test_a_policy_that_is_no_object_identifier_is_refused(policy: str) -> None:
    with pytest.raises(MalformedError):
        TimestampRequest.new("sha256", DIGEST, policy=policy)


def test_an_answer_is_compared_with_its_request(tsa: Holder) -> None:
    token = factory.forge(tsa, factory.tst_info(rest=b"\x02\x01\x05"))
    TimestampRequest.new("sha256", DIGEST, nonce=5, policy=factory.UNKNOWN_OID).check_answer(token)
    for other in (
        TimestampRequest.new("sha256", bytes(32), nonce=5),
        TimestampRequest.new("sm3", DIGEST, nonce=5),
        TimestampRequest.new("sha256", DIGEST, nonce=6),
        TimestampRequest.new("sha256", DIGEST, nonce=5, policy="1.2.3"),
    ):
        with pytest.raises(VerificationError):
            other.check_answer(token)
    with pytest.raises(VerificationError):
        TimestampRequest.new("sha256", DIGEST, nonce=5).check_answer(factory.forge(tsa, certificates=[]))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("options", [(), ("-cert",), ("-no_nonce",), ("-cert", "-tspolicy", "1.2.3.4")])
def test_requests_of_openssl_are_read(
    openssl: OpenSSL, tmp_path: Path, algorithm: str, options: tuple[str, ...]
) -> None:
    (tmp_path / "data").write_bytes(DATA)
    openssl("ts", "-query", "-data", "data", f"-{algorithm}", *options, "-out", "query")
    read = TimestampRequest.parse((tmp_path / "query").read_bytes())
    assert (read.algorithm, read.digest) == (algorithm, hashlib.new(algorithm, DATA).digest())
    assert read.cert_request == ("-cert" in options)
    assert (read.nonce is None) == ("-no_nonce" in options)
    assert read.policy == ("1.2.3.4" if "-tspolicy" in options else None)
    assert read.encode() == (tmp_path / "query").read_bytes()


def test_openssl_reads_our_requests(openssl: OpenSSL, tmp_path: Path) -> None:
    written = TimestampRequest.new("sm3", hashlib.new("sm3", DATA).digest(), policy="1.2.3.4", nonce=0xABCDEF)
    (tmp_path / "query").write_bytes(written.encode())
    text = openssl("ts", "-query", "-in", "query", "-text")
    assert "Hash Algorithm: sm3" in text
    assert "Policy OID: 1.2.3.4" in text
    assert "Nonce: 0xABCDEF" in text
    assert "Certificate required: yes" in text

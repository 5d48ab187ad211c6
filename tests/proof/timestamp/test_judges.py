"""Other people's programs over our tokens, and ours over theirs: OpenSSL, and Trail of Bits' rfc3161-client."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.proof.timestamp import factory
from tests.proof.timestamp.conftest import OpenSSL
from tests.proof.timestamp.factory import DATA, Forgery, Holder, tst_info

from zonary.proof.errors import Error
from zonary.proof.timestamp.authority import Authority
from zonary.proof.timestamp.development import DevelopmentAuthority, create_development_authority, load_certificates
from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.timestamp.verify import verify_token

TODAY = datetime.fromtimestamp(int(time.time()), UTC)
DAY = timedelta(days=1)
ALGORITHMS = ["sha256", "sha384", "sha512", "sm3"]


@pytest.fixture(scope="module")
def zone() -> DevelopmentAuthority:
    """Made now, because ``openssl ts -verify`` looks at the clock."""
    return create_development_authority("Judged zone", TODAY)


@pytest.fixture
def desk(tmp_path: Path, zone: DevelopmentAuthority) -> Path:
    """A folder with the data, the certificates and, after :func:`stamp`, the tokens."""
    (tmp_path / "data").write_bytes(DATA)
    (tmp_path / "other").write_bytes(DATA + b"!")
    (tmp_path / "ca.pem").write_bytes(zone.ca_pem)
    (tmp_path / "tsa.pem").write_bytes(zone.signer_pem)
    return tmp_path


def stamp(openssl: OpenSSL, desk: Path, zone: DevelopmentAuthority, *options: str) -> TimestampToken:
    openssl("ts", "-query", "-data", "data", *options, "-out", "query")
    response = zone.authority().respond((desk / "query").read_bytes(), TODAY)
    token = TimestampToken.parse(response)
    (desk / "data.tsr").write_bytes(response)
    (desk / "data.tst").write_bytes(token.der)
    return token


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_openssl_verifies_our_tokens(openssl: OpenSSL, desk: Path, zone: DevelopmentAuthority, algorithm: str) -> None:
    stamp(openssl, desk, zone, f"-{algorithm}", "-cert")
    verify = ("ts", "-verify", "-CAfile", "ca.pem")
    for what in (
        ("-data", "data", "-in", "data.tsr"),
        ("-queryfile", "query", "-in", "data.tsr"),
        ("-data", "data", "-in", "data.tst", "-token_in"),
        ("-data", "data", "-in", "data.tsr", "-attime", str(int((TODAY + 900 * DAY).timestamp()))),
    ):
        assert "Verification: OK" in openssl(*verify, *what)
    openssl(*verify, "-data", "other", "-in", "data.tsr", fails=True)
    late = str(int((TODAY + 4000 * DAY).timestamp()))
    openssl(*verify, "-data", "data", "-in", "data.tsr", "-attime", late, fails=True)


def test_openssl_verifies_our_tokens_without_certificates(
    openssl: OpenSSL, desk: Path, zone: DevelopmentAuthority
) -> None:
    stamp(openssl, desk, zone, "-sha256")
    verify = ("ts", "-verify", "-CAfile", "ca.pem", "-queryfile", "query", "-in", "data.tsr")
    openssl(*verify, fails=True)
    openssl(*verify, "-untrusted", "tsa.pem")


def test_openssl_notices_another_nonce(openssl: OpenSSL, desk: Path, zone: DevelopmentAuthority) -> None:
    stamp(openssl, desk, zone, "-sha256", "-cert")
    openssl("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query")
    verify = ("ts", "-verify", "-CAfile", "ca.pem", "-queryfile", "query", "-in", "data.tsr")
    assert "nonce mismatch" in openssl(*verify, fails=True)


def _whole_bytes(number: int) -> str:
    """As openssl prints integers: two digits a byte, also where the first is a zero."""
    digits = f"{number:X}"
    return digits.zfill(len(digits) + len(digits) % 2)


def test_openssl_reads_in_our_tokens_what_we_read(openssl: OpenSSL, desk: Path, zone: DevelopmentAuthority) -> None:
    token = stamp(openssl, desk, zone, "-sm3", "-cert")
    text = openssl("ts", "-reply", "-in", "data.tsr", "-text")
    assert "Status: Granted." in text
    assert "Hash Algorithm: sm3" in text
    assert f"Serial number: 0x{_whole_bytes(token.serial)}" in text
    assert f"Policy OID: {token.policy}" in text
    assert token.nonce is not None
    assert f"Nonce: 0x{_whole_bytes(token.nonce)}" in text
    assert "Accuracy: 0x01 seconds" in text
    assert "Ordering: no" in text
    openssl("asn1parse", "-inform", "DER", "-in", "data.tsr")


@pytest.mark.parametrize(
    ("request_der", "words"),
    [
        (b"nonsense", "the data submitted has the wrong format"),
        (
            TimestampRequest.new("sha256", bytes(32), policy="1.2.3").encode(),
            "the requested TSA policy is not supported",
        ),
    ],
)
def test_openssl_reads_our_refusals(
    openssl: OpenSSL, desk: Path, zone: DevelopmentAuthority, request_der: bytes, words: str
) -> None:
    (desk / "data.tsr").write_bytes(zone.authority().respond(request_der, TODAY))
    text = openssl("ts", "-reply", "-in", "data.tsr", "-text")
    assert "Status: Rejected." in text
    assert words in text
    openssl("ts", "-verify", "-data", "data", "-in", "data.tsr", "-CAfile", "ca.pem", fails=True)


def test_openssl_verifies_a_longer_chain(openssl: OpenSSL, desk: Path) -> None:
    span = {"begin": TODAY - DAY, "end": TODAY + 300 * DAY}
    top = factory.root(kind="P-384", **span)
    middle = factory.intermediate(top, **span)
    signer = factory.authority(middle, kind="RSA-2048", **span)
    issuer = Authority(signer.key, signer.der, [middle.der, top.der])
    (desk / "ca.pem").write_bytes(top.pem)
    request = TimestampRequest.new("sha512", hashlib.sha512(DATA).digest())
    (desk / "data.tsr").write_bytes(issuer.respond(request.encode(), TODAY))
    assert "OK" in openssl("ts", "-verify", "-data", "data", "-in", "data.tsr", "-CAfile", "ca.pem")


def test_openssl_verifies_the_signatures_our_tests_forge(openssl: OpenSSL, desk: Path) -> None:
    """RSA-PSS tokens are made by the tests alone; ``openssl cms`` says that they are made rightly."""
    span = {"begin": TODAY - DAY, "end": TODAY + 300 * DAY}
    top = factory.root(**span)
    (desk / "ca.pem").write_bytes(top.pem)
    (desk / "pss.der").write_bytes(factory.pss_token(factory.authority(top, kind="RSA-2048", **span), factory.PSS).der)
    (desk / "plain.der").write_bytes(Forgery(signer=factory.authority(top, **span), content=tst_info()).token())
    for token in ("pss.der", "plain.der"):
        openssl("cms", "-verify", "-binary", "-inform", "DER", "-in", token, "-CAfile", "ca.pem",
                "-purpose", "any", "-out", "content")  # fmt: skip
        assert (desk / "content").read_bytes() == tst_info()


# OpenSSL as the authority


CONFIGURATION = """
[tsa]
default_tsa = own
[own]
serial = ./serial
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.5
digests = sha256, sha384, sha512, sm3
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = {digits}
ordering = {ordering}
tsa_name = {name}
ess_cert_id_chain = {chain}
ess_cert_id_alg = {ess}
"""
Stamp = Callable[..., TimestampToken]


@pytest.fixture
def theirs(openssl: OpenSSL, desk: Path) -> Stamp:
    """A token by ``openssl ts -reply`` with the given key, digests and options."""

    def stamp(signer: Holder, above: list[Holder], *, digest: str, **options: str) -> TimestampToken:
        values = {"digits": "0", "ordering": "no", "name": "no", "chain": "no", "ess": "sha256", **options}
        (desk / "tsa.cnf").write_text(CONFIGURATION.format(**values))
        (desk / "serial").write_text("0A")
        key = signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (desk / "signer.key").write_bytes(key)
        (desk / "signer.pem").write_bytes(signer.pem)
        (desk / "chain.pem").write_bytes(b"".join(each.pem for each in above))
        openssl("ts", "-query", "-data", "data", f"-{digest}", "-cert", "-out", "query")
        openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-inkey", "signer.key", "-sha256",
                "-signer", "signer.pem", *(("-chain", "chain.pem") if above else ()), "-out", "reply")  # fmt: skip
        token = TimestampToken.parse((desk / "reply").read_bytes())
        TimestampRequest.parse((desk / "query").read_bytes()).check_answer(token)
        return token

    return stamp


SPAN = {"begin": TODAY - DAY, "end": TODAY + 300 * DAY}


@pytest.mark.parametrize("kind", ["P-256", "P-384", "P-521", "RSA-2048"])
@pytest.mark.parametrize("digest", ALGORITHMS)
def test_we_verify_tokens_of_openssl(theirs: Stamp, kind: str, digest: str) -> None:
    top = factory.root(**SPAN)
    token = theirs(factory.authority(top, kind=kind, **SPAN), [], digest=digest)
    verified = verify_token(token, data=DATA, roots=[top.der], policy="1.2.3.4.1")
    assert (verified.serial, verified.accuracy) == (0x0B, timedelta(seconds=1, microseconds=500100))
    with pytest.raises(Error):
        verify_token(token, data=DATA + b"!", roots=[top.der])


@pytest.mark.parametrize(
    "options",
    [
        {"ess": "sha1"},
        {"ess": "sha512"},
        {"chain": "yes"},
        {"chain": "yes", "ess": "sha1"},
        {"ordering": "yes", "name": "yes", "digits": "6"},
    ],
)
def test_we_verify_tokens_of_openssl_with_every_option(theirs: Stamp, options: dict[str, str]) -> None:
    top = factory.root(**SPAN)
    middle = factory.intermediate(top, **SPAN)
    signer = factory.authority(middle, kind="RSA-2048", **SPAN)
    token = theirs(signer, [middle, top], digest="sha256", **options)
    verified = verify_token(token, data=DATA, roots=[top.der])
    assert verified.chain == (signer.der, middle.der, top.der)
    assert token.ordering == (options.get("ordering") == "yes")
    assert (token.tsa is not None) == ("name" in options)


# rfc3161-client


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_rfc3161_client_verifies_our_tokens(zone: DevelopmentAuthority, algorithm: str) -> None:
    client = pytest.importorskip("rfc3161_client", reason="rfc3161-client is not installed")
    hashes = {"sha256": client.HashAlgorithm.SHA256, "sha512": client.HashAlgorithm.SHA512}
    request = client.TimestampRequestBuilder(DATA, hashes[algorithm]).build()
    answer = client.decode_timestamp_response(zone.authority().respond(request.as_bytes(), TODAY))
    top, leaf = load_certificates(zone.root_pem)[0], load_certificates(zone.signer_pem)[0]
    builder = client.VerifierBuilder().add_root_certificate(top).nonce(request.nonce)
    assert builder.tsa_certificate(leaf).common_name(leaf.subject.rfc4514_string()).build().verify_message(answer, DATA)
    with pytest.raises(client.VerificationError):
        builder.build().verify_message(answer, DATA + b"!")


def test_rfc3161_client_reads_in_our_tokens_what_we_read(zone: DevelopmentAuthority) -> None:
    client = pytest.importorskip("rfc3161_client", reason="rfc3161-client is not installed")
    request = TimestampRequest.new("sm3", hashlib.new("sm3", DATA).digest())
    response = zone.authority().respond(request.encode(), TODAY)
    theirs, ours = client.decode_timestamp_response(response).tst_info, TimestampToken.parse(response)
    assert (theirs.serial_number, theirs.nonce, theirs.policy.dotted_string) == (ours.serial, ours.nonce, ours.policy)
    assert theirs.message_imprint.message == ours.imprint
    assert theirs.gen_time == ours.gen_time


def test_the_certificates_of_a_token_are_base64_away_from_pem(zone: DevelopmentAuthority) -> None:
    token = zone.authority().issue("sha256", hashlib.sha256(DATA).digest(), TODAY)
    assert base64.encodebytes(token.certificates[0])[:60] in zone.signer_pem

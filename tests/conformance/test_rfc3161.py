"""Timestamp tokens of four authorities: the ``rfc3161`` folder of the vectors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from zonary.proof.errors import Error, UntrustedError, VerificationError
from zonary.proof.timestamp import structures
from zonary.proof.timestamp.algorithms import SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2
from zonary.proof.timestamp.cms import attribute
from zonary.proof.timestamp.der import decode, raw
from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.timestamp.verify import VerifiedTimestamp, verify_token

AFTER_EXPIRY = datetime(2025, 7, 21, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(vectors: Path) -> Path:
    found = vectors / "rfc3161"
    if not found.is_dir():
        pytest.skip(f"no rfc3161 vectors in {vectors}")
    return found


@pytest.fixture(scope="module")
def expected(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    cases: dict[str, dict[str, Any]] = json.loads((folder / "expected.json").read_text("utf-8"))
    assert cases
    return cases


class Case:
    """One token with the chain and the message it belongs to."""

    def __init__(self, folder: Path, name: str, expected: Mapping[str, Any]) -> None:
        self.token = TimestampToken.parse((folder / name).read_bytes())
        self.expected = expected
        self.chain = x509.load_pem_x509_certificates((folder / expected["chain"]).read_bytes())
        if "message" in expected:
            self.message: bytes = expected["message"].encode()
        else:
            self.message = (folder / expected["message_file"]).read_bytes()

    def verify(self, **changes: Any) -> VerifiedTimestamp:
        """Against the root of the chain, the rest of it supplied."""
        given = {"data": self.message, "roots": self.chain[-1:], "certificates": self.chain[:-1], **changes}
        return verify_token(self.token, **given)


def cases(folder: Path, expected: Mapping[str, Mapping[str, Any]], *verdicts: str) -> dict[str, Case]:
    found = {
        name: Case(folder, name, each)
        for name, each in expected.items()
        if any(each["expect"].startswith(verdict) for verdict in verdicts)
    }
    assert found
    return found


def test_every_token_says_what_is_expected(folder: Path, expected: Mapping[str, Mapping[str, Any]]) -> None:
    for name, each in expected.items():
        token = TimestampToken.parse((folder / name).read_bytes())
        found = {
            "imprint_alg": token.algorithm,
            "imprint": token.imprint.hex(),
            "gen_time": token.gen_time.isoformat(),
            "policy": token.policy,
            "serial": hex(token.serial),
            "certificates": len(token.certificates),
        }
        assert found == {key: each[key] for key in found}, name


def test_tokens_to_be_accepted_are(folder: Path, expected: Mapping[str, Mapping[str, Any]]) -> None:
    for name, case in cases(folder, expected, "accept").items():
        verified = case.verify()
        assert verified.gen_time == datetime.fromisoformat(case.expected["gen_time"]), name
        assert not verified.development


def test_tokens_to_be_rejected_are(folder: Path, expected: Mapping[str, Mapping[str, Any]]) -> None:
    for case in cases(folder, expected, "reject").values():
        with pytest.raises(VerificationError) as caught:
            case.verify()
        assert not isinstance(caught.value, UntrustedError)


def test_no_token_is_accepted_for_other_data(folder: Path, expected: Mapping[str, Mapping[str, Any]]) -> None:
    for case in cases(folder, expected, "accept").values():
        with pytest.raises(VerificationError):
            case.verify(data=case.message + b"!")


def test_no_token_is_trusted_without_its_root(folder: Path, expected: Mapping[str, Mapping[str, Any]]) -> None:
    for case in cases(folder, expected, "accept").values():
        with pytest.raises(UntrustedError):
            case.verify(roots=[], certificates=case.chain)


def test_a_token_without_certificates_fails_cleanly_when_none_is_supplied(
    folder: Path, expected: Mapping[str, Mapping[str, Any]]
) -> None:
    without = [case for case in cases(folder, expected, "accept").values() if not case.expected["certificates"]]
    assert without
    for case in without:
        with pytest.raises(VerificationError, match="does not carry the certificate"):
            case.verify(certificates=[])


def test_a_name_that_is_not_the_signer_s_is_refused(folder: Path, expected: Mapping[str, Mapping[str, Any]]) -> None:
    for case in cases(folder, expected, "accept signature, reject spoofed name").values():
        signer = case.verify().authority
        assert case.verify(signer_name=signer).authority == signer
        with pytest.raises(VerificationError):
            case.verify(signer_name="CN=Spoofed TSA")


def test_a_chain_that_expired_later_counts_for_its_own_time(
    folder: Path, expected: Mapping[str, Mapping[str, Any]]
) -> None:
    expired = [case for case in cases(folder, expected, "accept").values() if "expired" in case.expected["note"]]
    assert expired
    for case in expired:
        case.verify()
        case.verify(at=case.token.gen_time)
        with pytest.raises(VerificationError, match="expired"):
            case.verify(at=AFTER_EXPIRY)


def test_nonces_tell_which_request_a_token_answers(folder: Path, expected: Mapping[str, Mapping[str, Any]]) -> None:
    """A request some token names is answered by it; one that no token names is answered by none."""
    accepted = cases(folder, expected, "accept")
    named = {folder / each["request"] for each in expected.values() if "request" in each}
    unanswered = set(folder.glob("*/request.der")) - named
    assert named
    assert unanswered
    for case in accepted.values():
        if "request" in case.expected:
            request = TimestampRequest.parse((folder / case.expected["request"]).read_bytes())
            request.check_answer(case.token)
            case.verify(nonce=request.nonce)
        for path in unanswered:
            request = TimestampRequest.parse(path.read_bytes())
            assert request.encode() == path.read_bytes()
            with pytest.raises(VerificationError, match="nonce"):
                case.verify(nonce=request.nonce)
            with pytest.raises(VerificationError):
                request.check_answer(case.token)


def test_two_references_to_the_signing_certificate_are_read(
    folder: Path, expected: Mapping[str, Mapping[str, Any]]
) -> None:
    """One by SHA-1, one by SHA-256; the chain is not at hand, all else holds."""
    both = [(name, each) for name, each in expected.items() if each["expect"] == "parse"]
    assert both
    for name, each in both:
        token = TimestampToken.parse((folder / name).read_bytes())
        old, new = (attribute(token.signer, oid) for oid in (SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_V2))
        assert old is not None
        assert new is not None
        assert len(decode(structures.SigningCertificate, raw(old)).certificates[0].digest) == 20
        assert len(decode(structures.SigningCertificateV2, raw(new)).certificates[0].digest) == 32
        with pytest.raises(UntrustedError):
            verify_token(token, digest=bytes.fromhex(each["imprint"]), roots=[])


def test_no_flipped_bit_is_believed(folder: Path, expected: Mapping[str, Mapping[str, Any]]) -> None:
    """Of what the signature covers; one bit a byte, because every single bit is flipped elsewhere."""
    for case in cases(folder, expected, "accept").values():
        good = case.token
        start = good.der.index(good.content)
        for position in range(start, start + len(good.content)):
            changed = bytearray(good.der)
            changed[position] ^= 1 << position % 8
            with pytest.raises(Error):
                verify_token(
                    TimestampToken.parse(bytes(changed)),
                    data=case.message,
                    roots=case.chain[-1:],
                    certificates=case.chain[:-1],
                )

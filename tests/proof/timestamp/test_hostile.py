"""Damaged and made-up bytes: only our own error root comes out, and no change of a fact is believed."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from cryptography.hazmat import asn1
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.proof.timestamp import factory
from tests.proof.timestamp.factory import DATA, NOW, Holder, response

from zonary.proof.errors import Error, MalformedError
from zonary.proof.timestamp import structures
from zonary.proof.timestamp.algorithms import digest_of
from zonary.proof.timestamp.authority import Authority
from zonary.proof.timestamp.certificates import Certificate
from zonary.proof.timestamp.chain import find_chain
from zonary.proof.timestamp.der import SET, decode
from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.timestamp.verify import verify_token

PARSERS: list[Callable[[bytes], object]] = [
    TimestampToken.parse,
    TimestampRequest.parse,
    Certificate.load,
    lambda data: decode(structures.SigningCertificate, data),
    lambda data: decode(structures.SigningCertificateV2, data),
    lambda data: decode(structures.PssParameters, data),
    lambda data: decode(structures.TSTInfo, data),
]

Facts = tuple[object, ...]


class Target:
    """A good response, and the verdict on whatever is made of it."""

    def __init__(self, root: Holder, signer: Holder) -> None:
        self.root = root
        issuer = Authority(signer.key, signer.der)
        request = TimestampRequest.new("sha256", digest_of("sha256", DATA), nonce=0x1234567890)
        self.response = issuer.respond(request.encode(), NOW)
        self.facts = self.judge(self.response)
        assert self.facts is not None

    def judge(self, data: bytes) -> Facts | None:
        """What is believed of ``data``, whatever imprint it claims; ``None`` when it is refused."""
        try:
            token = TimestampToken.parse(data)
            verified = verify_token(token, digest=token.imprint, roots=[self.root.der])
        except Error as error:
            _ = str(error)
            return None
        signed = (token.content, token.nonce, token.ordering, token.tsa, token.critical_extensions)
        shown = (verified.algorithm, verified.imprint, verified.gen_time, verified.accuracy)
        return (*shown, verified.policy, verified.serial, verified.authority, verified.chain, *signed)

    def check(self, data: bytes) -> None:
        facts = self.judge(data)
        assert facts is None or facts == self.facts


@pytest.fixture(scope="module", params=["P-256", "RSA-2048", "Ed25519"])
def target(request: pytest.FixtureRequest, root: Holder) -> Target:
    return Target(root, factory.authority(root, kind=request.param))


@pytest.fixture(scope="module")
def ec_target(root: Holder, tsa: Holder) -> Target:
    return Target(root, tsa)


def unsigned_places(data: bytes) -> set[int]:
    """Where our responses hold what nobody signs and nothing depends on.

    The status ("granted with modifications" is granted too), the version numbers of the CMS structures, and
    the list of digest algorithms, which SignerInfo repeats.
    """
    token = TimestampToken.parse(data)
    algorithm = asn1.encode_der(token.signer.digest_algorithm)
    head = data.index(b"\x02\x01\x03" + factory.tlv(SET, algorithm))
    signer = data.index(asn1.encode_der(token.signer))
    return {8, signer + 4 + 2, *range(head + 2, head + 5 + len(algorithm))}


def test_every_flipped_bit_is_refused_or_changes_nothing(target: Target) -> None:
    unsigned = unsigned_places(target.response)
    for bit in range(len(target.response) * 8):
        changed = bytearray(target.response)
        changed[bit // 8] ^= 1 << bit % 8
        facts = target.judge(bytes(changed))
        assert facts is None or (facts == target.facts and bit // 8 in unsigned), f"byte {bit // 8}, bit {bit % 8}"


def test_every_byte_dropped_or_doubled_is_refused_or_changes_nothing(ec_target: Target) -> None:
    good = ec_target.response
    for position in range(len(good)):
        ec_target.check(good[:position] + good[position + 1 :])
        ec_target.check(good[: position + 1] + good[position:])
        ec_target.check(good[:position])


@given(data=st.binary(max_size=300), parser=st.sampled_from(PARSERS))
@settings(deadline=None)
def test_random_bytes_are_malformed_to_every_parser(data: bytes, parser: Callable[[bytes], object]) -> None:
    try:
        parser(data)
    except Error as error:
        _ = str(error)


DER = st.recursive(
    st.builds(
        lambda tag, content: factory.tlv(tag, content),
        st.sampled_from([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C, 0x13, 0x17, 0x18, 0x80, 0x81]),
        st.binary(max_size=20),
    ),
    lambda inner: st.builds(
        lambda tag, parts: factory.tlv(tag, *parts),
        st.sampled_from([0x30, 0x31, 0xA0, 0xA1, 0xA2, 0xA3]),
        st.lists(inner, max_size=6),
    ),
    max_leaves=30,
)


@given(data=DER, parser=st.sampled_from(PARSERS))
@settings(deadline=None)
def test_well_formed_nonsense_is_malformed_to_every_parser(data: bytes, parser: Callable[[bytes], object]) -> None:
    try:
        parser(data)
    except Error as error:
        _ = str(error)


def test_shuffled_pieces_of_a_token_are_refused_or_change_nothing(ec_target: Target) -> None:
    """Slices copied over, exchanged and repeated, with a seed so that a failure can be had again."""
    dice = random.Random(3161)
    good = ec_target.response
    for _ in range(3000):
        changed = bytearray(good)
        for _ in range(dice.randint(1, 3)):
            size = dice.randint(1, 60)
            start, end = dice.randrange(len(good)), dice.randrange(len(good))
            changed[end : end + dice.choice([size, 0, size // 2])] = good[start : start + size]
        ec_target.check(bytes(changed))


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_replaced_elements_are_refused_or_change_nothing(ec_target: Target, data: st.DataObject) -> None:
    """Nonsense in place of one element, all lengths around it put right."""
    path = data.draw(st.lists(st.integers(0, 5), min_size=1, max_size=7))
    ec_target.check(_replace(ec_target.response, path, data.draw(DER)))


def _replace(element: bytes, path: list[int], new: bytes) -> bytes:
    if not path or not element[0] & 0x20:
        return new
    children = _children(element)
    if not children:
        return new
    index = path[0] % len(children)
    children[index] = _replace(children[index], path[1:], new)
    return factory.tlv(element[0], *children)


def _children(element: bytes) -> list[bytes]:
    found = []
    content = element[_header(element) :]
    while content:
        size = len(content) if len(content) < 2 else _header(content) + _length(content)
        found.append(content[:size])
        content = content[size:]
    return found


def _header(element: bytes) -> int:
    return 2 + (element[1] & 0x7F if element[1] & 0x80 else 0)


def _length(element: bytes) -> int:
    return element[1] if element[1] < 0x80 else int.from_bytes(element[2 : _header(element)], "big")


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_a_certificate_with_replaced_elements_gives_only_our_errors(
    root: Holder, tsa: Holder, data: st.DataObject
) -> None:
    path = data.draw(st.lists(st.integers(0, 8), min_size=1, max_size=6))
    changed = _replace(tsa.der, path, data.draw(DER))
    _use(changed, root)


def test_every_flipped_bit_of_a_certificate_gives_only_our_errors(root: Holder, tsa: Holder) -> None:
    for bit in range(len(tsa.der) * 8):
        changed = bytearray(tsa.der)
        changed[bit // 8] ^= 1 << bit % 8
        _use(bytes(changed), root)


def _use(der: bytes, root: Holder) -> None:
    """Every question the product asks of a certificate, one independent of the other."""
    try:
        certificate = Certificate.load(der)
    except Error:
        return
    trusted = [Certificate.load(root.der)]
    for question in (
        lambda: certificate.name,
        lambda: certificate.is_development,
        certificate.public_key,
        certificate.check_extensions,
        certificate.check_timestamping,
        lambda: certificate.check_time(NOW),
        lambda: find_chain(certificate, others=[certificate], roots=trusted, at=NOW),
        lambda: find_chain(trusted[0], others=[certificate], roots=[certificate], at=NOW),
    ):
        try:
            question()
        except Error as error:
            _ = str(error)


def test_a_token_full_of_junk_certificates_is_still_judged(root: Holder, tsa: Holder) -> None:
    junk = [factory.tlv(0x30, bytes([number])) for number in range(30)]
    token = factory.forge(tsa, certificates=[*junk, tsa.der])
    assert verify_token(token, data=DATA, roots=[root.der]).authority


def test_a_response_in_a_response_is_malformed(ec_target: Target) -> None:
    with pytest.raises(MalformedError):
        TimestampToken.parse(response(ec_target.response))

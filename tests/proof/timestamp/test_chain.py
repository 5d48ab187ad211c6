"""The path to the root, with cryptography's own verifier as a second opinion on everything accepted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.verification import Criticality, ExtensionPolicy, PolicyBuilder, Store, VerificationError
from tests.proof.timestamp import factory
from tests.proof.timestamp.factory import NOW, YEAR, Holder, Wanted, certify

from zonary.proof.errors import Error, UntrustedError
from zonary.proof.timestamp.certificates import Certificate
from zonary.proof.timestamp.chain import MAX_CHAIN_DEPTH, MAX_SIGNATURE_CHECKS, find_chain


def alone(signer: Holder, others: Sequence[Holder], roots: Sequence[Holder], at: datetime = NOW) -> list[bytes]:
    """Our verdict alone."""
    found = find_chain(
        Certificate.load(signer.der),
        others=[Certificate.load(each.der) for each in others],
        roots=[Certificate.load(each.der) for each in roots],
        at=at,
    )
    return [each.der for each in found]


def chain(signer: Holder, others: Sequence[Holder], roots: Sequence[Holder], at: datetime = NOW) -> list[bytes]:
    """Our verdict, which the second opinion must share."""
    found = alone(signer, others, roots, at)
    assert _second_opinion(signer, others, roots, at)
    return found


def refusal(signer: Holder, others: Sequence[Holder], roots: Sequence[Holder], at: datetime = NOW) -> Error:
    with pytest.raises(Error) as caught:
        chain(signer, others, roots, at)
    return caught.value


def _second_opinion(signer: Holder, others: Sequence[Holder], roots: Sequence[Holder], at: datetime) -> bool:
    authorities = ExtensionPolicy.permit_all().require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)
    builder = PolicyBuilder().time(at.replace(tzinfo=None)).store(Store([each.certificate for each in roots]))
    builder = builder.max_chain_depth(MAX_CHAIN_DEPTH)
    builder = builder.extension_policies(ca_policy=authorities, ee_policy=ExtensionPolicy.permit_all())
    try:
        builder.build_client_verifier().verify(signer.certificate, [each.certificate for each in others])
    except VerificationError:
        return False
    return True


def ladder(depth: int, top: Holder) -> list[Holder]:
    """``depth`` authorities, one under the other."""
    found: list[Holder] = []
    for number in range(depth):
        found.append(factory.intermediate(found[-1] if found else top, f"Step {number}", number=10 + number))
    return found


def test_a_root_may_issue_directly(root: Holder, tsa: Holder) -> None:
    assert chain(tsa, [], [root]) == [tsa.der, root.der]


@pytest.mark.parametrize("depth", [1, 2, MAX_CHAIN_DEPTH - 2])
def test_authorities_may_stand_in_between(root: Holder, depth: int) -> None:
    steps = ladder(depth, root)
    signer = factory.authority(steps[-1])
    expected = [signer.der, *(each.der for each in reversed(steps)), root.der]
    assert chain(signer, steps, [root]) == expected
    assert chain(signer, [signer, root, *reversed(steps), *steps], [factory.root("Other"), root]) == expected


def test_an_authority_in_between_may_be_the_trusted_one(root: Holder) -> None:
    middle = factory.intermediate(root)
    signer = factory.authority(middle)
    assert chain(signer, [middle, root], [middle]) == [signer.der, middle.der]


def test_a_longer_chain_is_refused(root: Holder) -> None:
    steps = ladder(MAX_CHAIN_DEPTH - 1, root)
    assert str(MAX_CHAIN_DEPTH) in str(refusal(factory.authority(steps[-1]), steps, [root]))


def test_a_missing_link_leaves_the_origin_open(root: Holder) -> None:
    steps = ladder(2, root)
    signer = factory.authority(steps[-1])
    for others in ([], steps[:1], steps[1:]):
        assert type(refusal(signer, others, [root])) is UntrustedError
    assert type(refusal(signer, [*steps, root], [])) is UntrustedError


ANY = x509.ObjectIdentifier("2.5.29.37.0")
SERVER = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.1")
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.9"), b"\x05\x00")
CONSTRAINED = x509.NameConstraints(permitted_subtrees=[x509.DNSName("example.com")], excluded_subtrees=None)
POLICIES = x509.PolicyConstraints(require_explicit_policy=0, inhibit_policy_mapping=None)


@pytest.mark.parametrize(
    "changes",
    [
        {"path_length": 0},
        {"purposes": factory.TIMESTAMPING, "purposes_critical": False},
        {"purposes": (SERVER, *factory.TIMESTAMPING)},
        {"purposes": (ANY,)},
        {"extra": [(UNKNOWN, False)]},
        {"extra": [(POLICIES, True)]},
    ],
)
def test_what_an_authority_in_between_may_say(root: Holder, changes: dict[str, object]) -> None:
    middle = factory.intermediate(root, **changes)
    assert len(alone(factory.authority(middle), [middle], [root])) == 3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ca": False}, "not one of an authority"),
        ({"constraints": False}, "not one of an authority"),
        ({"usage": factory.key_usage(signs_data=True)}, "may not sign certificates"),
        ({"purposes": (SERVER,)}, "may not issue for timestamping"),
        ({"end": NOW - timedelta(seconds=1)}, "expired"),
        ({"begin": NOW + timedelta(seconds=1)}, "not valid yet"),
        ({"extra": [(UNKNOWN, True)]}, "does not understand"),
        ({"extra": [(CONSTRAINED, True)]}, "does not understand"),
        ({"extra": [(CONSTRAINED, False)]}, "does not understand"),
    ],
)
@pytest.mark.parametrize("position", ["root", "in between"])
def test_what_an_authority_may_not_say(root: Holder, changes: dict[str, object], words: str, position: str) -> None:
    if position == "root":
        top = factory.root(**changes)
        error = refusal(factory.authority(top), [], [top])
    else:
        middle = factory.intermediate(root, **changes)
        error = refusal(factory.authority(middle), [middle], [root])
        assert type(refusal(factory.authority(middle), [middle], [])) is type(error)
    assert words in str(error)
    assert not isinstance(error, UntrustedError)


def test_the_length_a_root_allows_is_kept() -> None:
    top = factory.root(path_length=1)
    steps = ladder(2, top)
    chain(factory.authority(steps[0]), steps[:1], [top])
    assert "allows a chain of 1" in str(refusal(factory.authority(steps[1]), steps, [top]))


def test_a_renewed_key_of_the_same_name_does_not_count_in_the_length(root: Holder) -> None:
    top = factory.root("Top", path_length=1)
    renewed = certify(Wanted(common_name="Top", ca=True), factory.key("P-256", 31), top)
    middle = factory.intermediate(renewed)
    # RFC 5280 §4.2.1.9; the second opinion counts it and would refuse.
    assert len(alone(factory.authority(middle), [middle, renewed], [top])) == 4


@pytest.mark.parametrize("algorithm", [hashes.SHA224(), hashes.SHA3_256()])
def test_a_certificate_signed_over_another_digest_is_refused(root: Holder, algorithm: hashes.HashAlgorithm) -> None:
    signer = factory.authority(root, hash_algorithm=algorithm)
    assert "no longer safe" in str(refusal(signer, [], [root]))
    middle = factory.intermediate(root, hash_algorithm=algorithm)
    assert "no longer safe" in str(refusal(factory.authority(middle), [middle], [root]))


def test_a_weak_issuer_is_refused() -> None:
    top = factory.root(kind="RSA-1024")
    assert "1024" in str(refusal(factory.authority(top), [], [top]))


def test_the_order_of_good_and_bad_issuers_does_not_matter(root: Holder) -> None:
    """Two certificates for one key: an expired one and its renewal."""
    old = factory.intermediate(root, end=NOW - YEAR / 2)
    new = factory.intermediate(root)
    signer = factory.authority(new)
    for others in ([old, new], [new, old]):
        assert chain(signer, others, [root]) == [signer.der, new.der, root.der]
    for roots in ([old, new], [new, old]):
        assert chain(signer, [], roots) == [signer.der, new.der]


def test_the_time_asked_for_picks_the_certificate(root: Holder) -> None:
    old = factory.intermediate(root, begin=NOW - YEAR / 2, end=NOW)
    new = factory.intermediate(root, begin=NOW, end=NOW + YEAR / 2)
    signer = factory.authority(old)
    early, late = NOW - timedelta(days=9), NOW + timedelta(days=9)
    assert chain(signer, [old, new], [root], early)[1] == old.der
    assert chain(signer, [old, new], [root], late)[1] == new.der


def test_authorities_that_issued_each_other_are_no_endless_road(root: Holder) -> None:
    one, two = factory.key("P-256", 41), factory.key("P-256", 42)
    a_by_b = certify(Wanted(common_name="A", ca=True, issuer_name="B"), one, Holder(two, root.certificate))
    b_by_a = certify(Wanted(common_name="B", ca=True, issuer_name="A"), two, Holder(one, root.certificate))
    signer = factory.authority(a_by_b)
    assert type(refusal(signer, [a_by_b, b_by_a], [root])) is UntrustedError


def test_a_crowd_of_namesakes_is_cut_short(root: Holder) -> None:
    key = factory.key("P-256", 43)
    crowd = [certify(Wanted(common_name="Middle", ca=True), key) for _ in range(MAX_SIGNATURE_CHECKS + 1)]
    signer = factory.authority(factory.intermediate(root, "Middle"))
    assert "same name" in str(refusal(signer, crowd, [root]))


def test_the_same_certificate_many_times_is_one(root: Holder, tsa: Holder) -> None:
    assert chain(tsa, [tsa, root] * MAX_SIGNATURE_CHECKS, [root] * 3) == [tsa.der, root.der]


def test_a_forged_issuer_is_passed_over(root: Holder) -> None:
    middle = factory.intermediate(root)
    fake = certify(Wanted(common_name="Intermediate", ca=True, end=NOW), factory.key("P-256", 44), root)
    signer = factory.authority(middle)
    assert chain(signer, [fake, middle], [root]) == [signer.der, middle.der, root.der]
    assert type(refusal(signer, [fake], [root])) is UntrustedError


@pytest.mark.parametrize("data", [b"", b"\x30\x00", bytes(20000), b"\x30\x03\x02\x01\x01"])
def test_what_is_no_certificate_is_malformed(data: bytes) -> None:
    with pytest.raises(Error):
        Certificate.load(data)


def test_every_signed_bit_of_a_certificate_counts(root: Holder, tsa: Holder) -> None:
    """A flipped bit breaks the certificate's reading, a rule, or the root's signature.

    The count of unused bits in the signature is signed by nobody; tokens name their certificate by its digest.
    """
    trusted = [Certificate.load(root.der)]
    accepted = []
    for bit in range(len(tsa.der) * 8):
        changed = bytearray(tsa.der)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            signer = Certificate.load(bytes(changed))
            signer.public_key()
            signer.check_extensions()
            signer.check_timestamping()
            signer.check_time(NOW)
            find_chain(signer, others=[], roots=trusted, at=NOW)
        except Error:
            continue
        accepted.append(signer.parsed.tbs_certificate_bytes)
    assert set(accepted) <= {tsa.certificate.tbs_certificate_bytes}

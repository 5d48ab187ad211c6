"""Packages with tokens of SM2, and with tokens of further authorities beside the zone's own."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.proof.package.factory import Zone, changed, members, opened
from tests.proof.package.sample import Sample
from tests.proof.package.signed_samples import StampedZone
from tests.proof.timestamp import factory as stamps
from tests.proof.timestamp.factory import Holder

from zonary.proof.package.build import write_with_further
from zonary.proof.package.further import FurtherToken
from zonary.proof.sm2 import SM2PrivateKey
from zonary.proof.timestamp.algorithms import (
    CONTENT_TYPE,
    GM_DATA,
    GM_SIGNED_DATA,
    SM2_WITH_SM3,
    digest_identifier,
    oid,
)
from zonary.proof.timestamp.der import ASN1_NULL, SEQUENCE, tlv
from zonary.proof.timestamp.signing import SigningMethod
from zonary.proof.tlog.keys import SigningKey
from zonary.proof.tlog.sm2 import Sm2SigningKey
from zonary.proof.trust import Trust

NO_BASE64 = b"-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----"


def national() -> Iterator[Sample]:
    """Tokens, certificates and chains of SM2, alone and mixed with the others."""
    top = stamps.root("SM2 root", "SM2")
    signer = stamps.authority(top, "SM2 TSA", "SM2")

    def named(digest: str, dotted: str, parameters: bytes = b"") -> SigningMethod:
        identifier = tlv(SEQUENCE, oid(dotted), parameters)
        return SigningMethod(digest, digest_identifier(digest), identifier, signer.key.sign)  # type: ignore[arg-type]

    def plain_data(each: list[bytes]) -> list[bytes]:
        return sorted([stamps.attribute(CONTENT_TYPE, oid(GM_DATA)), *each[1:]])

    damaged = bytearray(signer.der)
    damaged[-3] ^= 1
    zones = {
        "alone": StampedZone(signer, top),
        "in its own signed data": StampedZone(signer, top, outer_type=GM_SIGNED_DATA),
        "by another name": StampedZone(signer, top, method=named("sm3", "1.2.156.10197.1.301.1", ASN1_NULL)),
        "SM3 by its longer name": StampedZone(
            signer, top, digest_algorithm=tlv(SEQUENCE, oid("1.2.156.10197.1.401.1")), algorithm="sm3"
        ),
        "plain data": StampedZone(signer, top, outer_type=GM_SIGNED_DATA, content_type=GM_DATA, attributes=plain_data),
        "plain data inside only": StampedZone(signer, top, outer_type=GM_SIGNED_DATA, content_type=GM_DATA),
        "plain data where it is not known": StampedZone(signer, top, content_type=GM_DATA, attributes=plain_data),
        "with SHA-256": StampedZone(signer, top, method=named("sha256", SM2_WITH_SM3)),
        "by a name unknown": StampedZone(signer, top, method=named("sm3", "1.2.156.10197.1.503")),
        "another key": StampedZone(signer, top, sign_with=stamps.key("SM2", 33)),
        "a root of the same name": StampedZone(signer, stamps.root("SM2 root", "P-256")),
        "an issuer that expired": _under(
            stamps.root("SM2 root", "SM2", end=stamps.NOW - stamps.YEAR / 2, begin=stamps.NOW - stamps.YEAR)
        ),
        "a certificate damaged": StampedZone(signer, top, certificates=[bytes(damaged)]),
    }
    for kinds in (("SM2", "P-256", "SM2"), ("P-256", "SM2", "P-256"), ("Ed25519", "SM2", "RSA-2048")):
        above = stamps.root("Mixed root", kinds[0])
        middle = stamps.intermediate(above, "Mixed intermediate", kind=kinds[1])
        zones[" under ".join(kinds[::-1])] = StampedZone(stamps.authority(middle, kind=kinds[2]), above, [middle])
    for name, zone in zones.items():
        package = zone.package()
        yield Sample(f"SM2: {name}", package, [zone.trust])
        yield Sample(f"SM2: {name}, nobody trusted", package, [])


def _under(root: Holder) -> StampedZone:
    return StampedZone(stamps.authority(root, kind="SM2"), root)


def further() -> Iterator[Sample]:
    """Tokens of further authorities: whole, wrong, not known, too many, too few."""
    zone = Zone()
    package = zone.package()
    statement = members(package)["statement.json"]
    second = stamps.root("Second root"), stamps.root("National root", "SM2")
    holders = [stamps.authority(second[0], "Second TSA"), stamps.authority(second[1], "National TSA", "SM2")]

    def token(holder: Holder, root: Holder, name: str, data: bytes = statement, chain: bytes = b"") -> FurtherToken:
        made = stamps.forge(holder, stamps.tst_info(data)).der
        return FurtherToken(name, made, chain or holder.pem + root.pem)

    def grown(*added: FurtherToken) -> bytes:
        out = io.BytesIO()
        write_with_further(out, opened(package), added)
        return out.getvalue()

    def asking(count: int, *roots: Holder) -> Sequence[object]:
        known = (*zone.trust.timestamp_roots, *(each.der for each in roots))
        return [replace(zone.trust, timestamp_roots=known, timestamps_required=count)]

    def run_by(*operators: str, required: int) -> Sequence[object]:
        """The same, with the operators of the zone's root and of both others."""
        [trust] = asking(required, *second)
        named = tuple(zip(trust.timestamp_roots, operators, strict=True))  # type: ignore[attr-defined]
        return [replace(trust, timestamp_operators=tuple(each for each in named if each[1]))]  # type: ignore[type-var]

    mine = zone.trust.timestamp_roots
    both = [token(h, r, n) for h, r, n in zip(holders, second, ("second", "national"), strict=True)]
    whole = grown(*both)
    for name, data, trusts in (
        ("both trusted", whole, asking(3, *second)),
        ("one trusted", whole, asking(1, second[0])),
        ("none trusted", whole, asking(1)),
        ("too few", whole, asking(3, second[1])),
        ("all of one operator", whole, run_by("a", "a", "a", required=2)),
        ("two of one operator", whole, run_by("zonary/test", "", "zonary/test", required=2)),
        ("two of one operator, three asked", whole, run_by("zonary/test", "", "zonary/test", required=3)),
        ("of three operators", whole, run_by("a", "b", "c", required=3)),
        (
            "of one operator in another file",
            whole,
            [*run_by("a", "", "b", required=3), Trust(timestamp_roots=mine, timestamp_operators=((mine[0], "b"),))],
        ),
        ("nobody trusted", whole, []),
        ("more asked than there are", package, asking(2)),
        ("over other data", grown(token(holders[0], second[0], "other", b"other")), asking(1, *second)),
        ("no certificates", grown(token(holders[0], second[0], "x", chain=b"-")), asking(1, *second)),
        (
            "no base64",
            grown(token(holders[0], second[0], "x", chain=NO_BASE64)),
            asking(1),
        ),
        ("without its certificates", changed(whole, **{"timestamps/second.pem": None}), asking(1)),
        ("without its token", changed(whole, **{"timestamps/second.tst": None}), asking(1)),
        ("cut", changed(whole, **{"timestamps/second.tst": both[0].token[:-9]}), asking(1)),
        ("of a name unknown", changed(whole, **{"timestamps/Second.tst": b"", "timestamps/x.txt": b""}), asking(1)),
        ("seventeen", changed(package, **{f"timestamps/{n}.tst": b"" for n in range(17)}), asking(1)),
        ("a weak imprint", grown(FurtherToken("weak", _weak(holders[0]), holders[0].pem)), asking(1)),
    ):
        yield Sample(f"further: {name}", data, trusts)  # type: ignore[arg-type]


def _weak(holder: Holder) -> bytes:
    """A token over a digest that this release does not know."""
    imprint = tlv(SEQUENCE, tlv(SEQUENCE, oid("1.2.3.4")), b"\x04\x20" + bytes(32))
    return stamps.Forgery(signer=holder, content=stamps.tst_info(imprint=imprint)).token()


def second_trees() -> Iterator[Sample]:
    """The same leaf in a second tree, over SM3 and signed with SM2: whole, wrong, half of it, of a later form."""
    zone = Zone()
    whole, trust = zone.package(second={}), zone.second_trust()
    member, keys = "log-sm3/statement.sm3-proof", "log-sm3/log.vkey"
    proof, name = members(whole)[member], zone.second_key.verifier.name
    hashed = proof.split(b"\n")[2]
    packages = {
        "whole": whole,
        "another index": zone.package(second={"index": 1}),
        "signed by two keys": zone.package(second={"beside": (Sm2SigningKey.of(name, SM2PrivateKey.generate()),)}),
        "another log": zone.package(second={"origin": "zonary/other/sm3"}),
        "another key": zone.package(second={"key": Sm2SigningKey.of(name, SM2PrivateKey.generate())}),
        "a key of another kind": zone.package(second={"key": SigningKey.generate(name)}),
        "of another class": zone.package(second={}, leaf_class="act"),
        **{
            title: changed(whole, **{member: spoilt})
            for title, spoilt in {
                "of another": members(zone.package(second={}))[member],
                "a hash changed": proof.replace(hashed, b"A" * 43 + b"="),
                "called the first": proof.replace(b"zonary-sm3-proof/1", b"c2sp.org/tlog-proof@v1"),
                "later": proof.replace(b"zonary-sm3-proof/1", b"zonary-sm3-proof/2"),
                "a signature changed": proof[:-10] + b"AAAAAAAA=\n",
                "a size changed": proof.replace(b"zonary/test/sm3\n5\n", b"zonary/test/sm3\n6\n"),
                "empty": b"",
                "missing": None,
            }.items()
        },
        **{
            f"keys: {title}": changed(whole, **{keys: spoilt})
            for title, spoilt in {
                "missing": None,
                "none": b"x" * 20 + b" ",
                "too many": b"a\n" * 17,
                "not text": b"\xff",
                "of another": Zone().second_key.verifier.encode().encode(),
            }.items()
        },
    }
    for title, package in packages.items():
        yield Sample(f"second tree: {title}", package, [trust])
        yield Sample(f"second tree: {title}, its key unknown", package, [zone.trust])
        yield Sample(f"second tree: {title}, nobody trusted", package, [])

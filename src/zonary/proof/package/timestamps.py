"""The timestamp layer: two tokens, one over the package's manifest, one over plain data anybody can hash."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zonary.proof.errors import MalformedError, Noun, UnsupportedError, UntrustedError, VerificationError
from zonary.proof.manifest import AnyLeaf, DigestLeaf, FileLeaf
from zonary.proof.package import container as member
from zonary.proof.package.asic import asic_manifest
from zonary.proof.package.container import Container
from zonary.proof.package.report import Layer, LayerVerdict, Sentence, Status, TokenFact
from zonary.proof.printable import printable
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.timestamp.verify import VerifiedTimestamp, verify_token

MAX_CHAIN_CERTIFICATES = 8
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")


@dataclass(frozen=True, slots=True)
class _Chains:
    """Certificates in DER: those the caller trusts, and those the package brings for reading."""

    trusted: Sequence[bytes]
    brought: Sequence[bytes]


def token_members(package: Container) -> list[str]:
    """The plain-data tokens of ``package``: ``timestamp/*.tsr``."""
    return [name for name in package if name.startswith(member.TOKEN_FOLDER) and name.endswith(member.TOKEN_SUFFIX)]


def check_tokens(
    package: Container, alone: AnyLeaf | None, roots: Sequence[bytes]
) -> tuple[LayerVerdict, tuple[TokenFact, ...]]:
    """The verdict on both tokens, and what they say.

    :param alone: the only leaf of the manifest, if it has only one: then the plain-data token must cover that file,
        otherwise the statement. A token over one file of many would date that file, not the seal.
    :param roots: DER certificates of the authorities the caller trusts.
    :raises Error: when a token is missing, malformed or wrong. A token that is right, but by an authority the caller
        did not name, gives a verdict of its own.
    """
    statement = package.read(member.STATEMENT)
    listed = package.read(member.ASIC_MANIFEST)
    if listed != asic_manifest(statement):
        raise VerificationError("META-INF/ASiCManifest.xml does not list this statement by its SHA-256.")
    plain = token_members(package)
    if len(plain) != 1:
        raise MalformedError("The package must hold exactly one timestamp/*.tsr; it holds {count}.", count=len(plain))
    chains = _Chains(roots, read_chain(package.read(member.AUTHORITY_CHAIN)))
    outer = TimestampToken.parse(package.read(member.PACKAGE_TOKEN))
    inner = TimestampToken.parse(package.read(plain[0]))
    covers, digest = _covered_by(inner, alone, statement)
    checked = [
        _check(outer, member.PACKAGE_TOKEN, member.ASIC_MANIFEST, _digest(outer, listed), chains),
        _check(inner, plain[0], covers, digest, chains),
    ]
    facts = tuple(fact for fact, _trusted in checked)
    return _verdict(facts, trusted=all(trusted for _fact, trusted in checked)), facts


def _digest(token: TimestampToken, data: bytes) -> bytes:
    try:
        return hashlib.new(token.algorithm, data).digest()
    except ValueError as error:
        raise UnsupportedError(
            "A timestamp token uses the hash “{name}”, unknown here.", name=token.algorithm
        ) from error


def _covered_by(token: TimestampToken, alone: AnyLeaf | None, statement: bytes) -> tuple[str | Noun, bytes]:
    """What the plain-data token has to cover, and its digest by the token's own algorithm."""
    if not isinstance(alone, FileLeaf | DigestLeaf):
        return member.STATEMENT, _digest(token, statement)
    if token.algorithm not in ("sha256", "sm3"):
        raise UnsupportedError("A timestamp token uses the hash “{name}”, unknown here.", name=token.algorithm)
    name = printable(alone.name_bytes) if isinstance(alone, FileLeaf) else Noun("the file")
    return name, bytes.fromhex(alone.sha256 if token.algorithm == "sha256" else alone.sm3)


def _check(
    token: TimestampToken, name: str, covers: str | Noun, digest: bytes, chains: _Chains
) -> tuple[TokenFact, bool]:
    trusted = True
    try:
        verified = verify_token(token, digest=digest, roots=chains.trusted, certificates=chains.brought)
    except UntrustedError:
        # Consistent with the chain it brought? Then say so; anything worse is raised from here.
        verified = verify_token(token, digest=digest, roots=chains.brought, certificates=chains.brought)
        trusted = False
    return _fact(verified, name, covers), trusted


def _fact(verified: VerifiedTimestamp, name: str, covers: str | Noun) -> TokenFact:
    return TokenFact(
        member=name, covers=covers, time=verified.gen_time, accuracy=verified.accuracy or timedelta(0),
        authority=verified.authority, development=verified.development,
    )  # fmt: skip


def read_chain(pem: bytes) -> list[bytes]:
    """The certificates of a PEM file, in DER; anything between them is passed over.

    :raises MalformedError: when there are none, or more than ``MAX_CHAIN_CERTIFICATES``.
    """
    blocks = _PEM.findall(pem)
    if not 1 <= len(blocks) <= MAX_CHAIN_CERTIFICATES:
        raise MalformedError(
            "timestamp/ca.pem must hold between 1 and {limit} certificates.", limit=MAX_CHAIN_CERTIFICATES
        )
    try:
        return [base64.b64decode(b"".join(block.split()), validate=True) for block in blocks]
    except binascii.Error as error:
        raise MalformedError("A certificate in timestamp/ca.pem is not base64.") from error


def _verdict(facts: Sequence[TokenFact], *, trusted: bool) -> LayerVerdict:
    details = [
        Sentence("{time}: {covers} ({member})", {"time": rfc3339(f.time), "covers": f.covers, "member": f.member})
        for f in facts
    ]
    authority = facts[0].authority
    if any(fact.development for fact in facts):
        details.append(
            Sentence(
                "The authority is a development authority: its time is only as good as this "
                "operator's word, until a real authority is configured."
            )
        )
    if not trusted:
        text = (
            "The timestamps are consistent, but you have not said that you trust their authority ({authority}). Ask "
            "the operator for a trust file and name it with --trust, or add it with “zonary trust add”."
        )
        status = Status.ORIGIN_NOT_ESTABLISHED
    else:
        text = "Both timestamps are right; the authority you trust is {authority}."
        status = Status.VERIFIED
    return LayerVerdict(Layer.TIMESTAMP, status, Sentence(text, {"authority": authority}), tuple(details))


def rfc3339(time: datetime) -> str:
    """``2026-11-22T03:40:11Z``; fractions only where there are any."""
    return time.isoformat().replace("+00:00", "Z")

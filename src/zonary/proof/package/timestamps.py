"""The timestamp layer: two tokens, one over the package's manifest, one over plain data anybody can hash; and those of
further authorities, each over the statement."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zonary.proof.errors import Error, MalformedError, Noun, UnsupportedError, UntrustedError, VerificationError
from zonary.proof.manifest import AnyLeaf, DigestLeaf, FileLeaf
from zonary.proof.package import container as member
from zonary.proof.package.asic import asic_manifest
from zonary.proof.package.container import Container
from zonary.proof.package.further import FurtherToken, read_further
from zonary.proof.package.report import Layer, LayerVerdict, Sentence, Status, TokenFact
from zonary.proof.package.stems import is_safe_stem
from zonary.proof.printable import printable
from zonary.proof.timestamp.token import TimestampToken
from zonary.proof.timestamp.verify import VerifiedTimestamp, verify_token
from zonary.proof.trust import Concerning

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
    package: Container, alone: AnyLeaf | None, known: Concerning
) -> tuple[LayerVerdict, tuple[TokenFact, ...]]:
    """The verdict on all tokens, and what they say.

    :param alone: the only leaf of the manifest, if it has only one: then the plain-data token must cover that file,
        otherwise the statement. A token over one file of many would date that file, not the seal.
    :param known: the authorities the caller trusts, and how many operators of theirs have to stand behind the tokens.
    :raises Error: when a token is missing, malformed or wrong. A token that is right, but by an authority the caller
        did not name, gives a verdict of its own.
    """
    statement, roots = package.read(member.STATEMENT), known.timestamp_roots
    listed = package.read(member.ASIC_MANIFEST)
    if listed != asic_manifest(statement):
        raise VerificationError("META-INF/ASiCManifest.xml does not list this statement by its SHA-256.")
    plain = token_members(package)
    if len(plain) != 1:
        raise MalformedError("The package must hold exactly one timestamp/*.tsr; it holds {count}.", count=len(plain))
    stem = plain[0].removeprefix(member.TOKEN_FOLDER).removesuffix(member.TOKEN_SUFFIX)
    if not is_safe_stem(stem):
        raise MalformedError(
            "The name of the plain-data token could be more than a name in a shell: “{name}”.", name=stem
        )
    chains = _Chains(roots, read_chain(package.read(member.AUTHORITY_CHAIN)))
    outer = TimestampToken.parse(package.read(member.PACKAGE_TOKEN))
    inner = TimestampToken.parse(package.read(plain[0]))
    covers, digest = _covered_by(inner, alone, statement)
    checked = [
        _check(outer, member.PACKAGE_TOKEN, member.ASIC_MANIFEST, _digest(outer, listed), chains),
        _check(inner, plain[0], covers, digest, chains),
    ]
    further, aside = _check_further(package, statement, roots)
    facts = tuple(fact for fact, _root in (*checked, *further))
    found = known.operators_of({root for _fact, root in (*checked, *further) if root})
    return _verdict(facts, aside, found=found, required=known.timestamps_required), facts


def _check_further(
    package: Container, statement: bytes, roots: Sequence[bytes]
) -> tuple[list[tuple[TokenFact, bytes]], list[Sentence]]:
    """The tokens of further authorities that were read, and a sentence about each that counts for nothing.

    One that is wrong makes the layer wrong: nothing else shows that it was not exchanged for another. One that cannot
    be judged, or whose authority the user does not know, takes nothing from the others.
    """
    checked: list[tuple[TokenFact, bytes]] = []
    aside: list[Sentence] = []
    for each in read_further(package):
        name = next(iter(each.members()))[0]
        try:
            fact, root = _check_one(each, name, statement, roots)
        except UnsupportedError as error:
            aside.append(Sentence("{member} counts for nothing here: {reason}", {"member": name, "reason": error}))
            continue
        except Error as error:
            raise VerificationError(
                "{member}, the token of a further authority, is wrong: {reason}", member=name, reason=error
            ) from error
        checked.append((fact, root))
        if not fact.trusted:
            aside.append(
                Sentence(
                    "{member} is consistent, but counts for nothing here: you have not said that you trust its "
                    "authority ({authority}).",
                    {"member": name, "authority": fact.authority},
                )
            )
    return checked, aside


def _check_one(each: FurtherToken, name: str, statement: bytes, roots: Sequence[bytes]) -> tuple[TokenFact, bytes]:
    brought = read_chain(each.chain, name.removesuffix(member.FURTHER_TOKEN) + member.FURTHER_CHAIN)
    token = TimestampToken.parse(each.token)
    return _check(token, name, member.STATEMENT, _digest(token, statement), _Chains(roots, brought))


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
) -> tuple[TokenFact, bytes]:
    """What the token says, and the trusted root behind it; without one, nothing."""
    try:
        verified = verify_token(token, digest=digest, roots=chains.trusted, certificates=chains.brought)
    except UntrustedError:
        # Consistent with the chain it brought? Then say so; anything worse is raised from here.
        verified = verify_token(token, digest=digest, roots=chains.brought, certificates=chains.brought)
        return _fact(verified, name, covers, trusted=False), b""
    return _fact(verified, name, covers, trusted=True), verified.chain[-1]


def _fact(verified: VerifiedTimestamp, name: str, covers: str | Noun, *, trusted: bool) -> TokenFact:
    return TokenFact(
        member=name, covers=covers, time=verified.gen_time, accuracy=verified.accuracy or timedelta(0),
        authority=verified.authority, development=verified.development,
        trusted=trusted,
    )  # fmt: skip


def read_chain(pem: bytes, name: str = member.AUTHORITY_CHAIN) -> list[bytes]:
    """The certificates of a PEM file, in DER; anything between them is passed over.

    :param name: of the member it is, for what is said.
    :raises MalformedError: when there are none, or more than ``MAX_CHAIN_CERTIFICATES``.
    """
    blocks = _PEM.findall(pem)
    if not 1 <= len(blocks) <= MAX_CHAIN_CERTIFICATES:
        raise MalformedError(
            "{member} must hold between 1 and {limit} certificates.", member=name, limit=MAX_CHAIN_CERTIFICATES
        )
    try:
        return [base64.b64decode(b"".join(block.split()), validate=True) for block in blocks]
    except binascii.Error as error:
        raise MalformedError("A certificate in {member} is not base64.", member=name) from error


def _verdict(facts: Sequence[TokenFact], aside: Sequence[Sentence], *, found: int, required: int) -> LayerVerdict:
    """:param found: how many operators of trusted roots stand behind the tokens."""
    details = [_detail(fact, is_first=fact.authority == facts[0].authority) for fact in facts]
    details.extend(aside)
    authority = facts[0].authority
    if any(fact.development for fact in facts):
        details.append(
            Sentence(
                "The authority is a development authority: its time is only as good as this "
                "operator's word, until a real authority is configured."
            )
        )
    trusted = all(fact.trusted for fact in facts[:2])
    if trusted and found < required:
        few = Sentence(
            "Your trust file asks for the timestamps of {required} operators of authorities that you trust; this "
            "package has those of {found}. If its log gets more of them later, “zonary refresh” fetches them.",
            {"required": required, "found": found},
        )
        return LayerVerdict(Layer.TIMESTAMP, Status.ORIGIN_NOT_ESTABLISHED, few, tuple(details))
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


def _detail(fact: TokenFact, *, is_first: bool) -> Sentence:
    time = rfc3339(fact.time)
    if is_first:
        return Sentence("{time}: {covers} ({member})", {"time": time, "covers": fact.covers, "member": fact.member})
    return Sentence(
        "{time}: {covers} ({member}), by {authority}",
        {"time": time, "covers": fact.covers, "member": fact.member, "authority": fact.authority},
    )


def rfc3339(time: datetime) -> str:
    """``2026-11-22T03:40:11Z``; fractions only where there are any."""
    return time.isoformat().replace("+00:00", "Z")

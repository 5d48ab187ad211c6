"""Putting a package together from its parts; the seal command, the server and disclosure all build it here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from zonary.proof.disclosure import Disclosure
from zonary.proof.errors import MalformedError
from zonary.proof.package import container as member
from zonary.proof.package.asic import asic_manifest_of
from zonary.proof.package.container import Container, PackageWriter
from zonary.proof.package.further import MAX_FURTHER, FurtherToken, further_members, further_names
from zonary.proof.package.log import claimed_checkpoint
from zonary.proof.package.readme import readme
from zonary.proof.package.timestamps import token_members
from zonary.proof.tlog.proof import TlogProof


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondTree:
    """What the second tree of the log says of the same leaf.

    :param proof: the ``.sm3-proof`` text.
    :param log_keys: verifier keys of that tree, for reading.
    """

    proof: bytes
    log_keys: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that goes into a package beside statement and manifest.

    :param proof: the ``.tlog-proof`` text.
    :param log_keys: verifier keys of the log, for reading.
    :param package_token: TimeStampToken (DER) over :func:`asic_manifest` of the statement.
    :param plain_token: TimeStampResp (DER) over plain data.
    :param plain_stem: what stands before ``.tsr``: the file's name, or ``statement.json``; see
        :mod:`zonary.proof.package.stems`.
    :param authority_chain: PEM certificates, root last.
    :param second: None where the log has no second tree.
    :param further: tokens of further authorities over the statement, at most ``MAX_FURTHER``.
    """

    proof: bytes
    log_keys: Sequence[str]
    package_token: bytes
    plain_token: bytes
    plain_stem: str
    authority_chain: bytes
    second: SecondTree | None = None
    further: Sequence[FurtherToken] = ()


def begin(file: IO[bytes], statement: bytes, manifest: bytes) -> PackageWriter:
    """A package with the members that are known before anything is registered; :func:`complete` ends it."""
    writer = PackageWriter(file)
    writer.add(member.STATEMENT, statement)
    writer.add(member.MANIFEST, manifest)
    return writer


def complete(writer: PackageWriter, statement: bytes, parts: Parts) -> None:
    """Add the evidence of ``parts`` and end the package."""
    for name, data in members_for(hashlib.sha256(statement).digest(), parts):
        writer.add(name, data)
    writer.finish()


def members_for(sha256: bytes, parts: Parts) -> Iterator[tuple[str, bytes]]:
    """Every member of a package, by name, but for statement and manifest, in their order.

    :param sha256: of the statement, which whoever makes them need not have.
    """
    origin = claimed_checkpoint(TlogProof.parse(parts.proof)).origin
    yield member.ASIC_MANIFEST, asic_manifest_of(sha256)
    yield member.PACKAGE_TOKEN, parts.package_token
    yield f"{member.TOKEN_FOLDER}{parts.plain_stem}{member.TOKEN_SUFFIX}", parts.plain_token
    yield member.AUTHORITY_CHAIN, parts.authority_chain
    yield member.LOG_PROOF, parts.proof
    yield member.LOG_KEYS, _lines(parts.log_keys)
    if parts.second is not None:
        yield member.SM3_PROOF, parts.second.proof
        yield member.SM3_KEYS, _lines(parts.second.log_keys)
    for token in parts.further:
        yield from token.members()
    yield member.README, readme(origin=origin, token=parts.plain_stem, further=[each.name for each in parts.further])


def _lines(keys: Sequence[str]) -> bytes:
    return "".join(f"{key}\n" for key in keys).encode("utf-8")


_KEPT = {
    member.ASIC_MANIFEST, member.PACKAGE_TOKEN, member.AUTHORITY_CHAIN, member.LOG_PROOF, member.LOG_KEYS,
    member.README, member.SM3_PROOF, member.SM3_KEYS,
}  # fmt: skip


def write_disclosure(file: IO[bytes], package: Container, disclosure: Disclosure) -> None:
    """The package that shows ``disclosure`` in place of the manifest of ``package``.

    Every other member this release knows is kept byte for byte; an unknown one is left out, since it might tell of
    files that are not disclosed. (A plain-data token over a file exists only in the seal of that single file.)

    :raises MalformedError: when ``package`` is itself a disclosure.
    """
    if member.MANIFEST not in package:
        raise MalformedError("This package is already a disclosure; disclose from the whole package.")
    writer = PackageWriter(file)
    writer.add(member.STATEMENT, package.read(member.STATEMENT))
    writer.add(member.DISCLOSURE, disclosure.encode())
    others = {*token_members(package), *further_members(package)}
    for name in package:
        if name in _KEPT or name in others:
            writer.add(name, package.read(name))
    writer.finish()


def write_with_further(file: IO[bytes], package: Container, added: Sequence[FurtherToken]) -> None:
    """``package`` with the tokens of ``added`` beside those it has; all else byte for byte, but for the README.

    :raises MalformedError: when it would hold more than ``MAX_FURTHER``, or has one of that name.
    """
    names = sorted({*further_names(package), *(each.name for each in added)})
    if len(names) != len(further_names(package)) + len(added) or len(names) > MAX_FURTHER:
        raise MalformedError(
            "A package holds at most {limit} tokens of further authorities, one of each.", limit=MAX_FURTHER
        )
    writer = PackageWriter(file)
    for name in package:
        if name not in (member.README, member.MIMETYPE_MEMBER):
            writer.add(name, package.read(name))
    for token in added:
        for name, data in token.members():
            writer.add(name, data)
    origin = claimed_checkpoint(TlogProof.parse(package.read(member.LOG_PROOF))).origin
    plain = token_members(package)
    stem = plain[0].removeprefix(member.TOKEN_FOLDER).removesuffix(member.TOKEN_SUFFIX) if plain else ""
    writer.add(member.README, readme(origin=origin, token=stem, further=names))
    writer.finish()

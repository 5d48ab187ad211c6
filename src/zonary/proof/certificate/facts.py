"""What an evidence certificate says, for machines: ``certificate.json``, attached beside the package it is about.

The pages of a certificate are made of this and of what the package brings, and name who signs them. What stands in
:class:`PackageFacts` is derived from the package alone, by whoever makes the certificate and by whoever checks it,
with the same function.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence

import msgspec

from zonary.proof import canonical
from zonary.proof.canonical import Json
from zonary.proof.certificate.stamps import Stamp, stamps_of
from zonary.proof.digests import digests_of
from zonary.proof.disclosure import parse_disclosure
from zonary.proof.errors import MalformedError, UnsupportedError
from zonary.proof.manifest import AnyLeaf, DigestLeaf, DirectoryLeaf, FileLeaf, PaddingLeaf, SymlinkLeaf, parse_manifest
from zonary.proof.package import container as member
from zonary.proof.package.container import Container
from zonary.proof.package.report import Facts, Report
from zonary.proof.package.timestamps import token_members
from zonary.proof.printable import printable

VERSION = "zonary-certificate/1"
FACTS_NAME = "certificate.json"
PACKAGE_NAME = "evidence.zonary"
MAX_FACTS_BYTES = 1024 * 1024
MAX_LISTED = 12
"""Files that stand on the page; all of them stand in the package."""


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Operator(_Part, frozen=True, kw_only=True):
    """Who runs the service, as they say themselves; empty: they say nothing.

    :ivar relation: to the parties.
    :ivar blockchain_filing: 区块链信息服务备案号; ``protection_filing``: 网络安全等级保护备案证明编号;
        ``cryptography_filing``: 商用密码应用安全性评估 (密评).
    :ivar is_holder: whether the holder of the record is the zone authority itself, as the zone knows.
    """

    zone: str
    zone_english: str = ""
    name: str = ""
    relation: str = ""
    blockchain_filing: str = ""
    protection_filing: str = ""
    cryptography_filing: str = ""
    system: str = ""
    url: str
    is_holder: bool = False


class Subject(_Part, frozen=True, kw_only=True):
    """Whose record it is, and how it is known who that is.

    :ivar kind: ``organisation``, or ``person`` for one who acts for themselves.
    :ivar number: 统一社会信用代码, or empty.
    :ivar is_confirmed: whether an officer of the zone confirmed who acts for the organisation.
    :ivar identity: how it was known at registration who the account is: ``document-seen``, ``identity-provider``, or
        empty for nothing but what they say themselves; ``identity_source`` is who vouched, and ``identity_at`` when.
    """

    kind: str
    name: str
    number: str = ""
    is_confirmed: bool = False
    account: str
    account_name: str = ""
    identity: str = ""
    identity_source: str = ""
    identity_at: str = ""


class Record(_Part, frozen=True, kw_only=True):
    """The record as its holder describes it; ``about`` is a subject such as ``invention``, or empty."""

    id: str
    registered_at: str
    title: str = ""
    note: str = ""
    about: str = ""
    is_patentable: bool = True


class Declared(_Part, frozen=True, kw_only=True):
    """What the holder declared and nobody checked; ``topic`` as in the declarations of a record."""

    topic: str
    text: str
    who: str = ""
    happened_on: str = ""
    declared_at: str


class Listed(_Part, frozen=True, kw_only=True):
    """One line of the manifest; empty digests for what has none."""

    kind: str
    name: str
    size: int | str | None = None
    sha256: str = ""
    sm3: str = ""


class PackageFacts(_Part, frozen=True, kw_only=True):
    """What follows from the package alone."""

    sha256: str
    sm3: str
    size: int
    statement_sha256: str
    statement_sm3: str
    origin: str
    index: int
    tree_size: int
    root: str
    stamps: tuple[Stamp, ...]
    plain_token: str
    count: int
    is_disclosure: bool
    listed: tuple[Listed, ...]
    has_second_tree: bool


class CertificateFacts(_Part, frozen=True, kw_only=True):
    """All of ``certificate.json``; times are RFC 3339 in UTC."""

    version: str
    number: str
    issued_at: str
    address: str
    development: bool
    operator: Operator
    subject: Subject
    record: Record
    package: PackageFacts
    declared: tuple[Declared, ...] = ()

    def encode(self) -> bytes:
        """Canonical bytes of ``certificate.json``."""
        value: Json = msgspec.to_builtins(self)
        return canonical.encode(_lists(value))


def _lists(value: Json) -> Json:
    """The same with lists in place of tuples, which is what canonical JSON knows."""
    if isinstance(value, dict):
        return {key: _lists(each) for key, each in value.items()}
    return [_lists(each) for each in value] if isinstance(value, list | tuple) else value


def parse_facts(data: bytes) -> CertificateFacts:
    """:raises UnsupportedError: for another version; :raises MalformedError: for anything else wrong."""
    value = canonical.decode(data, FACTS_NAME, limit=MAX_FACTS_BYTES)
    if isinstance(value, dict) and value.get("version", VERSION) != VERSION:
        raise UnsupportedError(
            "The certificate has version “{version}”; this release knows “{known}”.",
            version=str(value["version"])[:64],
            known=VERSION,
        )
    try:
        return msgspec.convert(value, CertificateFacts)
    except (msgspec.ValidationError, TypeError) as error:
        raise MalformedError("certificate.json is not what a certificate holds.") from error


def facts_of_package(data: bytes, report: Report) -> PackageFacts:
    """What the package ``data`` says of itself, once it was examined.

    :raises MalformedError: when it lacks what every package has.
    """
    package = Container(io.BytesIO(data))
    statement = digests_of(package.read(member.STATEMENT))
    facts: Facts = report.facts
    leaves, is_disclosure, alone = _leaves(package)
    tokens = token_members(package)
    if facts.origin is None or facts.index is None or facts.tree_size is None or facts.root is None or not tokens:
        raise MalformedError("The package has no proof or no timestamp from which a certificate could be made.")
    named = [leaf for leaf in leaves if not isinstance(leaf, PaddingLeaf)]
    listed = sorted((_listed(leaf) for leaf in named), key=lambda each: (each.name, each.sha256))
    return PackageFacts(
        sha256=hashlib.sha256(data).hexdigest(),
        sm3=hashlib.new("sm3", data).hexdigest(),
        size=len(data),
        statement_sha256=statement.sha256.hex(),
        statement_sm3=statement.sm3.hex(),
        origin=facts.origin,
        index=facts.index,
        tree_size=facts.tree_size,
        root=facts.root,
        stamps=stamps_of(package, alone),
        plain_token=tokens[0],
        count=len(named),
        is_disclosure=is_disclosure,
        listed=tuple(listed[:MAX_LISTED]),
        has_second_tree=member.SM3_PROOF in package,
    )


def _leaves(package: Container) -> tuple[Sequence[AnyLeaf], bool, AnyLeaf | None]:
    """The leaves that are shown, whether others are not, and the one that is the whole manifest."""
    if member.MANIFEST in package:
        leaves = parse_manifest(package.read(member.MANIFEST)).leaves
        return leaves, False, leaves[0] if len(leaves) == 1 else None
    disclosed = parse_disclosure(package.read(member.DISCLOSURE)).leaves
    return [each.leaf for each in disclosed], True, None if disclosed[0].sha256 else disclosed[0].leaf


def _listed(leaf: AnyLeaf) -> Listed:
    if isinstance(leaf, FileLeaf):
        return Listed(kind="file", name=printable(leaf.name_bytes), size=leaf.size, sha256=leaf.sha256, sm3=leaf.sm3)
    if isinstance(leaf, DigestLeaf):
        return Listed(kind="digest", name="", sha256=leaf.sha256, sm3=leaf.sm3)
    kind = "symlink" if isinstance(leaf, SymlinkLeaf) else "directory"
    return Listed(kind=kind, name=printable(leaf.name_bytes) if isinstance(leaf, SymlinkLeaf | DirectoryLeaf) else "")


def differences(stated: PackageFacts, found: PackageFacts) -> tuple[str, ...]:
    """The fields in which a certificate and the package it carries differ."""
    return tuple(name for name in PackageFacts.__struct_fields__ if getattr(stated, name) != getattr(found, name))

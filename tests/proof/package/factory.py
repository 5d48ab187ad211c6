"""A small zone in memory: a log, a timestamp authority, and packages made with them."""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_pem_x509_certificate

from zonary.proof import merkle
from zonary.proof.digests import digests_of
from zonary.proof.leaf import encode_leaf
from zonary.proof.manifest import AnyLeaf, build_manifest, file_leaf, join_lines, roots_of
from zonary.proof.package.asic import asic_manifest
from zonary.proof.package.build import Parts, SecondTree, begin, complete
from zonary.proof.package.container import Container
from zonary.proof.package.files import ObservedFile
from zonary.proof.package.stems import token_stem
from zonary.proof.sm2 import SM2PrivateKey
from zonary.proof.statement import Statement
from zonary.proof.timestamp.development import DevelopmentAuthority, create_development_authority
from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.tlog.checkpoint import Checkpoint, sign_checkpoint
from zonary.proof.tlog.keys import Signer, SigningKey
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.tlog.sm2 import Sm2SigningKey, second_origin
from zonary.proof.trust import Trust, TrustedLog

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FILES = {b"a.txt": b"first", b"sub/b.bin": b"\x00\x01", b"empty": b""}


@dataclass
class Zone:
    origin: str = "zonary/test"
    key: SigningKey = field(init=False)
    tsa: DevelopmentAuthority = field(init=False)
    second_key: Sm2SigningKey = field(init=False)

    def __post_init__(self) -> None:
        self.key = SigningKey.generate(self.origin)
        self.second_key = Sm2SigningKey.of(second_origin(self.origin), SM2PrivateKey.generate())
        self.tsa = create_development_authority(now=NOW, name="Test zone")

    @property
    def trust(self) -> Trust:
        root = load_pem_x509_certificate(self.tsa.root_pem).public_bytes(Encoding.DER)
        return Trust(logs=(TrustedLog(self.key.verifier),), timestamp_roots=(root,))

    def proof(self, leaf: bytes) -> bytes:
        """The leaf is put between others, so that the proof has hashes."""
        leaves = [merkle.leaf_hash(data) for data in (b"x", b"y", leaf, b"z", b"w")]
        checkpoint = Checkpoint(self.origin, len(leaves), merkle.root_of(leaves), ())
        note = sign_checkpoint(checkpoint, [self.key], at=int(NOW.timestamp()))
        return TlogProof(2, tuple(merkle.inclusion_proof(leaves, 2)), note).encode()

    def second_proof(
        self,
        leaf: bytes,
        *,
        index: int = 2,
        key: Signer | None = None,
        origin: str | None = None,
        beside: tuple[Signer, ...] = (),
    ) -> bytes:
        """The same leaf between the same others, in SM3; ``beside``: who signs it, too."""
        key = key or self.second_key
        data = [b"x", b"y", b"z", b"w"]
        leaves = [merkle.leaf_hash(each, "sm3") for each in (*data[:index], leaf, *data[index:])]
        checkpoint = Checkpoint(origin or second_origin(self.origin), len(leaves), merkle.root_of(leaves, "sm3"))
        note = sign_checkpoint(checkpoint, [*beside, key], at=0)
        hashes = tuple(merkle.inclusion_proof(leaves, index, "sm3"))
        return TlogProof(index, hashes, note, algorithm="sm3").encode()

    def second_trust(self) -> Trust:
        return replace(self.trust, logs=(*self.trust.logs, TrustedLog(self.second_key.verifier)))

    def token(self, data: bytes) -> tuple[bytes, bytes]:
        """(TimeStampToken, TimeStampResp) over ``data``."""
        authority = self.tsa.authority()
        digest = digests_of(data).sha256
        response = authority.respond(TimestampRequest.new("sha256", digest).encode(), NOW)
        return authority.issue("sha256", digest, NOW).der, response

    def package(
        self,
        files: dict[bytes, bytes] = FILES,
        *,
        leaf_class: str = "evidence",
        leaves: list[AnyLeaf] | None = None,
        second: dict[str, Any] | None = None,
    ) -> bytes:
        single = leaves is None and len(files) == 1 and b"/" not in next(iter(files))
        made = leaves or [file_leaf(n, len(d), digests_of(d), os.urandom(16)) for n, d in files.items()]
        lines = build_manifest(made, folder=not single)
        statement = Statement(manifest=roots_of(lines), salt=os.urandom(16)).encode()
        name, content = next(iter(files.items())) if single else (None, statement)
        out = io.BytesIO()
        writer = begin(out, statement, join_lines(lines))
        leaf = encode_leaf(leaf_class, digests_of(statement))
        keys = [self.second_key.verifier.encode()]
        parts = Parts(
            second=None if second is None else SecondTree(proof=self.second_proof(leaf, **second), log_keys=keys),
            proof=self.proof(leaf),
            log_keys=[self.key.verifier.encode()],
            package_token=self.token(asic_manifest(statement))[0],
            plain_token=self.token(content)[1],
            plain_stem=token_stem(name),
            authority_chain=self.tsa.ca_pem,
        )
        complete(writer, statement, parts)
        return out.getvalue()


def opened(data: bytes) -> Container:
    return Container(io.BytesIO(data))


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(contents: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return out.getvalue()


def changed(data: bytes, **replaced: bytes | None) -> bytes:
    """``data`` with members replaced, or left out where the value is None; ``__`` in a key stands for ``/``."""
    contents = members(data)
    for key, value in replaced.items():
        name = key.replace("__", "/").replace("_DOT_", ".").replace("_DASH_", "-")
        if value is None:
            del contents[name]
        else:
            contents[name] = value
    return packed(contents)


def observed(files: dict[bytes, bytes], *, folders: bool = True) -> list[ObservedFile]:
    return [
        ObservedFile(
            name=n, path=b"/somewhere/" + n, kind="file", size=len(d), digests=digests_of(d), by_itself=not folders
        )
        for n, d in files.items()
    ]

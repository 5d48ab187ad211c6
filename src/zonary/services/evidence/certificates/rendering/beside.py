"""What stands on the pages beside the facts: who signs them, and the keys and the second tree that the package brings.

It is read when the pages are drawn: a certificate that is fetched again later is signed by whoever signs then.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from zonary.proof.certificate.development import DEVELOPMENT_SIGNER
from zonary.proof.package import container as member
from zonary.proof.package.container import Container
from zonary.proof.package.log import claimed_checkpoint
from zonary.proof.package.timestamps import read_chain
from zonary.proof.statement import Statement, decode_statement
from zonary.proof.tlog.keys import ED25519, VerifierKey
from zonary.proof.tlog.proof import TlogProof


@dataclass(frozen=True, slots=True)
class Tree:
    """Where the registration record stands in the second tree."""

    origin: str
    index: int
    size: int
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the facts do not hold.

    :ivar signer: subject of the certificate that signs, as RFC 4514 writes it; ``issuer`` is who issued it.
    :ivar signer_sha256: of that certificate; ``root_sha256`` of the root behind it, both DER.
    :ivar statement: the registration record, for the origin that was sealed with it.
    :ivar timestamp_root: SHA-256 of the root the package brings for its timestamp authority.
    :ivar log_keys: Ed25519 verifier keys of the log that the package brings; others are longer than a line can be
        compared, and no step uses them.
    """

    signer: str
    issuer: str
    signer_sha256: str
    root_sha256: str
    is_development: bool
    timestamp_root: str
    log_keys: tuple[str, ...]
    second: Tree | None
    statement: Statement


def beside(package: bytes, signers: Sequence[x509.Certificate]) -> Beside:
    """Read the package, which was verified when the certificate was issued.

    :param signers: the certificate that signs first, its root last.
    """
    opened, signer = Container(io.BytesIO(package)), signers[0]
    subject = signer.subject.rfc4514_string()
    chain = read_chain(opened.read(member.AUTHORITY_CHAIN))
    keys = opened.read(member.LOG_KEYS).decode().split()
    root = next((each for each in chain if _is_self_issued(each)), chain[-1])
    return Beside(
        signer=subject,
        issuer=signer.issuer.rfc4514_string(),
        signer_sha256=signer.fingerprint(hashes.SHA256()).hex(),
        root_sha256=signers[-1].fingerprint(hashes.SHA256()).hex(),
        is_development=DEVELOPMENT_SIGNER in subject,
        timestamp_root=hashlib.sha256(root).hexdigest(),
        log_keys=tuple(key for key in keys if VerifierKey.parse(key).kind == ED25519),
        second=_second(opened) if member.SM3_PROOF in opened else None,
        statement=decode_statement(opened.read(member.STATEMENT)),
    )


def _is_self_issued(der: bytes) -> bool:
    certificate = x509.load_der_x509_certificate(der)
    return certificate.subject == certificate.issuer


def _second(package: Container) -> Tree:
    proof = TlogProof.parse(package.read(member.SM3_PROOF), "sm3")
    checkpoint = claimed_checkpoint(proof)
    return Tree(checkpoint.origin, proof.index, checkpoint.size, checkpoint.root.hex())


def common_name(distinguished: str) -> str:
    """The common name in a distinguished name, or the whole where it has none."""
    try:
        named = x509.Name.from_rfc4514_string(distinguished).get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    except ValueError:
        return distinguished
    return str(named[0].value) if named else distinguished

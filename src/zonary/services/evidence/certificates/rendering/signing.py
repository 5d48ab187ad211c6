"""A rendered certificate in, a signed one out: PAdES B-LTA, with all that a later reader needs to check it inside.

What is embedded: the X.509 chains of the signer and of the timestamp authority, and their revocation lists. Where one
of these is missing nothing is signed: a certificate that cannot be checked years later must not look as if it could.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from asn1crypto import pem, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings
from pyhanko.sign.timestamps.api import TimeStamper
from pyhanko.sign.validation import DocumentSecurityStore, collect_validation_info
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from zonary.foundation.ledger.certificate_signer import CertificateSigner
from zonary.proof.timestamp.authority import Authority
from zonary.services.evidence.certificates.errors import CannotSignError

FIELD = "EvidenceCertificate"
# It warns that nothing may be fetched, which is what is wanted; what fails is raised.
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningMeans:
    """What a signature is made with.

    :ivar authority: issues the timestamps; ``authority_chain`` is PEM, its root among them.
    :ivar revocations: DER lists of the signer's and the authority's roots.
    """

    signer: CertificateSigner
    authority: Authority
    authority_chain: bytes
    revocations: Sequence[bytes]
    clock: Callable[[], datetime] = field(repr=False)


def sign(pdf: bytes, means: SigningMeans) -> bytes:
    """``pdf`` with a signature, its timestamp, the material to check both, and a timestamp over all of that.

    :raises CannotSignError: when the signer's certificate or the authority's does not hold now, or a list is missing.
    """
    chain = [x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in means.signer.chain]
    authorities = [
        x509.Certificate.load(der) for _type, _headers, der in pem.unarmor(means.authority_chain, multiple=True)
    ]
    roots = [chain[-1], *(each for each in authorities if each.self_signed == "maybe")]
    context = ValidationContext(
        trust_roots=roots,
        other_certs=[*chain[1:], *authorities],
        crls=list(means.revocations),
        revocation_mode="require",
        allow_fetching=False,
        moment=means.clock(),
    )
    metadata = PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    stamper = _Timestamps(means)
    signer = PdfSigner(metadata, signer=_Signer(means.signer, chain), timestamper=stamper)
    out = io.BytesIO()
    try:
        signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
        _keep_checkable(out, context, stamper)
    except (SigningError, PathError, ValidationError) as error:
        raise CannotSignError(
            "No certificate can be signed: the signer's or the timestamp authority's X.509 certificate does not hold "
            "now, or its revocation list is missing or out of date ({reason}). Ask the operator.",
            reason=str(error),
        ) from error
    return out.getvalue()


def _keep_checkable(signed: io.BytesIO, context: ValidationContext, stamper: TimeStamper) -> None:
    """Add what a later reader needs to check the signature, and a timestamp over all there is: nothing comes after."""
    writer = _Archival(signed)
    [signature] = writer.prev.embedded_regular_signatures
    paths = asyncio.run(collect_validation_info(signature, context))
    DocumentSecurityStore.supply_dss_in_writer(
        writer, signature.pkcs7_content.hex().encode("ascii"), paths=paths, validation_context=context
    )
    PdfTimeStamper(stamper, field_name="Timestamp").timestamp_pdf(
        writer,
        "sha256",
        context,
        in_place=True,
        dss_settings=TimestampDSSContentSettings(update_before_ts=True, include_vri=False),
    )


class _Archival(IncrementalPdfFileWriter):
    """Leaves title and metadata as they were signed: a verifier refuses every change to them."""

    def _update_meta(self) -> None:
        pass


def _store(certificates: Sequence[x509.Certificate]) -> SimpleCertificateStore:
    store: SimpleCertificateStore = SimpleCertificateStore.from_certs(certificates)  # type: ignore[no-untyped-call]
    return store


class _Signer(Signer):
    """A key of ours, in a file or in a module."""

    def __init__(self, signer: CertificateSigner, chain: Sequence[x509.Certificate]) -> None:
        super().__init__(signing_cert=chain[0], cert_registry=_store(chain[1:]), embed_roots=True)
        self._key = signer.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        algorithm = hashes.SHA256()  # the one that is asked for above
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            size = 2 * ((self._key.key_size + 7) // 8) + 16
            return bytes(size) if dry_run else self._key.sign(data, ec.ECDSA(algorithm))
        if isinstance(self._key, rsa.RSAPrivateKey):
            return bytes(self._key.key_size // 8) if dry_run else self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data)


class _Timestamps(TimeStamper):
    """The authority in this process instead of one over HTTP."""

    def __init__(self, means: SigningMeans) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._means = means

    async def async_request_tsa_response(self, req: Any) -> Any:
        return tsp.TimeStampResp.load(self._means.authority.respond(req.dump(), self._means.clock()))

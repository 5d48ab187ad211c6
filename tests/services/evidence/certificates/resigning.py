"""Certificates that no honest server signs, and packages with all that one can hold."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from tests.proof.package.factory import Zone, members, opened
from tests.proof.timestamp import factory as stamps
from tests.services.evidence.certificates.making import CertifyingZone


def with_everything(zone: Zone) -> tuple[bytes, Sequence[bytes]]:
    """A package with both trees, a further token and one signed with SM2; and the roots of their authorities."""
    from zonary.proof.package.build import write_with_further
    from zonary.proof.package.further import FurtherToken

    package = zone.package(second={})
    statement = members(package)["statement.json"]
    roots = [stamps.root("Second root"), stamps.root("National root", "SM2")]
    holders = [stamps.authority(roots[0], "Second TSA"), stamps.authority(roots[1], "National TSA", "SM2")]
    tokens = [
        FurtherToken(name, stamps.forge(holder, stamps.tst_info(statement)).der, root.pem + holder.pem)
        for name, holder, root in zip(("second", "national"), holders, roots, strict=True)
    ]
    out = io.BytesIO()
    write_with_further(out, opened(package), tokens)
    return out.getvalue(), [each.der for each in roots]


def signed_with(certifying: CertifyingZone, package: bytes, lists: Sequence[bytes]) -> bytes:
    """By the right key with the right timestamps, and with these revocation lists inside, whatever they say."""
    from asn1crypto import crl, pem
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper
    from pyhanko.sign.validation import DocumentSecurityStore

    from zonary.services.evidence.certificates.rendering import signing

    means = certifying.means
    chain = [signing.x509.Certificate.load(each.public_bytes(signing.Encoding.DER)) for each in means.signer.chain]
    metadata = PdfSignatureMetadata(field_name="X", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
    stamper, out = signing._Timestamps(means), io.BytesIO()
    signer = PdfSigner(metadata, signer=signing._Signer(means.signer, chain), timestamper=stamper)
    rendered = certifying.rendered(certifying.facts(package), package)
    writer = signing._Archival(signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(rendered))))
    authorities = [signing.x509.Certificate.load(each[2]) for each in pem.unarmor(means.authority_chain, multiple=True)]
    if lists:
        DocumentSecurityStore.supply_dss_in_writer(
            writer, None, certs=[*chain, *authorities], crls=[crl.CertificateList.load(each) for each in lists]
        )
    PdfTimeStamper(stamper).timestamp_pdf(writer, "sha256", output=out)
    return out.getvalue()


def listed(certifying: CertifyingZone, package: bytes) -> Iterator[tuple[str, bytes, str]]:
    """What the revocation lists in it say: a name, the certificate, and what is said of it."""
    from zonary.foundation.ledger.certificate_signer import revocation_list

    keys, signer = certifying.folder / "keys", certifying.means.signer
    key, root = ((keys / f"certificate-root.{each}").read_bytes() for each in ("key", "pem"))
    now, serial = datetime.now(UTC), signer.chain[0].serial_number
    ours, of_timestamps = certifying.means.revocations

    def made(at: datetime, *revoked: int) -> bytes:
        return bytes(revocation_list(key, root, at, revoked=list(revoked)))

    damaged = bytearray(ours)
    damaged[-5] ^= 1
    missing = "or the revocation list of the signer is missing"
    for name, lists, wanted in (
        ("all its lists", (ours, of_timestamps), ""),
        ("no list", (), missing),
        ("no list of the signer", (of_timestamps,), missing),
        ("no list of the timestamps", (ours,), "The timestamp in the signature is not by"),
        ("a signer that is revoked", (made(now - timedelta(minutes=1), serial), of_timestamps), "was revoked when"),
        ("two lists, of which one revokes", (ours, made(now - timedelta(minutes=1), serial), of_timestamps), "revoked"),
        ("another revoked", (made(now - timedelta(minutes=1), serial + 1), of_timestamps), ""),
        ("a list of last year", (made(now - timedelta(days=400)), of_timestamps), missing),
        ("a list of next year", (made(now + timedelta(days=400)), of_timestamps), missing),
        ("a damaged list", (bytes(damaged), of_timestamps), missing),
    ):
        yield f"with {name}", signed_with(certifying, package, lists), wanted

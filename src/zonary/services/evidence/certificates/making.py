"""The file of a certificate, drawn and signed when it is fetched.

:class:`CertificateForm` is where another form would come in: an OFD (GB/T 33190) with an electronic seal (GB/T 38540)
has its own renderer and its own signature, and takes the same facts and the same package. None is here: both need
programs and seals that no registry has (docs/adr/0028).
"""

from __future__ import annotations

from typing import Protocol

from django.conf import settings

from zonary.common.clock import now
from zonary.foundation.ledger.authority import issuer_of, load_authority
from zonary.foundation.ledger.certificate_signer import certificate_revocations, certificate_signer_of
from zonary.foundation.ledger.watched_clock import signing_clock
from zonary.proof.certificate.facts import CertificateFacts
from zonary.services.evidence.certificates.models import EvidenceCertificate
from zonary.services.evidence.certificates.queries import facts_in


class CertificateForm(Protocol):
    """A form in which certificates are issued.

    :ivar media_type: of the file; ``suffix`` is how its name ends.
    """

    media_type: str
    suffix: str

    def make(self, facts: CertificateFacts, package: bytes) -> bytes:
        """The whole file: what stands in ``facts`` to be read, ``package`` inside, sealed by the zone's operator.

        :raises Error: when it cannot be sealed now.
        """
        ...


class PdfForm:
    """PDF/A-3 with a PAdES signature (B-LTA)."""

    media_type = "application/pdf"
    suffix = ".pdf"

    def make(self, facts: CertificateFacts, package: bytes) -> bytes:
        from zonary.services.evidence.certificates.rendering.rendering import render
        from zonary.services.evidence.certificates.rendering.signing import SigningMeans, sign

        data = settings.ZONARY_DATA
        means = SigningMeans(
            signer=certificate_signer_of(data),
            authority=issuer_of(data),
            authority_chain=load_authority(data).ca_pem,
            revocations=certificate_revocations(data),
            clock=signing_clock(data, now, settings.ZONARY_CLOCK.sources),
        )
        return sign(render(facts, package, means.signer.chain), means)


PDF: CertificateForm = PdfForm()


def file_of(certificate: EvidenceCertificate, form: CertificateForm = PDF) -> bytes:
    """The file of one certificate.

    :raises Error: when it cannot be signed now.
    """
    return form.make(facts_in(certificate), bytes(certificate.package))

"""Every read, the reader first; what a passer-by with a number may know comes last."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import Length

from zonary.common.clock import end_of_day, zone_date
from zonary.foundation.organizations.queries import as_uuid
from zonary.foundation.organizations.standing import Standing
from zonary.proof.certificate.facts import CertificateFacts, parse_facts
from zonary.proof.stages import Stage
from zonary.services.evidence.actions import UnknownRecordError
from zonary.services.evidence.certificates.contents import Shown
from zonary.services.evidence.certificates.errors import CannotCertifyError, TooManyCertificatesError
from zonary.services.evidence.certificates.models import EvidenceCertificate
from zonary.services.evidence.queries import Receipt, find_receipt

MAX_CERTIFICATES = 100
"""Of one record, those listed."""


def certificates_of(reader: Standing, record: str) -> list[EvidenceCertificate]:
    """The certificates about a record of the reader's holder, newest first, without what stands in them."""
    rows = EvidenceCertificate.objects.filter(record=as_uuid(record), holder=reader.holder)
    return list(rows.defer("facts", "package").order_by("-pk")[:MAX_CERTIFICATES])


def certificate_of(reader: Standing, record: str, number: str = "") -> EvidenceCertificate | None:
    """One of them; without a number the latest."""
    rows = EvidenceCertificate.objects.filter(record=as_uuid(record), holder=reader.holder)
    if number:
        rows = rows.filter(public_id=as_uuid(number))
    return rows.order_by("-pk").first()


def certifiable(reader: Standing, public_id: str, shown: Shown) -> Receipt:
    """The receipt of a record about which a certificate can be issued.

    :raises UnknownRecordError: when the reader has no such record.
    :raises CannotCertifyError: when it is not published yet, or its package cannot be made here.
    """
    receipt = find_receipt(reader, public_id)
    if receipt is None:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=public_id)
    if receipt.stage is not Stage.PUBLISHED:
        raise CannotCertifyError("The log has not published this record yet. Try again in a moment.")
    if not receipt.has_package and not shown.disclosure:
        raise CannotCertifyError(
            "Only you have the statement of this record, so no package of it can be made here. Store its list of files "
            "with the record first, or hand in a disclosure of some of them."
        )
    return receipt


def require_allowance(reader: Standing, count: int, *, at: datetime) -> None:
    """:raises TooManyCertificatesError: when ``count`` more are too many for the reader's holder today."""
    day, limit = zone_date(at), settings.ZONARY_CERTIFICATES_PER_DAY
    today = EvidenceCertificate.objects.filter(
        holder=reader.holder, issued_at__gte=end_of_day(day - timedelta(days=1)), issued_at__lt=end_of_day(day)
    )
    issued = today.count()
    if issued + count > limit:
        raise TooManyCertificatesError(
            "{count} certificates are too many: {issued} of {limit} a day were issued to you today. Go on tomorrow, or "
            "ask the zone for more; those that were issued can still be fetched.",
            count=count,
            issued=issued,
            limit=limit,
        )


def bytes_of_certificates(reader: Standing) -> int:
    """What the packages take that are kept with the certificates of the reader's holder."""
    rows = EvidenceCertificate.objects.filter(holder=reader.holder)
    return int(rows.aggregate(all=Sum(Length("package")))["all"] or 0)


def facts_in(certificate: EvidenceCertificate) -> CertificateFacts:
    """What stands in it."""
    return parse_facts(bytes(certificate.facts))


def issued_under(number: str) -> CertificateFacts | None:
    """What was issued under a number; whoever has the certificate has it, and nobody guesses one."""
    found = EvidenceCertificate.objects.filter(public_id=as_uuid(number)).first()
    return None if found is None or str(found.public_id) != number else facts_in(found)

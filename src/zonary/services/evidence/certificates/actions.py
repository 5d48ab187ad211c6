"""Every write."""

from __future__ import annotations

import hashlib
from datetime import datetime

from zonary.common.ids import new_id
from zonary.foundation.documents.queries import quota
from zonary.foundation.ledger.erasure import erase_body
from zonary.foundation.ledger.recording import action, record
from zonary.foundation.organizations.permissions import hold_standing
from zonary.foundation.organizations.standing import Standing
from zonary.proof.certificate.stamps import moment
from zonary.services.evidence import tasks
from zonary.services.evidence.actions import NoRoomError, UnknownRecordError
from zonary.services.evidence.certificates.contents import WHOLE, Shown, contents_of
from zonary.services.evidence.certificates.events import CertificateIssued, CertificatesErased
from zonary.services.evidence.certificates.models import EvidenceCertificate
from zonary.services.evidence.certificates.queries import certifiable, require_allowance
from zonary.services.evidence.certificates.stating import state
from zonary.services.evidence.queries import bytes_kept, record_of


@action
def issue_certificate(public_id: str, *, shown: Shown = WHOLE, by: Standing, at: datetime) -> EvidenceCertificate:
    """A certificate about one of ``by``'s records, or about what of it is ``shown``: what stands in it is fixed now.

    :raises UnknownRecordError: when ``by`` has no such record.
    :raises CannotCertifyError: when it is not published yet, or its package cannot be made here.
    :raises WrongMaterialError: when what was handed in is no disclosure of it.
    :raises TooManyCertificatesError: when the holder has had as many today as the zone issues.
    :raises NoRoomError: when the holder has no room for the package that is kept with it.
    """
    hold_standing(by, at=at)
    receipt = certifiable(by, public_id, shown)
    require_allowance(by, 1, at=at)
    tasks.stamp_evidence(public_id, clock=lambda: at)
    package = contents_of(receipt, shown)
    if bytes_kept(by, at=at) + len(package) > quota():
        raise NoRoomError(
            "There is no room for the package of {size} bytes that is kept with a certificate. Ask the zone for more, "
            "or erase what you no longer need.",
            size=len(package),
        )
    number = new_id(at)
    facts = state(by, receipt, package, number=number, issued_at=moment(at)).encode()
    event = CertificateIssued(certificate=number, facts=hashlib.sha256(facts).hexdigest())
    recorded = record(event, by=by, about=public_id, at=at)
    return EvidenceCertificate.objects.create(
        public_id=number,
        record=public_id,
        holder=by.holder,
        facts=facts,
        package=package,
        is_disclosure=shown.is_part,
        issued_by=by.actor_id,
        issued_at=at,
        entry=recorded.public_id,
    )


@action
def erase_certificates(public_id: str, *, by: Standing, reason: str, at: datetime) -> int:
    """Erase what stood in the certificates about a record; those that were handed out are out of anybody's hands.

    :raises UnknownRecordError: when ``by`` has no such record.
    """
    hold_standing(by, at=at)
    if record_of(by, public_id) is None:
        raise UnknownRecordError("There is no record {public_id} of yours.", public_id=public_id)
    rows = EvidenceCertificate.objects.filter(record=public_id, holder=by.holder)
    entries = [str(entry) for entry in rows.values_list("entry", flat=True)]
    for entry in entries:
        erase_body(entry, by=by, reason=reason, at=at)
    rows.delete()
    record(CertificatesErased(count=len(entries), reason=reason), by=by, about=public_id, at=at)
    return len(entries)

"""What goes into a certificate: gathered once, when it is issued."""

from __future__ import annotations

import io

from django.conf import settings

from zonary.common.language import translate
from zonary.foundation.accounts.rules import IDENTITY_DOCUMENTS
from zonary.foundation.ledger.certificate_signer import certificate_signer_of
from zonary.foundation.organizations.models import Organization
from zonary.foundation.organizations.queries import as_uuid, founded_zone
from zonary.foundation.organizations.standing import Standing
from zonary.proof.certificate.facts import (
    VERSION,
    CertificateFacts,
    Declared,
    Operator,
    PackageFacts,
    Record,
    Subject,
    facts_of_package,
)
from zonary.proof.certificate.stamps import moment
from zonary.proof.certificate.verify import ADDRESS_PATH
from zonary.proof.package.container import Container
from zonary.proof.package.report import Outcome
from zonary.proof.package.verify import examine
from zonary.proof.trust import parse_trust
from zonary.services.evidence.certificates.errors import CannotCertifyError
from zonary.services.evidence.declarations.queries import declarations_of
from zonary.services.evidence.declarations.rules import in_force
from zonary.services.evidence.queries import Receipt, description_of
from zonary.services.evidence.queries.arrival import observed


def state(reader: Standing, receipt: Receipt, package: bytes, *, number: str, issued_at: str) -> CertificateFacts:
    """What stands in a certificate about a record of the reader's.

    :raises CannotCertifyError: when the package does not verify by this zone's own trust file.
    """
    said = description_of(reader, receipt.public_id)
    return CertificateFacts(
        version=VERSION,
        number=number,
        issued_at=issued_at,
        address=f"{settings.ZONARY_URL}{ADDRESS_PATH}{number}",
        development=certificate_signer_of(settings.ZONARY_DATA).is_development,
        operator=_operator(receipt),
        subject=_subject(reader, receipt),
        record=Record(
            id=receipt.public_id,
            registered_at=moment(receipt.recorded_at),
            title="" if said is None else said.title,
            note="" if said is None else said.note,
            about=receipt.subject,
            is_patentable=bool(receipt.notices),
        ),
        package=_checked(package),
        declared=tuple(
            Declared(
                topic=each.topic,
                text=each.text,
                who=each.who,
                happened_on="" if each.happened_on is None else each.happened_on.isoformat(),
                declared_at=moment(each.declared_at),
            )
            for each, later in in_force(declarations_of(reader, receipt.public_id))
            if later is None
        ),
    )


def _checked(package: bytes) -> PackageFacts:
    trust = parse_trust(settings.ZONARY_DATA.trust.read_bytes())
    report = examine(Container(io.BytesIO(package)), trusts=[trust])
    if report.outcome is not Outcome.VERIFIED:
        wrong = next(each for each in report.layers if str(each.status) not in ("verified", "not-checked"))
        raise CannotCertifyError(
            "No certificate can be issued: the package of this record does not verify here ({layer}). Ask the "
            "operator.",
            layer=str(wrong.layer),
        )
    return facts_of_package(package, report)


def _operator(receipt: Receipt) -> Operator:
    zone = founded_zone()
    stated = settings.ZONARY_OPERATOR
    return Operator(
        zone="" if zone is None else zone.name,
        zone_english="" if zone is None else zone.english_name,
        name=stated.name or ("" if zone is None else zone.authority.name),
        relation=stated.relation,
        blockchain_filing=stated.blockchain_filing,
        protection_filing=stated.protection_filing,
        cryptography_filing=stated.cryptography_filing,
        system=stated.system,
        url=settings.ZONARY_URL,
        is_holder=zone is not None and str(zone.authority.public_id) == receipt.organisation,
    )


def _subject(reader: Standing, receipt: Receipt) -> Subject:
    known = observed(reader, receipt)
    organization = Organization.objects.filter(public_id=as_uuid(receipt.organisation)).first()
    check = known.identity
    return Subject(
        kind="person" if organization is None else "organisation",
        name=known.name if organization is None else organization.name,
        number="" if organization is None else organization.uscc or "",
        is_confirmed=known.is_confirmed,
        account=receipt.account,
        account_name=known.name,
        identity="" if check is None else check.method,
        identity_source="" if check is None else _source(check.source),
        identity_at="" if check is None else moment(check.checked_at),
    )


def _source(source: str) -> str:
    """The kind of document an officer saw, as Chinese pages call it; the name of an identity provider as it is."""
    return translate(IDENTITY_DOCUMENTS[source], "zh", {}) if source in IDENTITY_DOCUMENTS else source

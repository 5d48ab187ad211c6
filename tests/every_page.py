"""Every page there is, found by walking the addresses of the application, with what each needs to be opened."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

COUNTS = Path(__file__).with_name("query_counts.json")
"""Page -> who opens it -> how often the database is asked; tests/portal/test_query_counts.py compares and writes it."""
NOBODYS_PAGES = {
    "health": "for programs",
    "metrics": "for programs",
    "account_reset_password_from_key": "its link was mailed; it leads to another address",
    "openid_connect_login": "leads to an identity provider",
    "openid_connect_callback": "where an identity provider leads back to",
    "demonstration:come-in": "a button of the demonstration, which signs in",
}
SHOWN_TO_NONE_OF_THEM = {
    "accept-invitation": "remembers the secret and leads to the next",
    "invitation": "a secret that was remembered",
    "sharing:link": "a secret that is shown once",
    "certificates:issued": "a certificate, whose record is published",
    "evidence:certificate": "a certificate, whose record is published",
    "account_change_password": "a password; theirs come from elsewhere",
    "account_confirm_login_code": "a code that was mailed",
    "account_email_verification_sent": "a registration that waits",
    "account_reauthenticate": "a password",
    "mfa_authenticate": "a sign-in that waits for its second factor",
    "mfa_deactivate_totp": "a second factor",
    "mfa_download_recovery_codes": "a second factor",
    "mfa_edit_webauthn": "a passkey",
    "mfa_login_webauthn": "a script's request",
    "mfa_reauthenticate": "a second factor",
    "mfa_reauthenticate_webauthn": "a passkey",
    "mfa_remove_webauthn": "a passkey",
    "mfa_view_recovery_codes": "a second factor",
    "documents:answer-review": "a member of a pool, whom somebody invites",
    "demonstration:changed-folder": "a demonstration",
    "demonstration:come-in": "a demonstration",
    "demonstration:copycat": "a demonstration",
    "demonstration:copycat-file": "a demonstration",
    "demonstration:folder": "a demonstration",
    "demonstration:verify": "a demonstration",
    "editing:workbook": "a table of rows in a draft",
    "library:cite": "leads to the words",
    "facts:erase-fact": "a fact that names a person",
    "rules:receipt": "a release, whose record is published",
    "registry:from-document": "a table that is a document of the zone authority",
    "webhooks:stop": "a webhook that is active",
    "socialaccount_login_error": "an identity provider that failed",
    "socialaccount_signup": "a registration by an identity provider that waits",
}
"""Pages that all of them are led away from, each with what they would need; not measured."""
SEARCHES = {
    "claims:list": ("", "?state=decided"),
    "editing:table": ("?kind=fixed", "?kind=proportion", "?kind=rows", "?kind=score"),
    "evidence:list": ("", "?q=图纸&subject=design&since=2020-01-01"),
    "facts:find": ("?q=星河",),
    "library:list": ("", "?q=研发"),
    "measures:list": ("", "?q=研发"),
    "registry:list": ("", "?q=星河"),
    "search:find": ("", "?q=星河"),
    "simulating:choose": ("", "?q=研发"),
    "registry:preview": ("?name=registry.csv&source=示例登记机关",),
}
"""What is asked for on pages that show little, or other things, before they are asked."""


class UnknownArgumentError(AssertionError):
    """An address needs something that is not known here."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address with a name, the names of what stands in it, and what is asked for behind it."""

    name: str
    arguments: tuple[str, ...]
    query: str = ""

    @property
    def page(self) -> str:
        """What the page is called in the committed file."""
        return self.name + self.query

    def of(self, known: Mapping[str, str]) -> str | None:
        """Where it is, for whoever knows these; None when something in it is not there for them."""
        from django.urls import reverse

        values = {argument: self._value(argument, known) for argument in self.arguments}
        return str(reverse(self.name, kwargs=values)) + quote(self.query, safe="?&=") if all(values.values()) else None

    def _value(self, argument: str, known: Mapping[str, str]) -> str:
        """What is known by the name in its own part of the application goes before what is known by it anywhere."""
        for name in (f"{self.name.partition(':')[0]}:{argument}", argument):
            if name in known:
                return known[name]
        raise UnknownArgumentError(
            f"The address {self.name} needs {argument}: say in arguments_of of tests/every_page.py which to open, and "
            "have tests/filled_zone.py make one."
        )


def addresses() -> list[Address]:
    """All that have a name, without those of the API, by name."""
    from django.urls import get_resolver

    found = {each.name: each for each in _walk(get_resolver(), "", ())}
    return [
        replace(found[name], query=query)
        for name in sorted(found)
        if name not in NOBODYS_PAGES
        for query in SEARCHES.get(name, ("",))
    ]


def _walk(resolver: Any, prefix: str, before: tuple[str, ...]) -> Iterator[Address]:
    from django.urls import URLResolver

    for each in resolver.url_patterns:
        arguments = (*before, *each.pattern.regex.groupindex)
        if isinstance(each, URLResolver):
            if str(each.pattern) != "api/v1/":
                yield from _walk(each, f"{prefix}{each.namespace}:" if each.namespace else prefix, arguments)
        elif each.name:
            yield Address(prefix + each.name, arguments)


def arguments_of(reader: Any, *, secret: str = "", digest: str = "") -> dict[str, str]:
    """What stands in addresses -> one that the reader can open; empty when there is none for them.

    :param secret: of an invitation.
    :param digest: of a table of enterprises that was uploaded.
    """
    from zonary.foundation.accounts.models import AccessToken, AdminAppointment, IdentityCheck, Person
    from zonary.foundation.documents.models import Document, DocumentGrant
    from zonary.foundation.facts.models import Consent, Dispute, Fact, ProfileShare
    from zonary.foundation.notifications.inbox.models import Message
    from zonary.foundation.notifications.models import WebhookEndpoint
    from zonary.foundation.organizations.models import (
        Claim,
        Correction,
        Invitation,
        Membership,
        Organization,
        RegistryImport,
    )
    from zonary.foundation.organizations.queries import as_uuid, founding_act
    from zonary.foundation.rules.models import PackDraft, PackRelease
    from zonary.services.evidence.capture.models import Capture
    from zonary.services.evidence.certificates.models import EvidenceCertificate
    from zonary.services.evidence.dossiers.models import Dossier, DossierItem
    from zonary.services.evidence.models import EvidenceRecord
    from zonary.services.evidence.onsite.models import OnsiteCapture
    from zonary.services.evidence.secrets.models import AccessGrant, Agreement, TradeSecret
    from zonary.services.evidence.sharing.models import Share
    from zonary.services.incentives.editing.models import WorkingDraft
    from zonary.services.incentives.grants.models import AutomaticBatch, Grant, Objection, PaymentFile
    from zonary.services.incentives.library.models import PolicyDocument, PolicyEdition
    from zonary.services.incentives.matching.models import Promise, StoredDecision
    from zonary.services.incentives.measures.models import CardChange, Measure

    def last(rows: Any, of: str = "public_id") -> str:
        return str(rows.order_by("-pk").values_list(of, flat=True).first() or "")

    act = founding_act(reader)
    own = Organization.objects.filter(public_id=as_uuid(reader.organisation))
    enterprises = Organization.objects.filter(kind="enterprise", facts__isnull=False)
    facts = Fact.objects.exclude(source_kind="self-declared")
    if reader.is_officer:
        facts = facts.filter(recorded_by=reader.person)
    subject = last(enterprises) if reader.is_officer else reader.organisation
    return {
        "check": last(IdentityCheck.objects.exclude(method="revoked")),
        "membership": last(
            Membership.objects.filter(organization__in=own, ended_at=None).exclude(public_id=as_uuid(reader.membership))
        ),
        "invitation": last(Invitation.objects.filter(organization__in=own, accepted_at=None)),
        "secret": secret,
        "correction": last(Correction.objects.filter(organization=reader.organisation)),
        "public_id": act.public_id if act else "",
        "claim": last(Claim.objects if reader.is_officer else Claim.objects.filter(person__public_id=reader.person)),
        "subject": subject,
        "fact": last(facts.filter(subject__public_id=as_uuid(subject))),
        "dispute": last(Dispute.objects.filter(subject__public_id=as_uuid(subject))),
        "consent": last(Consent.objects.filter(subject__in=own)),
        "share": last(ProfileShare.objects.filter(subject__in=own)),
        "person": last(Person.objects.exclude(public_id=as_uuid(reader.person))),
        "captures:public_id": last(Capture.objects.filter(holder=reader.holder)),
        "captures:name": "screenshot.png",
        "onsite:public_id": last(OnsiteCapture.objects.filter(holder=reader.holder)),
        "evidence:public_id": last(EvidenceRecord.objects.filter(holder=reader.holder)),
        "evidence:number": last(EvidenceCertificate.objects.filter(holder=reader.holder)),
        "certificates:number": last(EvidenceCertificate.objects),
        "sharing:share": last(Share.objects.filter(grantee=reader.organisation or reader.person, kind="record")),
        "dossiers:public_id": last(Dossier.objects.filter(holder=reader.holder)),
        "dossiers:item": last(DossierItem.objects.filter(dossier__holder=reader.holder)),
        "sharing:own_share": last(Share.objects.filter(holder=reader.holder, ended_at=None)),
        "sharing:record": last(Share.objects.filter(grantee=reader.organisation, kind="record"), "thing"),
        "secrets:secret": last(TradeSecret.objects.filter(holder=reader.holder))
        or last(AccessGrant.objects.filter(person=as_uuid(reader.person)), "secret__public_id"),
        "secrets:agreement": last(Agreement.objects.filter(holder=reader.holder)),
        "secrets:access": last(AccessGrant.objects.filter(secret__holder=reader.holder)),
        "secrets:person": last(AccessGrant.objects.filter(secret__holder=reader.holder), "person"),
        "draft": last(PackDraft.objects.filter(state="proposed")) if reader.is_officer else "",
        "rules:pack": last(PackRelease.objects, "pack"),
        "offered": "tech-sme",
        "matching:measure": last(Measure.objects),
        "coverage:measure": last(Measure.objects),
        "grants:measure": last(Measure.objects),
        "grants:batch": last(AutomaticBatch.objects.filter(state="noticed")),
        "grants:grant": last(Grant.objects.filter(batch__state="noticed")),
        "grants:objection": last(Objection.objects),
        "grants:file": last(PaymentFile.objects) if reader.is_officer else "",
        "matching:clause": "reserve",
        "matching:decision": last(StoredDecision.objects),
        "matching:promise": last(Promise.objects.filter(state="open")),
        "matching:broken": last(Promise.objects.filter(state="broken")),
        "simulating:kind": "measure",
        "simulating:model": last(Measure.objects),
        "simulating:item": "support",
        "library:public_id": last(PolicyDocument.objects),
        "library:number": "1",
        "measures:public_id": last(Measure.objects),
        "measures:card_change": last(CardChange.objects.filter(state="proposed")) if reader.is_officer else "",
        "measures:pack": last(PackRelease.objects, "pack"),
        "measures:item": "support",
        "editing:public_id": last(WorkingDraft.objects) if reader.is_officer else "",
        "editing:pack": last(PackRelease.objects, "pack") if reader.is_officer else "",
        "editing:edition": last(PolicyEdition.objects) if reader.is_officer else "",
        "document": last(Document.objects.filter(holder=reader.holder)),
        "door": "apply",
        "role": "owner",
        "demonstration:name": "rig.svg",
        "grant": last(DocumentGrant.objects.filter(document__holder=reader.holder)),
        "token": last(AccessToken.objects.filter(owner=reader.person, public_id__isnull=False)),
        # One that is the business of whomever they do not act for now: it is shown, and leads nowhere.
        "message": last(
            Message.objects.filter(person__public_id=as_uuid(reader.person)).exclude(organisation=reader.organisation)
        ),
        "webhook": last(WebhookEndpoint.objects.filter(organisation=reader.organisation)),
        "appointment_id": last(AdminAppointment.objects.filter(ended_at=None)),
        "decision": "sign-out",
        "delivery": "00000000-0000-7000-8000-000000000000",  # answered to a form alone
        "registry:public_id": last(RegistryImport.objects),
        "digest": digest,
        "number": "1",
        "pk": "1",
    }


def pinned() -> dict[str, dict[str, int]]:
    """What the committed file says."""
    counts: dict[str, dict[str, int]] = json.loads(COUNTS.read_text("utf-8")) if COUNTS.exists() else {}
    return counts


def sign_in_again(client: Any, *, ahead: float = 0) -> None:
    """Have the session of ``client`` say that its password was shown just now: some pages of an account ask for it.

    :param ahead: seconds from now that "now" is, for readers who go on for longer than a password counts.
    """
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() + ahead}]
    session.save()

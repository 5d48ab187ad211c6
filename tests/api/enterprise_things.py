"""One of everything an enterprise can have here, made as its people make it, for tests of who may reach it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.filled_zone import record_onsite
from tests.foundation import zone_at_work
from tests.foundation.documents.arriving import age_file, bring, metadata
from tests.foundation.facts.stating import NOT_NEEDED, claim, declare
from tests.foundation.rules.packs import data_of, pack
from tests.registries import csv_of, enterprises
from tests.services.evidence import keeping
from tests.services.evidence.capture.capturing import sealed_capture
from tests.services.incentives import documents
from tests.services.incentives.grants.paying import released_batch
from tests.services.incentives.matching.zone import change_waits, latest, second_of
from tests.services.incentives.matching.zone import measure as published_measure
from tests.services.incentives.matching.zone import promise as promise_reserve
from tests.services.incentives.matching.zone import release as release_rules

FAR = date(2099, 12, 31)
CLAIM = {"indicator": "revenue", "value": "1.00", "unit": "wan-yuan", "period": "2025", "source": "x"}


@dataclass(frozen=True)
class Things:
    """Public ids, all of the enterprise of the five; ``subject`` is the enterprise's own, ``claim`` its owner's.

    :param officer: somebody of the zone, to whom a trade secret may be shown.
    :param registry: the digest of a file an officer uploaded, and its import.
    :param registry_document: another, which is a document of the zone authority.
    :param act: an act of the enterprise that can be corrected.
    """

    subject: str
    owner: str
    officer: str
    check: str
    membership: str
    invitation: str
    correction: str
    act: str
    token: str
    record: str
    evidence_share: str
    certificate: str
    capture: str
    onsite: str
    dossier: str
    dossier_item: str
    dossier_share: str
    secret: str
    secret_access: str
    agreement: str
    fact: str
    dispute: str
    consent: str
    share: str
    document: str
    grant: str
    upload: str
    draft: str
    webhook: str
    delivery: str
    measure: str
    card_change: str
    decision: str
    promise: str
    broken_promise: str
    batch: str
    automatic_grant: str
    payment_file: str
    grant_objection: str
    policy_document: str
    policy_edition: str
    working_draft: str
    claim: str
    message: str
    registry: tuple[str, str]
    registry_document: str


def make_things(five: Any, data: Any) -> Things:
    """As :class:`Things`; what the log takes is published, and the webhook has something to tell."""
    from zonary.common.clock import now
    from zonary.foundation.ledger.authority import ensure_authority, issuer_of
    from zonary.foundation.ledger.publishing import publish
    from zonary.foundation.ledger.sequencing import tick
    from zonary.foundation.notifications.actions import set_up_webhook
    from zonary.foundation.notifications.deliveries import follow
    from zonary.foundation.notifications.inbox.models import Message
    from zonary.foundation.notifications.models import Delivery
    from zonary.foundation.organizations.actions import check_identity, invite_member, issue_personal_token
    from zonary.services.evidence.actions import register_described
    from zonary.services.evidence.rules import MARKS, Description, Kind, Registrations

    at, owner = now.last_trusted(), five.owner
    log = zone_at_work.start(data)
    ensure_authority(data, at)
    issuer_of.cache_clear()
    webhook = set_up_webhook("https://hooks.example/zone", kinds=[], by=owner, at=at)
    follow(at=at)
    invitation, _ = invite_member(role="reader", email="y@zone.example", until=None, by=owner, at=at)
    token, _ = issue_personal_token(
        name="t", scopes=["evidence:read"], expires_at=at + timedelta(days=1), by=owner, at=at
    )
    digest = hashlib.sha256(b"drawing").digest()
    wanted = Registrations(marks=MARKS[Kind.DIGEST], pairs=digest + digest)
    checked = check_identity(owner.person, document="passport", by=five.officer, at=at)
    record = register_described(wanted, Description(title="drawing"), by=owner, at=at).public_ids[0]
    act, correction = _correction(owner, at)
    dossier, dossier_item, dossier_share = _dossier(five, record, at)
    benefit = _benefit(five, at)
    edition, working_draft = _rules_being_written(five, at)
    paid = released_batch(five, at=at, promised=True)
    secret, secret_access, agreement = _secret(five, at)
    fact, dispute, consent, share = _facts(five, at)
    document, grant, upload = _documents(five, at)
    claim = _claim(five, at)
    registry = _registry(five, data, at)
    capture, onsite = sealed_capture(owner, at=at), record_onsite(owner, 0, at)
    tick(log, at=at)
    publish(log)
    certificate = _certificate(five, data, record, at)
    while follow(at=at):
        pass
    return Things(
        subject=str(five.enterprise.public_id),
        owner=owner.person,
        officer=five.officer.person,
        check=str(checked.public_id),
        membership=five.colleague.membership,
        invitation=str(invitation.public_id),
        correction=correction,
        act=act,
        token=str(token.public_id),
        record=record,
        measure=benefit[0],
        card_change=change_waits(five, benefit[0], at=at),
        decision=benefit[1],
        promise=benefit[2],
        broken_promise=benefit[3],
        batch=paid[0],
        automatic_grant=paid[1],
        payment_file=paid[2],
        grant_objection=paid[3],
        policy_document=str(edition.document.public_id),
        policy_edition=str(edition.public_id),
        working_draft=working_draft,
        dossier=dossier,
        dossier_item=dossier_item,
        dossier_share=dossier_share,
        secret=secret,
        secret_access=secret_access,
        agreement=agreement,
        certificate=certificate,
        evidence_share=_evidence(five, record, at),
        capture=str(capture.public_id),
        onsite=onsite,
        fact=fact,
        dispute=dispute,
        consent=consent,
        share=share,
        document=document,
        grant=grant,
        upload=upload,
        draft=_draft(five, at),
        webhook=str(webhook.public_id),
        delivery=str(Delivery.objects.earliest("id").public_id),
        claim=claim,
        message=str(Message.objects.get(kind="accounts.identity.checked").public_id),
        registry=registry,
        registry_document=str(bring(five.officer, csv_of(list(enterprises(4))), at=at).document.public_id),
    )


def _rules_being_written(five: Any, at: Any) -> tuple[Any, str]:
    """An edition of a policy document, and the working draft that an officer makes from it."""
    from zonary.services.incentives.editing.actions import begin_draft

    edition = documents.record(five.officer, "示范〔2026〕9号", at=at)
    begun = begin_draft(
        str(edition.public_id),
        pack="rd-support-9",
        title_english="Support for research",
        item_title="研发支持",
        item_title_english="Support for research",
        first=at.date(),
        by=five.officer,
        at=at,
    )
    return edition, str(begun.public_id)


def _correction(owner: Any, at: Any) -> tuple[str, str]:
    from zonary.foundation.organizations.actions import propose_correction
    from zonary.foundation.organizations.queries import founding_act

    act = founding_act(owner)
    assert act is not None
    proposed = propose_correction(act.public_id, changes={"address": "云路 1 号"}, reason="slip", by=owner, at=at)
    return act.public_id, str(proposed.public_id)


def _certificate(five: Any, data: Any, record: str, at: Any) -> str:
    """Issued about the record, and such that it can be fetched now."""
    from zonary.foundation.ledger.authority import renew_revocation_list
    from zonary.foundation.ledger.certificate_signer import certificate_signer_of, renew_certificate_revocations
    from zonary.services.evidence.certificates.actions import issue_certificate

    certificate_signer_of.cache_clear()
    renew_revocation_list(data, at)
    renew_certificate_revocations(data, at)
    return str(issue_certificate(record, by=five.owner, at=at).public_id)


def _evidence(five: Any, record: str, at: Any) -> str:
    """Something is declared of the record, a copy of it is stored, and the zone authority may see it."""
    from zonary.services.evidence.copies.actions import store_copy
    from zonary.services.evidence.declarations.actions import declare_fact
    from zonary.services.evidence.declarations.rules import Said
    from zonary.services.evidence.sharing.actions import share_evidence

    declare_fact(record, Said(topic="tool", text="drawn by hand"), by=five.owner, at=at)
    copy = bring(five.owner, age_file(99, "X25519"), at=at)
    store_copy(record, document=str(copy.document.public_id), number=1, by=five.owner, at=at)
    until = (at + timedelta(days=30)).date()
    grantee = str(five.authority.public_id)
    return str(share_evidence("record", record, grantee=grantee, until=until, by=five.owner, at=at)[0].public_id)


def _dossier(five: Any, record: str, at: Any) -> tuple[str, str, str]:
    from zonary.services.evidence.dossiers.actions import file_evidence, open_dossier
    from zonary.services.evidence.dossiers.rules import Cover
    from zonary.services.evidence.sharing.actions import share_evidence

    cover = Cover(title="rig", template="invention", stands_at="filing")
    dossier = str(open_dossier(cover, by=five.owner, at=at).public_id)
    item = file_evidence(dossier, record, stage="idea", ask="idea.task", by=five.owner, at=at)
    until = (at + timedelta(days=30)).date()
    shared, _ = share_evidence("dossier", dossier, name="x", until=until, by=five.owner, at=at)
    return dossier, str(item.public_id), str(shared.public_id)


def _benefit(five: Any, at: Any) -> tuple[str, str, str, str]:
    """A measure, what was decided and promised about it; and a promise for another measure that was broken."""
    from zonary.services.incentives.matching.actions import check_promise

    release_rules(five, at=at, with_promise=True)
    name = str(published_measure().public_id)
    promise = promise_reserve(five, name, at=at)
    other = str(published_measure(title="未履行", title_english="Broken").public_id)
    broken = str(promise_reserve(five, other, at=at).public_id)
    check_promise(broken, outcome="broken", finding="并无此制度", by=second_of(five), at=at)
    return name, str(latest(five, name).public_id), str(promise.public_id), broken


def _secret(five: Any, at: Any) -> tuple[str, str, str]:
    """An officer may see it, and has not accepted the agreement."""
    secret, text = keeping.keep_record(five.owner, at), keeping.agreement(five.owner, at)
    return secret, keeping.name(secret, five.officer, by=five.owner, at=at, text=text, called="x"), text


def _facts(five: Any, at: Any) -> tuple[str, str, str, str]:
    from zonary.foundation.facts.actions import dispute_fact, give_consent, record_fact, share_profile

    declared = declare(five, at=at)
    theirs = claim(period="2024", consent_not_needed=NOT_NEEDED)
    about = record_fact(str(five.enterprise.public_id), theirs, source_kind="officer", by=five.officer, at=at)
    disputed = dispute_fact(str(about.public_id), reason="no", ought="", by=five.owner, at=at)
    consent = give_consent(indicators=["revenue"], purposes=[], until=FAR, by=five.owner, at=at)
    authority = str(five.authority.public_id)
    share = share_profile(authority, indicators=[], purpose="service", until=FAR, by=five.owner, at=at)
    made = (declared, disputed, consent, share)
    fact, dispute, given, shared = (str(each.public_id) for each in made)
    return fact, dispute, given, shared


def _documents(five: Any, at: Any) -> tuple[str, str, str]:
    from zonary.foundation.documents.actions import share_document
    from zonary.foundation.documents.uploads import begin_upload

    document = str(bring(five.owner, at=at).document.public_id)
    grant = share_document(document, grantee=str(five.authority.public_id), until=None, by=five.owner, at=at)
    upload = begin_upload(five.owner, length=9, metadata=metadata(filename="b.txt"), at=at)
    return document, str(grant.public_id), str(upload.public_id)


def _draft(five: Any, at: Any) -> str:
    """Of a rule pack, proposed by the officer."""
    from zonary.foundation.rules.actions import propose_pack

    return str(propose_pack(data_of(pack()), note="first", by=five.officer, at=at).public_id)


def _claim(five: Any, at: Any) -> str:
    from tests.foundation.organizations import listed

    return str(listed.claim(listed.list_enterprises(five, at=at)[0], five.owner, at=at).public_id)


def _registry(five: Any, data: Any, at: Any) -> tuple[str, str]:
    from zonary.foundation.organizations.actions.registry import begin_registry_import
    from zonary.foundation.organizations.registry.files import open_registry
    from zonary.foundation.organizations.registry.uploads import keep_upload, upload_of

    digest = keep_upload(data, [csv_of(list(enterprises(3)))])
    path = upload_of(data, digest)
    assert path is not None
    begun = begin_registry_import(open_registry(path, name="n.csv"), source="x", by=five.officer, at=at)
    return digest, str(begun.public_id)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of ours there is, but for what nobody decided: sessions, and how often somebody asked."""
    from django.apps import apps

    left_out = ("sessions.", "usersessions.", "accounts.CacheEntry", "account.")
    found = {}
    for model in apps.get_models():
        if not model._meta.label.startswith(left_out):
            columns = [field.attname for field in model._meta.concrete_fields if field.attname != "last_login"]
            found[model._meta.label] = [tuple(map(str, row)) for row in model._base_manager.values_list(*columns)]
    return found

"""A zone in which something has happened: as many rows of each kind as asked for, by the actions everybody uses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from tests.five_accounts import FiveAccounts
from tests.foundation.documents.arriving import age_file, bring
from tests.foundation.facts.stating import claim
from tests.foundation.rules.packs import data_of, pack
from tests.registries import csv_of, enterprises
from tests.services.evidence import keeping
from tests.services.evidence.capture.capturing import sealed_capture
from tests.services.incentives import documents
from tests.services.incentives.grants.paying import released_batch
from tests.services.incentives.matching import zone


@dataclass(frozen=True, slots=True)
class Filled:
    """What cannot be looked up in it.

    :param secret: of an open invitation.
    :param digest: of a table of enterprises that was uploaded.
    :param administrators: role -> who.
    """

    secret: str
    digest: str
    administrators: dict[str, Any]


def fill(five: FiveAccounts, rows: int, *, at: Any) -> Filled:
    """``rows`` of each thing around the five, as of ``at``."""
    secret = ""
    for number in range(rows):
        add_member(five.owner, f"member-{number}", at)
        release_rules(five, add_member(five.officer, f"officer-{number}", at), number, at)
        offer_measures(five, number, at)
        secret = _invite(five.owner, f"invited-{number}", at)
        _invite(five.officer, f"invited-officer-{number}", at)
        _open_department(five, number, at)
        correct(five, number, at)
        state_facts(five, number, at)
        bring_and_share(five, number, at)
        register_evidence(five.owner, number, at)
        sealed_capture(five.owner, f"https://shop-{number}.example/", at=at)
        record_onsite(five.owner, number, at)
        _issue_token(five.owner, number, at)
        _set_up_webhook(five.owner, number, at)
        _check_identity(five, number, at)
        _close_account(f"gone-{number}", at)
    show_evidence(five, rows, at)
    keep_secrets(five, rows, at)
    find_benefits(five, rows, at)
    list_grants(five, rows, at)
    digest = upload_registry(five.officer, rows, at)
    _claim_listed(five, rows, at)
    return Filled(secret, digest, _appoint(at))


def find_benefits(five: FiveAccounts, count: int, at: Any) -> None:
    """So many measures of one rule pack, of each of which the owner kept the answer and promised a condition, and as
    many of which a promise was broken."""
    from zonary.services.incentives.matching.actions import check_promise, keep_answer

    second = add_member(five.officer, "releaser", at)
    zone.release(five, at=at, second=second, with_promise=True)
    for number in range(count):
        other = str(zone.measure(title=f"未履行 {number}", title_english=f"Broken {number}").public_id)
        broken = str(zone.promise(five, other, at=at).public_id)
        check_promise(broken, outcome="broken", finding="并无此制度", by=second, at=at)
        name = str(zone.measure(title=f"事项 {number}", title_english=f"Measure {number}").public_id)
        keep_answer(name, by=five.owner, at=at)
        zone.promise(five, name, at=at)


def list_grants(five: FiveAccounts, count: int, at: Any) -> None:
    """So many lists in public notice with the owner's grant, the last of them objected to; and one at the bank."""
    from zonary.services.incentives.grants.actions import object_to_grant, open_notice, start_batch

    released_batch(five, at=at, promised=True)
    measure = str(zone.measure(title="研发支持（公示）").public_id)
    zone.promise(five, measure, at=at)
    for _ in range(count):
        batch = start_batch(measure, by=five.officer, at=at)
        open_notice(str(batch.public_id), by=five.officer, at=at)
    grant = str(batch.grants.get().public_id)
    for by in (five.colleague, five.owner):
        object_to_grant(grant, reason="并未投入研发", by=by, at=at)


def _claim_listed(five: FiveAccounts, count: int, at: Any) -> None:
    """Claims on so many enterprises nobody acts for, every second one refused; and as many by the owner as may wait."""
    from zonary.foundation.organizations.actions import claim_organization, decide_claim
    from zonary.foundation.organizations.models import Organization
    from zonary.foundation.organizations.rules import MAX_OPEN_CLAIMS
    from zonary.foundation.organizations.standing import Standing

    for number, listed in enumerate(Organization.objects.filter(state="listed").order_by("pk")[:count]):
        uscc, somebody = listed.uscc or "", Standing(person=str(register(f"claimant-{number}", at).public_id))
        claim = claim_organization(uscc, statement="行政部", by=somebody, at=at)
        if number % 2:
            decide_claim(str(claim.public_id), is_confirmed=False, compared="", answer="不符", by=five.officer, at=at)
        if number < MAX_OPEN_CLAIMS:
            claim_organization(uscc, statement="行政部", by=five.owner, at=at)


def bring_and_share(five: FiveAccounts, number: int, at: Any) -> None:
    """A document of the enterprise that the zone may see."""
    from zonary.foundation.documents.actions import share_document

    version = bring(five.owner, f"合同 {number}".encode(), at=at, filename=f"合同-{number}.txt")
    zone = str(five.authority.public_id)
    share_document(str(version.document.public_id), grantee=zone, until=None, by=five.owner, at=at)


def register_evidence(by: Any, number: int, at: Any) -> str:
    """The digests of one file, with a title; the public id of the record."""
    from zonary.services.evidence.actions import register_described
    from zonary.services.evidence.rules import MARKS, PAIR_SIZE, Description, Kind, Registrations

    wanted = Registrations(marks=MARKS[Kind.DIGEST], pairs=number.to_bytes(PAIR_SIZE, "big"))
    return str(register_described(wanted, Description(title=f"图纸 {number}"), by=by, at=at).public_ids[0])


def record_onsite(by: Any, number: int, at: Any) -> str:
    """A film made under a code, and sealed; the public id of the code."""
    from zonary.proof.digests import digests_of
    from zonary.services.evidence.onsite.actions import give_code, seal_recording
    from zonary.services.evidence.onsite.rules import Plan, Told

    plan = Plan(medium="video", title=f"展会 {number}", place="3 号馆", shows="轴承")
    code = str(give_code(plan, language="zh", by=by, at=at).public_id)
    seal_recording(code, digests_of(f"film {number}".encode()), Told(user_agent="Phone"), by=by, at=at)
    return code


def show_evidence(five: FiveAccounts, count: int, at: Any) -> None:
    """Two records of which so many things are declared, shown to so many; owner and zone authority see each other's.

    So many copies are stored, all of the same bytes, which nobody here can compare.
    """
    from zonary.services.evidence.copies.actions import store_copy
    from zonary.services.evidence.declarations.actions import declare_fact
    from zonary.services.evidence.declarations.rules import Said
    from zonary.services.evidence.dossiers.actions import file_evidence, open_dossier
    from zonary.services.evidence.dossiers.rules import Cover
    from zonary.services.evidence.exporting.actions import accept_export_notice
    from zonary.services.evidence.exporting.rules import DIGEST
    from zonary.services.evidence.sharing.actions import open_share, share_evidence

    cover = Cover(title="旋挖钻机", template="invention", stands_at="filing")

    until = (at + timedelta(days=300)).date()
    for by, to in ((five.owner, five.officer), (five.officer, five.owner)):
        record = register_evidence(by, 10_000, at)
        shared, _ = share_evidence("record", record, grantee=to.organisation, until=until, by=by, at=at)
        dossier = str(open_dossier(cover, by=by, at=at).public_id)
        for number in range(count):
            file_evidence(dossier, register_evidence(by, 20_000 + number, at), stage="idea", by=by, at=at)
            share_evidence("dossier", dossier, name=f"法官 {number}", until=until, by=by, at=at)
            open_dossier(cover, by=by, at=at - timedelta(hours=1))
            accept_export_notice(record, "abroad", DIGEST, by=by, at=at)
            declare_fact(record, Said(topic="creation", text=f"第 {number} 稿"), by=by, at=at)
            copy = bring(by, age_file(99, "X25519"), at=at).document
            store_copy(record, document=str(copy.public_id), number=1, by=by, at=at)
            share_evidence("record", record, name=f"鉴定人 {number}", until=until, by=by, at=at)
            open_share(str(shared.public_id), "page", by=to, at=at + timedelta(hours=2 * number))


def keep_secrets(five: FiveAccounts, count: int, at: Any) -> None:
    """So many secrets, each shown to an officer, who accepted all but the last; and one shown to so many."""
    from zonary.services.evidence.secrets.actions import open_secret

    text, members = keeping.agreement(five.owner, at), []
    for number in range(count):
        member = add_member(five.owner, f"keeper-{number}", at)
        secret = keeping.keep_record(five.owner, at, number=30_000 + number, title=f"工艺 {number}")
        keeping.name(secret, five.officer, by=five.owner, at=at, text=text, called="王鉴定人")
        if number < count - 1:
            keeping.accept(secret, by=five.officer, at=at)
            open_secret(secret, "page", by=five.officer, at=at)
        keeping.agreement(five.owner, at)
        members.append(member)
    for member in members:
        keeping.name(secret, member, by=five.owner, at=at, text=text)
        keeping.accept(secret, by=member, at=at)
        open_secret(secret, "page", by=member, at=at)


def _issue_token(by: Any, number: int, at: Any) -> None:
    from zonary.foundation.organizations.actions import issue_personal_token

    expires = at + timedelta(days=30)
    issue_personal_token(name=f"程序 {number}", scopes=["evidence:read"], expires_at=expires, by=by, at=at)


def _set_up_webhook(by: Any, number: int, at: Any) -> None:
    """One that is stopped: only few may be active, and nobody listens there."""
    from zonary.foundation.notifications.actions import set_up_webhook, stop_webhook

    made = set_up_webhook(f"https://zone.example/{number}", kinds=[], by=by, at=at)
    stop_webhook(str(made.public_id), by=by, at=at)


def upload_registry(by: Any, rows: int, at: Any) -> str:
    """Read in a table of enterprises, of which one row is refused; it stays uploaded. Returns its digest."""
    from django.conf import settings

    from zonary.foundation.organizations.registry.files import open_registry
    from zonary.foundation.organizations.registry.importing import run_import
    from zonary.foundation.organizations.registry.uploads import keep_upload, upload_of

    table = [*enterprises(rows, seed=2), ["91430199MA00000000", *next(enterprises(1))[1:]]]
    digest = keep_upload(settings.ZONARY_DATA, [csv_of(table)])
    path = upload_of(settings.ZONARY_DATA, digest)
    assert path is not None
    file = open_registry(path, name="registry.csv")
    run_import(file, source="示例登记机关", data=settings.ZONARY_DATA, by=lambda: by, clock=lambda: at)
    return digest


def register(name: str, at: Any) -> Any:
    """A person without a password."""
    from zonary.foundation.accounts.actions import register_person
    from zonary.foundation.ledger.actors import SYSTEM

    return register_person(email=f"{name}@zone.example", name=name, password=None, by=SYSTEM, at=at)


def add_member(by: Any, name: str, at: Any, *, role: str = "agent") -> Any:
    """Somebody new who acts for the organisation of ``by``; their standing."""
    from zonary.foundation.organizations.actions import accept_invitation
    from zonary.foundation.organizations.queries import standing_of
    from zonary.foundation.organizations.standing import Standing

    person = register(name, at)
    accept_invitation(_invite(by, name, at, role), by=Standing(person=str(person.public_id)), at=at)
    return standing_of(person, by.organisation, at=at)


def _close_account(name: str, at: Any) -> None:
    from zonary.foundation.accounts.actions import close_account
    from zonary.foundation.organizations.standing import Standing

    person = str(register(name, at).public_id)
    close_account(person, reason="", by=Standing(person=person), at=at)


def _check_identity(five: FiveAccounts, number: int, at: Any) -> None:
    from zonary.foundation.organizations.actions import check_identity

    person = str(register(f"checked-{number}", at).public_id)
    check_identity(person, document="passport", by=five.officer, at=at)


def _appoint(at: Any) -> dict[str, Any]:
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.organizations.actions import appoint_first_admins
    from zonary.foundation.organizations.queries import standing_of

    people = {role: register(role, at) for role in ("system", "security", "audit")}
    appoint_first_admins(people, by=SYSTEM, at=at)
    return {role: standing_of(person, "", at=at) for role, person in people.items()}


def _invite(by: Any, name: str, at: Any, role: str = "agent") -> str:
    from zonary.foundation.organizations.actions import invite_member

    return str(invite_member(role=role, email=f"{name}@zone.example", until=None, by=by, at=at)[1])


def _open_department(five: FiveAccounts, number: int, at: Any) -> None:
    from zonary.foundation.organizations.actions import open_department

    open_department(f"部门 {number}", by=five.officer, at=at)


def correct(five: FiveAccounts, number: int, at: Any) -> None:
    """Proposed by the colleague, so that owner and officer may decide on it."""
    from zonary.foundation.organizations.actions import propose_correction
    from zonary.foundation.organizations.queries import founding_act

    act, changes = founding_act(five.colleague), {"address": f"示例路 {number} 号"}
    assert act is not None
    propose_correction(act.public_id, changes=changes, reason="照执照更正", by=five.colleague, at=at)


def offer_measures(five: FiveAccounts, number: int, at: Any) -> None:
    """A document that repealed another, a draft from its words, and a measure under the rules released before."""
    from zonary.services.incentives.editing.actions import begin_draft
    from zonary.services.incentives.library.actions import record_repeal
    from zonary.services.incentives.measures.actions import change_measure, prepare_measure, publish_measure
    from zonary.services.incentives.measures.rules import Card

    old, new = (documents.record(five.officer, f"示范〔{year}〕{number}号", at=at) for year in (2025, 2026))
    record_repeal(str(old.document.public_id), by_document=str(new.document.public_id), articles="", reason="第一条",
                  since=at.date(), by=five.officer, at=at)  # fmt: skip
    begin_draft(str(new.public_id), pack=f"written-{number}", title_english="Research", item_title="研发",
                item_title_english="Research", first=at.date(), by=five.officer, at=at)  # fmt: skip
    card = Card(title=f"研发支持 {number}", title_english="Research", summary="支持研发。", summary_english="",
                kind="right", mode="reviewed", decided_here=True, decided_by="", audience=("all",), amount="",
                budget=None, budget_year=None, cap=None, exhaustion="first-come", stacking="研发", claim_from=None,
                claim_until=None,
                notice_workdays=0, pay_workdays=0, place="", telephone="0", contact="窗口")  # fmt: skip
    made = prepare_measure(f"rules-{number}", "support", card, by=five.officer, at=at)
    publish_measure(str(made.public_id), version=1, by=five.officer, at=at)
    changed = replace(card, contact="另一窗口", pay_workdays=number + 1)
    change_measure(str(made.public_id), changed, version=1, by=five.officer, at=at)


def release_rules(five: FiveAccounts, second: Any, number: int, at: Any) -> None:
    """A rule pack that ``second`` releases, a draft that waits, and one of theirs that the officer may release."""
    from zonary.foundation.rules.actions import propose_pack, record_fair_competition_review, release_pack

    made = propose_pack(data_of(pack(id=f"rules-{number}")), note="first", by=five.officer, at=at)
    for draft in (made, propose_pack(data_of(pack(id=f"draft-{number}")), note="first", by=five.officer, at=at)):
        draft_id = str(draft.public_id)
        record_fair_competition_review(draft_id, conclusion="passes", grounds="open to all", by=second, at=at)
    release_pack(str(made.public_id), by=second, at=at)
    theirs = str(propose_pack(data_of(pack(id=f"theirs-{number}")), note="first", by=second, at=at).public_id)
    record_fair_competition_review(theirs, conclusion="passes", grounds="open to all", by=five.officer, at=at)


def state_facts(five: FiveAccounts, number: int, at: Any) -> None:
    """One of each thing about the facts of the enterprise."""
    from zonary.foundation.facts.actions import (
        declare_fact,
        dispute_fact,
        give_consent,
        read_profile,
        record_fact,
        share_profile,
    )

    subject, other = str(five.enterprise.public_id), str(five.competitor.public_id)
    declare_fact(replace(claim(), period=f"{2000 + number % 25}"), by=five.owner, at=at)
    for _ in range(2):
        stated = record_fact(subject, claim(), source_kind="shared-by-authority", by=five.officer, at=at)
    dispute_fact(str(stated.public_id), reason="数字有误", ought="100", by=five.owner, at=at)
    give_consent(indicators=["revenue"], purposes=[], until=None, by=five.owner, at=at)
    share_profile(other, indicators=[], purpose="finance", until=(at + timedelta(days=30)).date(), by=five.owner, at=at)
    read_profile(subject, purpose="inspection", indicators=["staff"], by=five.officer, at=at)

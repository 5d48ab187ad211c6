"""What the zone offers, and one benefit that finds the company unasked."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from zonary.common.clock import zone_date
from zonary.foundation.facts.actions import import_facts
from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.organizations.models import Organization
from zonary.foundation.rules.actions import propose_pack, record_fair_competition_review, release_pack
from zonary.portal.demonstration.days import Moment
from zonary.portal.demonstration.figures import NOT_NEEDED
from zonary.portal.demonstration.measures.cards import card_of
from zonary.portal.demonstration.measures.documents import DOCUMENTS
from zonary.portal.demonstration.measures.enterprises import BASIS, SOURCE, shared_rows
from zonary.portal.demonstration.measures.packs import number_of, pack_of, text_of
from zonary.portal.demonstration.stage import Acts, Stage
from zonary.services.incentives.grants.actions import (
    close_consents,
    consent_to_grant,
    look_again,
    open_consents,
    open_notice,
    prepare_payment,
    read_back,
    release_payment,
    start_batch,
)
from zonary.services.incentives.grants.models import Grant, PaymentFile
from zonary.services.incentives.grants.rules.accounts import Account
from zonary.services.incentives.grants.sampled import sample_of_file
from zonary.services.incentives.library.actions import Cover, Words, record_document
from zonary.services.incentives.matching.actions import tell_of_benefits
from zonary.services.incentives.matching.tasks import Finder
from zonary.services.incentives.measures.actions import prepare_measure, publish_measure

_PAID, _WAITING = "utility", "step-20000"
"""Measures of which a batch was paid out, and of which one waits for the company's account."""
_ACCOUNTS = {
    "maker": Account(payee="青屿岚川重机装备有限公司", bank="青屿海岸银行片区支行", number="9901990000000010086"),
    "rival": Account(payee="青屿擎北桩工机械有限公司", bank="青屿海岸银行片区支行", number="9901990000000020013"),
}


def figures_are_shared(stage: Stage) -> Acts:
    """About a part of the enterprises, by the platform on which authorities share data."""
    at = yield stage.days.ago(46, 15, 0)
    rows = shared_rows(stage.days.last_year, zone_date(at).isoformat())
    officer = stage.acting("officer-market", "zone", at)
    import_facts(rows, source=SOURCE, sharing_basis=BASIS, consent_not_needed=NOT_NEEDED, by=officer, at=at)


def rules_are_released(stage: Stage) -> Acts:
    """One officer records the documents and proposes their rules; another reviews them, and a third releases them."""
    year, today = stage.days.last_year, stage.days.today
    at = yield stage.days.ago(45)
    officer = stage.acting("officer-market", "zone", at)
    drafts = []
    for issued in DOCUMENTS:
        cover = Cover(
            number=number_of(issued, year),
            title=issued.chinese,
            title_english=issued.english,
            issuer=issued.department,
        )
        words = Words(
            text=text_of(issued, year),
            issued_on=date(year, 6, 12),
            first=date(year, 7, 1),
            last=None,
            source="青屿示范片区管委会公报（虚构）",
        )
        record_document(cover, words, by=officer, at=at)
        drafts.append(propose_pack(pack_of(issued, year, today), note="按公布文本编写", by=officer, at=at))
    at = yield stage.days.ago(44)
    reviewer = stage.acting("officer-trade", "zone", at)
    for draft in drafts:
        grounds = "不涉及市场准入限制，不设定特定经营者条件，依公平竞争审查条例通过。"
        public_id = str(draft.public_id)
        record_fair_competition_review(public_id, conclusion="passes", grounds=grounds, by=reviewer, at=at)
    at = yield stage.days.ago(43)
    for draft in drafts:
        release_pack(str(draft.public_id), by=stage.acting("officer", "zone", at), at=at)


def measures_are_published(stage: Stage) -> Acts:
    """A hundred cards."""
    at = yield stage.days.ago(42)
    officer = stage.acting("officer-market", "zone", at)
    for issued in DOCUMENTS:
        for offer in issued.offers:
            card = card_of(issued, offer, stage.days.last_year, stage.days.today.year)
            made = prepare_measure(issued.id, offer.id, card, by=officer, at=at)
            publish_measure(str(made.public_id), by=officer, at=at)
            if offer.id in (_PAID, _WAITING):
                stage.things[f"measure-{offer.id}"] = str(made.public_id)


def enterprises_are_told(stage: Stage) -> Acts:
    """Of what they have, by the zone's own server: on a day of the story, and of what came since."""
    looking = Finder()
    for moment in (stage.days.ago(36, 8, 0), stage.days.just_now(5)):
        at = yield moment
        while looking.work(partial(tell_of_benefits, by=SYSTEM, at=at), at=at):
            pass


def a_batch_is_paid(stage: Stage) -> Acts:
    """From the list to the bank's answer: nobody applied for it."""
    at = yield stage.days.ago(37, 10, 30)
    officer = stage.acting("officer-market", "zone", at)
    batch = str(start_batch(stage.things[f"measure-{_PAID}"], by=officer, at=at).public_id)
    stage.things["paid-batch"] = batch
    noticed = open_notice(batch, by=officer, at=at)
    at = yield _after(stage, noticed.notice_until)
    asked = open_consents(batch, by=stage.acting("officer-market", "zone", at), at=at)
    at = yield _after(stage, zone_date(at))
    for key in _ACCOUNTS:
        _consents(stage, batch, key, at)
    at = yield _after(stage, asked.consent_until)
    officer = stage.acting("officer-market", "zone", at)
    close_consents(batch, by=officer, at=at)
    look_again(batch, by=officer, at=at)
    file = prepare_payment(batch, by=officer, at=at)
    at = yield _after(stage, zone_date(at))
    looked_at = [str(each.grant.public_id) for each in sample_of_file(file)]
    second = stage.acting("officer-trade", "zone", at)
    release_payment(str(file.public_id), looked_at=looked_at, note="账户与名单逐一核对", by=second, at=at)
    at = yield _after(stage, zone_date(at))
    read_back(str(file.public_id), _answers(file), by=stage.acting("officer-market", "zone", at), at=at)


def a_benefit_finds_the_company(stage: Stage) -> Acts:
    """The list is made, its notice is over, and the company is asked where the money shall go."""
    at = yield stage.days.ago(20, 9, 40)
    officer = stage.acting("officer-market", "zone", at)
    batch = str(start_batch(stage.things[f"measure-{_WAITING}"], by=officer, at=at).public_id)
    stage.things["waiting-batch"] = batch
    noticed = open_notice(batch, by=officer, at=at)
    at = yield _after(stage, noticed.notice_until)
    if zone_date(at) > (noticed.notice_until or date.min):
        open_consents(batch, by=stage.acting("officer-market", "zone", at), at=at)


def _after(stage: Stage, day: date | None) -> Moment:
    """In the morning of the first workday after a day."""
    passed = (stage.days.today - (day or stage.days.today)).days - 1
    return stage.days.since(passed, 9, 15)


def _consents(stage: Stage, batch: str, key: str, at: datetime) -> None:
    subject = Organization.objects.get(public_id=stage.organisations[key])
    found = Grant.objects.filter(batch__public_id=batch, subject=subject).first()
    if found is not None:
        by = stage.acting("owner" if key == "maker" else key, key, at)
        consent_to_grant(str(found.public_id), _ACCOUNTS[key], by=by, at=at)


def _answers(file: PaymentFile) -> list[tuple[int, dict[str, str]]]:
    """The bank paid every line."""
    lines = [(each.line or 0, each) for each in file.grants.order_by("line")]
    return [
        (
            number + 1,
            {
                "line": str(number),
                "grant": str(each.public_id),
                "amount": f"{(each.allocated or 0) // 100}.{(each.allocated or 0) % 100:02d}",
                "result": "成功",
                "reason": "",
            },
        )
        for number, each in lines
    ]

"""Lists of grants: one is paid, one too large for its budget waits for the second officer, one is objected to."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, datetime
from typing import Final

from zonary.common.clock import zone_date
from zonary.foundation.organizations.models import Organization
from zonary.portal.demonstration.cast import NEIGHBOURS
from zonary.portal.demonstration.days import Moment
from zonary.portal.demonstration.stage import Acts, Stage
from zonary.services.incentives.grants.actions import (
    claim_measure,
    claw_back_grant,
    close_consents,
    consent_to_grant,
    decline_grant,
    look_again,
    object_to_grant,
    open_consents,
    open_notice,
    prepare_payment,
    read_back,
    release_payment,
    start_batch,
)
from zonary.services.incentives.grants.models import Grant, PaymentFile
from zonary.services.incentives.grants.rules.accounts import Account
from zonary.services.incentives.grants.rules.steps import Reason
from zonary.services.incentives.grants.sampled import sample_of_file

_PAID, _WAITING, _SHARED, _OBJECTED, _CLAIMED = (
    "utility", "step-20000", "rd-subsidy", "remanufacturing", "pledge-interest",
)  # fmt: skip
_BANK: Final = "青屿海岸银行片区支行"
_OWNERS: Final = {"maker": "owner", "rival": "rival"} | {key: key for key in NEIGHBOURS}
"""House -> who answers for it."""
_DECLINES, _PAYS_BACK = "neighbour-13", "neighbour-8"
_OBJECTED_TO: Final = "neighbour-20"
_TO_PAY_BACK: Final = 15
"""Workdays."""


def a_batch_is_paid(stage: Stage) -> Acts:
    """From the list to the bank's answer: nobody applied for it. Of one grant the money has to come back."""
    at = yield stage.days.ago(37, 10, 30)
    batch, at = yield from _consented(stage, _PAID, "officer-market", at)
    stage.things["paid-batch"] = batch
    officer = stage.acting("officer-market", "zone", at)
    look_again(batch, by=officer, at=at)
    file = prepare_payment(batch, by=officer, at=at)
    at = yield _after(stage, zone_date(at))
    looked_at = [str(each.grant.public_id) for each in sample_of_file(file)]
    second = stage.acting("officer-trade", "zone", at)
    release_payment(str(file.public_id), looked_at=looked_at, note="账户与名单逐一核对", by=second, at=at)
    at = yield _after(stage, zone_date(at))
    read_back(str(file.public_id), _answers(file), by=stage.acting("officer-market", "zone", at), at=at)
    at = yield _after(stage, zone_date(at))
    grant = _grant(stage, batch, _PAYS_BACK)
    claw_back_grant(
        str(grant.public_id),
        why=Reason.FACT_RETRACTED,
        note="主管部门撤回了所共享的实用新型专利数：其中五项已在上年度转让给其他企业。",
        workdays=_TO_PAY_BACK,
        by=stage.acting("officer-market", "zone", at),
        at=at,
    )
    stage.things["claw-back"] = str(grant.public_id)


def a_budget_does_not_suffice(stage: Stage) -> Acts:
    """Everybody gets a part, to the fen; the first officer made list and file, the second has to let them go."""
    at = yield stage.days.ago(33, 11, 0)
    batch, _at = yield from _consented(stage, _SHARED, "officer", at)
    stage.things["shared-batch"] = batch
    at = yield stage.days.ago(1, 10, 50)
    officer = stage.acting("officer", "zone", at)
    look_again(batch, by=officer, at=at)
    stage.things["waiting-file"] = str(prepare_payment(batch, by=officer, at=at).public_id)


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


def a_list_is_objected_to(stage: Stage) -> Acts:
    """In public notice now: the competitor objects, and who made the list may not answer it."""
    at = yield stage.days.ago(1, 11, 10)
    officer = stage.acting("officer", "zone", at)
    batch = str(start_batch(stage.things[f"measure-{_OBJECTED}"], by=officer, at=at).public_id)
    stage.things["noticed-batch"] = batch
    open_notice(batch, by=officer, at=at)
    at = yield stage.days.ago(1, 15, 20)
    grant = str(_grant(stage, batch, _OBJECTED_TO).public_id)
    reason = "该企业出口额中包含代理他人报关的整机，请核对报关单的生产销售单位。"
    made = object_to_grant(grant, reason=reason, by=stage.acting("rival", "rival", at), at=at)
    stage.things["objection"] = str(made.public_id)


def a_subsidy_is_claimed(stage: Stage) -> Acts:
    """By the competitor: answered on the spot, and in the batch of the day."""
    at = yield stage.days.ago(5, 10, 15)
    by = stage.acting("rival", "rival", at)
    made = claim_measure(stage.things[f"measure-{_CLAIMED}"], _account(stage, "rival"), by=by, at=at)
    stage.things["claimed"] = str(made.public_id)


def _consented(stage: Stage, measure: str, who: str, at: datetime) -> Generator[Moment, datetime, tuple[str, datetime]]:
    """A batch from its list to the last answer, by one officer, and when the answers were closed."""
    officer = stage.acting(who, "zone", at)
    batch = str(start_batch(stage.things[f"measure-{measure}"], by=officer, at=at).public_id)
    noticed = open_notice(batch, by=officer, at=at)
    at = yield _after(stage, noticed.notice_until)
    asked = open_consents(batch, by=stage.acting(who, "zone", at), at=at)
    at = yield _after(stage, zone_date(at))
    _answer(stage, batch, at)
    at = yield _after(stage, asked.consent_until)
    close_consents(batch, by=stage.acting(who, "zone", at), at=at)
    return batch, at


def _after(stage: Stage, day: date | None) -> Moment:
    """In the morning of the first workday after a day."""
    passed = (stage.days.today - (day or stage.days.today)).days - 1
    return stage.days.since(passed, 9, 15)


def _answer(stage: Stage, batch: str, at: datetime) -> None:
    """Whoever somebody acts for says yes, but one; of the others nobody answers."""
    for house, owner in _OWNERS.items():
        found = Grant.objects.filter(batch__public_id=batch, subject__public_id=stage.organisations[house]).first()
        if found is None:
            continue
        by = stage.acting(owner, house, at)
        if house == _DECLINES:
            decline_grant(str(found.public_id), reason="同一项目已获上级资金支持，不重复领取。", by=by, at=at)
        else:
            consent_to_grant(str(found.public_id), _account(stage, house), by=by, at=at)


def _grant(stage: Stage, batch: str, house: str) -> Grant:
    return Grant.objects.get(batch__public_id=batch, subject__public_id=stage.organisations[house])


def _account(stage: Stage, house: str) -> Account:
    """Of the enterprise itself, under its registered name."""
    payee = Organization.objects.get(public_id=stage.organisations[house]).name
    return Account(payee=payee, bank=_BANK, number=f"99019900000000{10086 + 9927 * list(_OWNERS).index(house):05d}")


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

"""A zone in which a batch goes its way: two officers, two enterprises that fulfil a measure, and their accounts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.five_accounts import FiveAccounts
from tests.services.incentives.matching import zone

START = datetime(2026, 11, 23, 2, tzinfo=UTC)
"""A Monday. The five workdays of the notice end on the 30th, ten more for the answer on December 15th."""
AFTER_NOTICE = datetime(2026, 12, 1, 2, tzinfo=UTC)
AFTER_ANSWERS = datetime(2026, 12, 16, 2, tzinfo=UTC)
NUMBER = "6222020200012345678"


def account(number: str = NUMBER, payee: str = "星河精工（虚构）") -> Any:
    from zonary.services.incentives.grants.rules.accounts import read_account

    return read_account(payee, "示例银行示范支行", number)


def second(five: FiveAccounts) -> Any:
    return zone.second_of(five)


def ready(five: FiveAccounts, *, spends: tuple[str, str] = ("1000000", "1500000"), **changes: Any) -> Any:
    """A released pack and a published measure that both enterprises fulfil: a tenth of what each spent."""
    zone.release(five)
    zone.spends(five, spends[0])
    zone.spends(five, spends[1], of=five.competitor)
    return zone.measure(**changes)


def batch_of(five: FiveAccounts, *, at: Any = START, **changes: Any) -> Any:
    """A batch that was just listed."""
    from zonary.services.incentives.grants.actions import start_batch

    return start_batch(str(ready(five, **changes).public_id), by=five.officer, at=at)


def asked(five: FiveAccounts, **changes: Any) -> Any:
    """A batch whose enterprises are asked, after its notice."""
    from zonary.services.incentives.grants.actions import open_consents, open_notice

    batch = batch_of(five, **changes)
    if changes.get("notice_workdays", 5):
        open_notice(str(batch.public_id), by=five.officer, at=START)
    return open_consents(str(batch.public_id), by=five.officer, at=AFTER_NOTICE)


def start(five: FiveAccounts, measure: Any) -> Any:
    """A batch of a measure that is there already, whose enterprises are asked after its notice."""
    from zonary.services.incentives.grants.actions import open_consents, open_notice, start_batch

    batch = start_batch(str(measure.public_id), by=five.officer, at=START)
    open_notice(str(batch.public_id), by=five.officer, at=START)
    return open_consents(str(batch.public_id), by=five.officer, at=AFTER_NOTICE)


def grant_of(batch: Any, who: Any) -> Any:
    """Afresh from the database."""
    return batch.grants.select_related("batch", "subject", "decision").get(subject__public_id=who.organisation)


def consent(batch: Any, who: Any, *, at: Any = AFTER_NOTICE, number: str = NUMBER, payee: str = "") -> Any:
    from zonary.services.incentives.grants.actions import consent_to_grant

    grant = grant_of(batch, who)
    wanted = account(number, payee or grant.subject.name)
    return consent_to_grant(str(grant.public_id), wanted, by=who, at=at)


def closed(five: FiveAccounts, **changes: Any) -> Any:
    """A batch in which both consented, the rival first, and decisions were made anew."""
    from zonary.services.incentives.grants.actions import close_consents, look_again

    batch = asked(five, **changes)
    consent(batch, five.rival, payee="远航重工（虚构）", number="6222020200087654321")
    consent(batch, five.owner, at=AFTER_NOTICE + timedelta(hours=1), payee="星河精工（虚构）")
    close_consents(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS)
    look_again(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS)
    batch.refresh_from_db()
    return batch


def released(five: FiveAccounts, **changes: Any) -> Any:
    """Its payment file, at the bank."""
    from zonary.services.incentives.grants.actions import prepare_payment, release_payment

    batch = closed(five, **changes)
    file = prepare_payment(str(batch.public_id), by=five.officer, at=AFTER_ANSWERS)
    grants = [str(each) for each in file.grants.values_list("public_id", flat=True)]
    return release_payment(
        str(file.public_id), looked_at=grants, note="逐项核对无误", by=second(five), at=AFTER_ANSWERS
    )


def results(file: Any, *said: str) -> list[tuple[int, dict[str, str]]]:
    """What a bank answers, line after line."""
    lines = file.written.select_related("grant").order_by("number")
    return [
        (
            number,
            {"line": str(line.number), "grant": str(line.grant.public_id), "amount": "", "result": word, "reason": ""},
        )
        for number, (line, word) in enumerate(zip(lines, said, strict=False), 2)
    ]


def paid(five: FiveAccounts, **changes: Any) -> Any:
    """A batch that is settled: the bank paid all."""
    from zonary.services.incentives.grants.actions import read_back

    file = released(five, **changes)
    read_back(str(file.public_id), results(file, "成功", "成功"), by=five.officer, at=AFTER_ANSWERS)
    file.batch.refresh_from_db()
    return file.batch


def released_batch(five: FiveAccounts, *, at: Any, promised: bool = False) -> tuple[str, str, str, str]:
    """Ids of a batch with one grant, the owner's, its payment file at the bank, and an objection of the owner's.

    Of the pack that is released already; without a notice, so that all of it happens at one moment.

    :param promised: whether the pack asks for a reserve, which the owner then promises.
    """
    from tests.filled_zone import add_member

    from zonary.common.ids import new_id
    from zonary.foundation.ledger.guard import unrecorded
    from zonary.services.incentives.grants import actions
    from zonary.services.incentives.grants.models import Objection

    zone.spends(five, "1000000", at=at)
    measure = zone.measure(notice_workdays=0, title="研发支持（兑付）")
    if promised:
        zone.promise(five, str(measure.public_id), at=at)
    batch = actions.start_batch(str(measure.public_id), by=five.officer, at=at)
    number = str(batch.public_id)
    actions.open_consents(number, by=five.officer, at=at)
    grant = consent(batch, five.owner, at=at)
    actions.close_consents(number, by=five.officer, at=at)
    actions.look_again(number, by=five.officer, at=at)
    file = str(actions.prepare_payment(number, by=five.officer, at=at).public_id)
    payer = add_member(five.officer, "payer", at)
    actions.release_payment(file, looked_at=[str(grant.public_id)], note="无误", by=payer, at=at)
    with unrecorded("nobody objects at the moment a list is made; that one is read is what is tried"):
        raised = Objection.objects.create(
            public_id=new_id(at), grant=grant, raised_by=five.owner.person, reason="x", raised_at=at, state="open",
            entry=new_id(at),
        )  # fmt: skip
    return number, str(grant.public_id), file, str(raised.public_id)

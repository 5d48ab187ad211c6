"""From rows to what the pure rules take, and back: who is paid how much, and the lines of a payment file."""

from __future__ import annotations

from collections.abc import Sequence

from zonary.services.incentives.grants import keeping
from zonary.services.incentives.grants.keeping import UnreadableAccountError
from zonary.services.incentives.grants.models import AutomaticBatch, Grant, PaymentFile, PaymentLine
from zonary.services.incentives.grants.rules.accounts import Account, account_of
from zonary.services.incentives.grants.rules.allocating import Asked, Entitlement, Share, allocate, entitled
from zonary.services.incentives.grants.rules.payment_files import Line
from zonary.services.incentives.grants.rules.terms import terms_of


def paid_amounts(batch: AutomaticBatch, grants: Sequence[Grant]) -> list[tuple[Entitlement, Share]]:
    """What each of the grants is entitled to, and what the budget gives, from what was frozen with them."""
    terms = terms_of(batch.terms)
    due = [entitled(each.computed, earlier=each.earlier or (), cap=terms.cap) for each in grants]
    asked = [
        Asked(str(each.public_id), entitlement.amount, each.consented_at)
        for each, entitlement in zip(grants, due, strict=True)
        if each.consented_at is not None
    ]
    left = None if terms.budget is None else max(0, terms.budget - (batch.spent or 0))
    shares = allocate(asked, left, exhaustion=terms.exhaustion, last=terms.last)
    return list(zip(due, shares, strict=True))


def account_of_grant(grant: Grant) -> Account:
    """:raises UnreadableAccountError: when the server's secret is another one now."""
    _salt, _blank, text = keeping.opened(grant.account, of=str(grant.public_id)).partition(" ")
    return account_of(text)


def account_shown(grant: Grant) -> Account | None:
    """For the page of one grant; None where there is none, or the server's secret is another one now."""
    try:
        return account_of_grant(grant) if grant.account else None
    except UnreadableAccountError:
        return None


def accounts_shown(file: PaymentFile, lines: Sequence[PaymentLine]) -> list[tuple[PaymentLine, Account | None]]:
    """What stands in a file, for who releases it; None where the server's secret is another one now."""
    found = list[tuple[PaymentLine, Account | None]]()
    for each in lines:
        try:
            account = account_of(keeping.opened(each.account, of=f"{file.public_id} {each.number}"))
        except UnreadableAccountError:
            account = None
        found.append((each, account))
    return found


def account_lines(grants: Sequence[Grant]) -> list[Line]:
    """A line for each grant with something to pay, numbered from 1."""
    return [
        Line(number, str(each.public_id), each.allocated or 0, account_of_grant(each))
        for number, each in enumerate(grants, 1)
    ]


def sealed_line(file: PaymentFile, line: Line, grant: Grant) -> PaymentLine:
    """A line as it is kept: its account is still there when the grant has another one."""
    text = line.account.text() if line.account is not None else ""
    account = keeping.sealed(text, of=f"{file.public_id} {line.number}")
    return PaymentLine(file=file, number=line.number, grant=grant, account=account)


def written_lines(file: PaymentFile) -> list[Line]:
    """The lines of a file, as they were.

    :raises UnreadableAccountError: when the server's secret is another one now.
    """
    return [
        Line(
            each.number,
            str(each.grant.public_id),
            each.grant.allocated or 0,
            account_of(keeping.opened(each.account, of=f"{file.public_id} {each.number}")),
        )
        for each in file.written.select_related("grant").order_by("number")
    ]

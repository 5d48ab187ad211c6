"""What the security administrator and the audit administrator find on their first page."""

from __future__ import annotations

from datetime import datetime, timedelta

from zonary.common.clock import zone_date
from zonary.common.language import _
from zonary.foundation.accounts.models import AdminAppointment
from zonary.foundation.ledger.receipts import ActEntry
from zonary.foundation.organizations.administration import (
    ActsAsked,
    account_acts,
    appointments,
    latest_people,
    locked_people,
)
from zonary.foundation.organizations.happenings import HAPPENINGS
from zonary.foundation.organizations.standing import Standing

LATEST = 5
MOST = 50
_FAILURES = ("sign-in.failed", "sign-in.locked-out")


def of_security(reader: Standing) -> dict[str, object]:
    """Who holds which role, which nobody holds, who is locked, and who came last."""
    present = list(appointments(reader))
    held = {each.role for each in present}
    return {
        "present": present,
        "missing": [role for role in AdminAppointment.Role.values if role not in held],
        "locked": locked_people(reader),
        "latest_people": latest_people(reader, LATEST),
    }


def of_audit(reader: Standing, *, at: datetime) -> dict[str, object]:
    """How many sign-ins failed since yesterday, and what was done last with accounts."""
    since = zone_date(at) - timedelta(days=1)
    failed = [len(account_acts(reader, ActsAsked(kind=kind, since=since), limit=MOST).items) for kind in _FAILURES]
    latest = account_acts(reader, ActsAsked(), limit=LATEST).items
    return {
        "failed": failed[0],
        "locked_out": failed[1],
        "most": MOST,
        "since": since,
        "latest_acts": [(each, _named(each)) for each in latest],
    }


def _named(act: ActEntry) -> str:
    return _(HAPPENINGS[act.kind]) if act.kind in HAPPENINGS else act.kind

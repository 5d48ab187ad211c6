"""What several tests of facts begin with."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.five_accounts import ADDRESSES, AT, FiveAccounts

LATER = AT + timedelta(hours=1)
REASON = "the tax office's own notice says otherwise"
NOT_NEEDED = "statutory task: the register is public"


def claim(**fields: Any) -> Any:
    """A claim an officer may record; ``fields`` replace parts of it."""
    from zonary.foundation.facts.rules import Claim

    usual = {
        "indicator": "revenue",
        "value": "123456.78",
        "unit": "wan-yuan",
        "period": "2025",
        "source": "tax office",
        "sharing_basis": "catalogue 430100-17",
        "consent_not_needed": NOT_NEEDED,
    }
    return Claim(**{**usual, **fields})


def record(five: FiveAccounts, *, at: Any = LATER, **fields: Any) -> Any:
    """A fact about the enterprise, recorded by the officer."""
    from zonary.foundation.facts.actions import record_fact

    kind = fields.pop("source_kind", "shared-by-authority")
    return record_fact(str(five.enterprise.public_id), claim(**fields), source_kind=kind, by=five.officer, at=at)


def declare(five: FiveAccounts, *, at: Any = LATER, **fields: Any) -> Any:
    """A fact the enterprise states itself."""
    from zonary.foundation.facts.actions import declare_fact

    return declare_fact(claim(**fields), by=five.owner, at=at)


def second_officer(five: FiveAccounts) -> Any:
    """The outsider, who becomes an officer too."""
    from zonary.foundation.accounts.models import Person
    from zonary.foundation.organizations.actions import accept_invitation, invite_member
    from zonary.foundation.organizations.queries import standing_of

    _, secret = invite_member(role="agent", email=ADDRESSES["outsider"], until=None, by=five.officer, at=AT)
    accept_invitation(secret, by=five.outsider, at=AT)
    person = Person.objects.get(public_id=five.outsider.person)
    return standing_of(person, str(five.authority.public_id), at=AT)


def everyone(five: FiveAccounts) -> dict[str, Any]:
    return {name: getattr(five, name) for name in ("owner", "colleague", "rival", "officer", "outsider")}

"""Enterprises that are known from a registry alone, and claims on them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.filled_zone import register, upload_registry
from tests.five_accounts import AT

LATER = AT + timedelta(hours=1)


def list_enterprises(five: Any, count: int = 1, *, at: Any = LATER) -> list[Any]:
    """So many that nobody acts for, imported by the officer."""
    from zonary.foundation.organizations.models import Organization

    upload_registry(five.officer, count, at)
    return list(Organization.objects.filter(state="listed").order_by("pk"))


def claim(listed: Any, by: Any, *, statement: str = "行政部经理，电话 0731-0000", at: Any = LATER) -> Any:
    from zonary.foundation.organizations.actions import claim_organization

    return claim_organization(listed.uscc, statement=statement, by=by, at=at)


def decide(made: Any, by: Any, *, compared: str = "licence-seen", answer: str = "", at: Any = LATER) -> Any:
    """Confirmed without an answer, refused with one."""
    from zonary.foundation.organizations.actions import decide_claim

    return decide_claim(str(made.public_id), is_confirmed=not answer, compared=compared, answer=answer, by=by, at=at)


def newcomer(name: str, *, at: Any = LATER) -> Any:
    """Somebody new who acts for nobody; their standing."""
    from zonary.foundation.organizations.standing import Standing

    return Standing(person=str(register(name, at).public_id))

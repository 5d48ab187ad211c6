"""Who is made an administrator of a new zone: nobody whose address might be a stranger's."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="a zone needs the [web] extra")

from tests.five_accounts import AT, PASSWORD

ADMINS = {role: f"{role}@zone.example" for role in ("system", "security", "audit")}


def found() -> Any:
    from zonary.config.founding import ZonePlan, make_zone
    from zonary.foundation.organizations.standing import Standing

    plan = ZonePlan(name="示例片区", english_name="Example Zone", authority="", areas=[("甲", "A")], admins=ADMINS)
    return make_zone(plan, url="https://zone.example", by=Standing(person="operator"), at=AT)


@pytest.mark.parametrize("is_confirmed", [True, False])
def test_an_account_that_is_there_already(data: Any, is_confirmed: bool) -> None:
    from zonary.config.founding import UnconfirmedError
    from zonary.foundation.accounts.actions import register_person
    from zonary.foundation.accounts.models import AdminAppointment, Person
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.organizations.queries import founded_zone

    email = ADMINS["security"]
    register_person(email=email, name="x", password=PASSWORD, is_confirmed=is_confirmed, by=SYSTEM, at=AT)
    if is_confirmed:
        assert set(found().admins) == set(ADMINS)
        assert AdminAppointment.objects.filter(person__email=email, role="security").exists()
    else:
        with pytest.raises(UnconfirmedError, match="never confirmed"):
            found()
        assert founded_zone() is None
        assert Person.objects.count() == 1

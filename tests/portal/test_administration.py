"""The administrators' pages: each sees and does their own; the record of accounts is exported harmlessly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.five_accounts import ADDRESSES, AT, PASSWORD, make_five
from tests.foundation.accounts.conftest import Visitor, visit

__all__ = ["visit"]
PAGES = {"people": "security", "acts": "audit", "acts.csv": "audit"}


@pytest.fixture
def zone(visit: Callable[..., Visitor], demo: None) -> Callable[[str], Visitor]:
    """Signs in one of the five or of the three administrators; the second factor is waived."""
    from zonary.foundation.accounts.actions import register_person
    from zonary.foundation.ledger.actors import SYSTEM
    from zonary.foundation.organizations.actions import appoint_first_admins

    make_five(PASSWORD)
    people = {
        role: register_person(email=f"{role}@zone.example", name=role, password=PASSWORD, by=SYSTEM, at=AT)
        for role in ("system", "security", "audit")
    }
    appoint_first_admins(people, by=SYSTEM, at=AT)

    def signed_in(name: str) -> Visitor:
        visitor = visit(ADDRESSES.get(name, f"{name}@zone.example"))
        assert visitor.sign_in(PASSWORD).status_code == 302
        return visitor

    return signed_in


def test_each_sees_their_own(zone: Callable[[str], Visitor], visit: Callable[..., Visitor]) -> None:
    for name in ("system", "security", "audit", *ADDRESSES):
        visitor = zone(name)
        for page, role in PAGES.items():
            status = visitor.get(f"/administration/{page}").status_code
            assert status == (200 if name == role else 403), (name, page, status)
        status = visitor.get("/administration/administrators").status_code
        assert status == (200 if name in ("system", "security", "audit") else 403), name
    assert visit().get("/administration/people").status_code == 302


def test_locking_and_unlocking(zone: Callable[[str], Visitor]) -> None:
    from zonary.foundation.accounts.models import Person

    security, rival = zone("security"), zone("rival")
    about = f"/administration/people/{Person.objects.get(email=ADDRESSES['rival']).public_id}"
    assert f"{about}/lock" in security.get(about).content.decode()
    for nobody in ("system", "audit", "officer", "owner"):
        assert zone(nobody).post(f"{about}/lock", reason="?").status_code == 403
        assert rival.get("/account/").status_code == 200
    assert security.post(f"{about}/lock", reason="").status_code == 422
    assert rival.get("/account/").status_code == 200
    assert security.post(f"{about}/lock", reason="stolen phone").status_code == 302
    assert rival.get("/account/").status_code == 302
    assert f"{about}/unlock" in security.get(about).content.decode()
    assert security.post(f"{about}/unlock", reason="new phone").status_code == 302
    assert zone("rival").get("/account/").status_code == 200


def test_appointing_and_ending(zone: Callable[[str], Visitor]) -> None:
    from zonary.foundation.accounts.models import AdminAppointment, Person

    def at(name: str) -> str:
        person = Person.objects.get(email=ADDRESSES.get(name, f"{name}@zone.example"))
        return f"/administration/people/{person.public_id}"

    security = zone("security")
    form = {"role": "audit", "sure": "on"}
    for nobody in ("system", "audit", "officer", "owner"):
        assert zone(nobody).get(f"{at('outsider')}/appoint").status_code == 403
        assert zone(nobody).post(f"{at('outsider')}/appoint", **form).status_code == 403
    for refused in ("security", "system", "officer"):  # oneself, one who holds a role, an officer
        assert f"{at(refused)}/appoint" not in security.get(at(refused)).content.decode()
        assert security.post(f"{at(refused)}/appoint", **form).status_code == 422
    assert security.post(f"{at('outsider')}/appoint", role="audit").status_code == 422
    assert f"{at('outsider')}/appoint" in security.get(at("outsider")).content.decode()
    assert security.post(f"{at('outsider')}/appoint", **form).status_code == 302
    held = {each.person.email: each for each in AdminAppointment.objects.filter(ended_at=None)}
    assert held[ADDRESSES["outsider"]].role == "audit"
    listed = zone("system").get("/administration/administrators").content.decode()
    assert "outsider" in listed
    end = f"/administration/appointments/{held['audit@zone.example'].public_id}/end"
    assert end not in listed
    for nobody in ("system", "audit", "officer", "owner"):
        assert zone(nobody).get(end).status_code == 403
        assert zone(nobody).post(end, reason="?").status_code == 403
    assert end in security.get("/administration/administrators").content.decode()
    assert security.post(end, reason="").status_code == 422
    assert security.post(end, reason="retired").status_code == 302
    assert security.get(end).status_code == 404
    last = f"/administration/appointments/{held['system@zone.example'].public_id}/end"
    assert security.post(last, reason="nobody is left").status_code == 422
    assert AdminAppointment.objects.filter(ended_at=None).count() == 3


def test_the_record_is_filtered_paged_and_exported(
    zone: Callable[[str], Visitor], visit: Callable[..., Visitor]
) -> None:
    audit = zone("audit")
    stranger = visit("nobody@people.example")
    stranger.client.defaults["HTTP_USER_AGENT"] = "=HYPERLINK(1)"
    stranger.sign_in("wrong")
    page = audit.get("/administration/acts?kind=sign-in.failed").content.decode()
    assert "accounts.sign-in.failed" in page
    assert "accounts.session.signed-in" not in page
    assert "登录失败" in _rows(page)
    assert "accounts." not in _rows(audit.get("/administration/acts?until=2020-01-01").content.decode())
    assert audit.get("/administration/acts?since=yesterday&cursor=x").status_code == 422
    table = b"".join(audit.get("/administration/acts.csv?kind=sign-in.failed").streaming_content).decode("utf-8-sig")
    lines = table.splitlines()
    assert len(lines) == 2
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in lines for cell in line.split(","))


def _rows(page: str) -> Any:
    return page.partition("<tbody>")[2].partition("</tbody>")[0]

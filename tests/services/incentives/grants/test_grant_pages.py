"""The pages of grants and coverage: who sees which, what they say, and that a slip is told in place."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="the pages need the [web] extra")

from tests.five_accounts import browser
from tests.services.incentives.grants import paying

pytestmark = [pytest.mark.parametrize("data", ["sqlite"], indirect=True), pytest.mark.usefixtures("demo")]
HERE = "/incentives/grants"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_an_officer_starts_a_list_by_choosing_a_measure(five: Any) -> None:
    measure = paying.ready(five)
    officer = browser(five.officer)
    page = officer.get(f"{HERE}/batches/new?measure={measure.public_id}")
    assert page.status_code == 200
    form = {"measure": str(measure.public_id), "day": "2026-11-23", "consent_workdays": "10", "last": "rest"}
    answer = officer.post(f"{HERE}/batches/new", form)
    assert answer.status_code == 302, text_of(answer)
    assert officer.get(answer["Location"]).status_code == 200


def test_every_page_of_a_batch_opens_for_whom_it_is_for_and_for_nobody_else(five: Any) -> None:
    batch = paying.paid(five)
    grant, file = paying.grant_of(batch, five.owner), batch.files.get()
    officers = [
        f"{HERE}/batches", f"{HERE}/batches/{batch.public_id}", f"{HERE}/batches/{batch.public_id}/replay",
        f"{HERE}/files/{file.public_id}", "/incentives/coverage/", f"/incentives/coverage/{batch.measure.public_id}",
        "/incentives/coverage/report.csv", f"/incentives/coverage/{batch.measure.public_id}/why-not.csv",
        f"{HERE}/{grant.public_id}/claw-back",
    ]  # fmt: skip
    own = [f"{HERE}/", f"{HERE}/{grant.public_id}"]
    for address in officers:
        assert browser(five.officer).get(address).status_code == 200, address
        for who in (five.owner, five.rival, five.outsider):
            assert browser(who).get(address).status_code in (403, 404), address
        assert browser(None).get(address).status_code == 302, address
    for address in own:
        assert browser(five.owner).get(address).status_code == 200, address
    assert browser(five.rival).get(own[1]).status_code == 404


def test_a_grant_says_what_is_disputed_of_its_decision_to_both_sides(five: Any) -> None:
    from zonary.foundation.facts.actions import dispute_fact
    from zonary.foundation.facts.models import Fact

    grant = paying.grant_of(paying.paid(five), five.owner)
    path, who = f"{HERE}/{grant.public_id}", (five.owner, five.officer)
    assert all("存在异议" not in text_of(browser(each).get(path)) for each in who)
    of_owner = Fact.objects.filter(subject=grant.subject)
    for fact in of_owner.filter(indicator__in=["rd-expense", "exports"]):
        dispute = dispute_fact(str(fact.public_id), reason="未计入", ought="1", by=five.owner, at=paying.AFTER_ANSWERS)
    for each in who:
        page = text_of(browser(each).get(path))
        assert "“研发费用 2025”存在异议" in page
        assert page.count("存在异议") == 1  # of what the decision does not rest on, nothing is said
        assert f"/facts/disputes/{dispute.public_id}" in page


def test_the_report_counts_and_says_why_not(five: Any) -> None:
    batch = paying.paid(five)
    officer, year = browser(five.officer), "?first=2026-01-01&last=2026-12-31"
    page = text_of(officer.get(f"/incentives/coverage/{batch.measure.public_id}{year}"))
    assert "250,000.00" in page
    rows = officer.get(f"/incentives/coverage/report.csv{year}").content.decode("utf-8-sig").splitlines()
    assert rows[1].split(",")[-3:] == ["2", "250000.00", "0"]

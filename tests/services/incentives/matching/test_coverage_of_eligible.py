"""The report of coverage says who is eligible, as of when, in all, and finds and orders its lines."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

from tests.five_accounts import browser
from tests.services.incentives.matching.test_finding import run
from tests.services.incentives.matching.zone import THEN, spends, three_measures

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.parametrize("data", ["sqlite"], indirect=True)]
HERE = "/incentives/coverage/"


def lines(five: Any, asked: str = "") -> list[tuple[str, str]]:
    """Title and how many are eligible, in the order of the page."""
    page = browser(five.officer).get(f"{HERE}?lang=en&{asked}").content.decode()
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = re.findall(r"<th scope=.row.*?>(.*?)</th>\s*<td data-label=.Eligible.>(.*?)</td>", body, re.DOTALL)
    return [(re.sub("<.*?>", "", title), count) for title, count in rows]


def test_before_the_zone_was_looked_at_nobody_is_called_eligible(five: Any) -> None:
    three_measures(five)
    assert dict(lines(five))["Vouchers"] == "–"
    assert "has not been looked at yet" in browser(five.officer).get(f"{HERE}?lang=en").content.decode()


def test_who_is_eligible_stands_there_with_a_total_and_its_moment(five: Any) -> None:
    from zonary.services.incentives.matching.models import Reached
    from zonary.services.incentives.matching.tasks import Finder

    three_measures(five)
    spends(five, "1000000")
    run(Finder())
    assert lines(five) == [("Vouchers", "1"), ("Patent award", "0"), ("Support for research", "1"), ("Total", "2")]
    assert set(Reached.objects.values_list("as_of", flat=True)) == {THEN}
    assert "2026-" in browser(five.officer).get(f"{HERE}?lang=en").content.decode().partition("Eligible as of")[2][:200]
    table = browser(five.officer).get(f"{HERE}report.csv?lang=en").content.decode("utf-8-sig").splitlines()
    assert table[0].split(",")[1:3] == ["Eligible", "Eligible as of"]
    assert table[1].split(",")[1] == "1"


def test_lines_are_found_by_either_title_and_ordered_by_a_column(five: Any) -> None:
    from zonary.services.incentives.matching.tasks import Finder

    three_measures(five)
    spends(five, "1000000")
    run(Finder())
    assert [title for title, _ in lines(five, "q=patent")] == ["Patent award", "Total"]
    assert [title for title, _ in lines(five, "q=知识产权")] == ["Patent award", "Total"]
    assert [title for title, _ in lines(five, "order=eligible")][2] == "Patent award"
    assert "No measure has these words" in browser(five.officer).get(f"{HERE}?lang=en&q=zzz").content.decode()


@pytest.mark.parametrize("who", ["owner", "rival", "outsider"])
def test_its_exact_numbers_are_the_officers_alone_and_others_are_told_so(five: Any, who: str) -> None:
    support, *_others = three_measures(five)
    client = browser(getattr(five, who))
    for path in ("", "report.csv", str(support.public_id), f"{support.public_id}/why-not.csv"):
        answer = client.get(f"{HERE}{path}", headers={"Accept": "text/html", "Accept-Language": "en"})
        assert answer.status_code == 403
        assert "This page is for officers of the zone." in answer.content.decode()
        assert browser(None).get(f"{HERE}{path}").status_code == 302


def test_no_program_reads_it(five: Any) -> None:
    """Were there an interface, a token without the right would have to be told less."""
    from zonary.config.api import api

    assert not [path for path in api.get_openapi_schema()["paths"] if "coverage" in path]


def test_the_page_says_why_its_numbers_are_exact(five: Any) -> None:
    three_measures(five)
    page = browser(five.officer).get(f"{HERE}?lang=en").content.decode()
    assert "Numbers are exact, down to a single enterprise: only officers see them" in page

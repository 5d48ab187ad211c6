"""What is missing is looked for among so many enterprises; the page and the table say among how many."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("django", reason="grants need the [web] extra")

from tests.five_accounts import browser
from tests.services.incentives.matching import zone

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.parametrize("data", ["sqlite"], indirect=True)]


@pytest.mark.parametrize(("most", "said"), [(1, "first 1 of the 2"), (1000, "Of all 2 enterprises")])
def test_the_report_says_of_how_many_the_missing_data_are(
    five: Any, monkeypatch: pytest.MonkeyPatch, most: int, said: str
) -> None:
    monkeypatch.setattr("zonary.services.incentives.coverage.queries.MAX_ASKED", most)
    zone.release(five)
    measure = zone.measure()
    officer = browser(five.officer)
    page = officer.get(f"/incentives/coverage/{measure.public_id}?lang=en").content.decode()
    assert said in page
    table = officer.get(f"/incentives/coverage/{measure.public_id}/why-not.csv?lang=en").content.decode("utf-8-sig")
    assert f"Looked at for what is missing,,{min(most, 2)}" in table

"""What of a test case is worth looking at."""

from __future__ import annotations

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

pytestmark = pytest.mark.usefixtures("migrated")  # Django is set up


def test_what_has_nothing_of_the_ordinary_case_is_shown_whole() -> None:
    from zonary.services.incentives.editing.trying import told_beside

    ordinary = {"a@2025": "1元", "b": True}
    assert told_beside(ordinary, {"a@2025": "2元", "b": True}).differing == {"a@2025": "2元"}
    assert told_beside(ordinary, {"b": True}).differing == {"a@2025": None}
    assert told_beside(ordinary, {"a@2024": "1元"}).differing == {"a@2024": "1元"}

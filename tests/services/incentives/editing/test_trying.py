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


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (2 * 10**10, "2亿元"),
        (15 * 10**9, "15000万元"),
        (10**6, "1万元"),
        (2 * 10**10 + 1, "200000000.01元"),
        (0, "0元"),
    ],
)
def test_an_amount_is_said_as_a_document_says_it_and_read_back_as_the_same(fen: int, said: str) -> None:
    from zonary.engines.clauses.packs.values import read_value
    from zonary.foundation.rules.dictionary import base_vocabulary
    from zonary.services.incentives.editing.tables import number_in, shown_in
    from zonary.services.incentives.editing.trying import value_text

    words = base_vocabulary()
    term = words.term("revenue")
    assert value_text(term, fen) == said
    assert read_value(term, said, words) == fen
    if fen % 100 == 0:
        assert shown_in(str(fen // 100), "元") == said
        assert number_in(said, "元", words) == str(fen // 100)

"""The demonstration's measures are rules that could be released, in documents that say them word for word."""

from __future__ import annotations

from datetime import date

import pytest

from zonary.engines.clauses.checks.release import findings_of
from zonary.engines.clauses.language import parse
from zonary.engines.clauses.packs.reading import read_pack, read_shape

pytest.importorskip("django", reason="the portal needs the [web] extra")

DAYS = (date(2026, 11, 23), date(2027, 1, 4), date(2028, 2, 29))

from zonary.portal.demonstration.measures.documents import DOCUMENTS
from zonary.portal.demonstration.measures.offers import Issued
from zonary.portal.demonstration.measures.packs import pack_of, text_of


def test_they_are_a_hundred() -> None:
    assert sum(len(issued.offers) for issued in DOCUMENTS) == 100
    assert len({offer.id for issued in DOCUMENTS for offer in issued.offers}) == 100


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("issued", DOCUMENTS, ids=lambda each: each.id)
def test_each_document_could_be_released_and_says_its_rules_word_for_word(issued: Issued, today: date) -> None:
    pack = read_pack(read_shape(pack_of(issued, today.year - 1, today)), parse)
    assert findings_of(pack, today=today) == ()
    text = text_of(issued, today.year - 1)
    for clause in pack.document.clauses:
        _before, article, rest = text.partition(f"\n{clause.citation.article}　")
        assert article
        assert clause.citation.quote in rest.partition("\n第")[0]

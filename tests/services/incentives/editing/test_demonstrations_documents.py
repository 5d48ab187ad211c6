"""The editor reads the documents of the demonstration as their own packs do: every rule in them is offered.

One of which only some are asked is not: taken up with the others, all of it would be. Chosen alone, it is proposed.
"""

from __future__ import annotations

import re
from datetime import date
from json import loads

import pytest

pytest.importorskip("django", reason="the service needs the [web] extra")

pytestmark = pytest.mark.usefixtures("migrated")  # Django is set up


def test_every_rule_of_the_eight_documents_is_offered() -> None:
    from zonary.portal.demonstration.measures.documents import DOCUMENTS
    from zonary.portal.demonstration.measures.packs import pack_of, text_of
    from zonary.services.incentives.editing import checks, rules

    choices = 0
    for issued in DOCUMENTS:
        text = text_of(issued, 2025)
        content = rules.begun(issued.id, "x", ("x", "x")) | {"terms": checks.terms_as_said(text)}
        offered = {text[each.start : each.end] for each in checks.offers_in(content, text)}
        alone = {each["sentence"] for each in loads(pack_of(issued, 2025, date(2025, 11, 23)))["clauses"]}
        unread = [each for each in alone if checks.sentence_of(content, each).error]
        lists = re.findall("符合下列(?:任一项|至少两项)：(.*)", text)
        chosen = {each for one in lists for each in re.split("[；。]", one) if each}
        assert (unread, sorted(alone - offered - chosen)) == ([], []), issued.id
        for each in alone - offered:
            assert each in [sentence for sentence, _english in checks.proposals_for(content, each)], issued.id
        choices += len(lists)
    assert choices


def test_staff_is_by_the_year_only_where_a_document_says_so() -> None:
    from zonary.services.incentives.editing import checks

    assert [each["id"] for each in checks.terms_as_said("上年度从业人员不超过300人。")] == ["staff"]
    assert [each["id"] for each in checks.terms_as_said("上年度科技人员占从业人员的比例不低于10%")] == [
        "staff",
        "rd-staff",
    ]
    assert checks.terms_as_said("上年度研发费用不低于1万元；从业人员不超过300人；用地面积不低于10亩") == []

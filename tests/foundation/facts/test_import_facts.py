"""A batch: what is right is recorded, each with its entry; what is wrong is told by row; twice does nothing twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("django", reason="facts need the [web] extra")

from tests.five_accounts import OWN_USCC, RIVAL_USCC
from tests.foundation.facts.stating import LATER, claim, everyone


def rows() -> list[Any]:
    from zonary.foundation.facts.actions.importing import ImportRow

    bare = claim(source="", sharing_basis="", consent_not_needed="")
    return [
        ImportRow(2, OWN_USCC, bare),
        ImportRow(3, "91430100MA4L9ABC9X", bare),
        ImportRow(4, RIVAL_USCC, replace(bare, value="abc")),
        ImportRow(5, RIVAL_USCC, replace(bare, sharing_basis="catalogue 9")),
    ]


def run(five: Any, by: Any = None, **options: Any) -> Any:
    from zonary.foundation.facts.actions import import_facts

    given = {"source": "yearbook", "consent_not_needed": "published", **options}
    return import_facts(given.pop("rows", rows()), by=by or five.officer, at=LATER, **given)


def test_right_rows_are_recorded_and_wrong_ones_told(five: Any) -> None:
    from zonary.foundation.facts.models import Fact

    done = run(five)
    assert (done.recorded, done.unchanged) == (2, 0)
    assert [error.number for error in done.errors] == [3, 4]
    assert "91430100MA4L9ABC9X" in str(done.errors[0].error)
    assert list(Fact.objects.order_by("id").values_list("subject_id", "source_kind", "source")) == [
        (five.enterprise.pk, "import", "yearbook"),
        (five.competitor.pk, "shared-by-authority", "yearbook"),
    ]
    assert len(set(Fact.objects.values_list("entry", flat=True))) == 2
    again = run(five)
    assert (again.recorded, again.unchanged, len(again.errors)) == (0, 2, 2)


def test_officers_alone_import_and_not_without_end(five: Any) -> None:
    from zonary.foundation.facts.actions.importing import MAX_ROWS
    from zonary.foundation.facts.models import Fact
    from zonary.foundation.facts.rules import WrongFactError
    from zonary.foundation.organizations.permissions import NotAllowedError

    for name in ("owner", "colleague", "rival", "outsider"):
        with pytest.raises(NotAllowedError):
            run(five, by=everyone(five)[name])
    with pytest.raises(WrongFactError):
        run(five, rows=rows()[:1] * (MAX_ROWS + 1))
    assert not Fact.objects.exists()


def test_without_a_source_every_row_says_so(five: Any) -> None:
    done = run(five, source="")
    assert done.recorded == 0
    assert "carries its source" in str(done.errors[0].error)

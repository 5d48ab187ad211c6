"""Pages of a list: nothing twice, nothing left out, and no cursor but one's own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.five_accounts import AT


@pytest.fixture
def many(five: Any) -> Any:
    """A table with rows that share the first column of the order."""
    from zonary.foundation.organizations.actions import invite_member
    from zonary.foundation.organizations.models import Invitation

    for number in range(11):
        at = AT + timedelta(hours=1 + number // 3)
        invite_member(role="reader", email=f"{number}@zone.example", until=None, by=five.owner, at=at)
    return Invitation.objects.exclude(email="").exclude(email="colleague@zone.example")


@pytest.mark.parametrize("order", [("-invited_at", "-public_id"), ("invited_at", "public_id"), ("-id",)])
@pytest.mark.parametrize("limit", [1, 4, 10, 11, 12])
def test_all_rows_come_once_and_in_order(many: Any, order: tuple[str, ...], limit: int) -> None:
    from zonary.common.pagination import paginate

    seen, cursor = [], ""
    while True:
        page = paginate(many, *order, cursor=cursor, limit=limit)
        assert len(page.items) <= limit
        seen += [row.pk for row in page]
        cursor = page.next
        if not cursor:
            break
    assert seen == [row.pk for row in many.order_by(*order)]


def test_a_row_that_comes_meanwhile_moves_nothing(many: Any, five: Any) -> None:
    from zonary.common.pagination import paginate
    from zonary.foundation.organizations.actions import invite_member

    first = paginate(many, "-id", limit=5)
    invite_member(role="reader", email="new@zone.example", until=None, by=five.owner, at=AT + timedelta(days=1))
    second = paginate(many, "-id", cursor=first.next, limit=50)
    assert len({row.pk for row in first} | {row.pk for row in second}) == 11


def test_a_cursor_is_one_of_its_list_alone(many: Any) -> None:
    from zonary.common.pagination import paginate
    from zonary.common.problems import Problem

    cursor = paginate(many, "-id", limit=5).next
    for wrong in (cursor[:-1] + ("A" if cursor[-1] != "A" else "B"), "x", "x" * 600, "\x00", cursor + "é"):
        with pytest.raises(Problem, match="not one of this list"):
            paginate(many, "-id", cursor=wrong)
    with pytest.raises(Problem):
        paginate(many, "-invited_at", cursor=cursor)


def test_limits_are_brought_inside(many: Any) -> None:
    from zonary.common.pagination import MAX_LIMIT, bounded, paginate

    assert [bounded(limit) for limit in (-5, 0, 7, 10**9)] == [1, 1, 7, MAX_LIMIT]
    assert len(paginate(many, "-id", limit=0).items) == 1


@given(st.text(max_size=600))
def test_whatever_is_passed_back_is_refused_in_order(migrated: Any, cursor: str) -> None:
    from zonary.common.pagination import read_cursor
    from zonary.common.problems import Problem

    with pytest.raises(Problem):
        read_cursor(cursor, "a list", 1)

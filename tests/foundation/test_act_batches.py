"""Many acts in one entry: each is what it would be alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")

from hypothesis import given
from hypothesis import strategies as st

from zonary.foundation.ledger.actors import NamedActor
from zonary.foundation.ledger.acts import Event, act_body, act_statement
from zonary.foundation.ledger.errors import UnrecordedChangeError
from zonary.proof.digests import digests_of
from zonary.proof.leaf import decode_leaf

AT = datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=UTC)
BY = NamedActor("somebody", "某机构")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Event):
    kind: ClassVar[str] = "tests.listed"
    what: str
    number: int = 0
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Other(Event):
    kind: ClassVar[str] = "tests.other"
    what: str


def test_each_act_can_be_proved_alone(data: Any) -> None:
    from zonary.foundation.ledger.act_batches import record_each
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.queries import item_of
    from zonary.foundation.ledger.recording import action

    events = [Listed(what=f"第{n}家“公司”\n", number=n, values={"name": f"名{n}"}) for n in range(300)]

    @action
    def list_all() -> list[str]:
        return record_each(events, by=BY, about="some-import", at=AT).ids()

    ids = list_all()
    assert Entry.objects.count() == 1
    for position in (0, 1, 150, 299):
        item = item_of(ids[position])
        assert item is not None
        assert item.body == act_body(events[position])
        statement = act_statement(
            kind="tests.listed",
            body=item.body,
            salt=item.salt,
            by="somebody",
            organisation="某机构",
            about="some-import",
            at=AT,
        )
        leaf = decode_leaf(item.leaf)
        assert (leaf.leaf_class, leaf.digests) == ("act", digests_of(statement))
    assert len({item.salt for item in map(item_of, ids[:50]) if item}) == 50


_TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


@given(what=_TEXTS, number=st.integers(-(2**53) + 1, 2**53 - 1), values=st.dictionaries(_TEXTS, _TEXTS, max_size=4))
def test_a_body_is_canonical(what: str, number: int, values: dict[str, str]) -> None:
    from zonary.foundation.ledger.act_batches import act_bodies

    event = Listed(what=what, number=number, values=values)
    assert act_bodies([event]) == [act_body(event)]


def test_acts_of_several_kinds_are_not_recorded_together(data: Any) -> None:
    from zonary.foundation.ledger.act_batches import record_each
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.ledger.recording import action

    @action
    def mix(events: list[Event]) -> None:
        record_each(events, by=BY, at=AT)

    for events in ([], [Listed(what="a", values={}), Other(what="b")]):
        with pytest.raises(UnrecordedChangeError):
            mix(events)
    assert not Entry.objects.exists()

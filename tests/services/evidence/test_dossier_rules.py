"""Which gap of a dossier hurts most: a pure rule over a template."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.services.evidence.dossiers.matters import STAGES, TEMPLATES
from zonary.services.evidence.dossiers.rules import Ask, Stage, Template, gaps, worst_gap


def _ask(key: str, stage: Stage, weight: int, *, only_then: bool = False) -> Ask:
    return Ask(key=key, stage=stage, name=key, source="", weight=weight, only_then=only_then)


PLAIN = Template(
    key="t",
    name="t",
    asks=(
        _ask("light", Stage.IDEA, 1),
        _ask("later", Stage.FILING, 3),
        _ask("heavy", Stage.DEVELOPMENT, 3),
        _ask("once", Stage.FILING, 3, only_then=True),
        _ask("middle", Stage.IDEA, 2, only_then=True),
    ),
)


def _keys(filled: list[str], stage: Stage) -> list[str]:
    return [each.key for each in gaps(PLAIN, filled, stage)]


def test_what_is_heavier_hurts_more_then_what_cannot_be_made_later_then_what_is_earlier() -> None:
    assert _keys([], Stage.ENFORCEMENT) == ["once", "heavy", "later", "middle", "light"]


def test_what_comes_later_is_no_gap_yet() -> None:
    assert _keys([], Stage.IDEA) == ["middle", "light"]
    assert _keys([], Stage.DEVELOPMENT) == ["heavy", "middle", "light"]


def test_what_is_there_is_no_gap() -> None:
    assert _keys(["once", "middle", "no such key"], Stage.FILING) == ["heavy", "later", "light"]
    assert worst_gap(PLAIN, [each.key for each in PLAIN.asks], Stage.ENFORCEMENT) is None


@given(
    st.sampled_from(sorted(TEMPLATES)), st.sampled_from(list(Stage)), st.sets(st.integers(min_value=0, max_value=12))
)
def test_filling_the_worst_gap_leaves_exactly_the_others_in_their_order(
    key: str, stage: Stage, there: set[int]
) -> None:
    template = TEMPLATES[key]
    filled = [each.key for number, each in enumerate(template.asks) if number in there]
    before = gaps(template, filled, stage)
    if before:
        assert gaps(template, [*filled, before[0].key], stage) == before[1:]
    further = gaps(template, filled, Stage.ENFORCEMENT)
    assert [each for each in further if each in before] == before


@pytest.mark.parametrize("key", sorted(TEMPLATES))
def test_a_template_is_whole(key: str) -> None:
    template = TEMPLATES[key]
    assert template.key == key
    assert len({each.key for each in template.asks}) == len(template.asks)
    assert all(each.key.startswith(f"{each.stage}.") and each.weight in (1, 2, 3) for each in template.asks)
    assert {each.stage for each in template.asks} <= set(STAGES)
    numbers = [each.stage.number for each in template.asks]
    assert numbers == sorted(numbers)

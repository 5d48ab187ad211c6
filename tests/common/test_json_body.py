"""Reading a request body: the fast way takes exactly what the careful one does."""

from __future__ import annotations

import json
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from zonary.common.json_body import JSON, MAX_ERRORS, Body, inlined, read_json
from zonary.common.problems import Problem

Name = Annotated[str, Meta(min_length=1, max_length=4, extra_json_schema={"pattern": "^[a-z]+$"})]


class Part(Body, frozen=True, gc=False):
    left: Name
    right: Name | None = None

    def misfit(self) -> str | None:
        names = [name for name in (self.left, self.right) if name is not None]
        if not all(name.isascii() and name.isalpha() and name.islower() for name in names):
            return "letters"
        return "left and right are one" if self.left == self.right else None


class Whole(Body, frozen=True, gc=False):
    parts: Annotated[list[Part], Meta(min_length=1, max_length=3)]
    one: Part | None = None

    def misfit(self) -> str | None:
        return next((found for part in [*self.parts, self.one] if part and (found := part.misfit())), None)


_TEXTS = st.sampled_from(["a", "b", "abcd", "abcde", "", "A", 'q"', "b\\", "null", "x:", "存", "\x7f", "\ud800"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)
_PARTS = st.fixed_dictionaries({}, optional={"left": _TEXTS | _VALUES, "right": _TEXTS | _VALUES, "more": _VALUES})
_WHOLES = st.fixed_dictionaries({}, optional={"parts": st.lists(_PARTS, max_size=4) | _VALUES, "one": _PARTS | _VALUES})


def _fits(value: Any) -> bool:
    """What :class:`Whole` says, in plain words."""
    if not isinstance(value, dict) or not set(value) <= {"parts", "one"}:
        return False
    parts = value.get("parts")
    if not isinstance(parts, list) or not 1 <= len(parts) <= 3:
        return False
    return all(map(_part_fits, parts)) and (value.get("one") is None or _part_fits(value["one"]))


def _part_fits(part: Any) -> bool:
    if not isinstance(part, dict) or not {"left"} <= set(part) <= {"left", "right"}:
        return False
    texts = [part["left"]] if part.get("right") is None else [part["left"], part["right"]]
    return len(set(map(str, texts))) == len(texts) and all(
        isinstance(text, str) and 1 <= len(text) <= 4 and all("a" <= letter <= "z" for letter in text) for text in texts
    )


@given(_WHOLES | _VALUES, st.booleans())
def test_every_body_is_taken_or_told_what_is_wrong(value: Any, escaped: bool) -> None:
    try:
        body = json.dumps(value, ensure_ascii=escaped).encode("utf-8")
    except UnicodeEncodeError:
        body = json.dumps(value).encode("utf-8")
    read = _read(body)
    if _fits(value):
        assert read == msgspec.convert(value, Whole)
    else:
        assert isinstance(read, Problem)
        assert read.status in (400, 422)
        assert (read.status == 422) == bool(read.errors)
        assert len(read.errors) <= MAX_ERRORS


def _read(body: bytes) -> Whole | Problem:
    try:
        return read_json(body, JSON, Whole)
    except Problem as problem:
        return problem


def _written(pairs: list[tuple[str, Any]]) -> str:
    """JSON of an object whose pairs may have a name twice."""
    return "{" + ",".join(f"{name}:{value}" for name, value in pairs) + "}"


_NAMES = st.sampled_from(['"left"', '"right"', '"l\\u0065ft"'])
_LETTERS = st.sampled_from(['"a"', '"b"', '"null"', "null", '"\\u0061"'])
_PAIRS = st.lists(st.tuples(_NAMES, _LETTERS), max_size=4)


@given(st.lists(_PAIRS, min_size=1, max_size=3), st.lists(st.sampled_from(["parts", "one"]), max_size=3), _PAIRS)
def test_a_name_twice_is_found_wherever_it_is(parts: list[Any], names: list[str], one: Any) -> None:
    values = {"parts": "[" + ",".join(map(_written, parts)) + "]", "one": _written(one)}
    body = _written([(f'"{name}"', values[name]) for name in names]).encode()
    objects: list[list[tuple[str, Any]]] = []

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        objects.append(pairs)
        return dict(pairs)

    value = json.loads(body, object_pairs_hook=collect)
    twice = any(len(dict(pairs)) < len(pairs) for pairs in objects)
    read = _read(body)
    if twice or not _fits(value):
        assert isinstance(read, Problem)
        assert ("twice" in read.detail) == twice
    else:
        assert read == msgspec.convert(value, Whole)


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ([], "/"),
        ({}, "/parts"),
        ({"parts": []}, "/parts"),
        ({"parts": [{"left": "a"}, {"left": "a", "right": "B"}]}, "/parts/1/right"),
        ({"parts": [{"left": "a"}, {"left": "a", "right": "a"}]}, "/parts/1"),
        ({"parts": [{"left": "a", "secret": 1}]}, "/parts/0"),
        ({"parts": [{"left": "a\n"}]}, "/parts/0/left"),
        ({"parts": [{"left": "a"}], "one": {"left": 5}}, "/one/left"),
    ],
)
def test_the_place_is_named_and_what_was_sent_is_not(value: Any, where: str) -> None:
    with pytest.raises(Problem) as caught:
        read_json(json.dumps(value).encode(), JSON, Whole)
    assert caught.value.status == 422
    assert caught.value.errors[0]["where"] == where
    assert "secret" not in str(caught.value.errors)


def test_at_most_ten_places_are_named() -> None:
    class Many(Body, frozen=True, gc=False):
        parts: list[Part]

    with pytest.raises(Problem) as caught:
        read_json(json.dumps({"parts": [{}] * 1000}).encode(), JSON, Many)
    assert len(caught.value.errors) == MAX_ERRORS


def test_a_number_of_many_digits_is_json() -> None:
    with pytest.raises(Problem) as caught:
        read_json(b'{"parts": ' + b"9" * 10_000 + b"}", JSON, Whole)
    assert caught.value.status == 422


def test_the_description_has_no_references() -> None:
    described = inlined(Whole)
    assert "$ref" not in json.dumps(described)
    part = described["properties"]["parts"]["items"]
    assert part["properties"]["left"] == {"type": "string", "minLength": 1, "maxLength": 4, "pattern": "^[a-z]+$"}
    assert part["required"] == ["left"]
    assert part["additionalProperties"] is False


class Counted(Body, frozen=True):
    days: Annotated[int, Meta(ge=0)]
    name: str = ""

    def misfit(self) -> str | None:
        return "no name" if not self.name else None


@pytest.mark.parametrize("days", [b"-0.0", b"5.0", b"1e3"])
def test_a_whole_number_that_is_not_written_as_one_is_a_misfit_and_no_failure(days: bytes) -> None:
    with pytest.raises(Problem) as caught:
        read_json(b'{"days": ' + days + b"}", JSON, Counted)
    assert caught.value.status == 422

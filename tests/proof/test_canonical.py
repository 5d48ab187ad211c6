"""Canonical JSON: one spelling of every value, nothing else accepted."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from zonary.proof import canonical
from zonary.proof.errors import Error, MalformedError

text = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4))


@given(values)
def test_what_is_encoded_is_rfc_8785_and_decodes_to_itself(value):
    data = canonical.encode(value)
    assert data == rfc8785.dumps(value)
    assert canonical.decode(data, "it") == value


@pytest.mark.parametrize(
    "data",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\u0041"}',
        b'{"a":"\\ud800"}',
        b"[NaN]",
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":"\xff"}',
        b"[" * 100_000,
        b"[" * 17 + b"]" * 17,
        b"",
        b"{}\n",
    ],
)
def test_anything_else_is_refused(data):
    with pytest.raises(MalformedError):
        canonical.decode(data, "it", limit=10**6)


def test_a_float_or_a_large_integer_is_never_written():
    for value in (1.5, {"a": 2**53}, {1: "a"}, object()):
        with pytest.raises(MalformedError):
            canonical.encode(value)


def test_a_long_text_is_not_even_parsed():
    with pytest.raises(MalformedError, match="at most 65536"):
        canonical.decode(b'"' + b"a" * canonical.MAX_CANONICAL_BYTES + b'"', "it")


@given(st.binary(max_size=200))
def test_random_bytes_yield_only_our_error(data):
    try:
        canonical.decode(data, "it")
    except Error:
        return
    assert json.dumps(json.loads(data)) is not None

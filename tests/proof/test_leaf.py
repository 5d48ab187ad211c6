"""Log leaves and statements: typed, salted, one spelling."""

import contextlib
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.proof.digests import Digests, digest_from_hex, digests_of
from zonary.proof.errors import Error, MalformedError, UnsupportedError
from zonary.proof.leaf import MAX_LEAF_BYTES, decode_leaf, encode_leaf
from zonary.proof.statement import Statement, decode_statement, leaf_of_statement

digest = st.binary(min_size=32, max_size=32)


@given(st.from_regex(r"[a-z][a-z0-9-]{0,31}", fullmatch=True), digest, digest)
def test_a_leaf_survives_the_round_trip(leaf_class, sha256, sm3):
    data = encode_leaf(leaf_class, Digests(sha256, sm3))
    leaf = decode_leaf(data)
    assert (leaf.leaf_class, leaf.digests) == (leaf_class, Digests(sha256, sm3))
    assert len(data) <= MAX_LEAF_BYTES


def test_the_leaf_is_what_a_shell_can_build():
    data = leaf_of_statement(b"{}")
    sm3 = hashlib.new("sm3", b"{}").digest()
    assert data == b"zonary-leaf/1 evidence\n" + hashlib.sha256(b"{}").digest() + sm3


def test_leaves_of_two_classes_differ():
    assert encode_leaf("act", digests_of(b"x")) != encode_leaf("evidence", digests_of(b"x"))


@pytest.mark.parametrize("name", ["", "Act", "a b", "a\n", "-a", "a" * 33, "é"])
def test_a_bad_class_name_is_refused(name):
    with pytest.raises(MalformedError):
        encode_leaf(name, digests_of(b""))


def test_a_later_version_is_unsupported_and_not_malformed():
    with pytest.raises(UnsupportedError, match="version 2"):
        decode_leaf(b"zonary-leaf/2 evidence\n" + bytes(64))


@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda b: b"zonary-leaf/1 evidence\n" + b))
def test_random_bytes_are_no_leaf(data):
    try:
        leaf = decode_leaf(data)
    except Error:
        return
    assert encode_leaf(leaf.leaf_class, leaf.digests) == data


@pytest.mark.parametrize(
    "value", ["AB" * 32, "ab" * 31, "ab" * 33, "ab " * 21 + "a", "g" * 64, 5, None, "a b" * 21 + "a"]
)
def test_a_digest_has_one_spelling(value):
    with pytest.raises(MalformedError):
        digest_from_hex(value, "SHA-256")


def statement(**kwargs):
    return Statement(manifest=digests_of(b"m"), salt=bytes(range(16)), **kwargs)


def test_a_statement_survives_the_round_trip():
    made = statement(declared={"origin": "设计室", "copies": 3}, observed={"agent": None})
    assert decode_statement(made.encode()) == made


def test_a_statement_tells_no_count_size_or_name():
    assert set(json.loads(statement().encode())) == {"class", "declared", "manifest", "observed", "salt", "version"}


def altered(**changes):
    value = json.loads(statement().encode()) | changes
    return json.dumps({k: v for k, v in value.items() if v is not ...}, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"version": "zonary-statement/2"}, UnsupportedError),
        ({"class": "act"}, UnsupportedError),
        ({"version": "other"}, MalformedError),
        ({"version": 1}, MalformedError),
        ({"salt": "00"}, MalformedError),
        ({"salt": None}, MalformedError),
        ({"declared": []}, MalformedError),
        ({"observed": ...}, MalformedError),
        ({"extra": 1}, MalformedError),
        ({"manifest": "x"}, MalformedError),
        ({"manifest": {"sha256": "00", "sm3": "00", "version": "zonary-manifest/1"}}, MalformedError),
        ({"manifest": {"sha256": "00" * 32, "sm3": "00" * 32, "version": "zonary-manifest/2"}}, UnsupportedError),
    ],
)
def test_a_wrong_statement_is_refused(changes, error):
    with pytest.raises(error):
        decode_statement(altered(**changes))


def test_a_statement_cannot_grow_without_bound():
    with pytest.raises(MalformedError, match="at most"):
        statement(declared={"note": "x" * 70_000}).encode()


@given(st.data())
def test_a_flipped_bit_never_yields_the_same_statement(data):
    good = statement().encode()
    position = data.draw(st.integers(0, len(good) * 8 - 1))
    bad = bytearray(good)
    bad[position // 8] ^= 1 << position % 8
    with contextlib.suppress(Error):
        assert decode_statement(bytes(bad)).encode() != good

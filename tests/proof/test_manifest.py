"""Manifest and disclosure: padded, permuted, salted; one file shown and nothing of the others."""

import json
import os

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from zonary.proof.digests import digests_of
from zonary.proof.disclosure import Disclosure, disclose, parse_disclosure
from zonary.proof.errors import Error, MalformedError, UnsupportedError, VerificationError
from zonary.proof.manifest import (
    MAX_DEPTH,
    PaddingLeaf,
    build_manifest,
    decode_leaf_line,
    depth_for,
    digest_leaf,
    directory_leaf,
    encode_leaf_line,
    file_leaf,
    is_valid_name,
    join_lines,
    padding_leaf,
    parse_manifest,
    random_order,
    random_salts,
    symlink_leaf,
)

SALT = bytes(16)
part = st.binary(min_size=1, max_size=12).filter(lambda b: b"\0" not in b and b"/" not in b and b not in (b".", b".."))
name = st.lists(part, min_size=1, max_size=3).map(b"/".join)


@given(name, st.integers(0, 2**64 - 1), st.binary(max_size=3))
def test_a_leaf_line_is_canonical_json_and_survives_the_round_trip(name, size, content):
    for leaf in (
        file_leaf(name, size, digests_of(content), SALT),
        symlink_leaf(name, b"../" + name, SALT),
        directory_leaf(name, SALT),
    ):
        line = encode_leaf_line(leaf)
        assert line == rfc8785.dumps(json.loads(line))
        assert decode_leaf_line(line) == leaf
        assert leaf.name_bytes == name


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0/"), min_size=1, max_size=30))
def test_text_names_are_escaped_as_rfc_8785_says(text):
    if not is_valid_name(text.encode()):
        return
    line = encode_leaf_line(file_leaf(text.encode(), 1, digests_of(b""), SALT))
    assert line == rfc8785.dumps(json.loads(line))
    assert json.loads(line)["name"] == text


def test_a_gbk_name_is_kept_as_raw_bytes():
    gbk = "设计图.dwg".encode("gbk")
    leaf = file_leaf(gbk, 1, digests_of(b""), SALT)
    assert b"name_base64" in encode_leaf_line(leaf)
    assert decode_leaf_line(encode_leaf_line(leaf)).name_bytes == gbk


def test_a_size_beyond_2_to_the_53_is_a_string():
    assert json.loads(encode_leaf_line(file_leaf(b"a", 2**53, digests_of(b""), SALT)))["size"] == str(2**53)
    assert json.loads(encode_leaf_line(file_leaf(b"a", 2**53 - 1, digests_of(b""), SALT)))["size"] == 2**53 - 1


def folder(count=3):
    leaves = [file_leaf(b"f%d" % i, i, digests_of(b"%d" % i), os.urandom(16)) for i in range(count)]
    return parse_manifest(join_lines(build_manifest(leaves, folder=True)))


@pytest.mark.parametrize("count", [1, 3, 255, 256, 257, 1000])
def test_a_folder_is_padded_to_a_power_of_two_of_at_least_256(count):
    manifest = folder(count)
    size = len(manifest.lines)
    assert size >= max(256, count)
    assert size & (size - 1) == 0
    assert sum(not isinstance(leaf, PaddingLeaf) for leaf in manifest.leaves) == count


def test_a_single_file_is_one_leaf():
    assert depth_for(1, folder=False) == 0


def test_too_many_or_no_files_are_refused():
    for count in (0, (1 << MAX_DEPTH) + 1):
        with pytest.raises(MalformedError):
            depth_for(count, folder=True)


def test_order_and_salts_are_random_each_time():
    first, second = folder(5), folder(5)
    assert set(first.lines).isdisjoint(second.lines)
    assert [first.named()[b"f%d" % i][0] for i in range(5)] != [second.named()[b"f%d" % i][0] for i in range(5)]
    assert sorted(random_order(300)) == list(range(300))
    assert len(set(random_salts(300))) == 300


good_line = encode_leaf_line(file_leaf(b"a", 1, digests_of(b""), SALT))


def edited(**changes):
    value = json.loads(good_line) | changes
    return json.dumps({k: v for k, v in value.items() if v is not ...}, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "line",
    [
        edited(name="../x"),
        edited(name="/x"),
        edited(name="a//b"),
        edited(name="./a"),
        edited(name=""),
        edited(name="a\0b"),
        edited(name=...),
        edited(name_base64="/w=="),
        edited(name=..., name_base64="YQ=="),  # is UTF-8: must stand as text
        edited(name=..., name_base64="/x=="),  # not the canonical base64 of any bytes
        edited(name=..., name_base64="*"),
        edited(size=-1),
        edited(size=1.5),
        edited(size="1"),
        edited(size="09007199254740993"),
        edited(size=2**53),
        edited(size=True),
        edited(sha256="00"),
        edited(sm3="Z" * 64),
        edited(salt="0" * 31),
        edited(salt="G" * 32),
        edited(kind="other"),
        edited(extra=1),
        good_line + b" ",
        good_line.replace(b'":"a"', b'":"\\u0061"'),
        b"{}",
        b"[]",
        b"",
        b"x" * 40_000,
        b'{"a":' * 30_000,
    ],
)
def test_a_malformed_line_is_refused(line):
    with pytest.raises(MalformedError):
        parse_manifest(line + b"\n")


@pytest.mark.parametrize("data", [b"", b"\n", good_line, (good_line + b"\n") * 3, (good_line + b"\n") * 2])
def test_a_manifest_of_another_shape_is_refused(data):
    with pytest.raises(MalformedError):
        parse_manifest(data)


def test_a_bomb_of_newlines_is_refused_before_it_is_split():
    with pytest.raises(MalformedError, match="2\\^d lines"):
        parse_manifest(b"\n" * (1 << 22))


@given(st.binary(max_size=300))
def test_random_bytes_are_no_manifest(data):
    with pytest.raises(Error):
        parse_manifest(data)
    with pytest.raises(Error):
        parse_disclosure(data)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 40), st.data())
def test_a_disclosure_proves_its_leaf_and_shows_no_other(count, data):
    manifest = folder(count)
    chosen = data.draw(st.integers(0, count - 1))
    index = manifest.named()[b"f%d" % chosen][0]
    encoded = disclose(manifest, [index]).encode()
    parsed = parse_disclosure(encoded)
    parsed.leaves[0].verify(manifest.roots())
    assert parsed.leaves[0].leaf.name_bytes == b"f%d" % chosen
    for other, leaf in enumerate(manifest.leaves):
        if other != index:
            assert leaf.salt.encode() not in encoded
    assert len(parsed.leaves[0].sha256) == len(parsed.leaves[0].sm3) == 8


def test_a_changed_disclosure_does_not_verify():
    manifest = folder(4)
    value = json.loads(disclose(manifest, [manifest.named()[b"f1"][0]]).encode())
    roots = manifest.roots()
    for change in (
        lambda v: v["leaves"][0]["leaf"].update(size=99),
        lambda v: v["leaves"][0].update(index=v["leaves"][0]["index"] ^ 1),
        lambda v: v["leaves"][0]["sha256"].__setitem__(0, "00" * 32),
        lambda v: v["leaves"][0]["sm3"].__setitem__(7, "00" * 32),
    ):
        bad = json.loads(json.dumps(value))
        change(bad)
        with pytest.raises(VerificationError):
            parse_disclosure(rfc8785.dumps(bad)).leaves[0].verify(roots)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda v: v.update(version="zonary-disclosure/2"), UnsupportedError),
        (lambda v: v.update(leaves=[]), MalformedError),
        (lambda v: v["leaves"].append(v["leaves"][0]), MalformedError),
        (lambda v: v["leaves"][0].update(index=256), MalformedError),
        (lambda v: v["leaves"][0].update(index=-1), MalformedError),
        (lambda v: v["leaves"][0].update(index=True), MalformedError),
        (lambda v: v["leaves"][0]["sm3"].pop(), MalformedError),
        (lambda v: v["leaves"][0].update(sha256=["00" * 32] * 30, sm3=["00" * 32] * 30), MalformedError),
        (lambda v: v["leaves"][0].update(extra=1), MalformedError),
        (lambda v: v["leaves"][0].update(leaf={"kind": "file"}), MalformedError),
    ],
)
def test_a_malformed_disclosure_is_refused(change, error):
    manifest = folder(2)
    value = json.loads(disclose(manifest, [manifest.named()[b"f0"][0]]).encode())
    change(value)
    with pytest.raises(error):
        parse_disclosure(rfc8785.dumps(value))


def test_disclosing_two_leaves_of_one_manifest():
    manifest = folder(4)
    indexes = [manifest.named()[n][0] for n in (b"f0", b"f3")]
    parsed = parse_disclosure(disclose(manifest, indexes).encode())
    assert isinstance(parsed, Disclosure)
    for leaf in parsed.leaves:
        leaf.verify(manifest.roots())


def test_padding_and_digest_leaves_round_trip():
    for leaf in (padding_leaf(SALT), digest_leaf(digests_of(b"x"), SALT)):
        assert decode_leaf_line(encode_leaf_line(leaf)) == leaf

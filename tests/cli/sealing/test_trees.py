"""The manifest made by several processes is the manifest of zonary.proof, line by line and root by root."""

from __future__ import annotations

import io
import os
from array import array
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.cli.sealing import trees
from zonary.cli.sealing.hashing import RECORD
from zonary.cli.sealing.trees import Contents, roots_in_parallel, tree_order, write_manifest
from zonary.proof import canonical
from zonary.proof.digests import Digests
from zonary.proof.errors import MalformedError
from zonary.proof.manifest import (
    MAX_DEPTH,
    FileLeaf,
    PaddingLeaf,
    decode_leaf_line,
    directory_leaf,
    encode_leaf_line,
    file_leaf,
    parse_manifest,
    roots_of,
    symlink_leaf,
    text_fields,
)

DIGEST = st.binary(min_size=32, max_size=32)
NAMES = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1).map(str.encode),
    st.binary(min_size=1).filter(lambda name: b"\0" not in name),
    st.sampled_from(
        ["设计.txt".encode(), "设计.txt".encode("gbk"), b'"\\/\b\f\n\r\t\x01\x7f', "\u2028\U0001f600é".encode()]
    ),
)


def record(size: int, sha256: bytes, sm3: bytes) -> bytes:
    return RECORD.pack(size, 1, 2, sha256, sm3)


def salt_of(line: bytes) -> bytes:
    return line.partition(b'"salt":"')[2][:32]


@given(NAMES, st.integers(0, 2**64 - 1), DIGEST, DIGEST)
def test_a_line_is_what_the_encoder_of_the_proofs_writes(name: bytes, size: int, sha256: bytes, sm3: bytes) -> None:
    [line] = trees._lines(Contents([name], record(size, sha256, sm3)), [0])
    salt = bytes.fromhex(salt_of(line).decode())
    leaf = file_leaf(name, size, Digests(sha256, sm3), salt)
    assert line == encode_leaf_line(leaf)
    assert line == canonical.encode(
        {
            "kind": "file",
            "salt": salt.hex(),
            "sha256": sha256.hex(),
            "size": size if size < 2**53 else str(size),
            "sm3": sm3.hex(),
            **text_fields("name", name),
        }
    )


@given(NAMES, NAMES)
def test_links_and_folders(name: bytes, target: bytes) -> None:
    contents = Contents([], b"", [("symlink", name, target), ("directory", name, b"")])
    link, folder = trees._lines(contents, [0, 1])
    assert link == encode_leaf_line(symlink_leaf(name, target, bytes.fromhex(salt_of(link).decode())))
    assert folder == encode_leaf_line(directory_leaf(name, bytes.fromhex(salt_of(folder).decode())))


def made(contents: Contents, order: Sequence[int]) -> tuple[bytes, Digests]:
    out = io.BytesIO()
    roots = write_manifest(contents, order, out)
    return out.getvalue(), roots


def contents_of(count: int) -> Contents:
    records = b"".join(record(n, n.to_bytes(32, "big"), os.urandom(32)) for n in range(count))
    return Contents([f"d/{n}".encode() for n in range(count)], records, [("directory", b"empty", b"")])


@pytest.mark.parametrize("count", [1, 200, 255, 256, 1023, 1024, 2500, 5000])
def test_the_whole_manifest(count: int) -> None:
    contents = contents_of(count)
    order = tree_order(len(contents), folder=True)
    data, roots = made(contents, order)
    manifest = parse_manifest(data)
    assert roots == manifest.roots() == roots_of(manifest.lines)
    assert len(manifest.lines) == max(256, 1 << count.bit_length())
    files = {leaf.name_bytes: leaf for leaf in manifest.leaves if isinstance(leaf, FileLeaf)}
    assert set(files) == set(contents.names)
    assert all(int(leaf.size) == int(leaf.sha256, 16) == int(name[2:]) for name, leaf in files.items())
    padding = [leaf for leaf in manifest.leaves if isinstance(leaf, PaddingLeaf)]
    assert len(padding) == len(manifest.lines) - count - 1
    assert len({leaf.salt for leaf in manifest.leaves}) == len(manifest.leaves)


def test_a_single_file_is_a_tree_of_one_leaf() -> None:
    data, roots = made(Contents([b"x"], record(1, b"a" * 32, b"b" * 32)), tree_order(1, folder=False))
    assert data.count(b"\n") == 1
    assert isinstance(decode_leaf_line(data[:-1]), FileLeaf)
    assert roots == roots_of([data[:-1]])


def test_the_order_is_a_permutation_and_another_each_time() -> None:
    first, second = tree_order(3000, folder=True), tree_order(3000, folder=True)
    assert Counter(first) == Counter(range(4096))
    assert first != second
    assert isinstance(first, array)


def test_too_much_and_too_little() -> None:
    with pytest.raises(MalformedError, match="nothing to seal"):
        tree_order(0, folder=True)
    with pytest.raises(MalformedError, match="Seal the parts"):
        tree_order((1 << MAX_DEPTH) + 1, folder=True)


@pytest.mark.parametrize("count", [1, 2, 256, 4096, 8192])
def test_roots_in_parallel(count: int) -> None:
    lines = [os.urandom(n % 300) for n in range(count)]
    assert roots_in_parallel(lines) == roots_of(lines)


def test_idle_is_called_while_others_work() -> None:
    calls: list[None] = []
    contents = contents_of(5000)
    write_manifest(contents, tree_order(len(contents), folder=True), io.BytesIO(), idle=lambda: calls.append(None))
    assert calls

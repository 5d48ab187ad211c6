"""Making a manifest of many leaves, and computing its two roots, by several processes.

The tree has 2**d leaves, so it falls into full sub-trees of one height: each piece of work makes the lines of one
sub-tree and its two roots, and what is left to do here is the tree above them.
"""

from __future__ import annotations

import hashlib
import os
import struct
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from json.encoder import encode_basestring
from typing import IO, Any, TypeAlias

from zonary.cli.sealing.hashing import RECORD
from zonary.cli.sealing.walk import Kind
from zonary.cli.sealing.workers import Workers, cores
from zonary.proof.digests import Digests

PIECE_LEAVES = 1024
"""Leaves of one sub-tree; a power of two."""
_WORTH_WORKERS = 4 * PIECE_LEAVES
_AHEAD_SECONDS = 0.05
_SIZE_AND_DIGESTS = struct.Struct("<Q16x64s")
"""A record as it is read here: without time and inode, and with the digests in one."""
_SALT_SIZE = 16
_MAX_SAFE_INTEGER = 2**53 - 1

Other: TypeAlias = "tuple[Kind, bytes, bytes]"
"""A leaf that is no file: kind, name, target (of a symbolic link)."""


@dataclass(frozen=True, slots=True)
class Contents:
    """All that goes into a manifest: files by name with their records, and the rest."""

    names: Sequence[bytes]
    records: bytes | bytearray
    others: Sequence[Other] = ()

    def __len__(self) -> int:
        return len(self.names) + len(self.others)


def tree_order(count: int, *, folder: bool) -> array[int]:
    """Where the tree of ``count`` leaves, padded, has which of them: a random permutation.

    :raises MalformedError: when there is nothing in it, or too much for one seal.
    """
    from zonary.proof.manifest import depth_for, random_order

    return array("Q", random_order(1 << depth_for(count, folder=folder)))


def write_manifest(
    contents: Contents, order: Sequence[int], out: IO[bytes], *, idle: Callable[[], None] | None = None
) -> Digests:
    """Write the lines of a manifest over ``contents`` to ``out`` in ``order``; the result is its two roots.

    :param idle: called now and then, while the processes are busy.
    """
    roots: dict[int, Digests] = {}
    lines: dict[int, bytes] = {}
    written = 0
    pieces = range(0, len(order), PIECE_LEAVES)
    with _inheriting(_Making(contents, order), len(order)) as workers:
        for start, (made, root) in workers.run(_make_piece, pieces, idle=idle):
            roots[start], lines[start] = root, made
            while written in lines:
                out.write(lines.pop(written))
                written += PIECE_LEAVES
    return _top(roots)


def roots_in_parallel(lines: Sequence[bytes]) -> Digests:
    """Both roots over leaf lines, as :func:`zonary.proof.manifest.roots_of` computes them, by all processors."""
    with _inheriting(lines, len(lines)) as workers:
        return _top(dict(workers.run(_root_piece, range(0, len(lines), PIECE_LEAVES))))


def _top(roots: dict[int, Digests]) -> Digests:
    from zonary.proof import merkle

    in_order = [roots[start] for start in sorted(roots)]
    return Digests(
        merkle.root_of([root.sha256 for root in in_order], "sha256"),
        merkle.root_of([root.sm3 for root in in_order], "sm3"),
    )


# --- what the processes share -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Making:
    contents: Contents
    order: Sequence[int]


_inherited: Any = None
"""What a worker finds in its memory because it was forked after this was set; far cheaper than sending it."""


@contextmanager
def _inheriting(value: object, leaves: int) -> Iterator[Workers]:
    """Workers that find ``value`` in ``_inherited``; a small tree is not worth any, and is made here."""
    global _inherited
    _inherited = value
    try:
        with Workers(cores() if leaves >= _WORTH_WORKERS else 0) as workers:
            workers.ahead = _AHEAD_SECONDS
            yield workers
    finally:
        _inherited = None


def _root_piece(start: int) -> Digests:
    lines: Sequence[bytes] = _inherited
    return _roots(lines[start : start + PIECE_LEAVES])


def _make_piece(start: int) -> tuple[bytes, Digests]:
    making: _Making = _inherited
    indexes = making.order[start : start + PIECE_LEAVES]
    lines = _lines(making.contents, indexes)
    return b"\n".join(lines) + b"\n", _roots(lines)


def _roots(lines: Sequence[bytes]) -> Digests:
    """As :func:`zonary.proof.merkle.root_of`, for a full tree."""
    sha256 = hashlib.sha256
    level = [sha256(b"\0" + line).digest() for line in lines]
    while len(level) > 1:
        pairs = iter(level)
        level = [sha256(b"\1" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return Digests(level[0], _sm3_root(lines))


def _sm3_root(lines: Sequence[bytes]) -> bytes:
    # hashlib.new() looks its algorithm up at every call, which takes longer than a short SM3; a copy does not.
    leaf, node = hashlib.new("sm3", b"\0").copy, hashlib.new("sm3", b"\1").copy
    level = []
    for line in lines:
        hasher = leaf()
        hasher.update(line)
        level.append(hasher.digest())
    while len(level) > 1:
        pairs = iter(level)
        level = []
        for left in pairs:
            hasher = node()
            hasher.update(left + next(pairs))
            level.append(hasher.digest())
    return level[0]


# --- lines ------------------------------------------------------------------------------------------------------------


def _lines(contents: Contents, indexes: Sequence[int]) -> list[bytes]:
    """The leaf lines of ``contents`` at ``indexes``, each with a fresh salt; padding beyond the end.

    Writes a file's line as :func:`zonary.proof.manifest.encode_leaf_line` would, several times as fast.
    """
    names, records, others = contents.names, contents.records, contents.others
    files, read = len(names), _SIZE_AND_DIGESTS.unpack_from
    salts = os.urandom(_SALT_SIZE * len(indexes)).hex()
    lines: list[bytes] = []
    for start, index in zip(range(0, len(salts), 2 * _SALT_SIZE), indexes, strict=True):
        salt = salts[start : start + 2 * _SALT_SIZE]
        if index < files:
            size, digests = read(records, index * RECORD.size)
            both = digests.hex()
            try:
                name = encode_basestring(names[index].decode())
            except UnicodeDecodeError:
                name = ""
            if name and size <= _MAX_SAFE_INTEGER:
                line = (
                    f'{{"kind":"file","name":{name},"salt":"{salt}","sha256":"{both[:64]}","size":{size},'
                    f'"sm3":"{both[64:]}"}}'
                ).encode()
            else:
                line = _unusual_file(names[index], size, digests, salt)
        elif index < len(contents):
            line = _other(*others[index - files], salt)
        else:
            line = f'{{"kind":"padding","salt":"{salt}"}}'.encode()
        lines.append(line)
    return lines


def _unusual_file(name: bytes, size: int, digests: bytes, salt: str) -> bytes:
    from zonary.proof.manifest import encode_leaf_line, file_leaf

    return encode_leaf_line(file_leaf(name, size, Digests(digests[:32], digests[32:]), bytes.fromhex(salt)))


def _other(kind: Kind, name: bytes, target: bytes, salt: str) -> bytes:
    from zonary.proof.manifest import directory_leaf, encode_leaf_line, symlink_leaf

    raw = bytes.fromhex(salt)
    return encode_leaf_line(symlink_leaf(name, target, raw) if kind == "symlink" else directory_leaf(name, raw))

"""A disclosure: chosen leaves of a manifest with their paths in both trees (``specs/manifest.md``).

It shows the chosen files and, of all others, nothing but the depth of the padded tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from zonary.proof import canonical, merkle
from zonary.proof.canonical import Json
from zonary.proof.digests import Digests, HashName, digest_from_hex
from zonary.proof.errors import MalformedError, UnsupportedError
from zonary.proof.manifest import MAX_DEPTH, AnyLeaf, Manifest, decode_leaf_line

DISCLOSURE_VERSION = "zonary-disclosure/1"
MAX_DISCLOSURE_BYTES = 8 * 1024 * 1024
MAX_DISCLOSED = 1024
_FIELDS = {"index", "leaf", "sha256", "sm3"}


@dataclass(frozen=True, slots=True)
class DisclosedLeaf:
    """One leaf: its line, its place, and its siblings from the leaf up in either tree."""

    line: bytes
    leaf: AnyLeaf
    index: int
    sha256: tuple[bytes, ...]
    sm3: tuple[bytes, ...]

    def verify(self, roots: Digests) -> None:
        """:raises VerificationError: unless the leaf stands at its place under both ``roots``."""
        pairs: tuple[tuple[HashName, tuple[bytes, ...], bytes], ...] = (
            ("sha256", self.sha256, roots.sha256),
            ("sm3", self.sm3, roots.sm3),
        )
        for algorithm, path, root in pairs:
            merkle.verify_inclusion(
                index=self.index,
                size=1 << len(path),
                leaf=merkle.leaf_hash(self.line, algorithm),
                proof=path,
                root=root,
                algorithm=algorithm,
            )


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What ``disclosure.json`` holds."""

    leaves: tuple[DisclosedLeaf, ...]

    def encode(self) -> bytes:
        """Canonical bytes of ``disclosure.json``."""
        value: dict[str, Json] = {
            "leaves": [
                {
                    "index": item.index,
                    "leaf": msgspec.json.decode(item.line),
                    "sha256": [h.hex() for h in item.sha256],
                    "sm3": [h.hex() for h in item.sm3],
                }
                for item in self.leaves
            ],
            "version": DISCLOSURE_VERSION,
        }
        return canonical.encode(value)


def disclose(manifest: Manifest, indexes: Sequence[int]) -> Disclosure:
    """The disclosure of the leaves at ``indexes``; both trees are built once for all of them."""
    levels = {name: merkle_levels(manifest.lines, name) for name in _BOTH}
    return Disclosure(
        tuple(
            DisclosedLeaf(manifest.lines[i], manifest.leaves[i], i, _path(levels["sha256"], i), _path(levels["sm3"], i))
            for i in sorted(set(indexes))
        )
    )


_BOTH: tuple[HashName, HashName] = ("sha256", "sm3")


def merkle_levels(lines: Sequence[bytes], algorithm: HashName) -> list[list[bytes]]:
    """All levels of the perfect tree over ``lines``, leaves first, without the root."""
    level = [merkle.leaf_hash(line, algorithm) for line in lines]
    levels: list[list[bytes]] = []
    while len(level) > 1:
        levels.append(level)
        level = [merkle.node_hash(a, b, algorithm) for a, b in zip(level[::2], level[1::2], strict=True)]
    return levels


def _path(levels: list[list[bytes]], index: int) -> tuple[bytes, ...]:
    return tuple(level[(index >> height) ^ 1] for height, level in enumerate(levels))


def parse_disclosure(data: bytes) -> Disclosure:
    """:raises UnsupportedError: for another version; :raises MalformedError: for anything else wrong."""
    value = canonical.decode(data, "disclosure.json", limit=MAX_DISCLOSURE_BYTES)
    if not isinstance(value, dict) or set(value) != {"leaves", "version"}:
        raise MalformedError("disclosure.json is not a Zonary disclosure.")
    if value["version"] != DISCLOSURE_VERSION:
        raise UnsupportedError(
            "The disclosure has version “{version}”; this release knows “{known}”.",
            version=str(value["version"])[:64],
            known=DISCLOSURE_VERSION,
        )
    items = value["leaves"]
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_DISCLOSED:
        raise MalformedError("disclosure.json must disclose between 1 and {limit} leaves.", limit=MAX_DISCLOSED)
    leaves = tuple(_leaf(item) for item in items)
    indexes = [leaf.index for leaf in leaves]
    if indexes != sorted(set(indexes)) or len({len(leaf.sha256) for leaf in leaves}) != 1:
        raise MalformedError("The leaves in disclosure.json are not in order, or not of one tree.")
    return Disclosure(leaves)


def _leaf(item: Json) -> DisclosedLeaf:
    if not isinstance(item, dict) or set(item) != _FIELDS:
        raise MalformedError(
            "A leaf in disclosure.json does not have the fields {fields}.", fields=", ".join(sorted(_FIELDS))
        )
    line = canonical.encode(item["leaf"])
    sha256, sm3 = _hashes(item["sha256"]), _hashes(item["sm3"])
    index = item["index"]
    if isinstance(index, bool) or not isinstance(index, int) or len(sha256) != len(sm3):
        raise MalformedError("A leaf in disclosure.json has no index, or paths of two lengths.")
    if not 0 <= index < 1 << len(sha256):
        raise MalformedError("A leaf in disclosure.json has an index outside its tree.")
    return DisclosedLeaf(line, decode_leaf_line(line), index, sha256, sm3)


def _hashes(value: Json) -> tuple[bytes, ...]:
    if not isinstance(value, list) or len(value) > MAX_DEPTH:
        raise MalformedError("A path in disclosure.json is not a list of at most {limit} hashes.", limit=MAX_DEPTH)
    return tuple(digest_from_hex(text, "path") for text in value)

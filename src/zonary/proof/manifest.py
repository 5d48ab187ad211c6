"""The manifest: every sealed file as one salted line, under a SHA-256 and an SM3 tree (``specs/manifest.md``).

2**d lines of canonical JSON in random order; both trees are RFC 6962 trees over the lines without their newline.
Padding lines are leaves like all others, so a sibling hash in a disclosure tells nothing, not even whether it stands
for a file.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import struct
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import msgspec

from zonary.proof import merkle
from zonary.proof.canonical import MAX_SAFE_INTEGER
from zonary.proof.digests import Digests
from zonary.proof.errors import MalformedError
from zonary.proof.statement import SALT_SIZE

MAX_DEPTH = 22
"""At most 2**22 leaves in one manifest; a larger collection is sealed in parts."""
MIN_FOLDER_DEPTH = 8
"""A folder's tree has at least 256 leaves, so that a disclosure does not count a small folder's files."""
MAX_LINE_BYTES = 32 * 1024
MIN_LINE_BYTES = len(b'{"kind":"padding","salt":""}\n') + 2 * SALT_SIZE
MAX_NAME_BYTES = 4096
MAX_MANIFEST_BYTES = 2 * 1024**3

_UNSET = msgspec.UNSET
_Text: TypeAlias = "str | msgspec.UnsetType"


class _Salted(msgspec.Struct, frozen=True, tag_field="kind", forbid_unknown_fields=True, kw_only=True, gc=False):
    salt: str


class _Named(_Salted, frozen=True, kw_only=True, gc=False):
    name: str | msgspec.UnsetType = _UNSET
    name_base64: str | msgspec.UnsetType = _UNSET

    @property
    def name_bytes(self) -> bytes:
        """The name as the file system has it."""
        return _raw(self.name, self.name_base64)


class FileLeaf(_Named, frozen=True, tag="file", kw_only=True, gc=False):
    """A file: its name, size in bytes (a string above 2**53 - 1) and both digests."""

    sha256: str
    size: int | str
    sm3: str


class SymlinkLeaf(_Named, frozen=True, tag="symlink", kw_only=True, gc=False):
    """A symbolic link: where it points, never what it points to."""

    target: str | msgspec.UnsetType = _UNSET
    target_base64: str | msgspec.UnsetType = _UNSET

    @property
    def target_bytes(self) -> bytes:
        return _raw(self.target, self.target_base64)


class DirectoryLeaf(_Named, frozen=True, tag="directory", kw_only=True, gc=False):
    """An empty folder; others are implied by the names in them."""


class DigestLeaf(_Salted, frozen=True, tag="digest", kw_only=True, gc=False):
    """Content of which only the digests were known to whoever made the manifest."""

    sha256: str
    sm3: str


class PaddingLeaf(_Salted, frozen=True, tag="padding", kw_only=True, gc=False):
    """Stands for nothing; hides how many files there are."""


AnyLeaf: TypeAlias = FileLeaf | SymlinkLeaf | DirectoryLeaf | DigestLeaf | PaddingLeaf
NamedLeaf: TypeAlias = FileLeaf | SymlinkLeaf | DirectoryLeaf
RootsOf: TypeAlias = Callable[[Sequence[bytes]], Digests]

_encoder = msgspec.json.Encoder(order="sorted")
_decoder: msgspec.json.Decoder[AnyLeaf] = msgspec.json.Decoder(AnyLeaf)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parsed lines, in tree order, with their exact bytes."""

    lines: tuple[bytes, ...]
    leaves: tuple[AnyLeaf, ...]

    def roots(self) -> Digests:
        """Both tree roots; the expensive part of checking a large manifest."""
        return roots_of(self.lines)

    def named(self) -> dict[bytes, tuple[int, NamedLeaf]]:
        """Name as bytes -> index in the tree and leaf, for all but padding and nameless digests."""
        return {
            leaf.name_bytes: (index, leaf)
            for index, leaf in enumerate(self.leaves)
            if isinstance(leaf, FileLeaf | SymlinkLeaf | DirectoryLeaf)
        }


def roots_of(lines: Sequence[bytes]) -> Digests:
    """Both roots over leaf lines (without newline)."""
    return Digests(*(merkle.root_of([merkle.leaf_hash(line, name) for line in lines], name) for name in _BOTH))


_BOTH: tuple[Literal["sha256"], Literal["sm3"]] = ("sha256", "sm3")


# --- one leaf ---------------------------------------------------------------------------------------------------------


def text_fields(stem: str, raw: bytes) -> dict[str, str]:
    """``{stem: text}`` for UTF-8 bytes, else ``{stem_base64: …}``: one spelling for each byte string."""
    try:
        return {stem: raw.decode("utf-8")}
    except UnicodeDecodeError:
        return {f"{stem}_base64": base64.b64encode(raw).decode("ascii")}


def file_leaf(name: bytes, size: int, digests: Digests, salt: bytes) -> FileLeaf:
    """The leaf of a file called ``name`` (relative, ``/`` between parts)."""
    return FileLeaf(
        salt=salt.hex(),
        size=size if size <= MAX_SAFE_INTEGER else str(size),
        sha256=digests.sha256.hex(),
        sm3=digests.sm3.hex(),
        **text_fields("name", name),
    )


def symlink_leaf(name: bytes, target: bytes, salt: bytes) -> SymlinkLeaf:
    return SymlinkLeaf(salt=salt.hex(), **text_fields("name", name), **text_fields("target", target))


def directory_leaf(name: bytes, salt: bytes) -> DirectoryLeaf:
    return DirectoryLeaf(salt=salt.hex(), **text_fields("name", name))


def digest_leaf(digests: Digests, salt: bytes) -> DigestLeaf:
    return DigestLeaf(salt=salt.hex(), sha256=digests.sha256.hex(), sm3=digests.sm3.hex())


def encode_digest_line(sha256: str, sm3: str, salt: str) -> bytes:
    """What :func:`encode_leaf_line` makes of a :func:`digest_leaf`, from hexadecimal and written directly."""
    return f'{{"kind":"digest","salt":"{salt}","sha256":"{sha256}","sm3":"{sm3}"}}'.encode("ascii")


def padding_leaf(salt: bytes) -> PaddingLeaf:
    return PaddingLeaf(salt=salt.hex())


def encode_leaf_line(leaf: AnyLeaf) -> bytes:
    """Canonical JSON of one leaf, without newline: the bytes the trees are made of."""
    return _encoder.encode(leaf)


def decode_leaf_line(line: bytes) -> AnyLeaf:
    """:raises MalformedError: unless ``line`` is the canonical form of a well-formed leaf."""
    return parse_manifest(line + b"\n").leaves[0]


def is_valid_name(name: bytes) -> bool:
    """Relative, and made of parts that are neither empty nor ``.`` nor ``..``."""
    if not name or len(name) > MAX_NAME_BYTES or b"\0" in name:
        return False
    return not any(part in (b"", b".", b"..") for part in name.split(b"/"))


# --- the whole --------------------------------------------------------------------------------------------------------


def depth_for(count: int, *, folder: bool) -> int:
    """The depth d of the tree for ``count`` leaves; 2**d is its size once padded.

    :raises MalformedError: when there are none, or more than 2**``MAX_DEPTH``.
    """
    if count < 1:
        raise MalformedError("There is nothing to seal.")
    if count > 1 << MAX_DEPTH:
        raise MalformedError(
            "There are {count} files; one seal takes at most {limit}. Seal the parts one by one.",
            count=count,
            limit=1 << MAX_DEPTH,
        )
    depth = (count - 1).bit_length()
    return max(depth, MIN_FOLDER_DEPTH) if folder else depth


def random_salts(count: int) -> list[bytes]:
    """``count`` independent salts of ``SALT_SIZE`` bytes from the system's generator."""
    pool = os.urandom(SALT_SIZE * count)
    return [pool[i : i + SALT_SIZE] for i in range(0, len(pool), SALT_SIZE)]


def random_order(count: int) -> list[int]:
    """A uniformly random permutation of ``range(count)``: position in the tree -> which item stands there."""
    keys = struct.unpack(f"{count}Q", os.urandom(8 * count))
    return sorted(range(count), key=keys.__getitem__)


def build_manifest(leaves: Iterable[AnyLeaf], *, folder: bool) -> list[bytes]:
    """The lines of a manifest over ``leaves``: padded to 2**d and permuted."""
    lines = [encode_leaf_line(leaf) for leaf in leaves]
    missing = (1 << depth_for(len(lines), folder=folder)) - len(lines)
    lines += [encode_leaf_line(padding_leaf(salt)) for salt in random_salts(missing)]
    return [lines[i] for i in random_order(len(lines))]


def join_lines(lines: Sequence[bytes]) -> bytes:
    """The bytes of ``manifest.jsonl``."""
    return b"\n".join(lines) + b"\n"


def parse_manifest(data: bytes) -> Manifest:
    """The manifest of ``data``.

    :raises MalformedError: unless it is 2**d canonical lines, each a well-formed leaf, with no name twice.
    """
    if len(data) > MAX_MANIFEST_BYTES:
        raise MalformedError(
            "The manifest has {size} bytes; at most {limit} are read.", size=len(data), limit=MAX_MANIFEST_BYTES
        )
    count = data.count(b"\n")  # before anything is split: a line takes far more memory than a newline
    if not data.endswith(b"\n") or count & (count - 1) or count > 1 << MAX_DEPTH or len(data) < MIN_LINE_BYTES * count:
        raise MalformedError("The manifest does not have 2^d lines, d at most {limit}.", limit=MAX_DEPTH)
    lines = data[:-1].split(b"\n")
    if max(map(len, lines)) > MAX_LINE_BYTES:
        raise MalformedError("A line of the manifest is longer than {limit} bytes.", limit=MAX_LINE_BYTES)
    try:
        leaves = _decoder.decode_lines(data)
        canonical = _encoder.encode_lines(leaves) == data
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise MalformedError("A line of the manifest is not a leaf this release knows.") from error
    if not canonical:
        raise MalformedError("A line of the manifest is not in canonical form (RFC 8785).")
    _check_leaves(leaves)
    return Manifest(tuple(lines), tuple(leaves))


def _check_leaves(leaves: Sequence[AnyLeaf]) -> None:
    # All salts at once, all digests at once, all names at once: a hundred thousand leaves take a fraction of a second.
    kinds: dict[type, list[Any]] = {FileLeaf: [], SymlinkLeaf: [], DirectoryLeaf: [], DigestLeaf: [], PaddingLeaf: []}
    for leaf in leaves:
        kinds[type(leaf)].append(leaf)
    files, links, known = kinds[FileLeaf], kinds[SymlinkLeaf], kinds[FileLeaf] + kinds[DigestLeaf]
    if not _are_hex([leaf.salt for leaf in leaves], 2 * SALT_SIZE):
        raise MalformedError("A salt of the manifest is not 32 lower-case hexadecimal digits.")
    if not _are_hex([leaf.sha256 for leaf in known] + [leaf.sm3 for leaf in known], 64):
        raise MalformedError("A digest of the manifest is not 64 lower-case hexadecimal digits.")
    if not all(_is_size(leaf.size) for leaf in files):
        raise MalformedError("A size in the manifest is not a whole number written in its one form.")
    if not all(link.target_bytes and b"\0" not in link.target_bytes for link in links):
        raise MalformedError("A symbolic link in the manifest points nowhere.")
    _check_names([leaf.name_bytes for leaf in (*files, *links, *kinds[DirectoryLeaf])])


_BAD_NAME = re.compile(rb"[\0/](?:\.{1,2})?[\0/]")
"""Between two separators: an empty part, ``.`` or ``..``."""


def _check_names(names: Sequence[bytes]) -> None:
    together = b"\0" + b"\0".join(names) + b"\0" if names else b""
    bad = _BAD_NAME.search(together) or together.count(b"\0") != len(names) + bool(names)
    if bad or max(map(len, names), default=0) > MAX_NAME_BYTES:
        raise MalformedError("The manifest holds a name that is empty, absolute or climbs out with “..”.")
    if len(set(names)) != len(names):
        name = next(name for name, count in Counter(names).items() if count > 1)
        raise MalformedError("The manifest names “{name}” twice.", name=name.decode("utf-8", "replace"))


def _are_hex(texts: Sequence[str], length: int) -> bool:
    together = "".join(texts)
    try:
        # fromhex() passes over white space, and takes capitals.
        digits = 2 * len(bytes.fromhex(together))
    except ValueError:
        return False
    return digits == length * len(texts) and {*map(len, texts)} <= {length} and together == together.lower()


def _is_size(size: int | str) -> bool:
    if isinstance(size, int):
        return 0 <= size <= MAX_SAFE_INTEGER
    return size.isascii() and size.isdigit() and len(size) <= 20 and size[0] != "0" and int(size) > MAX_SAFE_INTEGER


def _raw(text: _Text, encoded: _Text) -> bytes:
    if encoded is _UNSET and isinstance(text, str):
        return text.encode("utf-8")
    if isinstance(encoded, str) and text is _UNSET:
        try:
            raw = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            pass
        else:
            if _is_not_utf8(raw) and base64.b64encode(raw).decode("ascii") == encoded:
                return raw
    raise MalformedError("A name in the manifest must be given once: as text, or in base64 when it is not UTF-8.")


def _is_not_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False

"""Files in the hand against leaves of the package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from zonary.proof.digests import Digests
from zonary.proof.manifest import AnyLeaf, DigestLeaf, DirectoryLeaf, FileLeaf, NamedLeaf
from zonary.proof.package.report import Layer, LayerVerdict, Sentence, Status
from zonary.proof.printable import printable

Kind = Literal["file", "symlink", "directory"]
MAX_NAMES_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedFile:
    """One thing found on disk.

    ``path`` is where it was found, ``name`` that path relative to what was given; both as bytes. ``digests`` and
    ``size`` are set for files, ``target`` for symbolic links. ``by_itself`` says that this very file was given, and not
    a folder it lies in.
    """

    name: bytes
    path: bytes
    kind: Kind
    size: int = 0
    digests: Digests | None = None
    target: bytes = b""
    by_itself: bool = False


class _Comparison:
    """What was given, held against the leaves; a leaf is matched at most once."""

    def __init__(self, leaves: Iterable[AnyLeaf]) -> None:
        self.by_name: dict[bytes, NamedLeaf] = {}
        self.by_digest: dict[tuple[str, str], list[FileLeaf | DigestLeaf]] = {}
        for leaf in leaves:
            if isinstance(leaf, FileLeaf | DigestLeaf):
                self.by_digest.setdefault((leaf.sha256, leaf.sm3), []).append(leaf)
            if isinstance(leaf, NamedLeaf):
                self.by_name[leaf.name_bytes] = leaf
        self.matched: set[bytes] = set()
        self.nameless: set[str] = set()
        self.renamed: list[tuple[bytes, bytes]] = []
        self.changed: list[bytes] = []
        self.foreign: list[bytes] = []

    @property
    def compared(self) -> int:
        """Leaves that something given is the same as."""
        return len(self.matched) + len(self.nameless)

    def take_file(self, item: ObservedFile) -> None:
        """A file given by itself goes by the longest end of its path that was sealed with this content."""
        parts = item.path.strip(b"/").split(b"/")
        ends = (b"/".join(parts[start:]) for start in range(len(parts)))
        candidates = [name for name in ends if name in self.by_name]
        same = next((name for name in candidates if _is_same(self.by_name[name], item)), None)
        if same is not None:
            self.matched.add(same)
        elif not self._take_twin(item, only_missing=False):
            (self.changed if candidates else self.foreign).append(item.path)

    def take_folder(self, items: Sequence[ObservedFile], prefix: bytes) -> list[ObservedFile]:
        """What lies in a folder goes by its name below ``prefix`` and no other; the result is what is left over."""
        left = []
        for item in items:
            name = prefix + item.name
            leaf = self.by_name.get(name)
            if leaf is None:
                left.append(item)
            elif _is_same(leaf, item):
                self.matched.add(name)
            else:
                self.changed.append(name)
        return left

    def take_left(self, items: Iterable[ObservedFile]) -> None:
        """A file that goes by no sealed name is a moved one if its content was sealed by a name that is gone."""
        for item in items:
            if not self._take_twin(item, only_missing=True):
                self.foreign.append(item.name)

    def _take_twin(self, item: ObservedFile, *, only_missing: bool) -> bool:
        if item.digests is None:
            return False
        pair = (item.digests.sha256.hex(), item.digests.sm3.hex())
        for leaf in self.by_digest.get(pair, ()):
            if isinstance(leaf, DigestLeaf):
                self.nameless.add(leaf.salt)
                return True
            taken = leaf.name_bytes in self.matched or leaf.name_bytes in self.changed
            if int(leaf.size) == item.size and not (only_missing and taken):
                self.matched.add(leaf.name_bytes)
                self.renamed.append((item.name, leaf.name_bytes))
                return True
        return False


def compare_files(leaves: Iterable[AnyLeaf], observed: Iterable[ObservedFile], *, partial: bool) -> LayerVerdict:
    """The verdict on the files given.

    In a folder that was given, a sealed file that is absent is a difference, and so is a file that was never sealed.

    :param partial: the package discloses only some leaves; then other files in a folder are no difference.
    """
    result = _Comparison(leaves)
    folders: dict[bytes, list[ObservedFile]] = {}
    for item in observed:
        if item.by_itself:
            result.take_file(item)
        else:
            folders.setdefault(item.path.removesuffix(item.name), []).append(item)
    prefixes = []
    left: list[ObservedFile] = []
    for root, items in folders.items():
        prefixes.append(_prefix_of(root, items, result.by_name))
        left += result.take_folder(items, prefixes[-1])
    expected = {name for name in result.by_name if any(name.startswith(prefix) for prefix in prefixes)}
    if not partial:
        result.take_left(left)
    missing = [] if partial else sorted(expected - result.matched - set(result.changed))
    return _verdict(
        result, missing, total=len(result.by_name) + sum(_is_nameless(v) for v in result.by_digest.values())
    )


def _is_nameless(leaves: Sequence[FileLeaf | DigestLeaf]) -> bool:
    return any(isinstance(leaf, DigestLeaf) for leaf in leaves)


def _prefix_of(root: bytes, items: Sequence[ObservedFile], by_name: Mapping[bytes, NamedLeaf]) -> bytes:
    """Where in the sealed tree the folder at ``root`` belongs: at its top, unless more names fit further down."""

    def fitting(prefix: bytes) -> int:
        return sum(prefix + item.name in by_name for item in items)

    best, most = b"", fitting(b"")
    parts = [part for part in root.split(b"/") if part]
    for start in range(len(parts) - 1, -1, -1):
        if most * 2 > len(items):
            break
        prefix = b"/".join(parts[start:]) + b"/"
        if fitting(prefix) > most:
            best, most = prefix, fitting(prefix)
    return best


def _is_same(leaf: NamedLeaf, item: ObservedFile) -> bool:
    if isinstance(leaf, FileLeaf):
        digests = item.digests
        return (
            digests is not None
            and int(leaf.size) == item.size
            and leaf.sha256 == digests.sha256.hex()
            and leaf.sm3 == digests.sm3.hex()
        )
    if isinstance(leaf, DirectoryLeaf):
        return item.kind == "directory"
    return item.kind == "symlink" and leaf.target_bytes == item.target


def _verdict(result: _Comparison, missing: list[bytes], *, total: int) -> LayerVerdict:
    differences = (
        [Sentence("“{name}” is not what was sealed under that name.", {"name": printable(n)}) for n in result.changed]
        + [Sentence("“{name}” was sealed, but is not here.", {"name": printable(n)}) for n in missing]
        + [Sentence("“{name}” is not among the sealed files.", {"name": printable(n)}) for n in result.foreign]
    )
    if differences:
        sentence = Sentence(
            "What is here differs from what was sealed: {changed} changed, {missing} missing, {foreign} not sealed.",
            {"changed": len(result.changed), "missing": len(missing), "foreign": len(result.foreign)},
        )
        return LayerVerdict(Layer.FILES, Status.FAILED, sentence, _shortened(differences))
    if not result.compared:
        return LayerVerdict(Layer.FILES, Status.FAILED, Sentence("None of the files given is in this package."))
    sentence = Sentence(
        "{compared} of {total} sealed files were compared; each is byte for byte what was sealed.",
        {"compared": result.compared, "total": total},
    )
    renamed = [
        Sentence(
            "“{name}” has the content that was sealed as “{sealed}”.",
            {"name": printable(name), "sealed": printable(sealed)},
        )
        for name, sealed in result.renamed
    ]
    return LayerVerdict(Layer.FILES, Status.VERIFIED, sentence, _shortened(renamed))


def _shortened(sentences: list[Sentence]) -> tuple[Sentence, ...]:
    rest = len(sentences) - MAX_NAMES_SHOWN
    if rest <= 0:
        return tuple(sentences)
    return (*sentences[:MAX_NAMES_SHOWN], Sentence("… and {count} more.", {"count": rest}))

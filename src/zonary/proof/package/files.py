"""Files in the hand against leaves of the package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
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
    ``size`` are set for files, ``target`` for symbolic links.
    """

    name: bytes
    path: bytes
    kind: Kind
    size: int = 0
    digests: Digests | None = None
    target: bytes = b""


@dataclass(slots=True)
class _Comparison:
    matched: set[bytes] = field(default_factory=set)
    renamed: list[tuple[bytes, str]] = field(default_factory=list)
    changed: list[bytes] = field(default_factory=list)
    foreign: list[bytes] = field(default_factory=list)
    compared: int = 0


def compare_files(
    leaves: Iterable[AnyLeaf], observed: Iterable[ObservedFile], *, folders: bool, partial: bool
) -> LayerVerdict:
    """The verdict on the files given.

    :param folders: whether whole folders were given, so that a sealed file that is absent, or a file that was never
        sealed, is a difference.
    :param partial: whether the package discloses only some leaves; then other files in a folder are no difference.
    """
    by_name: dict[bytes, NamedLeaf] = {}
    by_digest: dict[tuple[str, str], AnyLeaf] = {}
    for leaf in leaves:
        if isinstance(leaf, FileLeaf | DigestLeaf):
            by_digest.setdefault((leaf.sha256, leaf.sm3), leaf)
        if isinstance(leaf, NamedLeaf):
            by_name[leaf.name_bytes] = leaf
    result = _Comparison()
    for item in observed:
        _compare_one(item, by_name, by_digest, result)
    missing = sorted(set(by_name) - result.matched) if folders and not partial else []
    foreign = [] if folders and partial else result.foreign
    return _verdict(result, missing, foreign, total=len(by_name) or len(by_digest))


def _compare_one(
    item: ObservedFile,
    by_name: Mapping[bytes, NamedLeaf],
    by_digest: Mapping[tuple[str, str], AnyLeaf],
    result: _Comparison,
) -> None:
    name = next((name for name in _candidates(item) if name in by_name), None)
    if name is not None and _is_same(by_name[name], item):
        result.matched.add(name)
        result.compared += 1
        return
    digests = item.digests
    twin = by_digest.get((digests.sha256.hex(), digests.sm3.hex())) if digests else None
    if name is not None:
        result.matched.add(name)  # it is there, only different: not also missing
        result.changed.append(name)
    elif twin is None:
        result.foreign.append(item.name)
    else:
        result.compared += 1
        if isinstance(twin, FileLeaf):
            result.matched.add(twin.name_bytes)
            result.renamed.append((item.name, printable(twin.name_bytes)))


def _candidates(item: ObservedFile) -> Iterator[bytes]:
    """The names ``item`` may have in the manifest: its own, then ever shorter ends of its path."""
    yield item.name
    parts = item.path.strip(b"/").split(b"/")
    for start in range(len(parts)):
        yield b"/".join(parts[start:])


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


def _verdict(result: _Comparison, missing: list[bytes], foreign: list[bytes], *, total: int) -> LayerVerdict:
    differences = (
        [Sentence("“{name}” is not what was sealed under that name.", {"name": printable(n)}) for n in result.changed]
        + [Sentence("“{name}” was sealed, but is not here.", {"name": printable(n)}) for n in missing]
        + [Sentence("“{name}” is not among the sealed files.", {"name": printable(n)}) for n in foreign]
    )
    renamed = [
        Sentence("“{name}” has the content that was sealed as “{sealed}”.", {"name": printable(n), "sealed": sealed})
        for n, sealed in result.renamed
    ]
    if differences:
        sentence = Sentence(
            "{count} differences from what was sealed: {changed} changed, {missing} missing, {foreign} not sealed.",
            {
                "count": len(differences),
                "changed": len(result.changed),
                "missing": len(missing),
                "foreign": len(foreign),
            },
        )
        return LayerVerdict(Layer.FILES, Status.FAILED, sentence, _shortened(differences))
    if not result.compared:
        return LayerVerdict(Layer.FILES, Status.FAILED, Sentence("None of the files given is in this package."))
    sentence = Sentence(
        "{compared} of {total} sealed files were compared; each is byte for byte what was sealed.",
        {"compared": result.compared, "total": total},
    )
    return LayerVerdict(Layer.FILES, Status.VERIFIED, sentence, _shortened(renamed))


def _shortened(sentences: list[Sentence]) -> tuple[Sentence, ...]:
    rest = len(sentences) - MAX_NAMES_SHOWN
    if rest <= 0:
        return tuple(sentences)
    return (*sentences[:MAX_NAMES_SHOWN], Sentence("… and {count} more.", {"count": rest}))

"""The packs that come with the program, in ``shipped``: each is a file that somebody may propose as a draft."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from zonary.engines.clauses.packs.reading import read_shape
from zonary.engines.clauses.packs.shapes import PackShape
from zonary.engines.clauses.packs.writing import canonical, digest_of
from zonary.foundation.rules.permissions import UnknownPackError

FOLDER: Final = "shipped"


@dataclass(frozen=True, slots=True)
class OfferedPack:
    """A pack that comes with the program. ``content`` is its canonical JSON, ``digest`` the SHA-256 of that."""

    shape: PackShape
    content: bytes
    digest: str


@functools.cache
def offered_packs() -> tuple[OfferedPack, ...]:
    """All of them, by id. They are part of the program, and read once."""
    folder = files(__package__) / FOLDER
    found = []
    for each in sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else ():
        if each.name.endswith(".json"):
            shape = read_shape(each.read_bytes())
            content = canonical(shape)
            found.append(OfferedPack(shape, content, digest_of(content)))
    return tuple(found)


def offered_pack(id: str) -> OfferedPack:
    """:raises UnknownPackError: when none of this id comes with the program."""
    for each in offered_packs():
        if each.shape.id == id:
            return each
    raise UnknownPackError("No rule pack “{pack}” comes with this program.", pack=id[:60])

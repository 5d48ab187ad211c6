"""What a document belongs to, as the parts that made it so say: they make themselves known here when they start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zonary.foundation.organizations.standing import Standing


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that has versions of a document as copies of it: its title, which may be empty, and its page."""

    title: str
    address: str
    versions: tuple[int, ...]


Look = Callable[[Standing, str], Sequence[Reference]]
"""From a reader and the public id of a document to what of it the reader may know."""
_KNOWN: list[Look] = []


def make_known(look: Look) -> None:
    """Have ``look`` asked whenever a document is shown."""
    if look not in _KNOWN:
        _KNOWN.append(look)


def references_of(reader: Standing, document: str) -> list[Reference]:
    """All that versions of a document are copies of, as far as the reader may know."""
    return [each for look in _KNOWN for each in look(reader, document)]

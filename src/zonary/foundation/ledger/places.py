"""Where a leaf stands: the generation of the log and its index there, in one number that sorts as time went."""

from __future__ import annotations

INDEX_BITS = 40
MAX_INDEX = (1 << INDEX_BITS) - 1
"""Over a trillion leaves: a tree of more would take the place of the next generation's."""


def place_of(generation: int, index: int) -> int:
    return generation << INDEX_BITS | index


def split_place(place: int) -> tuple[int, int]:
    """``place`` as generation and index."""
    return place >> INDEX_BITS, place & MAX_INDEX

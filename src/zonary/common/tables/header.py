"""Which column is which: people name them in several ways, and add columns nobody asked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zonary.common.tables.bounds import TableError

_DROPPED = re.compile(r"[\s_*:\-]|[(\[].*?[)\]]")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands.

    :param places: field -> column, counted from 0.
    :param names: field -> what the file calls it.
    :param ignored: names of columns that nothing is known of.
    """

    places: Mapping[str, int]
    names: Mapping[str, str]
    ignored: tuple[str, ...]


def find_columns(header: Sequence[str], known: Mapping[str, Sequence[str]], required: Sequence[str]) -> Columns:
    """Find the fields of ``known`` (field -> its names in files) in ``header``.

    Case, spaces, stars, and what stands in brackets do not matter.

    :raises TableError: when a required one is missing, or one is there twice.
    """
    field_of = {_plain(name): field for field, names in known.items() for name in (field, *names)}
    places: dict[str, int] = {}
    for place, name in enumerate(header):
        field = field_of.get(_plain(name))
        if field is None:
            continue
        if field in places:
            raise TableError(
                "The columns “{first}” and “{second}” mean the same. Remove one of them.",
                first=header[places[field]],
                second=name,
            )
        places[field] = place
    missing = [known[field][0] for field in required if field not in places]
    if missing:
        raise TableError(
            "These columns are missing: {missing}. The first row holds: {found}",
            missing="、".join(missing),
            found="、".join(filter(None, header))[:200],
        )
    used = set(places.values())
    ignored = tuple(name for place, name in enumerate(header) if name and place not in used)
    return Columns(places, {field: header[place] for field, place in places.items()}, ignored)


def wanted_cells(cells: Sequence[str], columns: Columns) -> dict[str, str]:
    """Field -> cell of a row; empty where the row ends before."""
    count = len(cells)
    return {field: cells[place] if place < count else "" for field, place in columns.places.items()}


def _plain(name: str) -> str:
    return _DROPPED.sub("", unicodedata.normalize("NFKC", name).casefold())

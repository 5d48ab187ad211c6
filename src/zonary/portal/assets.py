"""Style sheets, scripts and images as ``assets/build.py`` made them, under names with a digest in them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from zonary.proof.errors import Error

FOLDER = Path(__file__).parent / "static" / "portal"
PREFIX = "/static/"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
"""Content codings that lie beside each file, the smaller first, and how their names end."""


class AssetsError(Error):
    """What the browser is given was not built, or not all of it."""


@cache
def manifest() -> dict[str, str]:
    """Name as templates say it -> name with the digest; read once.

    :raises AssetsError: when there is none.
    """
    path = FOLDER / "manifest.json"
    try:
        found: dict[str, str] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise AssetsError(
            "The style sheets and scripts of the pages were not built: {path} is missing. Type: make setup (or, with "
            "an environment of your own: python assets/build.py)",
            path=str(path),
        ) from None
    return found


def address(name: str) -> str:
    """Where the browser gets ``name``, such as ``portal.css``.

    :raises AssetsError: when nothing of that name was built.
    """
    try:
        return PREFIX + manifest()[name]
    except KeyError:
        raise AssetsError(
            "No asset is called “{name}”. If there is one in assets, build them again: python assets/build.py",
            name=name,
        ) from None


def contents() -> dict[str, dict[str, bytes]]:
    """Address -> content coding -> bytes; the empty coding is the file itself.

    :raises AssetsError: when what the manifest names is not there.
    """
    found: dict[str, dict[str, bytes]] = {}
    for name in manifest().values():
        path = FOLDER / name
        try:
            found[PREFIX + name] = {"": path.read_bytes()} | {
                coding: path.with_name(name + end).read_bytes() for coding, end in ENCODINGS
            }
        except FileNotFoundError as missing:
            raise AssetsError(
                "The style sheets and scripts of the pages are not whole: {path} is missing. Type: make setup",
                path=str(missing.filename),
            ) from None
    return found

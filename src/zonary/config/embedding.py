"""Which other sites may show which pages of this one in a frame; none, unless the operator says so.

``ZONARY_FRAMES`` has, separated by semicolons, an origin and the beginnings of the addresses it may frame, separated by
spaces: ``https://portal.example.gov.cn /published /evidence; https://news.example /published``. Pages on which somebody
signs in or administers are never framed: nobody could tell whose page asks for a password.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zonary.proof.errors import Error

_ORIGIN = re.compile(r"https://[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?")
_BEGINNING = re.compile(r"/[A-Za-z0-9/_-]{1,200}")
_NEVER = ("/account", "/administration", "/identity", "/api", "/demonstration")


class FrameSettingError(Error):
    """``ZONARY_FRAMES`` says something that cannot be."""


@dataclass(frozen=True, slots=True)
class Frames:
    """:param allowed: origin, and what the addresses it may frame begin with."""

    allowed: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def of(self, path: str) -> str:
        """The origins that may frame the page at ``path``, as ``frame-ancestors`` lists them; empty: none."""
        if not self.allowed or any(_is_below(path, each) for each in _NEVER):
            return ""
        return " ".join(origin for origin, places in self.allowed if any(_is_below(path, each) for each in places))


def _is_below(path: str, place: str) -> bool:
    place = place.rstrip("/")
    return path == place or path.startswith(f"{place}/")


def frames(setting: str) -> Frames:
    """:raises FrameSettingError: for what is no origin with https, or no beginning of an address that may be framed."""
    allowed: list[tuple[str, tuple[str, ...]]] = []
    for part in filter(None, map(str.strip, setting.split(";"))):
        origin, *places = part.split()
        if not _ORIGIN.fullmatch(origin) or not places:
            raise FrameSettingError(
                "ZONARY_FRAMES has origins with addresses (https://portal.example.gov.cn /published), not “{part}”.",
                part=part[:80],
            )
        for place in places:
            if not _BEGINNING.fullmatch(place) or any(_is_below(place, each) for each in _NEVER):
                raise FrameSettingError("ZONARY_FRAMES: pages at “{place}” are shown in no frame.", place=place[:80])
        allowed.append((origin, tuple(places)))
    return Frames(tuple(allowed))

"""Which time sources the clock is compared with, as the settings name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from zonary.common.sntp import PORT
from zonary.proof.errors import Error

MAX_SOURCES: Final = 8
_LEAST_BOUND, _MOST_BOUND = 10, 1000
"""Milliseconds. Tokens say that they are right to a second, so that no more can be allowed."""
_MOST_INTERVAL: Final = 3600


class ClockSettingError(Error):
    """The time sources in the settings cannot be used as they are."""


@dataclass(frozen=True, slots=True)
class Source:
    """One time source that speaks SNTP."""

    host: str
    port: int

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class ClockWatching:
    """How the clock is watched; not at all without sources."""

    sources: tuple[Source, ...] = ()
    bound: timedelta = timedelta(milliseconds=500)
    interval: timedelta = timedelta(seconds=64)


def clock_watching(environment: Mapping[str, str]) -> ClockWatching:
    """:raises ClockSettingError: naming what cannot be used."""
    sources = tuple(_source(each.strip()) for each in environment.get("ZONARY_CLOCK_SOURCES", "").split(",") if each)
    if len(sources) > MAX_SOURCES or len(set(sources)) != len(sources):
        raise ClockSettingError(
            "ZONARY_CLOCK_SOURCES names more than {limit} time sources, or one twice.", limit=MAX_SOURCES
        )
    bound = _number(environment, "ZONARY_CLOCK_BOUND", "500", _LEAST_BOUND, _MOST_BOUND)
    interval = _number(environment, "ZONARY_CLOCK_INTERVAL", "64", 1, _MOST_INTERVAL)
    return ClockWatching(sources, timedelta(milliseconds=bound), timedelta(seconds=interval))


def _source(text: str) -> Source:
    host, _colon, port = text.rpartition(":") if text.rpartition(":")[2].isdigit() else (text, "", str(PORT))
    host = host.strip("[]")
    if not host or not host.isascii() or not host.isprintable() or " " in host or not 1 <= int(port) <= 65535:
        raise ClockSettingError(
            "“{text}” in ZONARY_CLOCK_SOURCES is no time source; it looks like ntp.example or ntp.example:123.",
            text=text,
        )
    return Source(host, int(port))


def _number(environment: Mapping[str, str], name: str, default: str, least: int, most: int) -> int:
    text = environment.get(name) or default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise ClockSettingError(
            "{name} is {text}, but has to be a whole number from {least} to {most}.",
            name=name, text=text, least=least, most=most,
        )  # fmt: skip
    return int(text)

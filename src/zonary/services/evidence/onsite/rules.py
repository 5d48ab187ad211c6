"""How long a code is good, what is sealed with a recording, and what that cannot prove. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from zonary.common.plain_text import is_plain
from zonary.proof.canonical import Json
from zonary.proof.digests import Digests
from zonary.proof.manifest import encode_digest_line, roots_of
from zonary.proof.origin import ORIGIN, REPORTED, declared_origin, reported_by
from zonary.proof.statement import SALT_SIZE, Statement
from zonary.services.evidence.rules import MAX_TITLE, SALTS_SIZE, Material

GOOD_FOR = timedelta(minutes=10)
"""From when a code is given to when the digest has to be here."""
MAX_OPEN = 5
"""Codes of one person that are good and not used: each is one try less to guess."""
MAX_A_DAY = 200
"""Codes of one holder within 24 hours."""
DAY = timedelta(days=1)
MAX_PLACE = 120
MAX_SHOWS = 1000
MAX_TOLD = 300
"""Characters of each thing a browser tells."""
MAX_FILE = 300 * 1024**2
"""Bytes of one file: a browser holds what it records in memory."""
MAX_SECONDS = 300


class Medium(StrEnum):
    """What is made."""

    PHOTO = "photo"
    VIDEO = "video"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What somebody says before they begin. ``place`` and ``shows`` are sealed as declared."""

    medium: str
    title: str
    subject: str = ""
    place: str = ""
    shows: str = ""

    def is_plain(self) -> bool:
        """Whether all of it can be read as what it is, and there is a title; only ``shows`` has lines."""
        texts = (self.title, self.place, self.shows.replace("\n", ""))
        return bool(self.title.strip()) and len(self.title) <= MAX_TITLE and all(map(is_plain, texts))

    def declared(self) -> dict[str, Json]:
        """What is said of the scene, without what is not said."""
        said: dict[str, Json] = {"place": self.place, "shows": self.shows}
        return {name: text for name, text in said.items() if text}


WAYS = {
    "recorded": "Recorded by the page itself, as the browser told.",
    "chosen": "Chosen as a file: it may be older than the code, unless the code is in it.",
    "program": "Sent by a program.",
}
"""How the file came to be, as whoever sent the digest told -> the sentence that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the browser told by itself. The server saw that it was told, not that it is so.

    :param way: a key of ``WAYS``.
    :param clock: what the device took for the time when the recording ended.
    """

    user_agent: str = ""
    way: str = "program"
    camera: str = ""
    media_type: str = ""
    clock: str = ""

    def sealed(self) -> dict[str, Json]:
        """In order, each bounded and readable; what was not told is left out."""
        named = {
            "user_agent": self.user_agent,
            "way": self.way if self.way in WAYS else "program",
            "camera": self.camera,
            "media_type": self.media_type,
            "clock": self.clock,
        }
        readable = {name: _readable(text) for name, text in named.items()}
        return {name: text for name, text in readable.items() if text}


def _readable(text: str) -> str:
    return "".join(character for character in text if is_plain(character))[:MAX_TOLD]


def declared(plan: Plan, told: Told) -> dict[str, Json]:
    """What is said of the scene, and what the browser told of itself: both are the holder's word."""
    said = told.sealed()
    by = "program" if said["way"] == "program" else "browser"
    return {**plan.declared(), **declared_origin({}, reported_by(by, said))}


def told_in(declared: Mapping[str, Json], observed: Mapping[str, Json]) -> Mapping[str, Json]:
    """What the browser told; in statements of before it stood among what was observed."""
    origin = declared.get(ORIGIN)
    told = origin.get(REPORTED) if isinstance(origin, dict) else observed.get("told_by_browser")
    return told if isinstance(told, dict) else {}


def observed(capture: str, medium: str, code: str, *, given: str, received: str) -> dict[str, Json]:
    """What the server saw for itself.

    :param given: and ``received``: times as RFC 3339 has them.
    """
    return {
        "capture": capture,
        "code": code,
        "code_given": given,
        "digest_received": received,
        "medium": medium,
    }


def seal_recording_of(
    digests: Digests, salts: bytes, *, declared: Mapping[str, Json], seen: Mapping[str, Json]
) -> Material:
    """A statement over one file of which only the digests are known, with what was declared and what was observed.

    :param salts: ``SALTS_SIZE`` random bytes, never used twice.
    """
    line = encode_digest_line(digests.sha256.hex(), digests.sm3.hex(), salts[:SALT_SIZE].hex())
    statement = Statement(manifest=roots_of([line]), salt=salts[SALT_SIZE:SALTS_SIZE], declared=declared, observed=seen)
    return Material(statement.encode(), line + b"\n")


def is_over(good_until: datetime, at: datetime) -> bool:
    """Whether a code is good no more."""
    return at > good_until


UNPROVEN: tuple[str, ...] = (
    "That the scene is real: a scene can be staged, and a screen can be filmed.",
    "That the file was made by the device's camera: a file can be prepared by programs within the minutes between the "
    "code and the digest. It was there no later than the digest came; that it was not there before the code follows "
    "only if the code is heard or seen in it.",
    "That the clock of the device is right: its time is what the device said. The times that count are those of this "
    "server.",
    "Where it was made: the place is what was declared. A position that a device gives would be a statement of the "
    "device, too.",
    "Who is seen or heard, and who held the device. Known is which account asked for the code.",
    "What the browser says of itself and of the camera: anybody can have it say something else.",
)
"""What a recording under a code cannot prove; said before it is begun and beside what was sealed."""

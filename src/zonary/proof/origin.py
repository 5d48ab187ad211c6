"""Where files came from, as their holder says (``specs/origin.md``): ``origin`` in what a statement declares.

Two kinds of facts stand there and are never mixed: ``stated`` by a person, and ``reported`` by the program or browser
that sealed, about the machine it ran on. To whoever reads them both are the holder's word. What the service saw for
itself is in ``observed`` of the statement, and nowhere else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from zonary.proof.canonical import MAX_SAFE_INTEGER, Json
from zonary.proof.errors import Error
from zonary.proof.package.report import Sentence

ORIGIN, VERSION = "origin", "zonary-origin/1"
STATED, REPORTED = "stated", "reported"
MAX_STATED = 500
"""Characters of each thing a person states."""
MAX_REPORTED = 300
"""Characters of each thing a program reports."""
MAX_REPOSITORIES = 8
MAX_TAGS = 8
MAX_ORIGIN_BYTES = 32 * 1024
_MAX_SHOWN = 1000
"""Characters of one value that are shown; it may be anybody's."""

Text: TypeAlias = "str | Sentence"


class OriginError(Error):
    """What is to be said of the origin cannot be written down."""


STATED_LABELS: Mapping[str, Sentence] = {
    "source": Sentence("Source"),
    "generated_by": Sentence("How it was generated"),
    "machine": Sentence("Machine it was made on"),
    "custodian": Sentence("Who kept it"),
    "custody": Sentence("How it was kept"),
    "notarisation": Sentence("Notarisation"),
    "witness": Sentence("Third-party witness"),
    "corroboration": Sentence("Corroborating data"),
}
"""What a person can state, in the order of 人民法院在线诉讼规则 art. 18, and what it is called."""

REPORTED_LABELS: Mapping[str, Sentence] = {
    "program": Sentence("Program that sealed it"),
    "user_agent": Sentence("Browser, as it names itself"),
    "system": Sentence("Operating system"),
    "distribution": Sentence("Distribution"),
    "architecture": Sentence("Processor"),
    "clock": Sentence("The machine’s clock"),
    "time_zone": Sentence("Time zone"),
    "utc_offset_minutes": Sentence("Offset from UTC"),
    "clock_ahead_seconds": Sentence("Clock against the server’s"),
    "selection": Sentence("What was chosen"),
    "camera": Sentence("Camera or microphone"),
    "media_type": Sentence("Kind of file"),
    "way": Sentence("How the file came to be"),
}
"""What a program or a browser can report, beside ``git``, and what it is called."""

_SELECTIONS = {
    "folder": Sentence("a folder"),
    "file": Sentence("a single file"),
    "files": Sentence("several files"),
}
_WAYS = {
    "recorded": Sentence("recorded by the page itself"),
    "chosen": Sentence("chosen as a file"),
    "program": Sentence("sent by a program"),
}
_SCOPES = {
    "whole": Sentence("the whole work tree was sealed"),
    "part": Sentence("a part of the work tree was sealed"),
    "commit": Sentence("this commit itself was sealed"),
    "repository": Sentence("the repository itself was sealed, which has no work tree"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing somebody says. ``name`` is its key; ``texts`` belong together."""

    name: str
    label: Text
    texts: tuple[Text, ...]


def declared_origin(stated: Mapping[str, str], reported: Mapping[str, Json]) -> dict[str, Json]:
    """What a statement declares when this is said; empty when nothing is.

    :raises OriginError: when a statement of a person is too long, or holds what nobody sees.
    """
    said: dict[str, Json] = {}
    for name, text in stated.items():
        if name not in STATED_LABELS or len(text) > MAX_STATED or not is_readable(text):
            raise OriginError(
                "What is stated of the origin is text that can be read, of at most {limit} characters each; “{name}” "
                "is not.",
                name=name[:40],
                limit=MAX_STATED,
            )
        if text.strip():
            said[name] = text.strip()
    origin: dict[str, Json] = {"version": VERSION}
    origin |= {STATED: said} if said else {}
    origin |= {REPORTED: dict(reported)} if reported else {}
    return {ORIGIN: origin} if len(origin) > 1 else {}


def is_readable(text: str) -> bool:
    """Whether all of ``text`` is seen; only lines may be broken."""
    return not any(_is_unseen(character) for character in text if character != "\n")


def _is_unseen(character: str) -> bool:
    """Controls, what turns the direction of writing, halves of characters, separators of lines."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def readable(text: str) -> str:
    """``text`` as it can be reported: what nobody sees is left out, and no more than ``MAX_REPORTED``."""
    return "".join(character for character in text if not _is_unseen(character))[:MAX_REPORTED].strip()


_NUMBERS = ("changed", "untracked", "submodules")
_TOLD_BY_BOTH = ("system", "clock", "time_zone", "selection", "media_type", "way")
_TOLD_BY: Mapping[str, tuple[str, ...]] = {
    "program": (*_TOLD_BY_BOTH, "program", "distribution", "architecture"),
    "browser": (*_TOLD_BY_BOTH, "user_agent", "camera"),
}


def reported_by(by: str, told: Mapping[str, object]) -> dict[str, Json]:
    """What a program or a browser told, as far as such a one can report it; all else is left out.

    :param by: ``program`` or ``browser``.
    """
    reported: dict[str, Json] = {}
    for name in _TOLD_BY[by]:
        text = told.get(name)
        if isinstance(text, str) and (kept := readable(text)):
            reported[name] = kept
    for name in ("utc_offset_minutes", "clock_ahead_seconds"):
        number = told.get(name)
        if isinstance(number, int) and not isinstance(number, bool) and abs(number) <= MAX_SAFE_INTEGER:
            reported[name] = number
    return {"by": by, **reported} if reported else {}


# --- reading: whatever stands there, it is shown as the claim it is ---------------------------------------------------


def stated_facts(declared: Mapping[str, Json]) -> list[Fact]:
    """What a person stated, and whatever else is declared that this release does not know."""
    origin = _origin(declared)
    stated = _map(origin.get(STATED))
    facts = [Fact(name, label, (shown(stated[name]),)) for name, label in STATED_LABELS.items() if name in stated]
    facts += _unknown(STATED, stated, STATED_LABELS)
    facts += _unknown(ORIGIN, origin, ("version", STATED, REPORTED))
    return facts + _unknown("", declared, (ORIGIN,) if origin else ())


def reported_facts(declared: Mapping[str, Json]) -> list[Fact]:
    """What a program or browser reported of the machine it ran on."""
    reported = _map(_origin(declared).get(REPORTED))
    facts = [
        Fact(name, label, (_reported(name, reported[name]),))
        for name, label in REPORTED_LABELS.items()
        if name in reported
    ]
    git = reported.get("git")
    for each in git[:MAX_REPOSITORIES] if isinstance(git, list) else []:
        facts.append(Fact("git", "Git", tuple(_git(_map(each)))))
    return facts + _unknown(REPORTED, reported, (*REPORTED_LABELS, "by", "git"))


def is_by_browser(declared: Mapping[str, Json]) -> bool:
    """Whether it was a browser that reported, and not a program."""
    return _map(_origin(declared).get(REPORTED)).get("by") == "browser"


def observed_facts(observed: Mapping[str, Json]) -> list[Fact]:
    """What stands under ``observed``; the statement does not show who wrote it there."""
    return _unknown("", observed, ())


def shown(value: Json) -> str:
    """A value as text that can be shown anywhere."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, Mapping):
        text = ", ".join(f"{key}: {shown(item)}" for key, item in value.items())
    elif isinstance(value, list):
        text = ", ".join(shown(item) for item in value)
    else:
        text = str(value)
    seen = "".join(
        each.encode("unicode_escape").decode("ascii") if _is_unseen(each) else each
        for each in text[:_MAX_SHOWN].replace("\n", " ")
    )
    return seen if len(text) <= _MAX_SHOWN else f"{seen}…"


def _origin(declared: Mapping[str, Json]) -> Mapping[str, Json]:
    """The part this release knows; that of another version is shown like anything unknown."""
    origin = _map(declared.get(ORIGIN))
    return origin if origin.get("version") == VERSION else {}


def _map(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _unknown(inside: str, values: Mapping[str, Json], known: object) -> list[Fact]:
    names = known if isinstance(known, tuple | Mapping) else ()
    rest = [(name, value) for name, value in values.items() if name not in names]
    return [Fact(name, shown(f"{inside}.{name}" if inside else name), (shown(value),)) for name, value in rest]


def _reported(name: str, value: Json) -> Text:
    number = value if isinstance(value, int) and not isinstance(value, bool) else None
    if name == "utc_offset_minutes" and number is not None:
        hours, minutes = divmod(abs(number), 60)
        return f"UTC{'-' if number < 0 else '+'}{hours:02d}:{minutes:02d}"
    if name == "clock_ahead_seconds" and number is not None:
        if number == 0:
            return Sentence("no difference, give or take two seconds")
        if number < 0:
            return Sentence("{seconds} seconds behind, give or take two", {"seconds": -number})
        return Sentence("{seconds} seconds ahead, give or take two", {"seconds": number})
    if name == "selection" and isinstance(value, str) and value in _SELECTIONS:
        return _SELECTIONS[value]
    if name == "way" and isinstance(value, str) and value in _WAYS:
        return _WAYS[value]
    return shown(value)


def _git(git: Mapping[str, Json]) -> Iterator[Text]:
    if "commit" in git:
        yield Sentence("commit {id}", {"id": shown(git["commit"])})
    if "branch" in git:
        yield Sentence("branch {name}", {"name": shown(git["branch"])})
    if "tags" in git:
        yield Sentence("tag {name}", {"name": shown(git["tags"])})
    scope = git.get("scope")
    if isinstance(scope, str) and scope in _SCOPES:
        yield _SCOPES[scope]
    yield from _state(git)
    if "repository" in git:
        yield Sentence("from {address}", {"address": shown(git["repository"])})


def _state(git: Mapping[str, Json]) -> Iterator[Text]:
    numbers = {name: git[name] for name in _NUMBERS if name in git}
    changed, untracked = numbers.get("changed"), numbers.get("untracked")
    if git.get("clean") is True:
        yield Sentence("clean: the work tree was as committed")
    elif isinstance(changed, int) and isinstance(untracked, int):
        yield Sentence(
            "not clean: {changed} files changed, {untracked} not tracked",
            {"changed": changed, "untracked": untracked},
        )
    if isinstance(numbers.get("submodules"), int):
        yield Sentence("{count} submodules, not looked into", {"count": int(str(numbers["submodules"]))})
    if git.get("unsteady") is True:
        yield Sentence("it changed while it was being sealed")

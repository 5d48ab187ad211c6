"""The names of a vocabulary as patterns, and whether sentences with them can be read in one way only.

Chinese has no spaces: 占用地面积 is one name, or 占 and 用地面积. A vocabulary in which both could stand is refused,
naming the two, instead of a sentence being read one way and meant the other.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from zonary.engines.clauses.errors import VocabularyError
from zonary.engines.clauses.language import grammar
from zonary.engines.clauses.vocabulary import Frame, Kind, Vocabulary

MAX_NAMES: Final = 5_000
MAX_NAME_LENGTH: Final = 60
_JOINING: Final = frozenset("，。；：、（）()“”‘’\"'《》〈〉【】〔〕/%\\,;:")
"""Marks that sentences are joined of; of them, names in brackets may have all but :data:`_BRACKETS`."""
_BRACKETS: Final = frozenset("《》【】“”")
_NOTHING: Final = "(?!)x"


def patterns(vocabulary: Vocabulary) -> dict[str, str]:
    """Terminal -> regular expression, the longest name first.

    :raises VocabularyError: when there are too many names, or one cannot be told apart in a sentence.
    """
    require_legible(vocabulary)
    named: dict[str, list[str]] = {terminal: [] for terminal in grammar.NAMES}
    for term in vocabulary.terms:
        named[grammar.terminal_of(term)].append(term.chinese)
    every = sorted(term.chinese for term in vocabulary.terms)
    found = {
        terminal: _any_of(_whole(name, every) for name in _longest_first(names)) for terminal, names in named.items()
    }
    return found | {
        "UNIT": _any_of(map(_escaped, _longest_first(vocabulary.units))),
        "LIST": _in_brackets("《", (each.name for each in vocabulary.lists), "》"),
        "TABLE": _in_brackets("《", vocabulary.tables, "》"),
        "PARAMETER": _in_brackets("【", vocabulary.parameters, "】"),
    }


def require_legible(vocabulary: Vocabulary) -> None:
    """:raises VocabularyError: when a name or unit cannot stand in a sentence, or could be read as other words."""
    terms = [each.chinese for each in vocabulary.terms]
    bracketed = [*(each.name for each in vocabulary.lists), *vocabulary.tables, *vocabulary.parameters]
    if len(terms) + len(bracketed) > MAX_NAMES:
        raise VocabularyError("A vocabulary has at most {limit} names.", limit=MAX_NAMES)
    for name, marks in [(each, _JOINING) for each in terms] + [(each, _BRACKETS) for each in bracketed]:
        if not 0 < len(name) <= MAX_NAME_LENGTH or not _is_plain(name, marks):
            raise VocabularyError(
                "“{name}” cannot be a name: it has 1 to {limit} characters, none that cannot be seen or looks like "
                "another, and no mark that joins sentences.",
                name=name[:MAX_NAME_LENGTH],
                limit=MAX_NAME_LENGTH,
            )
    _require_units(vocabulary)
    _require_apart(set(terms))


def _is_plain(name: str, marks: frozenset[str]) -> bool:
    """Without marks, spaces (but inside brackets), what cannot be seen, and doubles such as 人 as a radical."""
    if unicodedata.normalize("NFC", name) != name or name != name.strip():
        return False
    if marks is _BRACKETS:
        name = name.replace(" ", "")
    return not any(
        each in marks
        or unicodedata.category(each)[0] in "CZ"
        or unicodedata.category(each) == "Mn"
        or "⺀" <= each <= "⿟"
        for each in name
    )


def _require_units(vocabulary: Vocabulary) -> None:
    shared = Vocabulary(()).units
    measure_words = {each.unit for each in vocabulary.terms if each.kind in (Kind.COUNT, Kind.NUMBER)}
    for symbol in sorted(measure_words | set(vocabulary.units)):
        if not symbol or not _is_plain(symbol, _JOINING - {"%"}) or symbol[0] in "0123456789.":
            raise VocabularyError("“{unit}” cannot be a unit.", unit=symbol[:MAX_NAME_LENGTH])
        if symbol in measure_words and symbol in shared:
            raise VocabularyError("The unit “{unit}” would mean two things.", unit=symbol)
    follow = _keywords()
    for one in vocabulary.units:
        for other in vocabulary.units:
            rest = other[len(one) :]
            if other.startswith(one) and rest and _could_begin(rest, follow):
                raise VocabularyError(
                    "“{name}” could also be read as “{one}” and “{other}”.", name=other, one=one, other=rest
                )


def _require_apart(names: set[str]) -> None:
    """No name can be read as two words or more, nor disappear in a longer fixed word."""
    words = _keywords() | names
    for name in sorted(names):
        for keyword in _keywords():
            if keyword.startswith(name):
                raise VocabularyError(
                    "“{name}” is a word of the language, or begins one: {word}.", name=name, word=keyword
                )
        for first in _beginnings(name, words - {name}):
            if _covers(name[len(first) :], words):
                rest = name[len(first) :]
                raise VocabularyError(
                    "“{name}” could also be read as “{one}” and “{other}”.", name=name, one=first, other=rest
                )
        for short, long in _nested_openings():
            rest = long[len(short) :]
            if name.startswith(rest):
                raise VocabularyError(
                    "“{name}” could also be read as “{one}” and “{other}”.",
                    name=short + name,
                    one=long,
                    other=name[len(rest) :],
                )


def _covers(rest: str, words: set[str]) -> bool:
    """Whether ``rest`` is words, the last of which may go beyond it."""
    reached, open_ends = {0}, [0]
    while open_ends:
        left = rest[open_ends.pop() :]
        if _could_begin(left, words):
            return True
        for word in _beginnings(left, words):
            end = len(rest) - len(left) + len(word)
            if end not in reached:
                reached.add(end)
                open_ends.append(end)
    return False


def _beginnings(text: str, words: set[str]) -> list[str]:
    """Words that ``text`` begins with and goes beyond."""
    return [text[:end] for end in range(1, len(text)) if text[:end] in words]


def _could_begin(text: str, words: set[str]) -> bool:
    return any(word.startswith(text) for word in words)


@cache
def _keywords() -> set[str]:
    return set(grammar.fixed_words()) | set("一两二三四五六七八九十0123456789")


@cache
def _nested_openings() -> tuple[tuple[str, str], ...]:
    """Pairs of fixed words that a leaf may begin with, where the longer goes on from the shorter."""
    openings = {
        *(word for frame in Frame for word in (frame.affirmed, frame.denied)),
        *grammar.LISTED.values(), *grammar.HOLDS.values(), grammar.JUDGED, grammar.NOT, grammar.AT_LEAST,
        grammar.CLAUSE[0], "近", "自", "按", "累计", "平均", "同期", *(each.value for each in grammar.SAID_PERIODS),
        *grammar.HAPPENED.values(),
    }  # fmt: skip
    return tuple((a, b) for a in openings for b in openings if a != b and b.startswith(a))


def _whole(name: str, every: list[str]) -> str:
    """The name where no longer name stands, of whichever kind; ``every`` is sorted."""
    longer = []
    for other in every[bisect_right(every, name) :]:
        if not other.startswith(name):
            break
        longer.append(_escaped(other[len(name) :]))
    return _escaped(name) + (f"(?!{_any_of(longer)})" if longer else "")


def _longest_first(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (-len(name), name))


def _in_brackets(opening: str, names: Iterable[str] | Mapping[str, str], closing: str) -> str:
    return _any_of(opening + _escaped(name) + closing for name in _longest_first(names))


def _any_of(alternatives: Iterable[str]) -> str:
    return "|".join(alternatives) or _NOTHING


def _escaped(text: str) -> str:
    return re.escape(text).replace("/", r"\/")

"""Passages of a document that are sentences already, for an official to take up as clauses.

A passage begins after a mark, a number of a list, or whoever the document speaks of; it ends at a mark. One that is
part of a choice, of a condition's consequence or of an exception is not offered: alone it would say something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import lark

from zonary.engines.clauses.errors import ClausesError
from zonary.engines.clauses.expressions import Expression
from zonary.engines.clauses.language.compiled import END, Language
from zonary.engines.clauses.language.reading import MAX_LENGTH, read

MAX_OFFERED_TEXT: Final = 50_000
"""Characters of a document that are looked at; what is behind them is not."""
MAX_PASSAGE: Final = 600
"""Characters of one passage."""

_SUBJECT: Final = "(?:(?:该|本)?企业|申报(?:企业|单位)|申请(?:企业|单位|人)|其)"
_ORDINAL: Final = "[一二三四五六七八九十0-9]{1,3}"
_NUMBERING: Final = f"(?:[（(]{_ORDINAL}[)）]|{_ORDINAL}[、.．)]|第{_ORDINAL}[条项款])"
_BLANK: Final = "[ \\t　]*"
_LINE: Final = re.compile(r"[^\n]*\n?")
_NUMBERED: Final = re.compile(f"{_BLANK}({_NUMBERING})")
_START: Final = re.compile(
    rf"(?:^|[。；;：\n]|(?<!的)，(?!或)且?){_BLANK}(?:{_NUMBERING}{_BLANK})?(?:{_SUBJECT}(?:应当?|须|必须)?)?",
    re.MULTILINE,
)
_END: Final = re.compile(r"[。；，;,\n]|$")
_GOES_ON: Final = re.compile(r"[，,]?(?:或|但|除)|[，,](?:的)")
_OF_SEVERAL: Final = "任意?[一二两三四五0-9]项|任一|至少[一二两三四五0-9]{1,2}[项个]|其中[一二两三四五0-9]{1,2}项"
_LEADS_ELSEWHERE: Final = re.compile(rf"(?:除|或者?|但|如(?!下)|若(?!干)|凡|{_OF_SEVERAL})[^。；;：\n]*$")
_CHOICE: Final = re.compile(rf"(?:{_OF_SEVERAL}|之一)[^。；;：:\n]{{0,12}}[：:]")


@dataclass(frozen=True, slots=True)
class Offer:
    """``text[start:end]`` is a sentence, and says this."""

    start: int
    end: int
    expression: Expression


def offers(text: str, language: Language) -> tuple[Offer, ...]:
    """In their order; of passages that begin at the same place the longest, and none inside another."""
    looked_at = text[:MAX_OFFERED_TEXT]
    found: list[Offer] = []
    choices = tuple(_choices(looked_at))
    behind = 0
    for match in _START.finditer(looked_at):
        start = match.end()
        if start < behind or any(first <= start < last for first, last in choices):
            continue
        if _LEADS_ELSEWHERE.search(looked_at[max(0, start - 80) : start]):
            continue
        offer = _longest(looked_at, start, language)
        if offer is not None:
            found.append(offer)
            behind = offer.end
    return tuple(found)


def _choices(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each list of which not all is asked: behind 符合下列条件之一： the lines numbered alike."""
    end = 0
    for match in _CHOICE.finditer(text):
        if match.start() < end:  # a choice within one: it is passed over already
            continue
        end, shape = match.end(), None
        for line in _LINE.finditer(text, match.end()):
            if line[0].strip():
                numbered = _NUMBERED.match(line[0])
                here = re.sub(_ORDINAL, "#", numbered[1]) if numbered else ""
                if shape is not None and (not here or here != shape):
                    break
                shape = here
            end = line.end()
        yield match.end(), end


def _longest(text: str, start: int, language: Language) -> Offer | None:
    """Reads once from ``start`` on, and remembers where a sentence could have ended."""
    passage = text[start : start + min(MAX_PASSAGE, MAX_LENGTH)]
    for end in reversed(tuple(_ends(passage, language))):
        try:
            return Offer(start, start + end, read(passage[:end], language))
        except ClausesError:
            continue
    return None


def _ends(passage: str, language: Language) -> Iterator[int]:
    """Where a sentence that begins with ``passage`` could end, and a mark stands."""
    reading = language.begin(passage)
    end = 0
    try:
        for token in reading.iter_parse():  # which hands over a token before it is read
            if _is_end(passage, end) and END in language.accepted(reading):
                yield end
            end = token.end_pos or 0
    except lark.UnexpectedInput:
        pass
    if _is_end(passage, end) and END in language.accepted(reading):
        yield end


def _is_end(passage: str, end: int) -> bool:
    return end > 0 and bool(_END.match(passage, end)) and not _GOES_ON.match(passage, end)

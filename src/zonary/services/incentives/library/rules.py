"""What the text of a policy document is, where its articles stand, and which of its words are in force. Pure."""

from __future__ import annotations

import functools
import hashlib
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol, TypeVar

from zonary.proof.errors import Error

MAX_TEXT: Final = 200_000
"""Characters of an edition."""
MAX_TEXT_BYTES: Final = 4 * MAX_TEXT
MAX_SHOWN_QUOTE: Final = 200
"""Characters of a quotation that stand in an address; enough to find it by."""

_LINE_ENDS: Final = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
"""Marks without a shape that pages on the web put between characters; nobody wrote them."""


class WrongDocumentError(Error):
    """What was given as a policy document, an edition or a repeal cannot be one."""


class CircularRepealError(WrongDocumentError):
    """A document would, over others, have repealed itself."""


def decoded(data: bytes) -> str:
    """The text of an uploaded file.

    :raises WrongDocumentError: when it is too long, or not UTF-8.
    """
    if len(data) > MAX_TEXT_BYTES:
        raise WrongDocumentError(
            "The file has more than {limit} bytes. Record the text without pictures.", limit=MAX_TEXT_BYTES
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WrongDocumentError(
            "The file is not text in UTF-8: byte {place} cannot be read. Save it as plain text in UTF-8, or paste the "
            "text.",
            place=error.start + 1,
        ) from error


def normalised(text: str) -> str:
    """``text`` as it is kept: line ends are LF, and there are no blanks where nobody sees them.

    :raises WrongDocumentError: when nothing is left, it is too long, or something in it is no text.
    """
    text = _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text)).replace("\xa0", " ")
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
    if not text.strip():
        raise WrongDocumentError("There is no text. Paste the words of the document, or upload them as a .txt file.")
    if len(text) > MAX_TEXT:
        raise WrongDocumentError(
            "An edition has at most {limit} characters; this has {count}.", limit=MAX_TEXT, count=len(text)
        )
    for number, line in enumerate(text.split("\n"), 1):
        if any(unicodedata.category(each) in ("Cc", "Cf", "Cs") and each != "\t" for each in line):
            raise WrongDocumentError(
                "Line {line} has a control character that nobody sees. Delete it, and record the text again.",
                line=number,
            )
    return text


def digest_of(text: str) -> str:
    """SHA-256 of the text in UTF-8, hexadecimal: what an edition is known by."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


# --- articles ---------------------------------------------------------------------------------------------------------

_CN: Final = "[零〇一二三四五六七八九十百千两]{1,8}"
_AR: Final = "[0-9０-９]{1,3}"
_BLANKS: Final = "[ \\t　]*"
# 第五条规定的…, 第五条第二款: who begins a line so speaks of an article, and does not begin one.
_NO_REFERENCE: Final = "(?!第|规定|所|的|、|和|至|，|,|。|；|款|项|及|或|中|与|到)"
_ARTICLE, _SECTION, _ITEM, _POINT, _SUBPOINT = 1, 2, 3, 4, 5
_MARKS: Final = (
    (_ARTICLE, re.compile(rf"第({_CN}|{_AR})条(?:之({_CN}))?{_NO_REFERENCE}")),
    (_SECTION, re.compile(rf"({_CN})、")),
    (_ITEM, re.compile(rf"[（(]({_CN})[）)]")),
    (_POINT, re.compile(rf"({_AR})[.．、](?![0-9０-９])")),
    (_SUBPOINT, re.compile(rf"[（(]({_AR})[）)]")),
)
_CHAPTER: Final = re.compile(rf"第({_CN}|{_AR})章{_NO_REFERENCE}")
_ANNEX: Final = re.compile(rf"附(?:件|录|表){_BLANKS}({_CN}|{_AR})?{_BLANKS}(?:[:：]|$)")
_PREFIXES: Final = {_ARTICLE: "art", _SECTION: "sec", _ITEM: "item", _POINT: "point", _SUBPOINT: "sub"}
_DIGITS: Final = {each: number for number, each in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS: Final = {"十": 10, "百": 100, "千": 1000}

Path = tuple[tuple[int, str], ...]
"""Level and number of each mark from the outermost to this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A numbered part of a text: 第三条, 一、, （二）, 1. or （1）; from ``start`` to where the next one begins.

    :param anchor: where it is in an address: ``art-3``, ``art-3-2``, ``sec-1-2``, ``annex-1-item-2``. The same text has
        the same anchors; one that would be there twice ends in ``--2``.
    :param label: how it is cited: 第三条第（二）项.
    :param depth: 1 for the outermost.
    """

    anchor: str
    label: str
    start: int
    end: int
    depth: int
    path: Path
    annex: str = ""


def number_of(text: str) -> int:
    """A number in Chinese or Arabic numerals: 二十三, 一百零五, 二〇, ２３."""
    plain = unicodedata.normalize("NFKC", text)
    if plain.isdecimal():
        return int(plain)
    if not any(each in _TENS for each in text):
        return int("".join(str(_DIGITS[each]) for each in text))
    total, pending = 0, 0
    for index, each in enumerate(text):
        if each in _TENS:
            total += (pending or (1 if index == 0 or text[index - 1] in "零〇" else 0)) * _TENS[each]
            pending = 0
        else:
            pending = _DIGITS[each]
    return total + pending


def articles_of(text: str) -> tuple[Article, ...]:
    """Every numbered part of a document, in the order of the text."""
    found: list[Article] = []
    stack: list[tuple[int, str, str]] = []
    annex, seen = "", dict[str, int]()
    for start, line in lines_of(text):
        heading = _heading(line)
        if heading:
            stack, annex = [], heading if heading.startswith("annex") else annex
            _add(
                found,
                seen,
                Article(
                    anchor=heading, label=line[:40].strip(), start=start, end=len(text), depth=1, path=(), annex=annex
                ),
            )
            continue
        mark = _mark(line)
        if mark is None:
            continue
        level, number, words = mark
        stack = [each for each in stack if each[0] < level] + [(level, number, words)]
        path = tuple((each[0], each[1]) for each in stack)
        anchor = "-".join(filter(None, (annex, _anchor(path))))
        _add(
            found,
            seen,
            Article(
                anchor=anchor, label=_label(stack), start=start, end=len(text), depth=len(stack), path=path, annex=annex
            ),
        )
    return tuple(found)


def _add(found: list[Article], seen: dict[str, int], article: Article) -> None:
    """With an anchor of its own; the one before ends here."""
    seen[article.anchor] = count = seen.get(article.anchor, 0) + 1
    anchor = article.anchor if count == 1 else f"{article.anchor}--{count}"
    if found:
        found[-1] = replace(found[-1], end=article.start)
    found.append(replace(article, anchor=anchor))


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """Where each line's first character that is seen stands, and the line from there."""
    start = 0
    for line in text.split("\n"):
        shown = line.lstrip(" \t　")
        yield start + len(line) - len(shown), shown
        start += len(line) + 1


def _heading(line: str) -> str:
    chapter, annex = _CHAPTER.match(line), _ANNEX.match(line)
    if chapter:
        return f"ch-{number_of(chapter[1])}"
    return f"annex-{number_of(annex[1]) if annex[1] else 1}" if annex else ""


def _mark(line: str) -> tuple[int, str, str] | None:
    """Level, number and words of the mark that a line begins with."""
    for level, pattern in _MARKS:
        match = pattern.match(line)
        if match:
            number = str(number_of(match[1]))
            if level == _ARTICLE and match[2]:
                number += f".{number_of(match[2])}"
            return level, number, match[0]
    return None


def _anchor(path: Path) -> str:
    first, *others = path
    inner = (f"s{number}" if level == _SECTION else number for level, number in others)
    return "-".join((_PREFIXES[first[0]], first[1], *inner))


def _label(stack: Sequence[tuple[int, str, str]]) -> str:
    if stack[0][0] != _ARTICLE:
        return "".join(words for _level, _number, words in stack)
    after = {_ITEM: "第{}项", _POINT: "第{}目"}
    parts = [stack[0][2]]
    for level, number, words in stack[1:]:
        shown = number if level == _POINT else words
        parts.append(after[level].format(shown) if level in after else words)
    return "".join(parts)


def article_at(articles: Sequence[Article], position: int) -> Article | None:
    """The innermost numbered part a character stands in; None before the first."""
    return next((each for each in reversed(articles) if each.start <= position < max(each.end, each.start + 1)), None)


# --- citations --------------------------------------------------------------------------------------------------------

_CITED: Final = re.compile(
    rf"第(?P<article>{_CN}|{_AR})条(?:之(?P<of>{_CN}))?"
    rf"|第?[（(](?P<item>{_CN})[）)]项?|第(?P<item_plain>{_CN})项"
    rf"|第(?P<point>{_AR}|{_CN})目|(?P<point_plain>{_AR})[.．]"
    rf"|[（(](?P<sub>{_AR})[）)]"
    rf"|(?P<section>{_CN})、"
)
_LEVELS: Final = {
    "item": _ITEM,
    "item_plain": _ITEM,
    "point": _POINT,
    "point_plain": _POINT,
    "sub": _SUBPOINT,
    "section": _SECTION,
    "article": _ARTICLE,
}


def places_of(articles: Iterable[Article]) -> dict[Path, Article]:
    """Path -> numbered part of the document itself, not of its annexes; of two with one number the first."""
    found: dict[Path, Article] = {}
    for each in articles:
        if not each.annex:
            found.setdefault(each.path, each)
    return found


def cited(citation: str, articles: Sequence[Article], places: Mapping[Path, Article] | None = None) -> Article | None:
    """The part that 第三条第（二）项 or 一、（二） names, or the nearest one around it; None when there is none.

    A paragraph (款) has no mark in a text, so that it leads to its article.

    :param places: those of ``articles``, for who asks more than once.
    """
    places = places_of(articles) if places is None else places
    path = _path_of(citation)
    while path and path not in places:
        path = path[:-1]
    return places[path] if path else None


def _path_of(citation: str) -> Path:
    path: Path = ()
    for match in _CITED.finditer(citation):
        name = next(each for each in _LEVELS if match[each])
        number = str(number_of(match[name])) + (f".{number_of(match['of'])}" if match["of"] else "")
        path = (*(each for each in path if each[0] < _LEVELS[name]), (_LEVELS[name], number))
    return path


def depth_of(citation: str) -> int:
    """How many marks a citation names: 1 for 第三条, 2 for 第三条第（二）项."""
    return len(_path_of(citation))


def place_of_quote(text: str, quote: str, within: Article | None = None) -> tuple[int, int] | None:
    """Where the quoted words stand, line ends and blanks aside: inside ``within`` first, then anywhere."""
    return stands_between(text, quote, within.start if within else 0, len(text)) or stands_between(
        text, quote, 0, len(text)
    )


def stands_between(text: str, quote: str, first: int, last: int) -> tuple[int, int] | None:
    """Where the quoted words stand from the character ``first`` to before ``last``, line ends and blanks aside."""
    line, origins = _closed_up(text)
    wanted = "".join(quote.split())
    at = line.find(wanted, bisect_left(origins, first), bisect_left(origins, last)) if wanted else -1
    return (origins[at], origins[at + len(wanted) - 1] + 1) if at >= 0 else None


@functools.lru_cache(maxsize=8)
def _closed_up(text: str) -> tuple[str, Sequence[int]]:
    """Without blanks, and where each character stood. Kept, because a pack quotes one text a thousand times."""
    origins = array("L", (place for place, each in enumerate(text) if not each.isspace()))
    return "".join(text.split()), origins


def paragraph_with(text: str, words: Sequence[str]) -> tuple[int, str] | None:
    """Place and words of the line that has most of ``words`` (folded); None when none of them stands in any."""
    best: tuple[int, int, str] | None = None
    for start, line in lines_of(text):
        plain = unicodedata.normalize("NFKC", line).casefold()
        count = sum(1 for word in words if word in plain)
        if count and (best is None or count > best[0]):
            best = (count, start, line)
    return (best[1], best[2]) if best else None


# --- what is in force -------------------------------------------------------------------------------------------------


class Dated(Protocol):
    """An edition, as far as its time goes."""

    @property
    def number(self) -> int: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date | None: ...


AnEdition = TypeVar("AnEdition", bound=Dated)


def edition_on(editions: Iterable[AnEdition], day: date, repealed_since: date | None = None) -> AnEdition | None:
    """The edition in force on a day: of those that had begun the latest, unless its own end or a repeal came before."""
    begun = [each for each in editions if each.first <= day]
    if not begun or (repealed_since is not None and repealed_since <= day):
        return None
    latest = max(begun, key=lambda each: (each.first, each.number))
    return latest if latest.last is None or day <= latest.last else None


def require_no_circle(repealed: str, by: str, wholly: Mapping[str, Iterable[str]]) -> None:
    """:param wholly: document -> those that repealed the whole of it.

    :raises CircularRepealError: when ``by`` is the document itself, or was, over others, repealed by it.
    """
    seen, left = {by}, [by]
    while left:
        each = left.pop()
        if each == repealed:
            raise CircularRepealError(
                "A document cannot repeal one that repealed it, itself or over others. Look at the days again."
            )
        new = set(wholly.get(each, ())) - seen
        seen |= new
        left.extend(new)

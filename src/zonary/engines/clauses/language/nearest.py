"""The nearest sentence that would be read: usual other wordings put right, then single words, never the meaning.

No repair adds or takes a negation but where the wording itself is known (≥ is 不低于), and none guesses a figure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import Final

from zonary.engines.clauses.errors import ClausesError, SentenceError
from zonary.engines.clauses.language.compiled import Language
from zonary.engines.clauses.language.grammar import CLOSE, OPEN, SAID_PERIODS
from zonary.engines.clauses.language.numerals import WORDS
from zonary.engines.clauses.language.reading import MAX_LENGTH, read
from zonary.engines.clauses.quantities import Period

MAX_REPAIRED: Final = 400
"""Characters of a sentence whose words are compared with those of the vocabulary."""
MAX_REPAIRS: Final = 6
_TRIED: Final = 8
_NEGATIONS: Final = "不未无非没否"
_REPAIRABLE: Final = 0.5
"""Share of a word that may be otherwise."""

_REWRITINGS: Final[tuple[tuple[str, str], ...]] = tuple(
    (pattern, replacement)
    for pattern, replacement in (
        (r"\s+", ""),
        (r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", ""),
        (r"[。．;；，,、]+$", ""),
        (r"[.](?![0-9])", "。"),
        (";", "；"),
        (r"(?<![0-9]),|,(?![0-9])", "，"),
        (":", "："),
        (r"(?<=[0-9])，(?=[A-Z][0-9])", "、"),
        (r"\(", "（"),
        (r"\)", "）"),
        ('[「『"]([^」』"]*)[」』"]', r"“\1”"),
        ("[\\[〖]([^\\]〗]*)[\\]〗]", r"【\1】"),
        ("(?:≥|>=|≧|大于等于|大于或等于|不得低于|应不低于|应当不低于|不能低于|不应低于|须不低于)", "不低于"),
        ("(?:≤|<=|≦|小于等于|小于或等于|不得超过|应不超过|应当不超过|不能超过|不应超过)", "不超过"),
        ("(?:不得|应不|应当不|不能|不应)(少于|小于|高于|大于|晚于|早于)", r"不\1"),
        ("(?:＞|>)", "超过"),
        ("(?:＜|<)", "低于"),
        ("(?:＝|=)", "等于"),
        ("至少(?=[0-9])", "不低于"),
        ("至多(?=[0-9])", "不超过"),
        (r"(?:应当|必须|须|应)(达到|超过|高于|大于|低于)", r"\1"),
        (r"(?<=[0-9])万(?![元0-9])", "万元"),
        (r"(?<=[0-9])亿(?![元0-9])", "亿元"),
        (r"(?:人民币)", ""),
        (r"百分之([0-9.]+)", r"\1%"),
        (r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})日?", r"\1年\2月\3日"),
        (r"年0([1-9])月", r"年\1月"),
        (r"月0([1-9])日", r"月\1日"),
        (rf"(?:最近|过去|前)(?!一年)({WORDS}|[0-9]+)(年|个会计年度|个月|日)", r"近\1\2"),
        (r"(?:最近|过去)(?=一年内)", "近"),
        (r"(?<=[近满有过项少])二(?=年|个|项|日|周)", "两"),
        (r"，?(?:并且|而且|同时|以及)", "，且"),
        (r"(?<!，)且", "，且"),
        (r"，?或者?(?=[^，])", "，或者"),
        (r"满足(?:以下|下列)(?:条件)?(?:至少|不少于|中的至少)", "满足下列至少"),
        (r"(?<=计算)(已满|未满|不超过|超过)(.+?)岁", r"\1\2周岁"),
        (r"周周岁", "周岁"),
        (r"(已满|未满)(" + WORDS + r"|[0-9]+)个?年", r"\1\2年"),
        (r"占(.{1,60}?)(?:比例|比重|比)(?!例)", r"占\1的比例"),
        (r"的的", "的"),
        (r"([0-9])月(?=以上|以下|$|，|；)", r"\1个月"),
    )
)


def nearest_to(sentence: str, language: Language) -> str:
    """A whole sentence that is read, or empty when none is close enough to be meant."""
    if len(sentence) > MAX_LENGTH:
        return ""
    text = rewritten(sentence)
    for candidate in (text, text.removeprefix(OPEN).removesuffix(CLOSE)):
        if _is_read(candidate, language):
            return candidate
    return _repaired(text, language) if len(text) <= MAX_REPAIRED else ""


def rewritten(sentence: str) -> str:
    """With full-width figures, spaces, separators and the usual other wordings put as the language has them."""
    text = "".join(_plain(each) for each in sentence)
    for pattern, replacement in _REWRITINGS:
        text = re.sub(pattern, replacement, text)
    return text


def _plain(character: str) -> str:
    """Figures and signs in their ASCII form; marks that show nothing left away."""
    if unicodedata.category(character) in ("Cc", "Cf"):
        return ""
    if (
        "０" <= character <= "９"
        or character in "％．＋－／＞＜＝"
        or "Ａ" <= character <= "Ｚ"
        or "ａ" <= character <= "ｚ"
    ):
        return unicodedata.normalize("NFKC", character)
    return character


def _is_read(text: str, language: Language) -> bool:
    try:
        read(text, language)
    except ClausesError:
        return False
    return True


def _repaired(text: str, language: Language) -> str:
    """Word by word from the left: of the words that could stand there, those most like what stands there are tried."""
    left = max(3.0, len(text) / 4)
    for _ in range(MAX_REPAIRS):
        stop = language.stop(text)
        if stop is None:
            return _with_year(text, language)
        best: tuple[int, float, str] | None = None
        for cost, candidate in islice(_candidates(text, stop.position, stop.terminals, language), _TRIED):
            if _is_read(candidate, language):
                return candidate if cost <= left else ""
            further = language.stop(candidate)
            ahead = len(candidate) - (further.position if further else len(candidate))
            if best is None or (ahead, cost) < best[:2]:
                best = (ahead, cost, candidate)
        if best is None or best[1] > left or best[0] >= len(text) - stop.position + 1:
            return ""
        left -= best[1]
        text = best[2]
    return ""


def _with_year(text: str, language: Language) -> str:
    """What reads as a sentence and has no meaning: with a year where one is missing, or without one too many."""
    try:
        read(text, language)
    except SentenceError as error:
        at = error.position or 0
        said = next((each.value for each in SAID_PERIODS if text[:at].endswith(each.value)), "")
        for candidate in (text[: at - len(said)] + text[at:], text[:at] + Period.LAST_YEAR.value + text[at:]):
            if candidate != text and _is_read(candidate, language):
                return candidate
        return ""
    except ClausesError:
        return ""
    return text


def _candidates(text: str, position: int, terminals: frozenset[str], language: Language) -> Iterator[tuple[float, str]]:
    """Texts with one word put in at ``position``, or what stands there left away, cheapest first."""
    before, rest = text[:position], text[position:]
    found: set[tuple[float, str]] = set()
    for word in _words(terminals, language):
        if len(word) > 3 and not set(word) & set(rest[: len(word) + 2]):
            continue
        named = rest.find(word[-1]) + 1 if word[0] in "《【" else 0  # up to the bracket, however long
        for width in {named, *range(max(0, len(word) - 3), len(word) + 3)}:
            if width > len(rest) or _negations(word) != _negations(rest[:width]):
                continue
            cost = distance(word, rest[:width])
            if 3 < width == named and word.startswith(rest[: width - 1]):
                cost = min(cost, 3)  # an edition or a number that was left away
            if cost <= _REPAIRABLE * max(len(word), width) or (width == 0 and len(word) <= 3):
                found.add((cost, before + word + rest[width:]))
    # What stands behind a figure is its unit: another one would be another meaning.
    for width in () if before[-1:].isdigit() else (1, 2, 3):
        if width <= len(rest) and not _negations(rest[:width]) and not re.search("[0-9]", rest[:width]):
            found.add((width + 0.5, before + rest[width:]))
    return iter(sorted(found))


def _words(terminals: frozenset[str], language: Language) -> Iterator[str]:
    for terminal in terminals:
        if terminal in language.fixed:
            yield language.fixed[terminal]
        else:
            yield from language.named.get(terminal, ())


def _negations(text: str) -> int:
    return sum(text.count(each) for each in _NEGATIONS)


def distance(one: str, other: str) -> int:
    """Characters to put in, take out or change (Levenshtein, 1965)."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
    return row[-1]

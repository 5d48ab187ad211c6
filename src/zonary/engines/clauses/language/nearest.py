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
from zonary.engines.clauses.language.grammar import AND, AT_LEAST, CLOSE, NEXT_ITEM, OPEN, SAID_PERIODS
from zonary.engines.clauses.language.numerals import FIGURE, WORDS, figure
from zonary.engines.clauses.language.reading import MAX_LENGTH, read
from zonary.engines.clauses.quantities import Period

MAX_REPAIRED: Final = 400
"""Characters of a sentence whose words are compared with those of the vocabulary."""
MAX_REPAIRS: Final = 6
_TRIED: Final = 8
_NEGATIONS: Final = "不未无非没否"
_DIRECTIONS: Final = _NEGATIONS + "均上下内低高少大小早晚足超满等达含本前当同年月日且或的-"
"""Characters a fixed word has its meaning by."""
_REPAIRABLE: Final = 0.5
"""Share of a word that may be otherwise."""

_FIGURE: Final = "[一二两三四五六七八九十百千零]{1,12}"
_FIGURES: Final = re.compile(
    rf"(?<=[于到过足满在])(?=[一二两三四五六七八九十]){FIGURE}(?=[万亿]?元|%|人|项|亩|平方米|公顷)|(?<=比例)(?=[一二两三四五六七八九十]){FIGURE}(?=%)"
)
"""What stands where a bound does, in words."""

_SIGNS: Final[tuple[tuple[str, str], ...]] = (
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
)
"""Signs put as the language has them."""
_WORDINGS: Final[tuple[tuple[str, str], ...]] = (
    ("^(?:申报|申请)?(?:企业|单位)(?:应当?|须|必须)?(?=.)", ""),
    ("^(?:应当?|须|必须)", ""),
    (r"（含(?:本数)?）(?=以[上下内])", ""),
    ("(?:未|没有)(?:被?纳入|列入)|没有被列入", "未被列入"),
    ("(?:已经?|曾)被?列入", "被列入"),
    ("内(?:无|没有发生过?|没有|未发生过|未出现)", "内未发生"),
    ("^(?:为|系)|(?<=，且|或者)(?:为|系)", "是"),
    ("具备|(?:^|(?<=，且|或者))拥?有(?!效)", "具有"),
    ("(?<!未)(?:持有|取得)(?!有效)(?:了)?", "持有有效的"),
    ("(?:≥|>=|≧|大于等于|大于或等于|不得低于|应不低于|应当不低于|不能低于|不应低于|须不低于)", "不低于"),
    ("(?:≤|<=|≦|小于等于|小于或等于|不得超过|应不超过|应当不超过|不能超过|不应超过)", "不超过"),
    ("(?:不得|应不|应当不|不能|不应)(少于|小于|高于|大于|晚于|早于)", r"不\1"),
    ("(?:＞|>)", "超过"),
    ("(?:＜|<)", "低于"),
    ("(?:＝|=)", "等于"),
    ("至少(?=[0-9])", "不低于"),
    ("至多(?=[0-9])", "不超过"),
    (r"(?:应当|必须|须|应)(达到|超过|高于|大于|低于)", r"\1"),
    (r"(?<=[0-9])(万|亿)(?=$|以[上下内]|[，；（）”至/])", r"\1元"),
    (r"(?:人民币)", ""),
    (rf"百分之([0-9.]+|{_FIGURE})(?![点零十百千])", r"\1%"),
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
    (rf"(已满(?:{WORDS}|[0-9]+)(?:年|个月|日))以上", r"\1"),
    (r"((?:不低于|不少于)[0-9.]+[^0-9，；]{1,6})以上", r"\1"),
)
"""Usual other wordings of what the language can say."""


def nearest_to(sentence: str, language: Language) -> str:
    """A whole sentence that is read, or empty when none is close enough to be meant."""
    if len(sentence) > MAX_LENGTH:
        return ""
    plain = _replaced("".join(map(_plain, sentence)), _SIGNS)
    worded = _FIGURES.sub(lambda match: figure(match[0]), _replaced(plain, _WORDINGS))
    if AT_LEAST not in worded:
        worded = worded.replace(NEXT_ITEM, AND)
    for candidate in (plain, plain.removeprefix(OPEN).removesuffix(CLOSE), worded):
        if _is_read(candidate, language):
            return candidate
    if len(sentence) > MAX_REPAIRED:
        return ""
    return _repaired(plain, language) or _repaired(worded, language)


def _replaced(text: str, rules: tuple[tuple[str, str], ...]) -> str:
    for pattern, replacement in rules:
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
        tried = list(islice(_candidates(text, stop.position, stop.terminals, language), _TRIED))
        whole = [(cost, candidate) for cost, candidate in tried if _is_read(candidate, language)]
        if whole:
            cost, candidate = whole[0]
            is_alone = len(whole) == 1 or whole[1][0] > cost  # of two that are as near, neither is guessed
            return candidate if cost <= left and is_alone else ""
        for cost, candidate in tried:
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
    for word, characters in _words(terminals, language):
        if len(word) > 3 and not set(word) & set(rest[: len(word) + 2]):
            continue
        named = rest.find(word[-1]) + 1 if word[0] in "《【" else 0  # up to the bracket, however long
        for width in {named, *range(max(0, len(word) - 3), len(word) + 3)}:
            there = rest[:width]
            if width > len(rest) or _of(characters, word) != _of(characters, there) or _figures(there) > _figures(word):
                continue
            cost = distance(word, there)
            if 3 < width == named and word.startswith(there[:-1]):
                cost = min(cost, 3)  # an edition or a number that was left away
            if cost <= _REPAIRABLE * max(len(word), width) or (width == 0 and len(word) <= 3):
                found.add((cost, before + word + rest[width:]))
    # What stands behind a figure is its unit: another one would be another meaning.
    for width in () if before[-1:].isdigit() else (1, 2, 3):
        there = rest[:width]
        if width <= len(rest) and not _of(_DIRECTIONS, there) and not _figures(there):
            found.add((width + 0.5, before + rest[width:]))
    return iter(sorted(found))


def _words(terminals: frozenset[str], language: Language) -> Iterator[tuple[str, str]]:
    """What could stand there, and the characters that a repair may neither add to it nor take from it."""
    for terminal in terminals:
        if terminal in language.fixed:
            yield language.fixed[terminal], _DIRECTIONS
        elif terminal == "UNIT":
            dimensions = [each.dimension for each in language.vocabulary.units.values()]
            for symbol, unit in language.vocabulary.units.items():
                if dimensions.count(unit.dimension) == 1:  # of several, none is guessed
                    yield symbol, _DIRECTIONS
        else:
            for name in language.named.get(terminal, ()):
                yield name, _NEGATIONS


def _of(characters: str, text: str) -> list[str]:
    return sorted(each for each in text if each in characters)


def _figures(text: str) -> int:
    return sum(each in "0123456789一二两三四五六七八九十百千万亿" for each in text)


def distance(one: str, other: str) -> int:
    """Characters to put in, take out or change (Levenshtein, 1965)."""
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(other, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
    return row[-1]

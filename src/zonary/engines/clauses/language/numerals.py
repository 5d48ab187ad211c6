"""Small whole numbers in Chinese words, in one spelling: 一, 两, 三 … 十, 十一, 二十 … 九十九."""

from __future__ import annotations

import re
from typing import Final

WORDS: Final = "[二三四五六七八九]?十[一二三四五六七八九]?|[一两三四五六七八九]"
"""Pattern of what :func:`in_words` says."""
MAX_IN_WORDS: Final = 99
_DIGITS: Final = "零一二三四五六七八九"
_ONE: Final = "[一二两三四五六七八九]"
FIGURE: Final = rf"(?:({_ONE})千)?零?(?:({_ONE})百)?零?(?:({_ONE})?(十))?零?({_ONE})?"
"""Pattern of a figure in words below ten thousand, in the spellings there are: 一百, 二百零五, 三千. May be empty."""


def in_words(number: int) -> str:
    """:raises ValueError: when it is not between 1 and 99."""
    if not 1 <= number <= MAX_IN_WORDS:
        raise ValueError(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return "两" if ones == 2 else _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def from_words(text: str) -> int:
    """The other way round, of what matches :data:`WORDS`."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return 2 if text == "两" else _DIGITS.index(text)
    return 10 * (_DIGITS.index(tens) if tens else 1) + (_DIGITS.index(ones) if ones else 0)


def figure(text: str) -> str:
    """Digits of a figure in words that matches :data:`FIGURE`."""
    match = re.fullmatch(FIGURE, text)
    if match is None:
        raise ValueError(text)
    thousands, hundreds, tens, ten, ones = match.groups()

    def digit(word: str | None) -> int:
        return 0 if word is None else 2 if word == "两" else _DIGITS.index(word)

    return str(1000 * digit(thousands) + 100 * digit(hundreds) + (10 * (digit(tens) or 1) if ten else 0) + digit(ones))

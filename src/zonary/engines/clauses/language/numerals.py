"""Small whole numbers in Chinese words, in one spelling: 一, 两, 三 … 十, 十一, 二十 … 九十九."""

from __future__ import annotations

from typing import Final

WORDS: Final = "[二三四五六七八九]?十[一二三四五六七八九]?|[一两三四五六七八九]"
"""Pattern of what :func:`in_words` says."""
MAX_IN_WORDS: Final = 99
_DIGITS: Final = "零一二三四五六七八九"


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

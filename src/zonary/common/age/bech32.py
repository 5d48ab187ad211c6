"""Bech32 (BIP 173) as age writes its keys: of any length, in small or in capital letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_CHARACTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK_LENGTH: Final = 6


def encode(prefix: str, data: bytes) -> str:
    """``data`` under ``prefix``, in small letters."""
    values = _regrouped(data, 8, 5, padded=True)
    check = _polymod([*_expanded(prefix), *values, *([0] * _CHECK_LENGTH)]) ^ 1
    values += [(check >> 5 * (_CHECK_LENGTH - 1 - place)) & 31 for place in range(_CHECK_LENGTH)]
    return f"{prefix}1{''.join(_CHARACTERS[value] for value in values)}"


def decode(prefix: str, text: str) -> bytes | None:
    """The bytes that ``text`` holds under ``prefix``; None when it is none, or its check digits are wrong."""
    if text not in (text.lower(), text.upper()):
        return None
    found, separator, rest = text.lower().rpartition("1")
    if not separator or found != prefix or len(rest) < _CHECK_LENGTH or not set(rest) <= set(_CHARACTERS):
        return None
    values = [_CHARACTERS.index(character) for character in rest]
    if _polymod([*_expanded(prefix), *values]) != 1:
        return None
    data = _regrouped(values[:-_CHECK_LENGTH], 5, 8, padded=False)
    # Left-over bits that are not zero would be a second way to write the same key.
    return bytes(data) if _regrouped(data, 8, 5, padded=True) == values[:-_CHECK_LENGTH] else None


def _expanded(prefix: str) -> list[int]:
    return [ord(character) >> 5 for character in prefix] + [0] + [ord(character) & 31 for character in prefix]


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, constant in enumerate(_GENERATOR):
            check ^= constant if (top >> place) & 1 else 0
    return check


def _regrouped(values: Iterable[int], width: int, wanted: int, *, padded: bool) -> list[int]:
    """The bits of ``values``, each of ``width``, as numbers of ``wanted`` bits."""
    bits, count, out = 0, 0, []
    for value in values:
        bits, count = bits << width | value, count + width
        while count >= wanted:
            count -= wanted
            out.append(bits >> count & ((1 << wanted) - 1))
            bits &= (1 << count) - 1
    if padded and count:
        out.append(bits << (wanted - count) & ((1 << wanted) - 1))
    return out

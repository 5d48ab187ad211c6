"""The values of a PDF (ISO 32000-1 §7.3) as the writers of certificates write them, read strictly.

Anything else is no certificate: no comments inside, no generations, no second value of a key, no unknown escapes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, TypeAlias

MAX_DEPTH: Final = 32
MAX_VALUE_BYTES: Final = 1024 * 1024
"""Of one object, without the bytes of a stream."""


class NotLaidOutError(Exception):
    """The bytes are not those of a PDF as certificates are written."""


class Name(str):
    """``/Type`` without the slash, one character a byte."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """An indirect reference; of generation 0, as all are."""

    number: int


@dataclass(frozen=True, slots=True)
class Stream:
    """What stands before the bytes, and the bytes as they lie in the file."""

    attributes: dict[str, Value]
    data: bytes = field(repr=False)


Value: TypeAlias = "bool | int | float | bytes | Name | Ref | list[Value] | dict[str, Value] | Stream | None"

_SPACE = rb"[\0\t\n\f\r ]*"
_REGULAR = rb"[^\0\t\n\f\r ()<>\[\]{}/%]"
_TOKEN = re.compile(
    _SPACE + rb"(?:(?P<open><<|\[)|(?P<close>>>|\])|/(?P<name>" + _REGULAR + rb"{1,127})"
    rb"|<(?P<hex>[0-9A-Fa-f]*)>|(?P<text>\()"
    rb"|(?P<ref>[1-9][0-9]{0,6}) 0 R(?!" + _REGULAR + rb")"
    rb"|(?P<number>[+-]?(?:[0-9]{1,10}(?:\.[0-9]{0,10})?|\.[0-9]{1,10}))(?!" + _REGULAR + rb")"
    rb"|(?P<word>true|false|null)(?!" + _REGULAR + rb"))"
)
_PLAIN = re.compile(rb"[^()\\\r]*")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|([nrtbf()\\]))")
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_WORDS: Final[dict[bytes, bool | None]] = {b"true": True, b"false": False, b"null": None}
_HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")


def read_value(data: bytes, at: int, end: int) -> tuple[Value, int]:
    """The value at ``at``, and where it ends, which is not after ``end``.

    :raises NotLaidOutError: when there is none.
    """
    return _Reader(data, min(end, at + MAX_VALUE_BYTES)).value(at, 0)


class _Reader:
    def __init__(self, data: bytes, end: int) -> None:
        self._data = data
        self._end = end

    def _token(self, at: int) -> re.Match[bytes]:
        found = _TOKEN.match(self._data, at, self._end)
        if found is None:
            raise NotLaidOutError
        return found

    def value(self, at: int, depth: int) -> tuple[Value, int]:
        return self._read(self._token(at), depth)

    def _read(self, token: re.Match[bytes], depth: int) -> tuple[Value, int]:
        kind, end = token.lastgroup or "", token.end()
        text = token[kind]
        if kind == "open":
            if depth == MAX_DEPTH:
                raise NotLaidOutError
            return self._list(end, depth) if text == b"[" else self._map(end, depth)
        if kind == "text":
            return self._text(end)
        return _plain(kind, text), end

    def _list(self, at: int, depth: int) -> tuple[Value, int]:
        items: list[Value] = []
        while True:
            token = self._token(at)
            if token["close"] == b"]":
                return items, token.end()
            item, at = self._read(token, depth + 1)
            items.append(item)

    def _map(self, at: int, depth: int) -> tuple[Value, int]:
        found: dict[str, Value] = {}
        while True:
            token = self._token(at)
            if token["close"] == b">>":
                return found, token.end()
            if token["name"] is None:
                raise NotLaidOutError
            key = _name(token["name"])
            if key in found:
                raise NotLaidOutError
            found[key], at = self.value(token.end(), depth + 1)

    def _text(self, at: int) -> tuple[bytes, int]:
        """A string in parentheses, of which ``at`` is the first byte inside."""
        parts, depth = bytearray(), 1
        while True:
            found = _PLAIN.match(self._data, at, self._end)
            parts += found[0] if found else b""
            at = found.end() if found else at
            mark = self._data[at : min(at + 1, self._end)]
            if mark == b"\\":
                part, at = self._escape(at)
                parts += part
                continue
            if mark not in (b"(", b")"):
                raise NotLaidOutError
            depth += 1 if mark == b"(" else -1
            at += 1
            if not depth:
                return bytes(parts), at
            parts += mark

    def _escape(self, at: int) -> tuple[bytes, int]:
        found = _ESCAPE.match(self._data, at, self._end)
        if found is None:
            raise NotLaidOutError
        octal, letter = found.groups()
        if octal is not None:
            return bytes((int(octal, 8) & 0xFF,)), found.end()
        return _ESCAPED.get(letter, letter), found.end()


def _plain(kind: str, text: bytes) -> Value:
    if kind == "name":
        return _name(text)
    if kind == "ref":
        return Ref(int(text))
    if kind == "number":
        return float(text) if b"." in text else int(text)
    if kind == "word":
        return _WORDS[text]
    if kind != "hex" or len(text) % 2:
        raise NotLaidOutError
    return bytes.fromhex(text.decode("ascii"))


def _name(text: bytes) -> Name:
    if text.count(b"#") != len(_HEX_IN_NAME.findall(text)):
        raise NotLaidOutError
    return Name(_HEX_IN_NAME.sub(lambda found: bytes.fromhex(found[1].decode("ascii")), text).decode("latin-1"))

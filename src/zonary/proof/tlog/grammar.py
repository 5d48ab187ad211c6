"""The spellings all C2SP text formats share: each value has exactly one, no byte of a note is idle."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from zonary.proof.errors import MalformedError, Noun

MAX_NAME_BYTES: Final = 255
"""Longest key name and origin, in UTF-8: what a cosigned message can hold (C2SP tlog-cosignature)."""
MAX_UINT63: Final = 2**63 - 1

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


def decode_text(data: bytes, what: str) -> str:
    """UTF-8 text without control characters other than newline (C2SP signed-note).

    :raises MalformedError: otherwise.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError(
            "The {what} is not UTF-8 text, at byte {offset}.", what=Noun(what), offset=error.start
        ) from None
    if _CONTROL.search(text):
        raise MalformedError("The {what} contains control characters.", what=Noun(what))
    return text


def decode_base64(text: str, what: str) -> bytes:
    """Standard base64 with padding (RFC 4648 §4); an alternative spelling of the same bytes is refused.

    :raises MalformedError: otherwise.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        data = b""
    if not text or encode_base64(data) != text:
        raise MalformedError("The {what} is not base64.", what=Noun(what))
    return data


def encode_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648 §4)."""
    return base64.b64encode(data).decode("ascii")


def decode_decimal(text: str, what: str) -> int:
    """A number from 0 to 2^63-1 in ASCII digits without leading zeros.

    :raises MalformedError: otherwise.
    """
    number = int(text) if _DECIMAL.fullmatch(text) else -1
    if not 0 <= number <= MAX_UINT63:
        raise MalformedError("The {what} is not a decimal number below 2^63 without leading zeros.", what=Noun(what))
    return number


def encode_text(text: str, what: str) -> bytes:
    """``text`` in UTF-8.

    :raises MalformedError: for lone surrogates, which stand for bytes that were no text.
    """
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedError("The {what} is not UTF-8 text.", what=Noun(what)) from None


def is_key_name(name: str) -> bool:
    """Whether ``name`` may name a key: not empty, no spaces of any kind, no plus, no control characters."""
    return bool(name) and not any(c == "+" or c < " " or c.isspace() for c in name)

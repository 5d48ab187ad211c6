"""Canonical JSON (RFC 8785), narrowed to what has one meaning in every language.

Allowed are maps, lists, strings, booleans, null and integers up to 2**53 - 1 in size; a larger integer is written as a
string, a fraction too. What is signed or hashed is always the canonical bytes, so parsing accepts nothing else.
"""

from __future__ import annotations

import json
from typing import TypeAlias

from zonary.proof.errors import MalformedError

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

MAX_SAFE_INTEGER = 2**53 - 1
MAX_DEPTH = 16
MAX_CANONICAL_BYTES = 64 * 1024


def encode(value: Json) -> bytes:
    """RFC 8785 bytes of ``value``.

    :raises MalformedError: for floats, integers beyond 2**53 - 1, lone surrogates, or nesting over ``MAX_DEPTH``.
    """
    import rfc8785

    _check(value, MAX_DEPTH)
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise MalformedError("This value has no canonical JSON form: it holds text that is not Unicode.") from error


def decode(data: bytes, name: str, *, limit: int = MAX_CANONICAL_BYTES) -> Json:
    """The value of ``data``, which must be its canonical form byte for byte.

    :param name: what an error calls it, such as ``statement.json``.
    :raises MalformedError: when it is not JSON, not canonical (order, spacing, duplicate keys, number spelling), or
        larger than ``limit`` bytes.
    """
    if len(data) > limit:
        raise MalformedError(
            "{name} has {size} bytes; at most {limit} are read.", name=name, size=len(data), limit=limit
        )
    try:
        value: Json = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # ValueError covers bad JSON, bad UTF-8 and over-long integers
        raise MalformedError("{name} is not JSON.", name=name) from error
    if encode(value) != data:
        raise MalformedError("{name} is not in canonical form (RFC 8785).", name=name)
    return value


def _check(value: object, depth: int) -> None:
    if depth == 0 and isinstance(value, list | dict):
        raise MalformedError("The JSON value is nested deeper than {limit} levels.", limit=MAX_DEPTH)
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_SAFE_INTEGER:
            raise MalformedError("An integer beyond 2^53 - 1 must be written as a string in canonical JSON.")
    elif isinstance(value, list):
        for item in value:
            _check(item, depth - 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise MalformedError("A JSON map needs strings as keys.")
            _check(item, depth - 1)
    else:
        raise MalformedError("Only maps, lists, strings, integers, booleans and null are allowed in this JSON text.")

"""Reading a JSON request body into a schema: what does not fit is a problem, told once and in one place.

A schema is a class of :mod:`msgspec`; what is read and what the interface description says both come from it. A body
that fits is read once and fast. Only one that does not is gone through again, slowly, to say where and why.
"""

from __future__ import annotations

import functools
import inspect
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from zonary.common import problems
from zonary.common.problems import Problem

JSON = "application/json"
MAX_ERRORS = 10
"""Places named in one answer; a batch may have thousands."""


class Body(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False
):  # gc=False: thousands live for one request, and never in a circle
    """Root of all schemas. What has a default may be left out or null.

    A ``pattern`` stands in ``extra_json_schema``: msgspec would try it on every text by itself, and :meth:`misfit` can
    do that for thousands at once.
    """

    def misfit(self) -> str | None:
        """What is wrong beyond the types of single fields, or None.

        Asked of the whole body and, when that does not fit, of each part, to find the place.
        """
        return None


Model = TypeVar("Model", bound=Body)


def takes(schema: type[Body]) -> dict[str, Any]:
    """What the interface description says of an operation that reads ``schema``."""
    return {"requestBody": {"required": True, "content": {JSON: {"schema": inlined(schema)}}}}


def read_json(body: bytes, media_type: str, schema: type[Model]) -> Model:
    """``body`` as ``schema``.

    :param media_type: of the request, without parameters, in lower case.
    :raises Problem: 415 for another content type, 400 for what is no JSON, 422 for JSON that does not fit. What was
        sent is not repeated in the answer.
    """
    if media_type != JSON:
        raise problems.wrong_content_type(JSON)
    try:
        model: Model = _decoder(schema).decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        pass
    else:
        if model.misfit() is None:
            if not _has_unique_names(body, model):
                value = _parsed(body)
                if b"\\u0000" in body:
                    _require_no_nul(value)
            return model
    value = _parsed(body)
    _require_text(value)
    raise _unfit(value, schema)


@functools.cache
def _decoder(schema: type[Model]) -> msgspec.json.Decoder[Model]:
    return msgspec.json.Decoder(schema)


def _has_unique_names(body: bytes, model: Body) -> bool:
    """Whether no object of ``body`` has a name twice, as far as can be told without reading it again.

    Without a backslash two quotation marks stand for one name or text. A name given twice, and what stood under it
    first, are not in ``model``; so if that, written anew, needs as many marks, none was. What is null is not written
    anew: then this says False, and somebody has to look.
    """
    return b"\\" not in body and body.count(b'"') == msgspec.json.encode(model).count(b'"')


def _parsed(body: bytes) -> Any:
    """:raises Problem: 400 when ``body`` is no JSON, or an object has a name twice: readers differ on which counts
    (RFC 8259 §4)."""

    def checked(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        unique = dict(pairs)
        if len(unique) < len(pairs):
            raise Problem(400, "malformed-json", "The body has an object with the same name twice.")
        return unique

    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=checked, parse_int=_number, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        where = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise Problem(400, "malformed-json", f"The body is no JSON: {where}.") from None
    except (ValueError, RecursionError):
        raise Problem(400, "malformed-json", "The body is no JSON.") from None


_DIGITS = 18
"""A whole number of so many is kept as one; a longer one, of any length, is none that a schema takes."""


def _number(text: str) -> int | float:
    return int(text) if len(text) <= _DIGITS else float(text)


def _no_number(_name: str) -> float:
    raise ValueError


def _require_text(value: Any) -> None:
    """:raises Problem: 400 when half a surrogate pair stands somewhere: it is no text in any encoding."""
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (UnicodeError, RecursionError):
        raise Problem(400, "malformed-json", "The body is no JSON: half a surrogate pair is no text.") from None


def _require_no_nul(value: Any) -> None:
    """:raises Problem: 422 when a NUL stands somewhere: PostgreSQL takes it for no text."""
    if isinstance(value, str):
        if "\0" in value:
            raise Problem(422, "invalid", "The body does not fit: a text in it has a NUL.")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            _require_no_nul(name)
            _require_no_nul(inner)
    elif isinstance(value, list):
        for inner in value:
            _require_no_nul(inner)


# --- what does not fit, and where -------------------------------------------------------------------------------------


def _unfit(value: Any, schema: type[Body]) -> Problem:
    places: list[dict[str, str]] = []
    for where, message in _misfits(value, msgspec.inspect.type_info(schema), ""):
        places.append({"where": where or "/", "message": message})
        if len(places) == MAX_ERRORS:
            break
    if not places:
        raise RuntimeError(f"{schema.__name__} refused a body and does not know why.")
    detail = f"The body does not fit: {places[0]['where']}: {places[0]['message']}."
    return Problem(422, "invalid", detail, errors=tuple(places))


def _misfits(value: Any, expected: msgspec.inspect.Type, where: str) -> Iterator[tuple[str, str]]:
    """Place and message of everything in ``value`` that is not as ``expected``, outermost first."""
    pattern = None
    if isinstance(expected, msgspec.inspect.Metadata):
        pattern, expected = (expected.extra_json_schema or {}).get("pattern"), expected.type
    if isinstance(expected, msgspec.inspect.UnionType):
        if value is None and expected.includes_none:
            return
        expected = next(each for each in expected.types if not isinstance(each, msgspec.inspect.NoneType))
        yield from _misfits(value, expected, where)
    elif isinstance(expected, msgspec.inspect.StructType):
        yield from _object_misfits(value, expected, where)
    elif isinstance(expected, msgspec.inspect.ListType):
        yield from _list_misfits(value, expected, where)
    elif isinstance(expected, msgspec.inspect.StrType):
        message = _text_misfit(value, expected, pattern)
        if message is not None:
            yield where, message
    elif isinstance(expected, msgspec.inspect.BoolType):
        if not isinstance(value, bool):
            yield where, "must be true or false"
    elif isinstance(expected, msgspec.inspect.IntType):
        message = _number_misfit(value, expected)
        if message is not None:
            yield where, message
    elif isinstance(expected, msgspec.inspect.LiteralType):
        if value not in expected.values:
            yield where, f"must be one of {', '.join(map(str, expected.values))}"
    else:
        raise TypeError(f"No schema of a request body has a {type(expected).__name__} yet.")


def _object_misfits(value: Any, expected: msgspec.inspect.StructType, where: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        yield where, "must be an object"
        return
    known = {field.encode_name: field for field in expected.fields}
    fits = True
    for name, field in known.items():
        found = _misfits(value[name], field.type, f"{where}/{name}") if name in value else iter(())
        if name not in value and field.required:
            found = iter([(f"{where}/{name}", "is missing")])
        for misfit in found:
            fits = False
            yield misfit
    unknown = sorted(set(value) - set(known))
    if unknown:
        # Its name is what the caller sent, so it is not repeated.
        yield where, f"has a name that is not known here; known are {', '.join(known)}"
    elif fits:
        try:
            part = msgspec.convert(value, expected.cls)
        except msgspec.ValidationError:  # such as -0.0, a whole number that is none to whoever reads it
            yield where, "has a whole number that is not written as one, such as 5.0"
            return
        message = part.misfit() if isinstance(part, Body) else None
        if message is not None:
            yield where, message


def _list_misfits(value: Any, expected: msgspec.inspect.ListType, where: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield where, "must be a list"
    elif len(value) < (expected.min_length or 0):
        yield where, f"must have at least {expected.min_length} items"
    elif expected.max_length is not None and len(value) > expected.max_length:
        yield where, f"must have at most {expected.max_length} items"
    else:
        for number, item in enumerate(value):
            yield from _misfits(item, expected.item_type, f"{where}/{number}")


def _text_misfit(value: Any, expected: msgspec.inspect.StrType, pattern: str | None) -> str | None:
    if not isinstance(value, str):
        return "must be a text"
    if len(value) < (expected.min_length or 0):
        return f"must have at least {expected.min_length} characters"
    if expected.max_length is not None and len(value) > expected.max_length:
        return f"must have at most {expected.max_length} characters"
    if pattern is not None and not re.fullmatch(pattern, value):
        return f"must match {pattern}"
    return None


def _number_misfit(value: Any, expected: msgspec.inspect.IntType) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not float(value).is_integer():
        return "must be a whole number"
    if (expected.ge is not None and value < expected.ge) or (expected.le is not None and value > expected.le):
        return f"must be from {expected.ge} to {expected.le}"
    return None


def inlined(schema: type[Body]) -> dict[str, Any]:
    """JSON Schema of ``schema`` without references, to be put anywhere in a larger document."""
    described = msgspec.json.schema(schema)
    definitions: dict[str, Any] = described.pop("$defs", {})

    def resolve(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return resolve(definitions[value["$ref"].rpartition("/")[2]])
            return {
                name: inspect.cleandoc(inner) if name == "description" and isinstance(inner, str) else resolve(inner)
                for name, inner in value.items()
            }
        return [resolve(inner) for inner in value] if isinstance(value, list) else value

    resolved: dict[str, Any] = resolve(described)
    return resolved

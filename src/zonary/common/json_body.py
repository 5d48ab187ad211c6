"""Reading a JSON request body into a schema: what does not fit is a problem, told once and in one place."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from zonary.common import problems
from zonary.common.problems import Problem

JSON = "application/json"
MAX_ERRORS = 10
"""Places named in one answer; a batch may have thousands."""

Model = TypeVar("Model", bound=BaseModel)


def read_json(body: bytes, media_type: str, schema: type[Model]) -> Model:
    """``body`` as ``schema``.

    :param media_type: of the request, without parameters, in lower case.
    :raises Problem: 415 for another content type, 400 for what is no JSON, 422 for JSON that does not fit. What was
        sent is not repeated in the answer.
    """
    if media_type != JSON:
        raise problems.wrong_content_type(JSON)
    try:
        model = schema.model_validate_json(body)
        _require_unique_names(body)
        return model
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        raise Problem(400, "malformed-json", f"The body is no JSON: {found[0]['msg']}.")
    places = tuple(
        {"where": "/" + "/".join(str(part) for part in each["loc"]), "message": each["msg"]}
        for each in found[:MAX_ERRORS]
    )
    detail = f"The body does not fit: {places[0]['where']}: {places[0]['message']}."
    raise Problem(422, "invalid", detail, errors=places)


def _require_unique_names(body: bytes) -> None:
    """:raises Problem: 400 when an object has a name twice: readers differ on which counts (RFC 8259 §4)."""

    def checked(pairs: list[tuple[str, Any]]) -> None:
        if len(pairs) > 1 and len({name for name, _ in pairs}) < len(pairs):
            raise Problem(400, "malformed-json", "The body has an object with the same name twice.")

    try:
        json.loads(body.decode("utf-8"), object_pairs_hook=checked, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        raise Problem(400, "malformed-json", "The body is no JSON.") from None


def inlined(schema: type[BaseModel]) -> dict[str, Any]:
    """JSON Schema of ``schema`` without references, to be put anywhere in a larger document."""
    described = schema.model_json_schema()
    definitions: dict[str, Any] = described.pop("$defs", {})

    def resolve(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return resolve(definitions[value["$ref"].rpartition("/")[2]])
            return {name: resolve(inner) for name, inner in value.items()}
        return [resolve(inner) for inner in value] if isinstance(value, list) else value

    resolved: dict[str, Any] = resolve(described)
    return resolved

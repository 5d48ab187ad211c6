"""The API as its OpenAPI document describes it: with how far a token has to reach, operation by operation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from zonary.common.clock import rfc3339
from zonary.common.json_body import JSON
from zonary.common.problems import MEDIA_TYPE
from zonary.foundation.ledger.repeats import HEADER
from zonary.foundation.organizations.access import Access

_KEY = {
    "in": "header",
    "name": HEADER,
    "required": False,
    "description": "The same request again under the same key gives the same answer, for a day.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[!-~]+$"},
}


_make_response_model = Operation._create_response_model


@cache
def _response_model(schema: Any) -> Any:
    return _make_response_model(None, schema)  # type: ignore[arg-type]


# Ninja makes a model for each status of each operation: seven hundred, and nearly all for the same problem. Making each
# but once takes a quarter off what the application takes to load.
Operation._create_response_model = lambda _self, schema: _response_model(schema)  # type: ignore[method-assign,assignment]


class _Encoder(NinjaJSONEncoder):
    def default(self, o: Any) -> Any:
        return rfc3339(o) if isinstance(o, datetime) else super().default(o)


class AnswerRenderer(JSONRenderer):
    """Times with all six decimals, as in answers to writes and in receipts: Django's own encoder cuts off three."""

    encoder_class = _Encoder


class DescribedAPI(NinjaAPI):
    def described_operations(self) -> Iterator[tuple[str, str, Operation]]:
        """Method, address below the API's own, and operation, of all there are."""
        for prefix, router in self._routers:
            for path, view in router.path_operations.items():
                for operation in view.operations:
                    for method in operation.methods:
                        yield method, f"{prefix}{path}", operation

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        described = super().get_openapi_schema(**options)
        root: dict[str, Any] = described["paths"]
        for method, path, operation in self.described_operations():
            (found,) = (each for each in root if each.endswith(f"/v1{path}"))
            shown = root[found][method.lower()]
            for access in operation.auth_callbacks:
                if isinstance(access, Access):
                    # OpenAPI 3.1 §4.8.30: for other kinds than OAuth the list names what the caller needs.
                    shown["security"] = [{"Access": [access.scope]}]
            for status, answer in shown["responses"].items():
                if int(status) >= 400 and JSON in answer.get("content", {}):
                    answer["content"] = {MEDIA_TYPE: answer["content"][JSON]}
            if getattr(operation.view_func, "is_once", False):
                shown["parameters"] = [*shown.get("parameters", []), _KEY]
        return described

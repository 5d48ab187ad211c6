"""The API as its OpenAPI document describes it: with how far a token has to reach, operation by operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

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

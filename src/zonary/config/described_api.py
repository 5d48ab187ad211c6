"""The API as its OpenAPI document describes it: with how far a token has to reach, operation by operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from zonary.foundation.organizations.access import Access


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
        root = described["paths"]
        for method, path, operation in self.described_operations():
            for access in operation.auth_callbacks:
                if isinstance(access, Access):
                    (found,) = (each for each in root if each.endswith(f"/v1{path}"))
                    # OpenAPI 3.1 §4.8.30: for other kinds than OAuth the list names what the caller needs.
                    root[found][method.lower()]["security"] = [{"Access": [access.scope]}]
        return described

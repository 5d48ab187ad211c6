"""Whatever is sent to the API, the server does not fail, and answers as its OpenAPI document says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from tests.api.calls import Caller

schemathesis: Any = pytest.importorskip("schemathesis", reason="a development requirement is missing")

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = 4
"""For each operation: together about a minute, most of it the five accounts of each."""
WANTED = ("not_a_server_error", "content_type_conformance", "response_schema_conformance")

described = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.json")


@pytest.mark.parametrize("data", ["sqlite"], indirect=True)
@described.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_no_request_makes_the_server_fail(case: Any, five: Any, data: Any) -> None:
    from django.core.handlers.wsgi import WSGIHandler

    from zonary.common.clock import now
    from zonary.foundation.ledger.authority import ensure_authority, issuer_of

    ensure_authority(data, now.last_trusted())
    issuer_of.cache_clear()
    response = case.call(app=WSGIHandler(), headers={"Authorization": f"Bearer {Caller(five.owner).token}"})
    case.validate_response(response, checks=schemathesis.checks.CHECKS.get_by_names(WANTED))

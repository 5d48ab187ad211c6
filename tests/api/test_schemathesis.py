"""Whatever is sent to the API, the server does not fail, and answers as its OpenAPI document says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from tests.api.calls import token_for
from tests.five_accounts import make_five

schemathesis: Any = pytest.importorskip("schemathesis", reason="a development requirement is missing")

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = 2
"""For each operation; all of them ask one zone, which is made once."""
WANTED = ("not_a_server_error", "content_type_conformance", "response_schema_conformance")

described = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.json")


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[str]:
    """The owner's, in a zone on SQLite that Django uses until all operations were asked."""
    from django.conf import settings as zone
    from tests.conftest import use_settings

    from zonary.common.clock import now
    from zonary.config.database import database
    from zonary.foundation.ledger.authority import ensure_authority, issuer_of
    from zonary.foundation.ledger.layout import DataDirectory
    from zonary.foundation.organizations.access import _buckets

    directory = DataDirectory(tmp_path_factory.mktemp("asked") / "data")
    directory.path.mkdir()
    shutil.copyfile(migrated, directory.database)
    before = use_settings(database("", directory)), zone.ZONARY_DATA, zone.ZONARY_RATE_PERSON
    zone.ZONARY_DATA, zone.ZONARY_RATE_PERSON = directory, (1e6, 1_000_000)
    _buckets.cache_clear()
    five = make_five()
    ensure_authority(directory, now.last_trusted())
    issuer_of.cache_clear()
    yield token_for(five.owner)
    _buckets.cache_clear()
    zone.ZONARY_DATA, zone.ZONARY_RATE_PERSON = before[1:]
    use_settings(before[0])


@described.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_no_request_makes_the_server_fail(case: Any, token: str) -> None:
    from django.core.handlers.wsgi import WSGIHandler

    response = case.call(app=WSGIHandler(), headers={"Authorization": f"Bearer {token}"})
    case.validate_response(response, checks=schemathesis.checks.CHECKS.get_by_names(WANTED))

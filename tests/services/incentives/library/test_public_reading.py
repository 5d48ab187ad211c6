"""Published policy documents and measures are read over HTTP without a token, from the server as it runs."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize("path", ["documents", "documents?q=%E7%A0%94%E5%8F%91", "measures"])
def test_published_documents_and_measures_are_read_without_a_token(server: Any, path: str) -> None:
    answer = server.get(f"/api/v1/incentives/{path}")
    assert answer.status == 200, answer.body
    assert set(answer.json()) == {"items", "next"}


def test_a_document_that_is_not_there_is_not_found_rather_than_forbidden(server: Any) -> None:
    missing = "019a8f00-0000-7000-8000-000000000001"
    assert server.get(f"/api/v1/incentives/documents/{missing}").status == 404
    assert server.get(f"/api/v1/incentives/documents/{missing}/editions/1").status == 404


def test_recording_one_needs_a_token_still(server: Any) -> None:
    assert server.api("POST", "/incentives/documents", {}, token="nobodys").status == 401

"""Whoever asks too much has to wait; the operator's programs and everybody else do not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.api.calls import Caller


@pytest.fixture
def few() -> Iterator[None]:
    from django.conf import settings

    from zonary.foundation.organizations.access import _buckets

    before = settings.ZONARY_RATE_PERSON
    settings.ZONARY_RATE_PERSON = (0.01, 3)
    _buckets.cache_clear()
    yield
    settings.ZONARY_RATE_PERSON = before
    _buckets.cache_clear()


def test_too_many_of_one_person(five: Any, few: None) -> None:
    owner, colleague = Caller(five.owner), Caller(five.colleague)
    answers = [owner("GET", "/organization") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[-1].json()["code"] == "too-many-requests"
    assert int(answers[-1]["Retry-After"]) > 50
    assert '"person"' in answers[-1]["RateLimit"]
    assert Caller(five.owner)("GET", "/organization").status_code == 429  # another token, the same person
    assert colleague("GET", "/organization").status_code == 200


def test_the_operators_programs_are_not_counted(five: Any, few: None) -> None:
    from zonary.common.clock import now
    from zonary.foundation.accounts.actions import issue_token
    from zonary.foundation.ledger.actors import SYSTEM

    issue_token("operator-token-operator", by=SYSTEM, owner="operator", at=now.last_trusted())
    operator = Caller(None, "operator-token-operator")
    assert {operator("GET", "/evidence?sha256=" + "ab" * 32).status_code for _ in range(9)} == {200}

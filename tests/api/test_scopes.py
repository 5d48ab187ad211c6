"""Every endpoint says how far a token has to reach, and asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.api.calls import token_for
from tests.five_accounts import AT, PASSWORD, make_five

OPEN: set[str] = {
    "OPTIONS /api/v1/uploads",  # what of a public protocol is known here
    "GET /api/v1/incentives/documents",  # the words of policy documents are public, and so is what is offered by them
    "GET /api/v1/incentives/documents/{policy_document}",
    "GET /api/v1/incentives/documents/{policy_document}/editions/{number}",
    "GET /api/v1/incentives/measures",
    "GET /api/v1/incentives/measures/{measure_id}",
    "GET /api/v1/incentives/measures/{measure_id}/changes",  # what was changed on a public card is public
    "GET /api/v1/rules/packs",  # whoever is decided by a rule reads it, and takes it along
    "GET /api/v1/rules/packs/{pack}/releases",
    "GET /api/v1/rules/packs/{pack}/releases/{number}",
    "GET /api/v1/incentives/grants/notices",  # a public notice is for everybody
    "GET /api/v1/evidence/timestamps/{statement}",  # whoever holds a package refreshes it, without an account here
}
"""Endpoints that anybody may call, each with its reason beside it."""


def operations() -> Iterator[tuple[str, str, Any]]:
    from zonary.config.api import api

    for method, path, operation in api.described_operations():
        yield method, f"/api/v1{path}", operation


def test_every_endpoint_has_its_scope(migrated: Any) -> None:
    from zonary.foundation.organizations.access import Access

    found = list(operations())
    assert len(found) > 5
    without = [
        f"{method} {path}"
        for method, path, operation in found
        if f"{method} {path}" not in OPEN
        and not (len(operation.auth_callbacks) == 1 and isinstance(operation.auth_callbacks[0], Access))
    ]
    assert without == []


def test_reading_never_changes_and_writing_is_never_a_read_scope(migrated: Any) -> None:
    wrong = [
        f"{method} {path} {operation.auth_callbacks[0].scope}"
        for method, path, operation in operations()
        if f"{method} {path}" not in OPEN
        and (
            (method == "GET" and operation.auth_callbacks[0].scope.endswith(":write"))
            or (method not in ("GET", "HEAD") and operation.auth_callbacks[0].scope.endswith(":read"))
        )
    ]
    assert wrong == []


@pytest.fixture
def five_with_passwords(data: Any) -> Any:
    return make_five(PASSWORD)


def call(method: str, path: str, token: str | None = None, client: Any = None, **headers: str) -> Any:
    from django.test import Client

    client = client or Client()
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return client.generic(method, path, b"{}", "application/json", headers=headers)


@pytest.mark.parametrize("data", ["sqlite"], indirect=True)  # no database says how far a token reaches
def test_a_token_that_reaches_elsewhere_is_refused_everywhere_else(five: Any) -> None:
    from zonary.foundation.organizations.scopes import SCOPES

    tokens = {scope: token_for(five.owner, scope) for scope in SCOPES}
    for method, path, operation in operations():
        if f"{method} {path}" in OPEN or method == "HEAD":  # whose answers have no body to look at
            continue
        needed = operation.auth_callbacks[0].scope
        for scope, token in tokens.items():
            answer = call(method, path.replace("{", "").replace("}", ""), token)
            assert answer.status_code < 500, (method, path, answer.content)
            refused = answer.status_code == 403 and json.loads(answer.content)["code"] in (
                "scope-needed",
                "sign-in-needed",
            )
            assert refused is (scope != needed), (method, path, scope, answer.content)


def test_every_refusal_of_a_token_has_the_same_words(five: Any) -> None:
    from zonary.common.clock import now
    from zonary.foundation.organizations.actions import issue_personal_token, revoke_token
    from zonary.foundation.organizations.queries import tokens_of

    revoked, ended = token_for(five.owner, "evidence:read"), "zonary_unknown"
    at = now.last_trusted()
    revoke_token(str(tokens_of(five.owner)[0].public_id), by=five.owner, at=at)
    _, expired = issue_personal_token(
        name="t", scopes=["evidence:read"], expires_at=AT + timedelta(hours=1), by=five.owner, at=AT
    )
    answers = [call("GET", "/api/v1/evidence", token) for token in (revoked, expired, ended, "")]
    answers.append(call("GET", "/api/v1/evidence"))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert all(answer["WWW-Authenticate"] == 'Bearer realm="zonary"' for answer in answers)


def test_a_session_reads_and_writes_only_with_its_token_against_forged_requests(five_with_passwords: Any) -> None:
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import Client

    from zonary.foundation.accounts.models import Person

    client = Client(enforce_csrf_checks=True)
    owner = Person.objects.get(public_id=five_with_passwords.owner.person)
    session = SessionStore()
    session["_auth_user_id"] = str(owner.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = owner.get_session_auth_hash()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    assert call("GET", "/api/v1/evidence?sha256=" + "ab" * 32, client=client).status_code == 200
    forged = call("POST", "/api/v1/evidence", client=client)
    assert (forged.status_code, json.loads(forged.content)["code"]) == (403, "csrf")
    from django.middleware.csrf import _get_new_csrf_string

    secret = _get_new_csrf_string()
    client.cookies["csrftoken"] = secret
    shown = call("POST", "/api/v1/evidence", client=client, **{"X-CSRFToken": secret})
    assert shown.status_code == 422
    wrong = call("GET", "/api/v1/evidence", "zonary_unknown", client=client)
    assert wrong.status_code == 401

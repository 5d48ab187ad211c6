"""Calling the API in this process, as any of the five."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any


def token_for(by: Any, *scopes: str) -> str:
    """A token of ``by`` with ``scopes``; with all there are without any."""
    from zonary.common.clock import now
    from zonary.foundation.organizations.actions import issue_personal_token
    from zonary.foundation.organizations.scopes import SCOPES

    at = now.last_trusted()
    _, token = issue_personal_token(
        name="t", scopes=scopes or tuple(SCOPES), expires_at=at + timedelta(days=1), by=by, at=at
    )
    return token


class Caller:
    """One who asks with a token of their own, or with the given one."""

    def __init__(self, by: Any, token: str | None = None) -> None:
        self.token = token or token_for(by)

    def __call__(self, method: str, path: str, value: object = None, **headers: str) -> Any:
        from django.test import Client

        body = b"" if value is None else value if isinstance(value, bytes) else json.dumps(value).encode()
        shown = {"Authorization": f"Bearer {self.token}", **{k.replace("_", "-"): v for k, v in headers.items()}}
        client = Client(raise_request_exception=False)
        return client.generic(method, f"/api/v1{path}", body, "application/json", headers=shown)

"""Identity providers people may sign in with (OpenID Connect), from the file ``ZONARY_OIDC_FILE`` names.

A JSON list, a provider each: ``{"id": "province", "name": "省统一身份认证", "issuer": "https://id.example",
"client_id": "zonary", "secret_file": "/etc/zonary/province.secret", "identity_claim": "real_name_verified"}``.
``identity_claim`` may be missing: then the provider says who somebody is, and vouches for nothing.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from zonary.proof.errors import Error

_REQUIRED = ("id", "name", "issuer", "client_id", "secret_file")
_KNOWN = frozenset((*_REQUIRED, "identity_claim"))
_ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
_LOCAL = ("localhost", "127.0.0.1", "::1")
MAX_FILE_BYTES = 64 * 1024


class IdentityProvidersError(Error):
    """``ZONARY_OIDC_FILE`` names no list of identity providers."""


def identity_providers(path: str) -> dict[str, Any]:
    """The account library's setting of them; empty without a file.

    :raises IdentityProvidersError: when the file is none; no secret is repeated.
    """
    if not path:
        return {}
    file = Path(path)
    try:
        items = json.loads(file.read_bytes()[:MAX_FILE_BYTES])
    except ValueError:
        items = None
    if not isinstance(items, list):
        raise IdentityProvidersError("{path} holds no JSON list of identity providers.", path=path)
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [_app(item, path) for item in items]}}


def _app(item: Any, path: str) -> dict[str, Any]:
    if not isinstance(item, dict) or set(item) - _KNOWN or not all(isinstance(item.get(key), str) for key in _REQUIRED):
        raise IdentityProvidersError(
            "In {path} each identity provider has {names}, all of them texts, and may have identity_claim.",
            path=path,
            names=", ".join(_REQUIRED),
        )
    if not _ID.fullmatch(item["id"]):
        raise IdentityProvidersError(
            "In {path} the identity provider “{id}” needs another id: lower case letters, digits and hyphens.",
            path=path,
            id=item["id"],
        )
    issuer = urlsplit(item["issuer"])
    if issuer.scheme != "https" and issuer.hostname not in _LOCAL:
        raise IdentityProvidersError(
            "In {path} the issuer of “{id}” is not an https address: what it says could be forged on the way.",
            path=path,
            id=item["id"],
        )
    return {
        "provider_id": item["id"],
        "name": item["name"],
        "client_id": item["client_id"],
        "secret": Path(item["secret_file"]).read_text("utf-8").strip(),
        "settings": {"server_url": item["issuer"], "identity_claim": item.get("identity_claim", "")},
    }

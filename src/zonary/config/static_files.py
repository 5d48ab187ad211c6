"""``/static/…``: what pages are made of, from memory, by exact address; the address changes with the content."""

from __future__ import annotations

import mimetypes

from zonary.config.http import (
    PAGE_POLICY,
    WORKER_POLICY,
    Endpoint,
    Headers,
    Request,
    Response,
    require_method,
    response_headers,
)
from zonary.portal.assets import PREFIX, contents

_WORKER = f"{PREFIX}hashing-"
"""How the address begins of the one script that runs in a worker, under a policy of its own: it reads files."""

_FOREVER = ("cache-control", "public, max-age=31536000, immutable")
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def static_files() -> dict[str, Endpoint]:
    """Address -> endpoint of every file that was built.

    :raises AssetsError: when they were not.
    """
    return {address: _static_file(address, codings) for address, codings in contents().items()}


def _static_file(address: str, codings: dict[str, bytes]) -> Endpoint:
    suffix = address[address.rindex(".") :]
    content_type = _TYPES.get(suffix) or mimetypes.types_map[suffix]
    policy = WORKER_POLICY if address.startswith(_WORKER) else PAGE_POLICY
    kept: dict[str, tuple[bytes, Headers]] = {}
    for coding, body in codings.items():
        more = [_FOREVER, ("vary", "Accept-Encoding"), *([("content-encoding", coding)] if coding else [])]
        kept[coding] = (body, response_headers(content_type, *more, policy=policy))

    async def endpoint(request: Request) -> Response:
        require_method(request, "GET, HEAD")
        body, headers = kept[coding_of(request.header("accept-encoding"), kept)]
        return Response(200, body, headers)

    return endpoint


def coding_of(accepted: str, at_hand: dict[str, tuple[bytes, Headers]]) -> str:
    """The first of those at hand that the client takes; not one it refuses with ``q=0`` (RFC 9110 §12.5.3)."""
    taken = set()
    for item in accepted.lower().split(",")[:20]:
        name, _, weight = item.strip().partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            taken.add(name.strip())
    return next((coding for coding in at_hand if coding and coding in taken), "")

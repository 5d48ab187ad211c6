"""``/verify``: the page that verifies packages in a browser, byte for byte as ``zonary verify-page`` writes it.

Under the page's own policy instead of ours: it may start its worker and compile WebAssembly, and reach nothing,
not even this server. Whoever saves it has the file whose digests stand on ``/published``.
"""

from __future__ import annotations

import gzip
import re

from zonary.common.verify_page import verify_page, verify_page_digests
from zonary.config.http import Endpoint, Headers, Request, Response, require_method, response_headers
from zonary.config.static_files import coding_of

_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')


def verifying_page() -> Endpoint:
    """The endpoint; the page is read and compressed once.

    :raises VerifyPageError: when the page was not built.
    """
    page = verify_page()
    own = _POLICY.search(page)
    policy = (own[1].decode("ascii") if own else "default-src 'none'") + "; frame-ancestors 'none'"
    tag = ("etag", f'"{verify_page_digests().sha256.hex()[:32]}"')
    kept: dict[str, tuple[bytes, Headers]] = {}
    for coding, body in (("", page), ("gzip", gzip.compress(page, mtime=0))):
        more = [("cache-control", "no-cache"), ("vary", "Accept-Encoding"), tag]
        more += [("content-encoding", coding)] if coding else []
        kept[coding] = (body, response_headers("text/html; charset=utf-8", *more, policy=policy))

    async def endpoint(request: Request) -> Response:
        require_method(request, "GET, HEAD")
        body, headers = kept[coding_of(request.header("accept-encoding"), kept)]
        return Response(200, body, headers)

    return endpoint

"""What goes wrong over HTTP, told as problem details (RFC 9457): one shape for every door.

``type`` is ``about:blank`` throughout, so ``title`` is the status' own phrase; ``code`` tells programs apart
what people read in ``detail``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus

CHECKSUM_MISMATCH = 460
"""A status of the tus protocol (1.0.0, extension Checksum) that no registry has."""
MEDIA_TYPE = "application/problem+json"


@dataclass(eq=False)
class Problem(Exception):
    """One refusal.

    :param status: HTTP status, 4xx or 5xx.
    :param code: a short name that never changes, such as ``not-yet-published``.
    :param detail: one sentence: what, where, how to mend it. Never anything secret.
    :param headers: further response headers, such as ``Allow`` or ``Retry-After``.
    :param errors: for a body that does not fit: where, and what was expected there.
    """

    status: int
    code: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)
    errors: tuple[dict[str, str], ...] = ()

    def __str__(self) -> str:
        return self.detail

    def encode(self) -> bytes:
        """The response body."""
        body: dict[str, object] = {
            "type": "about:blank",
            "title": _title(self.status),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.errors:
            body["errors"] = list(self.errors)
        return json.dumps(body, ensure_ascii=False).encode("utf-8")


def _title(status: int) -> str:
    return "Checksum Mismatch" if status == CHECKSUM_MISMATCH else HTTPStatus(status).phrase


def not_found(detail: str = "There is nothing at this address.") -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, "not-found", detail)


def method_not_allowed(method: str, allowed: str) -> Problem:
    """:param allowed: the methods that are, as the ``Allow`` header has them."""
    detail = f"This address does not take {method}; it takes {allowed}."
    return Problem(HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed", detail, {"Allow": allowed})


def wrong_content_type(expected: str) -> Problem:
    detail = f"Send this request with Content-Type: {expected}."
    return Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "wrong-content-type", detail)


def too_large(limit: int) -> Problem:
    detail = f"The body is larger than the {limit} bytes this address takes."
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", detail)


def unexpected() -> Problem:
    """Something this program did not foresee; the reason is in the server's log and nowhere else."""
    detail = "The server failed on this request; its own log says why."
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "unexpected", detail)

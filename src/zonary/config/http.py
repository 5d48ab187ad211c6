"""The HTTP that endpoints see: requests and responses."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import NewType, Protocol

from zonary.common import problems
from zonary.common.problems import Problem

Pairs = list[tuple[str, str]]
Headers = NewType("Headers", bytes)
"""Header fields of a response as they are sent, as :func:`encode_headers` makes them."""
SECURITY_HEADERS: Pairs = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),  # without one, browsers say Origin: null, and no form is believed
    ("x-frame-options", "DENY"),
]
"""Sent with every response, whoever made it; and two policies."""
NO_DEVICES = ("permissions-policy", "camera=(), microphone=(), geolocation=()")
"""Of every response that does not bring a permissions policy of its own: no page asks for a camera."""
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
"""The content security policy of every response but a worker's script. ``blob:`` plays what a page just recorded."""
WORKER_POLICY = "default-src 'none'; script-src 'wasm-unsafe-eval'; frame-ancestors 'none'"
"""Of a worker that reads people's files: it may compile WebAssembly, which no page may, and reach nothing at all."""


class RequestHeaders:
    """Header fields of a request; one whose value is not ASCII is not there.

    :param fields: names in lower case, and values. Looked through only when asked: most requests are not.
    """

    __slots__ = ("_fields",)

    def __init__(self, fields: list[tuple[bytes, bytes]]) -> None:
        self._fields = fields

    def get(self, name: str) -> str | None:
        """The value of the first field called ``name`` (lower case)."""
        wanted = name.encode("ascii")
        for key, value in self._fields:
            if key == wanted and value.isascii():
                return value.decode("ascii")
        return None

    def replacing(self, name: str, value: str) -> RequestHeaders:
        """The same with ``value`` for whatever was called ``name`` (lower case)."""
        key = name.encode("ascii")
        kept = [field for field in self._fields if field[0] != key]
        return RequestHeaders([*kept, (key, value.encode("ascii"))])

    def items(self) -> Pairs:
        """Names in lower case, and values, in the order they were sent; a name may be there more than once."""
        return [(key.decode("ascii"), value.decode("ascii")) for key, value in self._fields if value.isascii()]


class Incoming(Protocol):
    """The body of a request while it arrives."""

    @property
    def is_whole(self) -> bool:
        """Whether all of it is here, taken or not."""
        ...

    async def wait(self, seconds: float) -> None:
        """Wait until there is something to take, or nothing more comes.

        :raises Problem: 408 when that takes longer than ``seconds``, 503 when the server stops meanwhile.
        """
        ...

    def take(self) -> bytes:
        """All that is here and was not taken yet.

        :raises DisconnectedError: when the rest will not come.
        """
        ...


class DisconnectedError(Exception):
    """The request never became whole: the client went away, or what it sent is no HTTP (a bad chunk)."""


@dataclass(slots=True)
class Request:
    """One request. Addresses are ``host:port``, the path is decoded, the query is not.

    :param size: the size of the body as it was announced, if it was.
    """

    method: str
    path: str
    query_string: str
    http_version: str
    headers: RequestHeaders
    size: int | None
    body: Incoming
    client: str
    server: str

    def header(self, name: str) -> str:
        """The first header called ``name`` (lower case), or nothing."""
        return self.headers.get(name) or ""

    def media_type(self) -> str:
        """The content type without parameters, in lower case."""
        return self.header("content-type").partition(";")[0].strip().lower()

    def charset(self) -> str:
        """The content type's parameter of that name, in lower case, or nothing (RFC 9110 §8.3.2)."""
        for parameter in self.header("content-type").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip('"').lower()
        return ""


class Stream(Protocol):
    """The body of a response that is too large to be at hand; ``size`` bytes, a piece at a time."""

    @property
    def size(self) -> int: ...

    async def next(self) -> bytes:
        """The next piece, which is empty only when there are no more."""
        ...

    async def close(self) -> None:
        """To be called once, however much was taken."""
        ...


@dataclass(slots=True)
class Response:
    """One response; its body is at hand, or comes from ``stream``."""

    status: int
    body: bytes
    headers: Headers
    stream: Stream | None = None


Endpoint = Callable[[Request], Awaitable[Response]]


def response_headers(content_type: str, *more: tuple[str, str], policy: str = PAGE_POLICY) -> Headers:
    """The header fields of a response. Made once for all responses of a kind where there are many."""
    return encode_headers([("content-type", content_type), *more], policy=policy)


def encode_headers(pairs: Iterable[tuple[str, str]], *, policy: str = PAGE_POLICY, framed_by: str = "") -> Headers:
    """Header fields as they are sent, those of SECURITY_HEADERS, and the content security policy.

    :param framed_by: origins that may show the response in a frame; none without.
    :raises ValueError: for one that would end its line, and so begin another field.
    """
    security = SECURITY_HEADERS
    if framed_by:  # X-Frame-Options cannot name anybody (RFC 7034 §2.1)
        security = [pair for pair in SECURITY_HEADERS if pair[0] != "x-frame-options"]
        policy = policy.replace("frame-ancestors 'none'", f"frame-ancestors {framed_by}")
    always = (*security, ("content-security-policy", policy))
    given = [*pairs]
    if not any(name.lower() == NO_DEVICES[0] for name, _value in given):
        given.append(NO_DEVICES)
    lines = [f"{name}: {value}" for name, value in (*given, *always)]
    if any(character in line for line in lines for character in "\r\n\0"):
        raise ValueError("a header field with a line break or a zero byte in it")
    return Headers("".join(f"{line}\r\n" for line in lines).encode("latin-1"))


def problem_response(problem: Problem) -> Response:
    """``problem`` as a response."""
    more = [(name.lower(), value) for name, value in problem.headers.items()]
    headers = response_headers(problems.MEDIA_TYPE, *more, ("cache-control", "no-store"))
    return Response(problem.status, problem.encode(), headers)


def require_method(request: Request, allowed: str) -> None:
    """:raises Problem: 405 unless the request's method is one of ``allowed``, as the Allow header lists them."""
    if request.method not in allowed.split(", "):
        raise problems.method_not_allowed(request.method, allowed)

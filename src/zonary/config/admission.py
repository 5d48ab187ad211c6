"""Who may send a large body: asked before any of it is read, so that strangers cannot make others wait."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from zonary.common.problems import Problem
from zonary.config.http import Request
from zonary.config.store_problems import store_problem

_log = logging.getLogger("zonary.server")

Admit = Callable[[Request], Awaitable[None]]
"""Returns for a request that may go on; raises the :class:`Problem` it is refused with."""


def unauthenticated() -> Problem:
    detail = "Send the access token: Authorization: Bearer TOKEN. The server keeps it in the file “token” of its data."
    return Problem(401, "unauthenticated", detail, {"WWW-Authenticate": 'Bearer realm="zonary"'})


def bearer_token(request: Request) -> str | None:
    """The token of ``Authorization: Bearer TOKEN`` (RFC 6750 §2.1), if there is one."""
    scheme, _, token = request.header("authorization").partition(" ")
    return token if scheme.lower() == "bearer" and token else None


def token_holders(is_issued: Callable[[str], bool], is_signed_in: Callable[[str], bool], cookie: str) -> Admit:
    """Admits whoever shows a token that ``is_issued``, or the ``cookie`` of a session that ``is_signed_in``.

    Both may block: one thread, with its one connection, asks.
    """
    asking = ThreadPoolExecutor(1, "admission")

    async def admit(request: Request) -> None:
        token, session = bearer_token(request), _cookie(request, cookie)
        if token is None and session is None:
            raise unauthenticated()
        asked = partial(is_issued, token) if token is not None else partial(is_signed_in, session or "")
        try:
            admitted = await asyncio.get_running_loop().run_in_executor(asking, asked)
        except Exception as error:
            _log.warning("%s %s: %s", request.method, request.path, error)
            raise store_problem(error) from None
        if not admitted:
            raise unauthenticated()

    return admit


def _cookie(request: Request, name: str) -> str | None:
    """The value of the cookie ``name`` (RFC 6265 §5.4), if there is one."""
    for pair in request.header("cookie").split(";"):
        key, _, value = pair.strip().partition("=")
        if key == name:
            return value
    return None

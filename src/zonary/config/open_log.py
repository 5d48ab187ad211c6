"""``POST /openlog/add``: the raw body becomes a leaf; the answer is its index, once that is on disk."""

from __future__ import annotations

from django.db import DatabaseError

from zonary.common.problems import Problem
from zonary.config.bodies import read_body
from zonary.config.http import Endpoint, Request, Response, require_method, response_headers
from zonary.config.store_problems import store_problem
from zonary.foundation.ledger.openlog import MAX_LEAF_BYTES, OpenLogWriter, OverloadedError

_INDEX = response_headers("text/plain; charset=utf-8", ("cache-control", "no-store"))
_AGAIN = {"Retry-After": "1"}


def open_log_add(writer: OpenLogWriter) -> Endpoint:
    """Whatever content type is sent is taken: the leaf is the bytes."""

    async def endpoint(request: Request) -> Response:
        require_method(request, "POST")
        leaf = await read_body(request, MAX_LEAF_BYTES)
        if not leaf:
            raise Problem(400, "empty", "The body is empty; send the bytes of the leaf.")
        try:
            index = await writer.add(leaf)
        except OverloadedError:
            raise Problem(503, "overloaded", "Too much is waiting to be written; try again.", _AGAIN) from None
        except DatabaseError as error:
            raise store_problem(error) from None
        return Response(200, b"%d" % index, _INDEX)

    return endpoint

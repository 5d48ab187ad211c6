"""``/log/…``, ``/log-2/…`` and ``/openlog/…``: a published log, straight from its store (C2SP tlog-tiles)."""

from __future__ import annotations

import asyncio
import logging

from zonary.common import problems
from zonary.common.problems import Problem
from zonary.config.http import Endpoint, Request, Response, require_method, response_headers
from zonary.foundation.ledger.layout import log_folder
from zonary.foundation.ledger.logs import MAIN
from zonary.foundation.ledger.proofs import present_generation, second_store_of, store_of
from zonary.foundation.ledger.second_tree import FOLDER
from zonary.foundation.ledger.storage import CHECKPOINT, DirectoryStore, TileStore
from zonary.proof.errors import Error
from zonary.proof.tlog.tiles import MissingResource, parse_tile_path

_log = logging.getLogger("zonary.server")
_ANY_ORIGIN = ("access-control-allow-origin", "*")
_IMMUTABLE = response_headers(
    "application/octet-stream", ("cache-control", "public, max-age=31536000, immutable"), _ANY_ORIGIN
)
_FRESH = response_headers(
    "text/plain; charset=utf-8", ("cache-control", "public, max-age=1, must-revalidate"), _ANY_ORIGIN
)


def published_logs(name: str) -> dict[str, Endpoint]:
    """The log ``name`` and those it succeeded, which are still read: beginning of their addresses -> endpoint."""
    numbers = range(1, present_generation(name) + 1)
    prefixes = {f"/{log_folder(name, number)}/": number for number in numbers}
    logs = {prefix: published_log(prefix, store_of(name, number)) for prefix, number in prefixes.items()}
    if name == MAIN:
        # Longer beginnings first: that of the log is one of its second tree's too.
        seconds = {f"{prefix}{FOLDER}/": number for prefix, number in prefixes.items()}
        logs = {each: published_log(each, second_store_of(name, number)) for each, number in seconds.items()} | logs
    return logs


def published_log(prefix: str, store: TileStore) -> Endpoint:
    """The read interface of the log in ``store``, at addresses that begin with ``prefix``."""

    is_near = isinstance(store, DirectoryStore)

    async def read(path: str) -> bytes:
        # A store out of reach may take long to say so; nobody else waits for it.
        return _read(store, path) if is_near else await asyncio.to_thread(_read, store, path)

    async def endpoint(request: Request) -> Response:
        require_method(request, "GET, HEAD")
        path = request.path.removeprefix(prefix)
        if path == CHECKPOINT:
            return Response(200, await read(path), _FRESH)
        try:
            # One spelling for each resource, and nothing else ever reaches the file system.
            parse_tile_path(path)
        except Error:
            raise problems.not_found("This address names no checkpoint, tile or entry bundle.") from None
        return Response(200, await read(path), _IMMUTABLE)

    return endpoint


def _read(store: TileStore, path: str) -> bytes:
    try:
        return store.read(path)
    except MissingResource:
        raise problems.not_found(
            "The log has no such tile or bundle. Ask for those its checkpoint implies; of a partial tile that is gone, "
            "ask for the full one."
        ) from None
    except OSError as error:
        _log.warning("%s could not be read: %s", path, error)
        detail = "The store of the published log cannot be read now. Try again."
        raise Problem(503, "store-unavailable", detail, {"Retry-After": "1"}) from None

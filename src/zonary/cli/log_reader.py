"""Reading the resources of a tlog-tiles log from a directory or over HTTP, with bounds."""

from __future__ import annotations

import http.client
import time
import urllib.error
import urllib.request
import zlib
from pathlib import Path

from zonary.proof.errors import Error, MalformedError
from zonary.proof.tlog.tiles import MAX_BUNDLE_BYTES, MissingResource, ReadTile

MAX_RESOURCE_BYTES = MAX_BUNDLE_BYTES
_TIMEOUT = 30.0
_TRIES = 3
_GZIP = 31


def directory_reader(directory: Path) -> ReadTile:
    """The log whose ``checkpoint`` and ``tile/`` stand in ``directory``."""

    def read(path: str) -> bytes:
        try:
            with (directory / path).open("rb") as file:
                data = file.read(MAX_RESOURCE_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            raise MissingResource(path) from None
        return _bounded(path, data)

    return read


def url_reader(url: str) -> ReadTile:
    """The log whose checkpoint is at ``url/checkpoint``. Retries what may pass, for a bounded time."""
    if not url.startswith(("http://", "https://")):
        raise Error("“{url}” is not an http or https URL.", url=url)
    base = url.rstrip("/")
    local = "//127.0.0.1" in base or "//localhost" in base
    opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if local else []))

    def read(path: str) -> bytes:
        reason = ""
        for attempt in range(_TRIES):
            try:
                return _bounded(path, _get(opener, f"{base}/{path}"))
            except urllib.error.HTTPError as error:
                if error.code in (404, 410):
                    raise MissingResource(path) from None
                reason = f"HTTP {error.code}"
                if error.code < 500 and error.code != 429:
                    break
            except (OSError, http.client.HTTPException, ValueError) as error:
                reason = str(getattr(error, "reason", error)) or type(error).__name__
            time.sleep(0.2 * 2**attempt)
        raise Error("{url} could not be read: {reason}.", url=f"{base}/{path}", reason=reason)

    return read


def _get(opener: urllib.request.OpenerDirector, url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip, identity", "User-Agent": "zonary"})  # noqa: S310
    with opener.open(request, timeout=_TIMEOUT) as response:
        data: bytes = response.read(MAX_RESOURCE_BYTES + 1)
        if response.headers.get("Content-Encoding", "").lower() != "gzip":
            return data
    unpacker = zlib.decompressobj(_GZIP)
    try:
        return unpacker.decompress(data, MAX_RESOURCE_BYTES + 1)
    except zlib.error as error:
        raise ValueError("its gzip encoding is damaged") from error


def _bounded(path: str, data: bytes) -> bytes:
    if len(data) > MAX_RESOURCE_BYTES:
        raise MalformedError(
            "{path} is larger than {limit} bytes; no resource of a log is.", path=path, limit=MAX_RESOURCE_BYTES
        )
    return data

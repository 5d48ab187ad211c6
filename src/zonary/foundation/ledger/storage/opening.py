"""Opening a store by its address."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.storage.directory import DirectoryStore
from zonary.foundation.ledger.storage.protocol import Step, TileStore, no_step

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig, S3Config, S3Store

_SCHEME = "s3://"
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?")
_REGION = re.compile(r"[a-z0-9-]{1,64}")
_DEFAULT_REGION = "us-east-1"
_CONNECT_SECONDS = 5
_REQUEST_SECONDS = 20
"""How long one request may take, up to its last byte; the largest bundle has 16 MB."""


class StoreAddressError(LedgerError):
    """The address of a store, or what belongs to it in the environment, is not usable."""


def open_store(address: str | Path, step: Step = no_step, *, environment: Mapping[str, str] | None = None) -> TileStore:
    """The store at ``address``: a directory, or ``s3://bucket/prefix``. Asks nothing of it yet.

    For the latter the environment says where and who: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (AWS_SESSION_TOKEN
    where they are temporary), AWS_REGION, ZONARY_S3_ENDPOINT when it is not Amazon's, ZONARY_S3_VIRTUAL_HOST=1 when
    the bucket is to stand in the host name, ZONARY_S3_CA a file with the certificate of a private authority. Only an
    endpoint that begins with ``http://`` is talked to without TLS.

    :raises StoreAddressError: when one of these cannot be used.
    """
    if isinstance(address, Path) or "://" not in address:
        return DirectoryStore(Path(address), step)
    client, name = open_bucket(address, environment=environment)
    # Loaded only by those who use it: a server with a directory does without.
    from zonary.foundation.ledger.storage.objects import ObjectStore

    return ObjectStore(client, name, step)


def open_bucket(address: str, *, environment: Mapping[str, str] | None = None) -> tuple[S3Store, str]:
    """A client of the bucket and prefix at ``address``, and what messages call it; see :func:`open_store`.

    :raises StoreAddressError: when address or environment cannot be used.
    """
    if not address.startswith(_SCHEME):
        raise StoreAddressError(
            "“{address}” is no place for a log. Name a directory, or s3://bucket/prefix.",
            address=_without_user(address),
        )
    bucket, _, prefix = address.removeprefix(_SCHEME).rstrip("/").partition("/")
    if not _BUCKET.fullmatch(bucket) or not _PREFIX.fullmatch(prefix):
        raise StoreAddressError(
            "“{address}” names no bucket and prefix: small letters, digits, dots and hyphens for the bucket, then "
            "names with slashes between them.",
            address=_without_user(address),
        )
    client = _client(bucket, prefix, os.environ if environment is None else environment)
    return client, f"{_SCHEME}{bucket}/{prefix}".rstrip("/")


def _client(bucket: str, prefix: str, environment: Mapping[str, str]) -> S3Store:
    from obstore.store import S3Store

    region = environment.get("AWS_REGION") or _DEFAULT_REGION
    if not _REGION.fullmatch(region):
        raise StoreAddressError("AWS_REGION is no name of a region: “{region}”.", region=region)
    endpoint = environment.get("ZONARY_S3_ENDPOINT") or _amazon(region)
    in_host = environment.get("ZONARY_S3_VIRTUAL_HOST", "") == "1"
    # Everything is said here, so that nothing else in the environment has a say.
    config: S3Config = {
        "endpoint": _endpoint(endpoint, bucket if in_host else None),
        "region": region,
        "access_key_id": _secret(environment, "AWS_ACCESS_KEY_ID"),
        "secret_access_key": _secret(environment, "AWS_SECRET_ACCESS_KEY"),
        "virtual_hosted_style_request": in_host,
        "conditional_put": "etag",
        "skip_signature": False,
        "disable_bulk_delete": True,  # not every store knows it
    }
    if environment.get("AWS_SESSION_TOKEN"):
        config["session_token"] = _secret(environment, "AWS_SESSION_TOKEN")
    options: ClientConfig = {
        "allow_http": endpoint.startswith("http://"),
        "connect_timeout": timedelta(seconds=_CONNECT_SECONDS),
        "timeout": timedelta(seconds=_REQUEST_SECONDS),
    }
    if file := environment.get("ZONARY_S3_CA"):
        options["root_certificate"] = _certificate(file)
    # ObjectStore tries again itself, and knows what that means for a checkpoint.
    once: RetryConfig = {"max_retries": 0, "retry_timeout": timedelta(seconds=_REQUEST_SECONDS)}
    return S3Store(bucket, prefix=prefix or None, config=config, client_options=options, retry_config=once)


def _amazon(region: str) -> str:
    return f"https://s3.{region}.amazonaws.com{'.cn' if region.startswith('cn-') else ''}"


def _endpoint(endpoint: str, bucket: str | None) -> str:
    """``endpoint`` with ``bucket``, if given, in front of its host."""
    parts = None
    try:
        parts = urlsplit(endpoint)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if parts is None or not usable or "@" in parts.netloc or parts.path.strip("/") or parts.query or parts.fragment:
        raise StoreAddressError(
            "ZONARY_S3_ENDPOINT is “{endpoint}”; it has to be like https://s3.example.org or http://127.0.0.1:9000.",
            endpoint=_without_user(endpoint),
        )
    return f"{parts.scheme}://{f'{bucket}.' if bucket else ''}{parts.netloc}"


def _secret(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value or value != value.strip() or not value.isprintable():
        raise StoreAddressError("{name} is not set, or is not one line without spaces around it.", name=name)
    return value


def _certificate(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise StoreAddressError(
            "ZONARY_S3_CA names {path}, which cannot be read: {reason}.", path=path, reason=error.strerror or str(error)
        ) from None


def _without_user(address: str) -> str:
    """``address`` as it may be shown: somebody may have written a password into it."""
    scheme, separator, rest = address.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"

"""Stores of both kinds, and a way to the object store that fails as a test tells it to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.servers.faulty_proxy import FaultyProxy
    from tests.servers.object_store import ObjectStoreServer

Open = Callable[..., Any]


@pytest.fixture(params=["directory", "object store"])
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens one and the same empty store, each time as another process would."""
    pytest.importorskip("django", reason="the ledger needs the [web] extra")
    if request.param == "directory":
        from zonary.foundation.ledger.storage import DirectoryStore

        return lambda: DirectoryStore(tmp_path / "log")
    open_bucket: Open = request.getfixturevalue("open_bucket")
    return open_bucket


@pytest.fixture
def open_bucket(object_store: ObjectStoreServer, bucket: str) -> Open:
    """The same, an object store in any case. ``url`` leads through a proxy."""
    pytest.importorskip("obstore", reason="object stores need the [web] extra")
    from zonary.foundation.ledger.storage.objects import ObjectStore

    def make(url: str = "", **options: Any) -> Any:
        client = object_store.store(bucket, url=url, timeout=2.0 if url else 30.0)
        return ObjectStore(client, f"s3://{bucket}", **options)

    return make


@pytest.fixture
def proxy(object_store: ObjectStoreServer) -> Iterator[FaultyProxy]:
    from tests.servers.faulty_proxy import FaultyProxy

    with FaultyProxy(object_store.port) as proxy:
        yield proxy

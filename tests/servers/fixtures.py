"""Servers for tests that need one; ``tests/conftest.py`` imports these by name."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.servers.postgresql import Postgresql


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    """One PostgreSQL server for all tests; each makes a database of its own in it.

    Not below pytest's temporary directory: only root may enter that, and the server runs as nobody.
    """
    from tests.servers.postgresql import Postgresql

    directory = Path(tempfile.mkdtemp(prefix="zonary-postgresql-"))
    server = Postgresql(directory)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(directory, ignore_errors=True)

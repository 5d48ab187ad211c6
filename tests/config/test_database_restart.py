"""A database that was restarted: nobody is told that it does not answer when it does."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")

from tests.servers.postgresql import Postgresql


def test_no_request_fails_for_a_connection_from_before(new_server: Callable[..., Any]) -> None:
    with tempfile.TemporaryDirectory(prefix="zonary-tests-postgresql-") as folder:
        database = Postgresql(Path(folder))
        try:
            database.start()
            url = database.create_database("zone")
            server = new_server(environment={"ZONARY_DATABASE_URL": url})
            server.start()
            with ThreadPoolExecutor(12) as clients:  # so that several threads have connections

                def statuses() -> list[int]:
                    return list(clients.map(lambda _: server.get("/healthz").status, range(60)))

                assert set(statuses()) == {200}
                assert database.drop_connections() > 2
                assert set(statuses()) == {200}
            assert server.stop() == 0
        finally:
            database.stop()

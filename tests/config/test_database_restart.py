"""A database that was restarted: nobody is told that it does not answer when it does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

pytest.importorskip("django", reason="the server needs the [web] extra")


def test_no_request_fails_for_a_connection_from_before(
    zone_database: str, postgresql: Any, new_server: Callable[..., Any]
) -> None:
    server = new_server(environment={"ZONARY_DATABASE_URL": zone_database})
    server.start()
    with ThreadPoolExecutor(12) as clients:  # so that several threads have connections

        def statuses() -> list[int]:
            return list(clients.map(lambda _: server.get("/healthz").status, range(60)))

        assert set(statuses()) == {200}
        assert postgresql.drop_connections(zone_database.rpartition("/")[2]) > 2
        assert set(statuses()) == {200}
    assert server.stop() == 0

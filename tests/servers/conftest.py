"""The servers, for the tests of themselves."""

from __future__ import annotations

from tests.servers.fixtures import bucket, object_store, postgresql

__all__ = ["bucket", "object_store", "postgresql"]

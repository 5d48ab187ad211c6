"""The S3 server of the tests does what a real one does where Zonary depends on it: conditional writes, and keeping."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import obstore
import pytest
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError, PreconditionError
from obstore.store import S3Store
from tests.servers.object_store import ObjectStoreServer


@pytest.fixture
def store(object_store: ObjectStoreServer, bucket: str) -> S3Store:
    return object_store.store(bucket)


def _read(store: S3Store, key: str) -> bytes:
    return bytes(obstore.get(store, key).bytes())


def _tag(store: S3Store, key: str) -> Any:
    return {"e_tag": obstore.head(store, key)["e_tag"]}


def test_objects_are_put_read_listed_and_deleted(store: S3Store) -> None:
    obstore.put(store, "tile/0/000", b"tile")
    obstore.put(store, "tile/0/000.p/7", b"partial")
    obstore.put(store, "checkpoint", b"one")
    obstore.put(store, "checkpoint", b"two")
    assert _read(store, "checkpoint") == b"two"
    assert bytes(obstore.get_range(store, "tile/0/000.p/7", start=1, end=4)) == b"art"
    assert sorted(item["path"] for item in obstore.list(store, "tile").collect()) == ["tile/0/000", "tile/0/000.p/7"]
    obstore.delete(store, "tile/0/000")
    with pytest.raises(FileNotFoundError):
        obstore.get(store, "tile/0/000")
    assert [item["path"] for item in obstore.list(store).collect()] == ["checkpoint", "tile/0/000.p/7"]


def test_a_second_create_is_refused(store: S3Store) -> None:
    obstore.put(store, "lock", b"mine", mode="create")
    with pytest.raises(AlreadyExistsError):
        obstore.put(store, "lock", b"theirs", mode="create")
    assert _read(store, "lock") == b"mine"


def test_an_update_of_what_has_changed_is_refused(store: S3Store) -> None:
    obstore.put(store, "checkpoint", b"one")
    first = _tag(store, "checkpoint")
    obstore.put(store, "checkpoint", b"two", mode=first)
    with pytest.raises(PreconditionError):
        obstore.put(store, "checkpoint", b"three", mode=first)
    assert _read(store, "checkpoint") == b"two"
    obstore.delete(store, "checkpoint")
    with pytest.raises(PreconditionError):
        obstore.put(store, "checkpoint", b"three", mode=first)


@pytest.mark.parametrize("kind", ["create", "update"])
def test_of_many_writers_at_once_one_wins(store: S3Store, kind: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        for attempt in range(10):
            key = f"lock-{attempt}"
            mode: Any = "create"
            if kind == "update":
                obstore.put(store, key, b"start")
                mode = _tag(store, key)
            together = threading.Barrier(8)

            def write(number: int, key: str = key, mode: Any = mode, together: Any = together) -> int | None:
                together.wait()
                try:
                    obstore.put(store, key, b"%d" % number, mode=mode)
                except (AlreadyExistsError, PreconditionError):
                    return None
                return number

            winners = [number for number in pool.map(write, range(8)) if number is not None]
            assert len(winners) == 1
            assert _read(store, key) == b"%d" % winners[0]


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    own = ObjectStoreServer(tmp_path / "s3")
    own.create_bucket("own-bucket")
    own.start()
    try:
        own.stop()
        own.start()
        store = own.store("own-bucket")
        for number in range(50):
            obstore.put(store, f"entries/{number}", b"%d" % number, mode="create")
        own.kill()
        with pytest.raises(BaseError):
            obstore.get(store, "entries/0")
        own.start()
        assert [_read(store, f"entries/{number}") for number in range(50)] == [b"%d" % n for n in range(50)]
        with pytest.raises(AlreadyExistsError):
            obstore.put(store, "entries/49", b"again", mode="create")
        obstore.put(store, "entries/49", b"again", mode=_tag(store, "entries/49"))
        assert _read(store, "entries/49") == b"again"
    finally:
        own.kill()


def test_while_paused_it_answers_nothing(object_store: ObjectStoreServer, bucket: str) -> None:
    object_store.pause()
    try:
        with pytest.raises(BaseError):
            obstore.put(object_store.store(bucket, timeout=0.5), "late", b"late")
        answer = ThreadPoolExecutor(1).submit(obstore.put, object_store.store(bucket), "patient", b"patient")
    finally:
        object_store.resume()
    answer.result(timeout=30)
    assert _read(object_store.store(bucket), "patient") == b"patient"


def test_wrong_credentials_are_refused(object_store: ObjectStoreServer, bucket: str) -> None:
    stranger = S3Store(
        bucket,
        endpoint=object_store.url,
        access_key_id=object_store.access_key,
        secret_access_key="wrong",
        region=object_store.region,
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    with pytest.raises(PermissionDeniedError):
        obstore.put(stranger, "theirs", b"theirs")

"""Each fault of the proxy does what it says: to the client, and to what the server behind it has afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import obstore
import pytest
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store
from tests.servers.faulty_proxy import Fault, FaultyProxy, puts
from tests.servers.object_store import ObjectStoreServer


@pytest.fixture
def proxy(object_store: ObjectStoreServer) -> Iterator[FaultyProxy]:
    with FaultyProxy(object_store.port) as proxy:
        yield proxy


@pytest.fixture
def through(object_store: ObjectStoreServer, bucket: str, proxy: FaultyProxy) -> S3Store:
    """The bucket as seen through the proxy."""
    return object_store.store(bucket, url=proxy.url)


@pytest.fixture
def impatient(object_store: ObjectStoreServer, bucket: str, proxy: FaultyProxy) -> S3Store:
    """The same for a client that soon gives up."""
    return object_store.store(bucket, url=proxy.url, timeout=0.3)


@pytest.fixture
def direct(object_store: ObjectStoreServer, bucket: str) -> S3Store:
    """The bucket itself."""
    return object_store.store(bucket)


def _read(store: S3Store, key: str) -> bytes:
    return bytes(obstore.get(store, key).bytes())


def test_everything_passes(through: S3Store, direct: S3Store, proxy: FaultyProxy) -> None:
    tag = obstore.put(through, "a b/ü", b"x" * 100_000)["e_tag"]
    assert _read(direct, "a b/ü") == b"x" * 100_000
    assert _read(through, "a b/ü") == b"x" * 100_000
    assert obstore.head(through, "a b/ü")["e_tag"] == tag
    with pytest.raises(AlreadyExistsError):
        obstore.put(through, "a b/ü", b"", mode="create")
    assert [item["path"] for item in obstore.list(through).collect()] == ["a b/ü"]
    obstore.delete(through, "a b/ü")
    assert obstore.list(direct).collect() == []
    assert proxy.count(Fault.PASS) == len(proxy.requests) >= 6


def test_unavailable_to_all(through: S3Store, direct: S3Store, proxy: FaultyProxy) -> None:
    obstore.put(direct, "there", b"1")
    proxy.behave(Fault.UNAVAILABLE)
    for call in (lambda: obstore.put(through, "new", b""), lambda: obstore.get(through, "there")):
        with pytest.raises(BaseError, match="503"):
            call()
    proxy.behave(Fault.PASS)
    assert _read(through, "there") == b"1"
    with pytest.raises(FileNotFoundError):
        obstore.get(direct, "new")


def test_unavailable_to_puts(through: S3Store, direct: S3Store, proxy: FaultyProxy) -> None:
    obstore.put(direct, "there", b"1")
    proxy.behave(Fault.UNAVAILABLE, only=puts)
    with pytest.raises(BaseError, match="503"):
        obstore.put(through, "there", b"2")
    assert _read(through, "there") == b"1"


def test_a_lie_leaves_nothing_behind(through: S3Store, direct: S3Store, proxy: FaultyProxy) -> None:
    proxy.behave(Fault.LIE, only=puts)
    assert obstore.put(through, "lost", b"1")["e_tag"]
    with pytest.raises(FileNotFoundError):
        obstore.get(through, "lost")
    with pytest.raises(FileNotFoundError):
        obstore.get(direct, "lost")


def test_a_cut_leaves_the_object_behind(through: S3Store, direct: S3Store, proxy: FaultyProxy) -> None:
    proxy.behave(Fault.CUT, only=puts)
    with pytest.raises(BaseError):
        obstore.put(through, "unknown", b"1", mode="create")
    assert _read(direct, "unknown") == b"1"


def test_a_refusal_leaves_nothing_behind(through: S3Store, direct: S3Store, proxy: FaultyProxy) -> None:
    proxy.behave(Fault.REFUSE)
    with pytest.raises(BaseError):
        obstore.put(through, "refused", b"1")
    assert obstore.list(direct).collect() == []


def test_a_hang_lasts_until_the_client_gives_up(impatient: S3Store, direct: S3Store, proxy: FaultyProxy) -> None:
    proxy.behave(Fault.HANG)
    with pytest.raises(BaseError, match=r"timed out|timeout"):
        obstore.put(impatient, "hung", b"1")
    assert proxy.count(Fault.HANG) == 1
    assert obstore.list(direct).collect() == []


def test_a_hang_ends_with_the_behaviour(through: S3Store, direct: S3Store, proxy: FaultyProxy) -> None:
    proxy.behave(Fault.HANG)
    with ThreadPoolExecutor(1) as pool:
        hung = pool.submit(obstore.put, through, "hung", b"1")
        while not proxy.count(Fault.HANG):
            assert not hung.done()
        proxy.behave(Fault.PASS)
        with pytest.raises(BaseError):
            hung.result(timeout=30)
    assert obstore.list(direct).collect() == []


def test_a_delay_is_waited_for(impatient: S3Store, through: S3Store, direct: S3Store, proxy: FaultyProxy) -> None:
    proxy.behave(Fault.DELAY, seconds=600)
    with pytest.raises(BaseError, match=r"timed out|timeout"):
        obstore.put(impatient, "slow", b"1")
    proxy.behave(Fault.DELAY, seconds=0.1)
    obstore.put(through, "slower", b"1")
    assert _read(direct, "slower") == b"1"


def test_only_the_first_so_many(through: S3Store, direct: S3Store, proxy: FaultyProxy) -> None:
    proxy.behave(Fault.UNAVAILABLE, only=lambda method, path: path.endswith("/checkpoint"), times=2)
    obstore.put(through, "tile", b"1")
    for _ in range(2):
        with pytest.raises(BaseError, match="503"):
            obstore.put(through, "checkpoint", b"1")
    obstore.put(through, "checkpoint", b"2")
    assert _read(direct, "checkpoint") == b"2"
    assert [(request.method, request.fault) for request in proxy.requests] == [
        ("PUT", Fault.PASS),
        ("PUT", Fault.UNAVAILABLE),
        ("PUT", Fault.UNAVAILABLE),
        ("PUT", Fault.PASS),
    ]


def test_a_server_that_is_gone_is_a_closed_connection(
    object_store: ObjectStoreServer, through: S3Store, direct: S3Store
) -> None:
    object_store.kill()
    try:
        with pytest.raises(BaseError):
            obstore.put(through, "gone", b"1")
    finally:
        object_store.start()
    obstore.put(through, "back", b"1")
    assert [item["path"] for item in obstore.list(direct).collect()] == ["back"]

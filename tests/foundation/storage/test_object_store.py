"""An object store that fails, lies or hangs: nothing is claimed that is not there, and all goes on after it."""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

pytest.importorskip("django", reason="the ledger needs the [web] extra")
pytest.importorskip("obstore", reason="object stores need the [web] extra")

import obstore
from tests.servers.faulty_proxy import Fault, FaultyProxy, puts

from zonary.foundation.ledger.errors import LostRaceError
from zonary.foundation.ledger.storage import CHECKPOINT, StoreError
from zonary.foundation.ledger.storage.objects import ObjectStore
from zonary.proof.tlog.tiles import MissingResource, entries_path, tile_path

pytestmark = pytest.mark.slow
AT = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
FAILURES = [Fault.UNAVAILABLE, Fault.LIE, Fault.CUT, Fault.REFUSE, Fault.HANG]
EVERYTHING: Any = None
AFFECTED = [(fault, puts) for fault in FAILURES]
# A lie is told of puts: 200 without the bytes, in answer to a read, is no checkpoint, and stops the log as a fork does.
AFFECTED += [(fault, EVERYTHING) for fault in FAILURES if fault is not Fault.LIE]
TILES = {tile_path(0, n): bytes([n]) * 8192 for n in range(20)} | {entries_path(n, 7): b"%d" % n for n in range(20)}

Open = Callable[..., ObjectStore]
Make = Callable[..., Any]


@pytest.fixture
def direct(open_bucket: Open) -> ObjectStore:
    """The bucket itself."""
    return open_bucket()


@pytest.fixture
def store(open_bucket: Open, proxy: FaultyProxy) -> ObjectStore:
    """The bucket through the proxy, soon given up. It knows already that it is fenced."""
    made = open_bucket(proxy.url, patience=0.3)
    assert made.is_fenced
    return made


def reads(method: str, path: str) -> bool:
    return method == "GET"


def held(store: ObjectStore) -> dict[str, bytes]:
    return {path: store.read(path) for path in store.paths("tile")}


@pytest.mark.parametrize("fault", FAILURES)
def test_writing_while_it_fails_claims_nothing(
    store: ObjectStore, direct: ObjectStore, proxy: FaultyProxy, fault: Fault
) -> None:
    proxy.behave(fault, only=puts)
    if fault is Fault.CUT:
        # It is all there, only the answers are lost; nobody may know that before having looked.
        with pytest.raises(StoreError):
            store.write(TILES.items())
    else:
        with pytest.raises(StoreError, match="See that it runs and can be reached"):
            store.write(TILES.items())
        assert held(direct) == {}
    proxy.behave(Fault.PASS)
    store.write(TILES.items())
    assert held(direct) == TILES


@pytest.mark.parametrize(("fault", "only"), [*AFFECTED, (Fault.DELAY, EVERYTHING)])
def test_what_passes_soon_is_waited_for(
    open_bucket: Open, direct: ObjectStore, proxy: FaultyProxy, fault: Fault, only: Any
) -> None:
    store = open_bucket(proxy.url)
    assert store.is_fenced
    proxy.behave(fault, only=only, times=5 if fault is Fault.HANG else 25, seconds=0.05)
    store.write(TILES.items())
    assert held(direct) == TILES
    for expected, new in ((None, b"one"), (b"one", b"two")):
        proxy.behave(fault, only=only, times=1 if fault is Fault.HANG else 2, seconds=0.05)
        store.replace_checkpoint(expected, new)
        assert direct.read(CHECKPOINT) == new


def test_bytes_changed_on_the_way_are_noticed(store: ObjectStore, direct: ObjectStore, proxy: FaultyProxy) -> None:
    direct.write([("tile/0/000", b"earlier bytes")])
    proxy.behave(Fault.LIE, only=puts)
    with pytest.raises(StoreError, match="does not give back what it said it had stored"):
        store.write([("tile/0/000", b"other bytes")])


@pytest.mark.parametrize("fault", FAILURES)
def test_a_checkpoint_while_it_fails_is_the_old_one_or_the_new(
    store: ObjectStore, direct: ObjectStore, proxy: FaultyProxy, fault: Fault
) -> None:
    store.replace_checkpoint(None, b"one")
    proxy.behave(fault, only=puts)
    if fault is Fault.CUT:
        # The answer was lost, the checkpoint was not: reading it shows that.
        store.replace_checkpoint(b"one", b"two")
    else:
        with pytest.raises(StoreError):
            store.replace_checkpoint(b"one", b"two")
        assert direct.read(CHECKPOINT) == b"one"
        proxy.behave(Fault.PASS)
        store.replace_checkpoint(b"one", b"two")
    assert direct.read(CHECKPOINT) == b"two"


def test_a_checkpoint_stored_after_it_was_given_up_is_not_taken_for_anothers(
    store: ObjectStore, direct: ObjectStore, proxy: FaultyProxy
) -> None:
    store.replace_checkpoint(None, b"one")
    proxy.behave(Fault.CUT)
    with pytest.raises(StoreError):
        store.replace_checkpoint(b"one", b"two")
    proxy.behave(Fault.PASS)
    assert direct.read(CHECKPOINT) == b"two"
    with pytest.raises(StoreError, match="only now stored a checkpoint of this server's"):
        store.replace_checkpoint(b"one", b"three")
    assert direct.read(CHECKPOINT) == b"two"
    store.replace_checkpoint(store.read(CHECKPOINT), b"three")
    assert direct.read(CHECKPOINT) == b"three"


@pytest.mark.parametrize("fault", [Fault.UNAVAILABLE, Fault.CUT, Fault.REFUSE, Fault.HANG])
def test_what_cannot_be_asked_for_is_not_missing(
    store: ObjectStore, direct: ObjectStore, proxy: FaultyProxy, fault: Fault
) -> None:
    direct.write(TILES.items())
    proxy.behave(fault)
    for path in ("tile/0/000", "tile/0/999"):
        with pytest.raises(StoreError) as caught:
            store.read(path)
        assert not isinstance(caught.value, MissingResource)
    with pytest.raises(StoreError):
        list(store.paths("tile"))
    with pytest.raises(StoreError):
        store.remove(["tile/0/777.p/7"])
    proxy.behave(Fault.PASS)
    assert held(store) == TILES
    with pytest.raises(MissingResource):
        store.read("tile/0/999")


def test_a_listing_goes_on_where_it_was_cut(open_bucket: Open, direct: ObjectStore, proxy: FaultyProxy) -> None:
    written = [entries_path(n) for n in range(1100)]
    direct.write((path, b"") for path in written)
    listing = open_bucket(proxy.url).paths("tile")
    found = [next(listing)]
    proxy.behave(Fault.CUT, times=2)
    assert [*found, *listing] == sorted(written)


def test_a_bucket_that_is_gone_is_not_an_empty_log(object_store: Any, open_bucket: Open) -> None:
    store = ObjectStore(object_store.store("no-such-bucket"), "s3://no-such-bucket", patience=0.2)
    for ask in (lambda: store.read(CHECKPOINT), lambda: store.write(TILES.items()), lambda: store.is_fenced):
        with pytest.raises(StoreError, match="There is no bucket at s3://no-such-bucket"):
            ask()


@pytest.mark.parametrize("name", [None, "AKIAWRONGNAME"])
def test_wrong_credentials_are_told_and_never_shown(object_store: Any, bucket: str, name: str | None) -> None:
    """Nor are they taken for an empty log: this server answers 404 to a name it does not know."""
    from obstore.store import S3Store

    client = S3Store(
        bucket,
        endpoint=object_store.url,
        access_key_id=name or object_store.access_key,
        secret_access_key="wrong-and-secret",
        region=object_store.region,
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )
    store = ObjectStore(client, f"s3://{bucket}", patience=600)
    told = "XAdminUserNotFound" if name else "See that AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are right"
    for ask in (lambda: store.read(CHECKPOINT), lambda: store.write(TILES.items()), lambda: store.is_fenced):
        with pytest.raises(StoreError, match=told) as caught:
            ask()
        shown = "".join(traceback.format_exception(caught.value)) + repr((caught.value, vars(caught.value), store))
        assert not {word for word in ("AKIAWRONGNAME", object_store.access_key, "wrong-and-secret") if word in shown}


def test_what_a_cdn_needs_to_know_stands_with_the_objects(direct: ObjectStore, object_store: Any, bucket: str) -> None:
    direct.write([("tile/0/000.p/5", b"x"), ("tile/entries/000", b"y")])
    direct.replace_checkpoint(None, b"one")
    client = object_store.store(bucket)

    def headers(path: str) -> dict[str, str]:
        found = obstore.get(client, path).attributes
        return {name: found[name] for name in ("Content-Type", "Cache-Control")}

    for path in ("tile/0/000.p/5", "tile/entries/000"):
        assert headers(path) == {
            "Content-Type": "application/octet-stream",
            "Cache-Control": "public, max-age=31536000, immutable",
        }
    assert headers("checkpoint") == {
        "Content-Type": "text/plain; charset=utf-8",
        "Cache-Control": "public, max-age=1, must-revalidate",
    }


def test_trying_the_fence_leaves_nothing(direct: ObjectStore, object_store: Any, bucket: str) -> None:
    assert direct.is_fenced
    assert obstore.list(object_store.store(bucket)).collect() == []


class TestWithoutConditionalPuts:
    """A store that passes over ``If-Match`` and ``If-None-Match``, as some do without a word."""

    @pytest.fixture
    def deaf(self, object_store: Any) -> Iterator[FaultyProxy]:
        with FaultyProxy(object_store.port) as proxy:

            class Deaf(proxy._server.RequestHandlerClass):  # type: ignore[misc,name-defined]
                def _forward(self, body: bytes) -> Any:
                    answer = super()._forward(body)
                    if answer[0] != 412:
                        return answer
                    # The condition is signed, so it cannot just be left out: do what it forbids.
                    _, bucket, key = self.path.split("/", 2)
                    done = obstore.put(object_store.store(bucket), key, body)
                    return 200, [("ETag", done["e_tag"])], b""

            proxy._server.RequestHandlerClass = Deaf
            yield proxy

    def test_it_is_found_out(self, open_bucket: Open, deaf: FaultyProxy) -> None:
        assert not open_bucket(deaf.url).is_fenced

    def test_a_store_that_refuses_them_all_is_not_fenced_either(self, open_bucket: Open, deaf: FaultyProxy) -> None:
        class Unable(deaf._server.RequestHandlerClass):  # type: ignore[misc,name-defined]
            def _forward(self, body: bytes) -> Any:
                if "If-Match" in self.headers or "If-None-Match" in self.headers:
                    return 501, [], b"<Error><Code>NotImplemented</Code></Error>"
                return super()._forward(body)

        deaf._server.RequestHandlerClass = Unable
        store = open_bucket(deaf.url)
        assert not store.is_fenced
        store.replace_checkpoint(None, b"one")
        assert store.read(CHECKPOINT) == b"one"

    def test_a_failure_while_finding_out_is_no_answer(self, open_bucket: Open, proxy: FaultyProxy) -> None:
        store = open_bucket(proxy.url, patience=0.3)
        proxy.behave(Fault.UNAVAILABLE)
        with pytest.raises(StoreError):
            _ = store.is_fenced
        proxy.behave(Fault.PASS)
        assert store.is_fenced

    def test_the_checkpoint_is_compared_by_looking(self, open_bucket: Open, deaf: FaultyProxy) -> None:
        store, other = open_bucket(deaf.url), open_bucket(deaf.url)
        store.replace_checkpoint(None, b"one")
        assert store.read(CHECKPOINT) == b"one"
        other.replace_checkpoint(b"one", b"two")
        with pytest.raises(LostRaceError):
            store.replace_checkpoint(b"one", b"three")
        assert other.read(CHECKPOINT) == b"two"
        store.replace_checkpoint(b"two", b"four")
        assert other.read(CHECKPOINT) == b"four"


class TestPublishing:
    """The real publisher, over a store that fails."""

    @pytest.fixture
    def log(self, make_log: Make, store: ObjectStore) -> Any:
        from zonary.foundation.ledger.sequencer import start_up

        log = dataclasses.replace(make_log(), store=store)
        start_up(log, lambda: AT)
        return log

    @pytest.mark.parametrize(("fault", "only"), [*AFFECTED, (Fault.CUT, reads), (Fault.UNAVAILABLE, reads)])
    def test_after_the_fault_everything_is_published(
        self,
        log: Any,
        direct: ObjectStore,
        proxy: FaultyProxy,
        record_leaves: Make,
        check_published: Make,
        fault: Fault,
        only: Any,
    ) -> None:
        from zonary.foundation.ledger.publishing import publish
        from zonary.foundation.ledger.sequencing import tick

        seen = dataclasses.replace(log, store=direct)
        leaves = [b"%d" % n for n in range(300)]
        record_leaves(*leaves)
        tick(log, at=AT)
        proxy.behave(fault, only=only)
        with pytest.raises(StoreError):
            publish(log)
        # Whatever was written, readers see a whole log: the old one.
        assert check_published(seen)[1] == []
        proxy.behave(Fault.PASS)
        assert publish(log) == 300
        assert check_published(seen)[1] == leaves

    def test_a_fault_at_every_single_request(
        self, log: Any, direct: ObjectStore, proxy: FaultyProxy, record_leaves: Make, check_published: Make
    ) -> None:
        """503 once, at the first request of a publication, then the second, and so on: none is noticed by readers."""
        from zonary.foundation.ledger.publishing import publish
        from zonary.foundation.ledger.sequencing import tick

        seen = dataclasses.replace(log, store=direct)
        leaves: list[bytes] = []
        for number in range(12):
            new = [b"%d/%d" % (number, n) for n in range(60)]
            record_leaves(*new)
            leaves += new
            tick(log, at=AT)
            before = len(proxy.requests)
            proxy.behave(Fault.UNAVAILABLE, only=lambda *_, at=before + number: len(proxy.requests) == at)
            publish(log)
            assert check_published(seen)[1] == leaves
        assert proxy.count(Fault.UNAVAILABLE) >= 10

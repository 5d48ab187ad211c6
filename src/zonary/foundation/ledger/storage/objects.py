"""A log published in an S3-compatible object store, from which any web server or CDN may serve it as it is.

What is relied on: a put is whole or not at all, and is read by the next get (all S3 services of today promise both).
Nothing else is taken on trust: each object is read back before it counts as written.
"""

from __future__ import annotations

import contextlib
import random
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import obstore

from zonary.foundation.ledger.errors import LostRaceError
from zonary.foundation.ledger.storage.faults import (
    CONFLICTS,
    FAULTS,
    NOT_OURS,
    AbandonedError,
    OtherBytesError,
    is_missing,
    is_unable,
    refusal,
)
from zonary.foundation.ledger.storage.protocol import CHECKPOINT, Step, StoreError, no_step, require_readable_size
from zonary.proof.errors import Error
from zonary.proof.tlog.tiles import MissingResource

if TYPE_CHECKING:
    from obstore import Attributes, PutMode
    from obstore.store import ObjectStore as Client

CONCURRENCY: Final = 16
"""Objects written at the same time."""
MAX_BYTES_UNDER_WAY: Final = 64 << 20
"""Bytes of them; a single larger object goes alone."""
PATIENCE_SECONDS: Final = 30.0
"""How long one object is tried again before its write fails; the last attempt may end one request later."""
READ_PATIENCE_SECONDS: Final = 3.0
"""The same for reading, listing and removing: somebody waits for the former, nothing depends on the latter."""
PAUSE_SECONDS: Final = 0.1
MAX_PAUSE_SECONDS: Final = 5.0
_LISTED_AT_ONCE = 1000
_SCRATCH = "scratch"

IMMUTABLE: Final[Attributes] = {
    "Content-Type": "application/octet-stream",
    "Cache-Control": "public, max-age=31536000, immutable",
}
"""Of tiles and bundles, partial ones too: what stands under a path never changes."""
FRESH: Final[Attributes] = {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "public, max-age=1, must-revalidate",
}

_Result = TypeVar("_Result")


class _Shown(NamedTuple):
    """A checkpoint as the store showed it, and what the store calls this version of it."""

    note: bytes | None
    version: str | None


class ObjectStore:
    """A prefix of a bucket.

    Whether the bucket compares and replaces in one (conditional put, RFC 9110 ``If-Match``) is found out once, by
    trying, when it first matters. Where it does not (:attr:`is_fenced` is false) two things remain possible, both
    mended by the next checkpoint that is published: of two servers in :meth:`replace_checkpoint` at once, which their
    database lock prevents unless they use different databases, the later overwrites the earlier; and a request that
    was given up may still be carried out, so that an earlier checkpoint of this log is shown again for a while.

    :param client: an obstore client of the bucket and prefix; it should not try again by itself.
    :param address: what messages call this store.
    :param patience: seconds an object is tried again before its write fails.
    """

    def __init__(
        self,
        client: Client,
        address: str,
        step: Step = no_step,
        *,
        patience: float = PATIENCE_SECONDS,
        concurrency: int = CONCURRENCY,
    ) -> None:
        self._client = client
        self._address = address
        self._step = step
        self._patience = patience
        self._concurrency = concurrency
        self._starting = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._fenced: bool | None = None
        self._shown = _Shown(None, None)
        # Checkpoints of which it is not known whether they were stored; each may appear as long as this runs.
        self._unsettled: deque[bytes] = deque(maxlen=1024)

    def __repr__(self) -> str:
        return f"ObjectStore({self._address!r})"

    @property
    def is_fenced(self) -> bool:
        """:raises StoreError: when the store cannot be asked."""
        if self._fenced is None:
            self._fenced = self._persist(_SCRATCH, self._try_fence)
        return self._fenced

    def read(self, path: str) -> bytes:
        data, version = self._persist(path, lambda: self._get(path), patience=READ_PATIENCE_SECONDS)
        if path == CHECKPOINT:
            self._shown = _Shown(data, version)
        return data

    def write(self, objects: Iterable[tuple[str, bytes]]) -> None:
        abandon = threading.Event()
        under_way: dict[Future[None], int] = {}
        try:
            for path, data in objects:
                while under_way and (
                    len(under_way) >= self._concurrency or sum(under_way.values()) + len(data) > MAX_BYTES_UNDER_WAY
                ):
                    self._settle(under_way)
                under_way[self._pool.submit(self._store, path, data, abandon)] = len(data)
            while under_way:
                self._settle(under_way)
        finally:
            # Nothing of this write goes on behind the caller's back, who may do it all again.
            abandon.set()
            wait(under_way)

    def replace_checkpoint(self, expected: bytes | None, new: bytes) -> None:
        fenced = self.is_fenced
        # What was shown last saves a look, where the store compares anyway.
        is_known = fenced and self._shown.version is not None and self._shown.note == expected != new
        known = self._shown if is_known else None
        self._shown = _Shown(None, None)

        def replace() -> None:
            nonlocal known
            shown, known = known or self._checkpoint(), None
            if shown.note == new:
                # An attempt whose answer was lost. What was read is what was to be written.
                self._shown = shown
                return
            if shown.note != expected:
                raise self._overtaken(shown.note)
            self._put(CHECKPOINT, new, FRESH, _mode(shown) if fenced else "overwrite")
            self._shown = self._checkpoint()
            if self._shown.note != new:
                raise OtherBytesError

        self._unsettled.append(new)
        self._persist(CHECKPOINT, replace)
        self._unsettled.remove(new)
        self._step("checkpoint synced")

    def paths(self, under: str, after: str = "") -> Iterator[str]:
        listing: Iterator[list[str]] | None = None

        def more() -> list[str] | None:
            nonlocal listing
            if listing is None:
                listing = self._list(under, after)
            try:
                return next(listing, None)
            except FAULTS:
                listing = None
                raise

        while (page := self._persist(under, more, patience=READ_PATIENCE_SECONDS)) is not None:
            for path in page:
                # A store that does not know where to start begins at the beginning.
                if path > after:
                    after = path
                    yield path

    def remove(self, paths: Iterable[str]) -> None:
        def remove(path: str) -> None:
            self._persist(path, lambda: self._delete(path), patience=READ_PATIENCE_SECONDS)

        under_way = {self._pool.submit(remove, path): 0 for path in paths}
        try:
            while under_way:
                self._settle(under_way)
        finally:
            wait(under_way)

    @property
    def _pool(self) -> ThreadPoolExecutor:
        with self._starting:
            if self._threads is None:
                self._threads = ThreadPoolExecutor(self._concurrency, thread_name_prefix="object-store")
            return self._threads

    def _settle(self, under_way: dict[Future[None], int]) -> None:
        """Take those that are done out of ``under_way``, once there is one."""
        for done in wait(under_way, return_when=FIRST_COMPLETED).done:
            del under_way[done]
            done.result()
            self._step("object settled")

    def _store(self, path: str, data: bytes, abandon: threading.Event) -> None:
        def store() -> None:
            self._put(path, data, IMMUTABLE, "overwrite")
            # Read whole: of what stores say about an object (length, tag, checksum) none tells what they will give.
            try:
                found = self._get(path)[0]
            except MissingResource:
                raise OtherBytesError from None
            if found != data:
                raise OtherBytesError

        self._persist(path, store, abandon=abandon)

    def _persist(
        self,
        path: str,
        attempt: Callable[[], _Result],
        *,
        patience: float | None = None,
        abandon: threading.Event | None = None,
    ) -> _Result:
        """The result of ``attempt``, made again after a growing pause while the store fails.

        :raises StoreError: when that lasts longer than ``patience``, or asking again at once is no use.
        """
        ends = time.monotonic() + (self._patience if patience is None else min(patience, self._patience))
        pause = PAUSE_SECONDS
        while True:
            try:
                return attempt()
            except (*NOT_OURS, FileNotFoundError, StoreError) as fault:
                raise refusal(self._address, path, fault) from None
            except (*FAULTS, OtherBytesError) as fault:
                left = ends - time.monotonic()
                if left <= 0:
                    # The library's message may quote what the store answered: not even as the cause of this.
                    raise refusal(self._address, path, fault) from None
            # Not all at the same moment, after a failure they all met.
            rest = min(left, pause * random.uniform(0.5, 1.0))  # noqa: S311 - nobody gains by guessing it
            pause = min(pause * 2, MAX_PAUSE_SECONDS)
            if abandon is None:
                time.sleep(rest)
            elif abandon.wait(rest):
                raise AbandonedError

    def _get(self, path: str) -> tuple[bytes, str | None]:
        try:
            answer = obstore.get(self._client, path)
        except FileNotFoundError as fault:
            if is_missing(fault):
                raise MissingResource(path) from None
            raise
        require_readable_size(path, answer.meta["size"])
        return bytes(answer.bytes()), answer.meta["e_tag"]

    def _checkpoint(self) -> _Shown:
        try:
            return _Shown(*self._get(CHECKPOINT))
        except MissingResource:
            return _Shown(None, None)

    def _put(self, path: str, data: bytes, attributes: Attributes, mode: PutMode) -> str | None:
        # One request however large: an upload in parts that is given up would stay in the bucket, unseen and paid for.
        return obstore.put(self._client, path, data, attributes=attributes, mode=mode, use_multipart=False)["e_tag"]

    def _delete(self, path: str) -> None:
        try:
            obstore.delete(self._client, path)
        except FileNotFoundError as fault:
            if not is_missing(fault):
                raise

    def _list(self, under: str, after: str) -> Iterator[list[str]]:
        for page in obstore.list(self._client, under, offset=after or None, chunk_size=_LISTED_AT_ONCE):
            yield [found["path"] for found in page]

    def _overtaken(self, shown: bytes | None) -> Exception:
        if shown in self._unsettled:
            return StoreError(
                Error(
                    "The object store {address} has only now stored a checkpoint of this server's that it had not "
                    "answered for. It is taken as the present one.",
                    address=self._address,
                )
            )
        return LostRaceError(
            "Another process replaced the checkpoint in {directory}. Only one server may use it.",
            directory=self._address,
        )

    def _try_fence(self) -> bool:
        """Whether conditional puts are refused when they must be, and accepted when they may be.

        A crash leaves a scratch object of a few bytes, which nothing refers to.
        """
        path = f"{_SCRATCH}-{secrets.token_hex(8)}"
        first = self._put(path, b"first", FRESH, "overwrite")
        try:
            if first is None or self._accepts(path, "create") or self._accepts(path, {"e_tag": '"0"'}):
                return False
            if not self._accepts(path, {"e_tag": first}):
                return False
            return not self._accepts(path, {"e_tag": first}) and self._get(path)[0] == b"other"
        except FAULTS as fault:
            if is_unable(fault):
                return False
            raise
        finally:
            with contextlib.suppress(*FAULTS):
                self._delete(path)

    def _accepts(self, path: str, mode: PutMode) -> bool:
        try:
            self._put(path, b"other", FRESH, mode)
        except CONFLICTS:
            return False
        return True


def _mode(shown: _Shown) -> PutMode:
    return "create" if shown.note is None else {"e_tag": shown.version}

"""Hashing: right digests for every kind of file, and none for a file that changes meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.cli.sealing import hashing, large_files
from zonary.cli.sealing.hashing import LARGE_BYTES, RECORD, STAMP, hash_files, stamp_of
from zonary.cli.sealing.observe import observe_paths
from zonary.cli.sealing.walk import Found, SourceError, walk
from zonary.cli.sealing.workers import Workers
from zonary.proof.digests import digests_of


class Meter:
    """Adds up what it is told."""

    def __init__(self) -> None:
        self.files = self.bytes = self.finished = self.large_files = 0
        self.all_found = False

    def found(self, files: int) -> None:
        self.files += files

    def walked(self) -> None:
        self.all_found = True

    def large(self, files: int, size: int) -> None:
        self.large_files += files

    def hashed(self, size: int) -> None:
        self.bytes += size

    def done(self, files: int, size: int, *, large: bool = False) -> None:
        self.finished += files
        self.bytes += size

    def show(self) -> None:
        pass


def hash_all(paths: list[Path], workers: int = 0, **options) -> dict[bytes, tuple[int, bytes, bytes]]:
    """Path -> size and digests."""
    found = [Found(os.fsencode(path), path.name.encode(), "file") for path in paths]
    result = {}
    meter = options.pop("meter", None) or Meter()
    with Workers(workers) as pool:
        for some, records in hash_files(found, pool, meter, **options):
            for one, (size, _, _, sha256, sm3) in zip(some, RECORD.iter_unpack(records), strict=True):
                result[one.path] = size, sha256, sm3
    return result


def expected(path: Path) -> tuple[int, bytes, bytes]:
    data = path.read_bytes()
    digests = digests_of(data)
    return len(data), digests.sha256, digests.sm3


SIZES = [
    0,
    1,
    1000,
    64 * 1024 - 1,
    64 * 1024,
    64 * 1024 + 1,
    LARGE_BYTES - 1,
    LARGE_BYTES,
    1024 * 1024,
    1024 * 1024 + 7,
    8 * 1024 * 1024,
    9 * 1024 * 1024 + 3,
]


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("settled", [10**10, -(10**18)], ids=["just written", "settled"])
def test_every_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int, settled: int) -> None:
    monkeypatch.setattr(hashing, "_SETTLED_NS", settled)
    paths = [tmp_path / str(size) for size in SIZES]
    for path, size in zip(paths, SIZES, strict=True):
        path.write_bytes(os.urandom(size))
    meter = Meter()
    assert hash_all(paths, workers, meter=meter) == {os.fsencode(path): expected(path) for path in paths}
    assert (meter.files, meter.finished, meter.bytes) == (len(SIZES), len(SIZES), sum(SIZES))
    assert meter.large_files == sum(size >= LARGE_BYTES for size in SIZES)
    assert meter.all_found


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_many_files(tmp_path: Path, workers: int) -> None:
    paths = [tmp_path / str(number) for number in range(1500)]
    for path in paths:
        path.write_bytes(path.name.encode() * 3)
    result = hash_all(paths, workers)
    assert len(result) == 1500
    assert all(result[os.fsencode(path)] == expected(path) for path in paths[::97])


@given(st.binary(max_size=300))
def test_any_content(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(data)
    assert hash_all([path]) == {os.fsencode(path): expected(path)}


def test_large_files_in_short_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As network file systems give them."""
    path = tmp_path / "large"
    path.write_bytes(os.urandom(3_000_000))
    readv = os.readv
    monkeypatch.setattr(os, "readv", lambda fd, buffers: readv(fd, [buffers[0][:70_001]]))
    monkeypatch.setattr(large_files, "_VERY_LARGE_BYTES", 1_000_000)
    assert hash_all([path]) == {os.fsencode(path): expected(path)}


def test_small_files_in_short_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "small"
    path.write_bytes(os.urandom(3000))
    read, pread = os.read, os.pread
    monkeypatch.setattr(os, "read", lambda fd, count: read(fd, min(count, 1000)))
    monkeypatch.setattr(os, "pread", lambda fd, count, at: pread(fd, min(count, 700), at))
    assert hash_all([path]) == {os.fsencode(path): expected(path)}


# --- files that change ------------------------------------------------------------------------------------------------


def changes(path: Path) -> Iterator[None]:
    """One way to change a file at each step."""
    with path.open("ab") as file:
        file.write(b"more")
    yield
    os.truncate(path, 5)
    yield
    path.write_bytes(b"x" * path.stat().st_size)
    os.utime(path, ns=(1, 1))
    yield


@pytest.mark.parametrize("way", [0, 1, 2], ids=["grows", "shrinks", "rewritten"])
def test_a_small_file_that_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: int) -> None:
    path = tmp_path / "busy"
    path.write_bytes(b"content of the file")
    pread = os.pread

    def interfered(descriptor: int, count: int, offset: int) -> bytes:
        data = pread(descriptor, count, offset)
        if not offset:
            steps = changes(path)
            for _ in range(way + 1):
                next(steps)
        return data

    monkeypatch.setattr(os, "pread", interfered)
    with pytest.raises(SourceError, match=r"busy” changed while it was being read"):
        hash_all([path])


def test_a_settled_file_that_is_written_to_just_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read again: what is told is never a content that the file did not have."""
    path = tmp_path / "late"
    path.write_bytes(b"before")
    opened_at = path.stat().st_ctime_ns
    monkeypatch.setattr(hashing, "_SETTLED_NS", 0)
    monkeypatch.setattr(hashing, "time", SimpleNamespace(time_ns=lambda: opened_at))
    read = os.read

    def interfered(descriptor: int, count: int) -> bytes:
        data = read(descriptor, count)
        time.sleep(0.03)  # the system's own clock for such things ticks a hundred times a second or so
        path.write_bytes(b"after!")
        os.utime(path, ns=(1, 1))
        return data

    monkeypatch.setattr(os, "read", interfered)
    assert hash_all([path]) == {os.fsencode(path): expected(path)}
    assert path.read_bytes() == b"after!"


@pytest.mark.parametrize("way", [0, 1, 2], ids=["grows", "shrinks", "rewritten"])
@pytest.mark.parametrize("size", [400_000, 9_000_000])
def test_a_large_file_that_changes(tmp_path: Path, size: int, way: int) -> None:
    path = tmp_path / "busy"
    path.write_bytes(bytes(size))
    steps = changes(path)

    class Interfering(Meter):
        def hashed(self, size: int) -> None:
            if not self.bytes:
                for _ in range(way + 1):
                    next(steps)
            super().hashed(size)

    with pytest.raises(SourceError, match=r"busy” changed while it was being read"):
        hash_all([path], meter=Interfering())


def test_a_file_that_grows_without_end_ends(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(bytes(1_000_000))

    class Interfering(Meter):
        def hashed(self, size: int) -> None:
            with path.open("ab") as file:
                file.write(bytes(2_000_000))

    with pytest.raises(SourceError, match="changed while"):
        hash_all([path], meter=Interfering())


@pytest.mark.parametrize("size", [10, LARGE_BYTES])
def test_a_file_replaced_by_a_link(tmp_path: Path, size: int) -> None:
    (tmp_path / "secret").write_bytes(bytes(size))
    (tmp_path / "file").symlink_to("secret")
    with pytest.raises(SourceError, match=r"file” is not there, or was replaced"):
        hash_all([tmp_path / "file"])


def test_a_file_replaced_by_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "file")
    with pytest.raises(SourceError, match="changed while"):
        hash_all([tmp_path / "file"])


@pytest.mark.parametrize("workers", [0, 1])
def test_a_file_that_is_gone(tmp_path: Path, workers: int) -> None:
    with pytest.raises(SourceError, match=r"file” is not there"):
        hash_all([tmp_path / "file"], workers)


@pytest.mark.parametrize("size", [10, LARGE_BYTES])
def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    path = tmp_path / "private"
    path.write_bytes(bytes(size))
    opened = os.open

    def refused(name: bytes, flags: int, *rest: int) -> int:
        if name == os.fsencode(path):
            raise PermissionError(13, "Permission denied", name)
        return opened(name, flags, *rest)

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(SourceError, match=r"private” may not be read.*--exclude"):
        hash_all([path])


def test_a_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(descriptor: int, count: int) -> bytes:
        raise OSError(5, "Input/output error")

    (tmp_path / "file").write_bytes(b"x")
    monkeypatch.setattr(os, "read", failing)
    with pytest.raises(SourceError, match=r"file” cannot be read: Input/output error\."):
        hash_all([tmp_path / "file"])


# --- what an earlier run knows ----------------------------------------------------------------------------------------


def test_what_is_known_and_unchanged_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "CHUNK_FILES", 4)
    paths = [tmp_path / str(number) for number in range(50)]
    for path in paths:
        path.write_bytes(b"content")
    known = {os.fsencode(path): stamp_of(path.stat()) + b"k" * 64 for path in paths[:40]}
    known[os.fsencode(paths[3])] = STAMP.pack(7, 12345, paths[3].stat().st_ino) + b"k" * 64
    (tmp_path / "5").unlink()
    meter = Meter()
    with pytest.raises(SourceError, match="5” is not there"):
        hash_all(paths, known=known, meter=meter)
    (tmp_path / "5").write_bytes(b"content, but another")
    result = hash_all(paths, known=known)
    read_again = {os.fsdecode(path) for path, (_, sha256, _) in result.items() if sha256 != b"k" * 32}
    assert read_again == {str(paths[number]) for number in (3, 5, *range(40, 50))}


# --- what the verifier sees -------------------------------------------------------------------------------------------


def test_observed(folder: Path) -> None:
    seen = {one.name: one for one in observe_paths([os.fsencode(folder)])}
    assert set(seen) == {found.name for found in walk([os.fsencode(folder)])}
    assert seen[b"link"].target == b"a.txt"
    assert seen[b"empty"].kind == "directory"
    large = seen[b"large.bin"]
    assert (large.size, large.digests) == (1_004_000, digests_of((folder / "large.bin").read_bytes()))
    assert large.path == os.fsencode(folder / "large.bin")


def test_observed_without_the_package_itself(folder: Path) -> None:
    (folder / "p.zonary").write_bytes(b"package")
    seen = {one.name for one in observe_paths([os.fsencode(folder)], leave_out=os.fsencode(folder / "p.zonary"))}
    assert b"p.zonary" not in seen
    assert b"a.txt" in seen


def test_only_wanted_names_are_read(folder: Path) -> None:
    seen = [one.name for one in observe_paths([os.fsencode(folder)], names_wanted={b"a.txt", b"link"})]
    assert sorted(seen) == [b"a.txt", b"link"]

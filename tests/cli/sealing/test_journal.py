"""The journal: what it holds comes back, and damage costs only what is behind it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zonary.cli.sealing.hashing import RECORD, Hashed, stamp_of
from zonary.cli.sealing.journal import Journal, first_changed, read_journal
from zonary.cli.sealing.walk import Found

PATHS = [b"/data/one", "/data/二".encode(), b"/data/\xff\nname", b"/x"]


def record(path: bytes) -> bytes:
    return RECORD.pack(len(path), -5, 7, path.ljust(32), bytes(32))


def hashed(*paths: bytes) -> Hashed:
    return Hashed([Found(path, path, "file") for path in paths], b"".join(map(record, paths)))


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "journal"
    with Journal(path) as journal:
        assert journal.known == {}
        journal.add(hashed(*PATHS[:2]))
        journal.add(hashed())
        journal.add(hashed(PATHS[2]))
        journal.sync()
    return path


def test_what_was_noted_is_known(written: Path) -> None:
    with Journal(written) as journal:
        assert journal.known == {path: record(path) for path in PATHS[:3]}
        journal.add(hashed(PATHS[3]))
    known, length = read_journal(written)
    assert known == {path: record(path) for path in PATHS}
    assert length == written.stat().st_size


def test_it_is_on_file_before_it_is_closed(tmp_path: Path) -> None:
    with Journal(tmp_path / "journal") as journal:
        journal.add(hashed(b"/x"))
        assert set(read_journal(tmp_path / "journal")[0]) == {b"/x"}


def test_a_journal_cut_anywhere_keeps_what_is_before_the_cut(written: Path) -> None:
    data = written.read_bytes()
    for length in range(len(data)):
        written.write_bytes(data[:length])
        known, sound = read_journal(written)
        assert sound <= length
        assert set(known) <= set(PATHS[:3])
        with Journal(written) as journal:
            journal.add(hashed(PATHS[3]))
        assert set(read_journal(written)[0]) == {*known, PATHS[3]}


@given(st.data())
def test_a_flipped_bit_is_noticed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("flip") / "journal"
    with Journal(path) as journal:
        for one in PATHS:
            journal.add(hashed(one))
    content = bytearray(path.read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    known, _ = read_journal(path)
    assert all(known[one] == record(one) for one in known)
    assert set(known) < set(PATHS)


@given(st.binary(max_size=400))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any"
    for content in (data, b"zonary-journal/1\n" + data):
        path.write_bytes(content)
        assert read_journal(path)[0] == {}


def test_there_is_none(tmp_path: Path) -> None:
    assert read_journal(tmp_path / "journal") == ({}, 0)


def test_which_file_changed(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in "abc"]
    for path in paths:
        path.write_bytes(b"x")
    known = {os.fsencode(path): stamp_of(path.stat()) + bytes(64) for path in paths}
    assert first_changed(known) is None
    os.utime(paths[1], ns=(1, 2))
    assert first_changed(known) == os.fsencode(paths[1])
    paths[0].unlink()
    assert first_changed(known) == os.fsencode(paths[0])

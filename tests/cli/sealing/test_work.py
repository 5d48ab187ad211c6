"""The work directory: whose it is, and that nobody else gets in."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from zonary.cli.sealing.work import STATEMENT, Work, WorkError, open_work, parts_beside, work_path


def opened(out: Path, paths: Sequence[bytes] = (b"/a",), *, restart: bool = False) -> Work:
    return open_work(out, paths, [], restart=restart)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "n[a]me*.zonary"


def test_it_is_made_for_its_owner_alone(out: Path) -> None:
    with opened(out) as work:
        assert work.path == work_path(out) == out.with_name("n[a]me*.zonary.part")
        assert stat.S_IMODE(work.path.stat().st_mode) == 0o700
        assert not work.is_prepared


def test_what_is_kept_comes_back(out: Path) -> None:
    with opened(out) as work:
        assert work.read("proof") is None
        assert work.keep("proof", b"text") == b"text"
    with opened(out) as work:
        assert work.read("proof") == b"text"


def test_a_file_that_was_not_published_is_not_there(out: Path) -> None:
    with opened(out) as work:
        with work.replacing(STATEMENT) as file:
            file.write(b"half")
        assert not work.is_prepared
        assert work.read(STATEMENT) is None
        work.publish(STATEMENT)
        assert work.is_prepared


def test_two_at_once(out: Path) -> None:
    with opened(out), pytest.raises(WorkError, match="Another seal is writing"):
        opened(out)
    opened(out).__exit__(None, None, None)


def test_of_something_else(out: Path) -> None:
    opened(out, [b"/first", b"/\xff"]).__exit__(None, None, None)
    with pytest.raises(WorkError, match=r"unfinished seal of something else \(/first, /\\xff\).*--restart"):
        opened(out, [b"/second"])


def test_of_other_exclusions(out: Path) -> None:
    opened(out).__exit__(None, None, None)
    with pytest.raises(WorkError, match="something else"):
        open_work(out, [b"/a"], ["*.tmp"], restart=False)


def test_names_that_are_no_text(out: Path) -> None:
    for _ in range(2):
        with opened(out, ["设计".encode("gbk")]):
            pass


def test_restart_puts_it_aside(out: Path) -> None:
    with opened(out) as work:
        work.keep("proof", b"old")
    with opened(out, [b"/other"], restart=True) as work:
        assert work.read("proof") is None
        assert len(parts_beside(out)) == 2
    [aside] = [path for path in map(os.fsdecode, parts_beside(out)) if not path.endswith(".part")]
    assert (Path(aside) / "proof").read_bytes() == b"old"


def test_restart_does_not_put_aside_what_is_in_use(out: Path) -> None:
    with opened(out), pytest.raises(WorkError, match="Another seal is writing"):
        opened(out, restart=True)


def test_restart_with_nothing_there(out: Path) -> None:
    with opened(out, restart=True):
        assert len(parts_beside(out)) == 1


def test_a_file_in_the_way(out: Path) -> None:
    work_path(out).write_bytes(b"")
    with pytest.raises(WorkError, match="in the way: it is not a folder"):
        opened(out)


@pytest.mark.parametrize("restart", [False, True])
def test_another_folder_in_the_way(out: Path, restart: bool) -> None:
    work_path(out).mkdir()
    (work_path(out) / "mine.txt").write_bytes(b"mine")
    with pytest.raises(WorkError, match="it holds something else"):
        opened(out, restart=restart)
    assert os.listdir(work_path(out)) == ["mine.txt"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b'{"paths": 3}', b'{"paths": [3]}', b"\xff", b"[" * 100_000]
)
def test_settings_that_were_damaged(out: Path, content: bytes) -> None:
    with opened(out) as work:
        (work / "seal.json").write_bytes(content)
    with pytest.raises(WorkError, match="--restart"):
        opened(out)
    with opened(out, restart=True):
        pass


def test_it_goes(out: Path) -> None:
    with opened(out) as work:
        work.keep(STATEMENT, b"x")
        work.keep("proof", b"x")
        work.remove()
    assert parts_beside(out) == []
    assert not out.exists()

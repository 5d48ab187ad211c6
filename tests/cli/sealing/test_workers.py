"""Worker processes: every piece is done once, errors come through, and nobody is left behind."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from zonary.cli.sealing.walk import SourceError
from zonary.cli.sealing.workers import WorkerLostError, Workers, cores


@pytest.fixture(autouse=True)
def _no_other_thread() -> None:
    """Beside other threads no process is made, and there would be nothing to test here."""
    until = time.monotonic() + 5
    while threading.active_count() > 1:
        if time.monotonic() > until:
            pytest.skip("an earlier test has left a thread behind")
        time.sleep(0.01)


def double(data: bytes) -> bytes:
    return data * 2


def fail(number: int) -> int:
    if number == 7:
        raise SourceError("“{path}” is seven.", path="x")
    return number


def end(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def whoami(_: int) -> int:
    time.sleep(0.005)
    return os.getpid()


@pytest.mark.parametrize("count", [0, 1, 3])
def test_every_piece_is_done(count: int) -> None:
    pieces = [os.urandom(n) for n in range(400)]
    with Workers(count) as workers:
        assert len(workers) == count
        assert sorted(workers.run(double, pieces)) == sorted((piece, piece * 2) for piece in pieces)
        assert list(workers.run(double, [])) == []


def test_pieces_and_answers_larger_than_any_pipe() -> None:
    """Both sides write at once; neither may wait for the other for ever."""
    pieces = [bytes([n]) * 3_000_000 for n in range(12)]
    with Workers(2) as workers:
        assert {piece[:1]: len(result) for piece, result in workers.run(double, pieces)} == {
            bytes([n]): 6_000_000 for n in range(12)
        }


def test_the_work_is_shared() -> None:
    with Workers(2) as workers:
        pids = {pid for _, pid in workers.run(whoami, range(40))}
    assert len(pids) == 2
    assert os.getpid() not in pids


@pytest.mark.parametrize("count", [0, 2])
def test_an_error_comes_through_as_it_was_raised(count: int) -> None:
    with Workers(count) as workers, pytest.raises(SourceError, match="“x” is seven") as caught:
        list(workers.run(fail, range(100)))
    assert caught.value.msgid == "“{path}” is seven."


def test_a_worker_that_is_killed() -> None:
    with Workers(1) as workers, pytest.raises(WorkerLostError, match="run the same command again"):
        list(workers.run(end, range(3)))


def test_no_process_is_left() -> None:
    with Workers(2) as workers:
        pids = [worker.pid for worker in workers._workers]
        next(iter(workers.run(whoami, range(1000))))
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_no_process_is_made_beside_threads() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with Workers(2) as workers:
            assert len(workers) == 0
            assert list(workers.run(double, [b"x"])) == [(b"x", b"xx")]
    finally:
        stop.set()
        thread.join()


def test_idle_is_called_while_waiting() -> None:
    calls: list[float] = []
    with Workers(1) as workers:
        list(workers.run(whoami, range(50), idle=lambda: calls.append(time.monotonic())))
    assert len(calls) > 3


def test_a_worker_ends_with_its_parent() -> None:
    """Also when the parent is killed and can tell nobody."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        workers = Workers(2)
        os.write(writer, " ".join(str(worker.pid) for worker in workers._workers).encode())
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        pids = [int(word) for word in pipe.read().split()]
    assert len(pids) == 2
    until = time.monotonic() + 10
    while any(_is_running(pid) for pid in pids):
        assert time.monotonic() < until
        time.sleep(0.01)


def _is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_cores() -> None:
    assert cores() >= 1

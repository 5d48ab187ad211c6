"""Worker processes that apply one function to many pieces of work.

Plain ``fork`` and pipes: a worker is ready a millisecond after it was asked for, inherits what is imported, and ends
with its parent. Start them before the process has a second thread.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import os
import pickle
import select
import signal
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from io import FileIO
from types import TracebackType
from typing import Any, TypeVar

from zonary.proof.errors import Error

_P = TypeVar("_P")
_R = TypeVar("_R")

_MIN_IN_FLIGHT, _MAX_IN_FLIGHT = 3, 64
AHEAD_SECONDS, CLOSE_SECONDS = 0.1, 0.02
"""A worker is handed pieces for about so long: while the parent may be busy elsewhere, and while it is not."""
_PIPE_BYTES = 1024 * 1024
_POLL_MS = 100
_LENGTH = struct.Struct("<Q")
_END = object()


class WorkerLostError(Error):
    """A worker process ended without an answer."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers:
    """``count`` processes; with 0, or where there is no ``fork``, the work is done in this process.

    :ivar ahead: seconds of work that a worker is handed at a time.
    """

    def __init__(self, count: int) -> None:
        self.ahead = AHEAD_SECONDS
        # A child of a process with several threads may inherit a lock that nobody will ever release.
        possible = hasattr(os, "fork") and threading.active_count() == 1
        self._workers: list[_Worker] = []
        for _ in range(count if possible else 0):
            self._workers.append(_Worker())

    def __len__(self) -> int:
        return len(self._workers)

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, whatever they are doing; they hold nothing that would have to be put away."""
        for worker in self._workers:
            worker.kill()
        for worker in self._workers:
            worker.bury()
        self._workers.clear()

    def run(
        self, function: Callable[[_P], _R], pieces: Iterable[_P], *, idle: Callable[[], None] | None = None
    ) -> Iterator[tuple[_P, _R]]:
        """``(piece, function(piece))`` as the answers come, in no order.

        :param function: defined at the top of a module; pieces and results are pickled.
        :param idle: called between answers, and some times a second while none comes.
        :raises WorkerLostError: when a worker ended early; whatever ``function`` raises is raised here too.
        """
        if self._workers:
            return self._run(function, iter(pieces), idle)
        return _run_here(function, pieces, idle)

    def _run(
        self, function: Callable[[_P], _R], pieces: Iterator[_P], idle: Callable[[], None] | None
    ) -> Generator[tuple[_P, _R], None, None]:
        numbered: dict[int, _P] = {}
        given = 0
        more = True
        started = time.monotonic()
        while more or numbered:
            depth = self._depth(given - len(numbered), time.monotonic() - started)
            while more and (worker := min(self._workers, key=_Worker.load)).load() < depth:
                piece: Any = next(pieces, _END)
                if piece is _END:
                    more = False
                else:
                    numbered[given] = piece
                    worker.give(given, (function, piece))
                    given += 1
            for worker in _wait(self._workers) if numbered else ():
                number, result = worker.take()
                yield numbered.pop(number), result
            if idle is not None:
                idle()

    def _depth(self, finished: int, seconds: float) -> int:
        """How many pieces a worker should have before it."""
        rate = finished / (len(self._workers) * seconds) if seconds > 0 else 0.0
        return max(_MIN_IN_FLIGHT, min(int(rate * self.ahead), _MAX_IN_FLIGHT))


class _Worker:
    """One process, seen from its parent."""

    def __init__(self) -> None:
        task_reader, self.tasks = os.pipe()
        answer_reader, answer_writer = os.pipe()
        for pipe in (self.tasks, answer_writer):
            with contextlib.suppress(AttributeError, OSError):
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.tasks)
            os.close(answer_reader)
            _serve(task_reader, answer_writer)
        os.close(task_reader)
        os.close(answer_writer)
        # Writing must never block: the worker may itself be waiting until we read its answer.
        os.set_blocking(self.tasks, False)
        # Unbuffered, so that poll() sees every answer that is still to be read.
        self.answers = FileIO(answer_reader, "rb")
        self.unsent = bytearray()
        self.numbers: deque[int] = deque()

    def load(self) -> int:
        return len(self.numbers)

    def give(self, number: int, task: object) -> None:
        self.numbers.append(number)
        self.unsent += _framed(task)
        self.push()

    def push(self) -> None:
        """Write as much as the pipe takes."""
        try:
            while self.unsent:
                del self.unsent[: os.write(self.tasks, self.unsent)]
        except BlockingIOError:
            pass
        except BrokenPipeError as error:
            raise _lost() from error

    def take(self) -> tuple[int, Any]:
        try:
            good, value = _read(self.answers)
        except EOFError as error:
            raise _lost() from error
        if not good:
            raise value
        return self.numbers.popleft(), value

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.close(self.tasks)
        self.answers.close()

    def bury(self) -> None:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _wait(workers: list[_Worker]) -> list[_Worker]:
    """The workers that have answered, after at most ``_POLL_MS``."""
    poller = select.poll()
    for worker in workers:
        poller.register(worker.answers, select.POLLIN)
        if worker.unsent:
            poller.register(worker.tasks, select.POLLOUT)
    ready = {descriptor for descriptor, _ in poller.poll(_POLL_MS)}
    for worker in workers:
        if worker.tasks in ready:
            worker.push()
    return [worker for worker in workers if worker.answers.fileno() in ready]


def _serve(task_reader: int, answer_writer: int) -> None:
    """What a worker does all its life; it ends when the parent closes the pipe, or ends itself."""
    # Whatever ends this, the parent is gone or sees the pipe close: there is nobody else to tell.
    with contextlib.suppress(BaseException):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too; the parent decides what it means
        gc.disable()
        with FileIO(task_reader, "rb") as tasks, os.fdopen(answer_writer, "wb") as answers:
            while True:
                function, piece = _read(tasks)
                try:
                    answer: tuple[bool, object] = (True, function(piece))
                except Exception as error:
                    answer = (False, error)
                answers.write(_framed(answer))
                answers.flush()
    os._exit(0)


def _run_here(
    function: Callable[[_P], _R], pieces: Iterable[_P], idle: Callable[[], None] | None
) -> Generator[tuple[_P, _R], None, None]:
    for piece in pieces:
        yield piece, function(piece)
        if idle is not None:
            idle()


def _framed(value: object) -> bytes:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(data)) + data


def _read(pipe: FileIO) -> Any:
    (length,) = _LENGTH.unpack(_read_exactly(pipe, _LENGTH.size))
    return pickle.loads(_read_exactly(pipe, length))  # noqa: S301 - from our own child or parent, never from outside


def _read_exactly(pipe: FileIO, length: int) -> bytearray:
    data = bytearray(length)
    rest = memoryview(data)
    while rest:
        count = pipe.readinto(rest)
        if not count:
            raise EOFError
        rest = rest[count:]
    return data


def _lost() -> WorkerLostError:
    return WorkerLostError("A worker process was ended from outside. Nothing is lost: run the same command again.")

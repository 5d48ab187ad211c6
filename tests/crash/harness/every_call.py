"""A fault at every call in turn: system calls by strace, requests to the object store by a proxy.

:func:`plan` finds out what there is, by doing the work once; :func:`carry_out` does it again for each fault.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from tests.crash.harness.combinations import ALL, Ground, OnStage
from tests.crash.harness.ledger_work import read_told
from tests.crash.harness.tracing import FILE_CALLS, SOCKET_CALLS, Call, Subject, inject, trace
from tests.servers.faulty_proxy import Fault

KILL = "signal=KILL"
IO_ERROR = "error=EIO"
DISK_FULL = "error=ENOSPC"
RESET = "error=ECONNRESET"
_TAKES_ROOM = frozenset(
    ("write", "pwrite64", "ftruncate", "fallocate", "fsync", "fdatasync", "mkdir", "mkdirat", "rename", "link")
)
_NO_ERROR = frozenset(("close", "sendto", "connect"))
"""Calls at which the process is killed, but which are not made to fail, because strace does not carry out what it lets
fail. No kernel keeps a file and its locks after a failed close; a connection that fails to send gives an end to read.
The same holds for giving up a lock on a part of a file."""
_READS = frozenset(("lseek", "stat", "lstat", "fstat", "newfstatat", "access", "read", "pread64", "getdents64"))
"""A kill before one of these leaves the same behind as one before the next call that changes something, so that it is
tried in one combination only."""
_WRITES = frozenset(("PUT", "DELETE", "POST"))


@dataclass(frozen=True)
class SystemFault:
    """``what`` happens at a system call of the sequencer."""

    call: Call
    what: str

    @property
    def kind(self) -> str:
        return {KILL: "killed", IO_ERROR: "EIO", DISK_FULL: "ENOSPC", RESET: "connection reset"}[self.what]

    def __str__(self) -> str:
        return f"{self.what} at {self.call.name} number {self.call.number} on it: {self.call.shown}"


@dataclass(frozen=True)
class RequestFault:
    """``what`` happens to the ``number``-th request to the object store; to the ``number``-th that writes, if it lies.

    :param kill: the process that asked is killed when the request arrives.
    """

    number: int
    what: Fault
    kill: bool = False

    @property
    def kind(self) -> str:
        if self.kill:
            return "killed" if self.what is Fault.REFUSE else "killed, request carried out"
        return {
            Fault.UNAVAILABLE: "status 503",
            Fault.REFUSE: "connection closed",
            Fault.CUT: "answer lost",
            Fault.LIE: "store lies",
        }[self.what]

    def __str__(self) -> str:
        return f"{self.kind} at request {self.number}"


AnyFault = SystemFault | RequestFault


@dataclass
class Tally:
    """What came of it. ``failures`` is empty when all promises held."""

    injected: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    """Faults whose call or request did not come this time."""
    acknowledged: int = 0
    checks: int = 0
    failures: list[str] = field(default_factory=list)


def plan(stage: OnStage, ground: Ground) -> list[AnyFault]:
    """Every fault there is for this combination, in the order of the work."""
    with stage.place() as place:
        pid = stage.stage.begin(place)
        before = len(stage.proxy.requests) if stage.proxy else 0
        names = (*FILE_CALLS, *(SOCKET_CALLS if ground.combination.postgresql else ()))
        status, calls = trace(Subject(pid, place.folder, stage.output), names, stage.stage.go)
        asked = [request.method for request in stage.proxy.requests[before:]] if stage.proxy else []
        verdict = stage.stage.judge(place, finished=True)
        if status or verdict.faults:
            raise RuntimeError(f"the work fails without a fault: {status} {verdict.faults}")
        # The keys are read at the start alone, and what was told is ours.
        own = [call for call in calls if not call.path.startswith(("told", "data/keys"))]
    everything = ground.combination == ALL[0]
    faults: list[AnyFault] = [
        SystemFault(call, what)
        for call in own
        for what in _faults_of(call)
        if everything or what != KILL or call.name not in _READS
    ]
    for number in range(1, len(asked) + 1):
        faults += [RequestFault(number, what) for what in (Fault.UNAVAILABLE, Fault.REFUSE, Fault.CUT)]
        faults += [RequestFault(number, what, kill=True) for what in (Fault.REFUSE, Fault.CUT)]
    return faults + [RequestFault(n + 1, Fault.LIE) for n in range(sum(method in _WRITES for method in asked))]


def _faults_of(call: Call) -> Sequence[str]:
    if call.name in _NO_ERROR or "F_UNLCK" in call.shown:
        return (KILL,)
    if call.name in SOCKET_CALLS:
        return KILL, RESET
    takes_room = call.name in _TAKES_ROOM or "O_CREAT" in call.shown
    return (KILL, IO_ERROR, DISK_FULL) if takes_room else (KILL, IO_ERROR)


def carry_out(ground: Ground, faults: Sequence[AnyFault], *, jobs: int) -> Tally:
    """Do the work once for each fault, ``jobs`` at a time."""
    tally, lock = Tally(), threading.Lock()
    waiting: queue.SimpleQueue[AnyFault] = queue.SimpleQueue()
    for fault in faults:
        waiting.put(fault)

    def perform() -> None:
        with ground.stage(through_proxy=any(isinstance(fault, RequestFault) for fault in faults)) as stage:
            while not waiting.empty():
                with suppress(queue.Empty):
                    fault = waiting.get_nowait()
                    found = _try(stage, fault)
                    with lock:
                        _add(tally, fault, found)

    with ExitStack() as ends:
        threads = [threading.Thread(target=_reporting, args=(perform, tally)) for _ in range(jobs)]
        for thread in threads:
            thread.start()
            ends.callback(thread.join)
    return tally


@dataclass(frozen=True)
class _Found:
    reached: bool
    acknowledged: int
    faults: list[str]


def _reporting(perform: Callable[[], None], tally: Tally) -> None:
    try:
        perform()
    except Exception as error:
        tally.failures.append(f"the harness itself failed: {error!r}")


def _add(tally: Tally, fault: AnyFault, found: _Found) -> None:
    if found.reached:
        tally.injected[fault.kind] += 1
    else:
        tally.missed.append(str(fault))
    tally.acknowledged += found.acknowledged
    tally.checks += 2
    tally.failures += [f"{fault}: {each}" for each in found.faults]


def _try(stage: OnStage, fault: AnyFault) -> _Found:
    with stage.place() as place:
        if isinstance(fault, SystemFault):
            pid = stage.stage.begin(place)
            subject = Subject(pid, place.folder, stage.output)
            status, reached = inject(subject, fault.call, fault.what, stage.stage.go)
            kill = fault.what == KILL
        else:
            status, reached = _ask(stage, fault, stage.stage.begin(place))
            kill = fault.kill
        verdict = stage.stage.judge(place, finished=status == 0)
        faults = list(verdict.faults)
        if reached and status != (-signal.SIGKILL if kill else 0):
            said = [each["message"] for each in read_told(place.told) if each["what"] == "failed"]
            faults.append(f"the work ended with {status}, not by itself and whole: {said}")
        return _Found(reached, verdict.acknowledged, faults)


def _ask(stage: OnStage, fault: RequestFault, pid: int) -> tuple[int, bool]:
    """The exit status of the work, and whether the request came."""
    assert stage.proxy
    count = 0
    reached = threading.Event()

    def is_the_one(method: str, _path: str) -> bool:
        nonlocal count
        if fault.what is Fault.LIE and method not in _WRITES:
            return False
        count += 1
        if count != fault.number:
            return False
        reached.set()
        if fault.kill:
            os.kill(pid, signal.SIGKILL)
        return True

    stage.proxy.behave(fault.what, only=is_the_one)
    try:
        return stage.stage.go(), reached.is_set()
    finally:
        stage.proxy.behave(Fault.PASS)

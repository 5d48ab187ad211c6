"""Server processes that tests start, kill and start again."""

from __future__ import annotations

import contextlib
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def accepts_connections(port: int) -> bool:
    """Whether something listens on ``port`` of 127.0.0.1."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def family(pid: int) -> list[int]:
    """``pid`` and all its descendants, parents before their children."""
    members = [pid]
    for member in members:
        with contextlib.suppress(OSError):
            members += _children(member)
    return members


def workers(pid: int) -> set[int]:
    """The worker processes of the server ``pid``: forked off the one that has loaded the application."""
    loaded = [child for child in _children(pid) if b"forkserver" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return {worker for each in loaded for worker in _children(each)}


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _runs(pid: int) -> bool:
    """Whether ``pid`` still holds anything: a zombie holds neither files nor memory."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


class ServerProcess:
    """One server process with its descendants; what it prints is appended to ``log``.

    :param user: run as this user; None for the user of the tests.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        user: pwd.struct_passwd | None = None,
        directory: Path | None = None,
    ) -> None:
        self.name = Path(command[0]).name
        self.log = log
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [str(part) for part in command],
                cwd=directory,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(environment) if environment is not None else None,
                # A key press meant for the test run must not reach the server before the tests end it themselves.
                start_new_session=True,
                user=user.pw_uid if user else None,
                group=user.pw_gid if user else None,
                extra_groups=[] if user else None,
            )

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def wait_until(self, ready: Callable[[], bool]) -> None:
        """Returns once ``ready()`` is true.

        :raises RuntimeError: with what the server printed, when it ends before that or is not ready after a minute. It
            is killed then.
        """
        until = time.monotonic() + _START_SECONDS
        while self.running and time.monotonic() < until:
            if ready():
                return
            time.sleep(0.02)
        self.kill()
        printed = self.log.read_text("utf-8", errors="replace")[-4000:]
        raise RuntimeError(f"{self.name} did not start:\n{printed}")

    def send(self, number: int) -> None:
        """Sent to the whole family: a server may have put its children into sessions of their own."""
        for pid in family(self._process.pid) if self.running else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Asks the server itself to end with the signal ``how``, waits, and returns its exit status."""
        if self.running:
            self._process.send_signal(how)
        return self._process.wait(timeout=_STOP_SECONDS)

    def kill(self) -> None:
        """SIGKILL for the whole family; returns when none of it runs any more."""
        if not self.running:
            return  # its number may be somebody else's by now
        # Stopped first, so that it neither starts another child nor tidies up while its children die.
        self._process.send_signal(signal.SIGSTOP)
        members = family(self._process.pid)
        for pid in reversed(members):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(timeout=_STOP_SECONDS)
        until = time.monotonic() + _STOP_SECONDS
        while any(map(_runs, members[1:])):
            if time.monotonic() > until:
                raise RuntimeError(f"{self.name} does not die: {members}")
            time.sleep(0.01)

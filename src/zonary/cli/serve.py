"""``zonary serve``: everything in one command, on this machine.

The main process holds the data directory's lock, sequences and publishes; worker processes answer HTTP. Whichever of
them fails, all end: half a server would go unnoticed.
"""

from __future__ import annotations

import argparse
import errno
import logging
import os
import signal
import socket
import stat
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from zonary.cli.data_directory import locked, open_django
from zonary.cli.serving import Announcement, announce_when_ready, keep_token
from zonary.common.clock import now
from zonary.common.language import _
from zonary.config.address import held_address
from zonary.foundation.ledger.authority import RENEW_AFTER, SM2, renew_revocation_list
from zonary.foundation.ledger.certificate_signer import renew_certificate_revocations
from zonary.foundation.ledger.layout import PRIVATE_DIRECTORY, DataDirectory, make_private_directory
from zonary.proof.errors import Error

if TYPE_CHECKING:
    from zonary.config.background import BackgroundWork
    from zonary.config.zone import Zone

MAX_DEFAULT_WORKERS = 4
MAX_WORKERS = 64
_log = logging.getLogger("zonary.server")


class ServeError(Error):
    """The server cannot start, or had to stop."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", default="./var", help=_("data directory, made at first start"))
    parser.add_argument("--host", metavar="HOST", default="127.0.0.1", help=_("address to listen on"))
    parser.add_argument("--port", metavar="PORT", type=int, default=8000, help=_("port to listen on"))
    parser.add_argument(
        "--workers",
        metavar="N",
        type=int,
        default=_default_workers(),
        help=_("processes that answer; without it as many as cores, at most {most}", most=MAX_DEFAULT_WORKERS),
    )
    parser.add_argument(
        "--demo", action="store_true", help=_("a demonstration: a made-up zone, in a data directory of its own")
    )
    parser.add_argument("--origin", metavar="NAME", help=_("name of the log, at first start; random without it"))


def _default_workers() -> int:
    return min(len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1, MAX_DEFAULT_WORKERS)


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop (interrupt or SIGTERM), or until something fails.

    :raises Error: one sentence, when it cannot start or had to stop.
    """
    if not 1 <= options.workers <= MAX_WORKERS:
        raise ServeError(
            "{number} workers cannot be had; name 1 to {most} with --workers.", number=options.workers, most=MAX_WORKERS
        )
    data = DataDirectory(Path(options.data).absolute())
    url = os.environ.get("ZONARY_URL") or _url(options.host, options.port)
    if not data.path.exists():
        _hold(options.host, options.port).close()  # a server that cannot listen leaves no directory behind
    _make(data)
    with locked(data), _hold(options.host, options.port):
        if options.demo:
            os.environ["ZONARY_DEMO"] = "1"
        _set_up(data, url)
        origin = options.origin or os.environ.get("ZONARY_LOG_ORIGIN") or None
        zone = _open(data, url, origin, is_demo=options.demo)
        announcement = Announcement(
            url=url,
            host=options.host,
            port=options.port,
            data=data,
            origin=zone.logs[0].keys.origin,
            kept=keep_token(url, zone.token),
            is_demo=options.demo,
        )
        settled = _serve(zone, announcement, options.workers)
    if settled:
        print(_("Stopped. Everything recorded is published."), flush=True)
    else:
        print(
            _("Stopped. What is recorded and not yet published is published by whichever server leads next."),
            flush=True,
        )
    return 0


def _make(data: DataDirectory) -> None:
    try:
        make_private_directory(data.path)
        mode = stat.S_IMODE(data.path.stat().st_mode)
        if mode & 0o077:
            _tighten(data.path, mode)
    except FileExistsError:
        raise ServeError("{path} is not a directory; name another with --data.", path=str(data.path)) from None


def _tighten(path: Path, mode: int) -> None:
    """A directory others can look into, made by somebody else's hand: keys and token will lie in it.

    :raises ServeError: when it is not ours to change, or holds things of which nobody knows who needs them.
    """
    ours = {"zonary.sqlite3", "keys", "lock", "token"}
    names = {entry.name for entry in path.iterdir()}
    if names and not names & ours:
        raise ServeError(
            "{path} is open to other users (mode {mode}) and holds other things than a server's data. Name another "
            "directory with --data, or type: chmod 700 {path}",
            path=str(path),
            mode=f"{mode:o}",
        )
    try:
        path.chmod(PRIVATE_DIRECTORY)
    except OSError:
        raise ServeError(
            "{path} is open to other users (mode {mode}) and is not yours to change. Have its owner type: "
            "chmod 700 {path}",
            path=str(path),
            mode=f"{mode:o}",
        ) from None
    sentence = _(
        "{path} was open to other users (mode {mode}); now it is yours alone.", path=str(path), mode=f"{mode:o}"
    )
    print(f"zonary: {sentence}", file=sys.stderr, flush=True)


def _hold(host: str, port: int) -> socket.socket:
    """The address, kept until this process ends, before anything else is made.

    :raises ServeError: when it cannot be listened on.
    """
    if not 1 <= port <= 65535:
        raise ServeError("{port} is not a port; ports go from 1 to 65535.", port=port)
    try:
        return held_address(host, port)
    except OSError as error:
        raise _unusable(host, port, error) from None


def _unusable(host: str, port: int, error: OSError) -> ServeError:
    if error.errno == errno.EADDRINUSE:
        return ServeError("Port {port} on {host} is in use. Name another with --port.", host=host, port=port)
    if error.errno == errno.EACCES:
        return ServeError("Port {port} needs rights you do not have. Name one above 1023 with --port.", port=port)
    reason = error.strerror or str(error)
    return ServeError("{host} port {port} cannot be listened on: {reason}.", host=host, port=port, reason=reason)


def _url(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not listened on
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _set_up(data: DataDirectory, url: str) -> None:
    """Django in this process, and by the same environment in the worker."""
    os.umask(0o077)
    open_django(data, ZONARY_URL=url, ZONARY_SERVER_PID=str(os.getpid()))


def _open(data: DataDirectory, url: str, origin: str | None, *, is_demo: bool) -> Zone:
    from django.conf import settings
    from django.db import DatabaseError, connection

    from zonary.config.demonstration import open_demonstration
    from zonary.config.zone import open_zone
    from zonary.foundation.ledger.sequencer import require_going_on, start_up
    from zonary.foundation.ledger.storage import StoreError

    try:
        zone = open_zone(data, url=url, origin=origin, open_log=settings.ZONARY_OPEN_LOG, at=now.last_trusted())
        open_demonstration(is_wanted=is_demo, at=now)
        for log in zone.logs if zone.alone else ():
            # What a crash left unpublished is published before anyone can ask. Where several servers share a database,
            # whoever leads does so.
            start_up(log, now.last_trusted)
        for log in () if zone.alone else zone.logs:
            # Refused here and not only by whoever leads, after requests have been taken.
            require_going_on(log, now.last_trusted())
    except StoreError as error:
        raise ServeError(
            "The store of the published log cannot be used: {reason}", reason=Error(error.msgid, **error.params)
        ) from error
    except DatabaseError as error:
        place = str(data.database) if connection.vendor == "sqlite" else "PostgreSQL"
        raise ServeError(
            "The database {path} cannot be used: {reason}.", path=place, reason=str(error).strip().rstrip(".")
        ) from error
    return zone


def _serve(zone: Zone, announcement: Announcement, workers: int) -> bool:
    """Serve until the end; returns whether all that was recorded is published."""
    from zonary.cli.web import WebServer, WorkerEndedError
    from zonary.config.capturing import Capturing
    from zonary.config.clock_watch import ClockWatch
    from zonary.config.message_posting import MessagePosting
    from zonary.config.registry_jobs import RegistryJobs
    from zonary.config.token_fetching import TokenFetching
    from zonary.config.upkeep import Upkeep
    from zonary.config.webhook_posting import WebhookPosting
    from zonary.foundation.ledger.batching import batching
    from zonary.foundation.ledger.logs import MAIN
    from zonary.foundation.ledger.sequencer import Sequencer

    os.environ["ZONARY_WORKERS"] = str(workers)  # each gives out its share of what a client may ask for
    server = WebServer(announcement.host, announcement.port, workers)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_signal: server.stop())
    failures: list[BaseException] = []

    def fail(error: BaseException) -> None:
        failures.append(error)
        server.stop()

    stopping = threading.Event()
    led: tuple[type[BackgroundWork], ...] = (Upkeep, WebhookPosting, MessagePosting, TokenFetching, Capturing)
    sequencers = [
        Sequencer(log, now.last_trusted, fail, alone=zone.alone, plan=batching() if log.name == MAIN else None)
        for log in zone.logs
    ]
    for thread in (
        *sequencers,
        *(work(lambda: sequencers[0].leading, stopping) for work in led),
        RegistryJobs(zone.data, stopping),
        ClockWatch(zone.data, stopping),
        threading.Thread(target=_renew, args=(zone.data, stopping), name="housekeeping", daemon=True),
        threading.Thread(target=_announce, args=(announcement, stopping), name="announcement", daemon=True),
    ):
        thread.start()
    try:
        server.run()
    except WorkerEndedError:
        failures.append(ServeError("A web worker ended by itself; what it said last stands above."))
    finally:
        stopping.set()
        for sequencer in sequencers:
            sequencer.stop()
    if failures:
        raise _as_error(failures[0])
    return all(sequencer.settled for sequencer in sequencers)


def _announce(announcement: Announcement, stopping: threading.Event) -> None:
    from django.conf import settings

    from zonary.config.demonstration import go_on_with_demonstration

    announce_when_ready(announcement, stopping)
    if settings.ZONARY_DEMO and not stopping.is_set():
        go_on_with_demonstration(at=now)


def _as_error(failure: BaseException) -> Error:
    if isinstance(failure, Error):
        return failure
    _log.error("stopped", exc_info=failure)
    return ServeError("The sequencer failed: {reason}", reason=f"{type(failure).__name__}: {failure}")


def _renew(data: DataDirectory, stopping: threading.Event) -> None:
    """Keep the revocation lists fresh; they were written at start."""
    from django.conf import settings

    while not stopping.wait(RENEW_AFTER.total_seconds()):
        try:
            renew_revocation_list(data, now.last_trusted())
            renew_certificate_revocations(data, now.last_trusted())
            if settings.ZONARY_TIMESTAMPS.has_sm2:
                renew_revocation_list(data, now.last_trusted(), SM2)
        except (OSError, Error) as error:
            print(f"zonary: {error}", file=sys.stderr, flush=True)

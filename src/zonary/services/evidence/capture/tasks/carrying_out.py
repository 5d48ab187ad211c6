"""One capture from its turn to its end."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from zonary.common.clock import Clock, ClockInDoubtError, now, rfc3339
from zonary.foundation.accounts.models import Person
from zonary.foundation.documents.errors import QuotaError
from zonary.foundation.documents.uploads import receive_whole
from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.organizations.permissions import NotAllowedError
from zonary.foundation.organizations.queries import as_uuid, standing_of
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error
from zonary.services.evidence.actions import NoRoomError
from zonary.services.evidence.capture.actions import (
    CaptureError,
    begin_capture,
    fail_capture,
    request_capture,
    seal_capture,
)
from zonary.services.evidence.capture.browsing.orders import Order
from zonary.services.evidence.capture.models import Capture
from zonary.services.evidence.capture.queries import forsaken, next_waiting
from zonary.services.evidence.capture.rules import GRACE, MEMORY_BYTES, wanted_address
from zonary.services.evidence.capture.tasks.live import Steps
from zonary.services.evidence.capture.tasks.machine import chromium, environment, is_sandboxed, missing
from zonary.services.evidence.capture.tasks.sealing import capture_log, pack, seal, title_of
from zonary.services.evidence.capture.tasks.supervising import browse
from zonary.services.evidence.queries import Receipt, package_of
from zonary.services.evidence.rules import Description
from zonary.services.evidence.tasks import stamp_evidence

_FOLDER = "zonary-capture-"
_log = logging.getLogger("zonary.server")


class UnavailableError(Error):
    """Nothing can be captured on this server."""


def ask_for_capture(address: str, *, goes_on: bool, subject: str = "", by: Standing, at: datetime) -> Capture:
    """Ask for ``address`` to be captured, if that can be done here at all.

    :raises UnavailableError: when captures are off, or the browser is missing.
    :raises CaptureAddressError: when nothing is captured from there.

    and what :func:`~zonary.services.evidence.capture.actions.request_capture` raises.
    """
    lacking = missing()
    if lacking is not None:
        raise UnavailableError(lacking.msgid, **lacking.params)
    wanted = wanted_address(address, settings.ZONARY_CAPTURE_HOSTS)
    return request_capture(wanted, goes_on=goes_on, subject=subject, by=by, at=at)


def work_off(clock: Clock, stopping: threading.Event) -> bool:
    """Carry out what waits longest; returns whether there was anything.

    :raises ClockInDoubtError: when nothing can be begun now.
    """
    if missing() is not None:
        return False
    at = clock()
    for capture in forsaken(at=at):
        with suppress(CaptureError):
            fail_capture(capture, "interrupted", by=SYSTEM, at=at)
    waiting = next_waiting()
    if waiting is None:
        return False
    with suppress(CaptureError):  # another server was first
        carry_out(begin_capture(waiting, by=SYSTEM, at=at), clock=clock, stopping=stopping)
    return True


def carry_out(capture: Capture, *, clock: Clock, stopping: threading.Event) -> None:
    """Capture and seal it; whatever goes wrong is recorded as its end."""
    # Outside the data directory: a browser's sockets need a short path, and a backup nothing of this.
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER))
    try:
        _attempt(capture, folder, clock, stopping)
    except ClockInDoubtError:
        raise  # GRACE later it is told as interrupted
    except NotAllowedError:
        fail_capture(capture, "not-allowed", by=SYSTEM, at=clock())
    except (QuotaError, NoRoomError):
        fail_capture(capture, "no-room", by=SYSTEM, at=clock())
    except Exception as error:
        _log.error("capture %s failed", capture.public_id, exc_info=error)
        with suppress(CaptureError):
            fail_capture(capture, "fault", by=SYSTEM, at=clock())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _attempt(capture: Capture, folder: Path, clock: Clock, stopping: threading.Event) -> None:
    began = clock()
    order = Order(
        address=capture.address,
        goes_on=capture.goes_on,
        hosts=tuple(settings.ZONARY_CAPTURE_HOSTS),
        chromium=chromium(),
        is_sandboxed=is_sandboxed(),
        folder=str(folder),
        began=rfc3339(began).replace("Z", "+00:00"),
    )
    described = environment()
    watched = browse(order, memory=MEMORY_BYTES, stopping=stopping, tell=Steps(capture).tell)
    if watched.cut == "interrupted":
        fail_capture(capture, "interrupted", by=SYSTEM, at=clock())
        return
    if not watched.steps:
        _log.error("capture %s: the browser did not start: %s", capture.public_id, watched.said[-1000:])
        fail_capture(capture, "no-browser", by=SYSTEM, at=clock())
        return
    ended = clock()
    log = capture_log(capture, watched, described, began=began, ended=ended)
    seal_folder(capture, folder, log, at=ended)


def seal_folder(capture: Capture, folder: Path, log: Mapping[str, Any], *, at: datetime) -> None:
    """Keep what lies in ``folder``, the log among it, as a document of the holder, and register it.

    :raises NotAllowedError: when whoever asked does not act for the holder any more.
    :raises QuotaError: when there is no room.
    """
    by = _standing(capture, at)
    title = title_of(capture, log)
    with tempfile.TemporaryFile(dir=folder) as packed:
        digests = pack(folder, log, packed)
        sizes = {name: os.stat(folder / name).st_size for name in digests}
        announced = {"filename": f"capture-{capture.public_id}.zip", "title": title, "kind": "evidence"}
        version = receive_whole(packed, announced, by=by, at=at)
    sealed = seal(
        {name: (sizes[name], found) for name, found in digests.items()},
        log,
        document=str(version.document.public_id),
        sha256=bytes(version.content.sha256).hex() if version.content is not None else "",
    )
    description = Description(title=title, note=capture.address[:1000], subject=capture.subject)
    done = seal_capture(capture, sealed, description, by=by, at=at)
    stamp_evidence(str(done.evidence), clock=lambda: at)


def packaged(receipt: Receipt) -> bytes | None:
    """The evidence package over the files of a capture with this receipt; None while there is none.

    :raises NotPublishedError: when no published checkpoint covers it yet.
    """
    stamp_evidence(receipt.public_id, clock=now)
    return package_of(receipt)


def _standing(capture: Capture, at: datetime) -> Standing:
    """As whom it is sealed: whoever asked for it, as they stand now.

    :raises NotAllowedError: when they do not act for that holder any more.
    """
    person = Person.objects.filter(public_id=as_uuid(capture.asked_by), is_active=True, erased_at=None).first()
    standing = None if person is None else standing_of(person, capture.organisation, at=at)
    if standing is None or standing.holder != capture.holder:
        raise NotAllowedError("You no longer act for this organisation. Nothing was changed.")
    return standing


def remove_remains() -> None:
    """What a server that was killed left of its browsers."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*"):
        with suppress(OSError):
            if folder.stat().st_uid == os.geteuid() and folder.stat().st_mtime < time.time() - GRACE.total_seconds():
                shutil.rmtree(folder, ignore_errors=True)

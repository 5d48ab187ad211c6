"""What of this machine a capture needs, and what it says of it."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings

from zonary.common.clock import now
from zonary.common.language import say
from zonary.foundation.ledger.checkup import Finding, Severity
from zonary.foundation.ledger.checkup.machine_clock import kernel_says_synchronised
from zonary.proof.errors import Error
from zonary.proof.package.report import Sentence
from zonary.services.evidence.capture.version import software

_PROGRAMS = ("/usr/lib/chromium/chromium", "/opt/google/chrome/chrome")
"""The program itself before a script that starts it: what is recorded is the digest of what runs."""
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PIECE_BYTES = 4 * 1024**2
_OFF = Sentence("Capturing web pages is off on this server. Whoever runs it turns it on with ZONARY_CAPTURE=1.")
_NO_LIBRARY = Sentence(
    "Captures need the library playwright, which this server does not have. Whoever runs it types: pip install "
    "'zonary[capture]'"
)
_NO_BROWSER = Sentence(
    "Captures need Chromium, which was not found on this server. Whoever runs it installs it (apt-get install "
    "chromium), or names its program in ZONARY_CAPTURE_CHROMIUM."
)


def missing() -> Sentence | None:
    """Why nothing can be captured here, with what to do about it; None when it can."""
    if not settings.ZONARY_CAPTURE:
        return _OFF
    if importlib.util.find_spec("playwright") is None:
        return _NO_LIBRARY
    return None if chromium() else _NO_BROWSER


def shortcoming() -> str:
    """The same in the reader's language, or nothing."""
    found = missing()
    return "" if found is None else say(found)


def chromium() -> str:
    """Where the browser is; empty when there is none."""
    named: str = settings.ZONARY_CAPTURE_CHROMIUM
    candidates = [named] if named else [*_PROGRAMS, *filter(None, map(shutil.which, _NAMES))]
    return next((each for each in candidates if os.access(each, os.X_OK)), "")


def is_sandboxed() -> bool:
    """Whether Chromium's own sandbox is on: as root it does not start with it."""
    return os.geteuid() != 0 and bool(settings.ZONARY_CAPTURE_SANDBOX)


def environment() -> dict[str, object]:
    """What is recorded of the machine, for every capture.

    :raises OSError: when the browser cannot be read.
    """
    program = chromium()
    status = os.stat(program)
    doubt = now.doubt()
    synchronised = kernel_says_synchronised()
    try:
        library = version("playwright")
    except PackageNotFoundError:
        library = ""
    return {
        "software": software(),
        "python": platform.python_version(),
        "playwright": library,
        "system": _system(),
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "browser_program": program,
        "browser_sha256": _digest(program, status.st_mtime_ns, status.st_size),
        "sandbox": "chromium" if is_sandboxed() else "none",
        "clock": {
            "in_doubt": "" if doubt is None else str(doubt),
            "kernel_synchronised": {True: "yes", False: "no", None: "unknown"}[synchronised],
            "guarded": "steps beyond 2 seconds against the machine's clock since boot stop the capture",
        },
    }


def _system() -> str:
    for line in _read("/etc/os-release").splitlines():
        name, _, value = line.partition("=")
        if name == "PRETTY_NAME":
            return value.strip('"')
    return platform.platform()


def _read(path: str) -> str:
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""


@functools.lru_cache(maxsize=4)
def _digest(path: str, _changed: int, _size: int) -> str:
    found = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(_PIECE_BYTES):
            found.update(piece)
    return found.hexdigest()


def check_capture() -> Iterator[Finding]:
    """What ``zonary doctor`` says of captures."""
    found = missing()
    if found is _OFF:
        yield Finding("capture", Severity.OK, Sentence("Capturing web pages is off: this server opens no web page."))
        return
    if found is not None:
        yield Finding("capture", Severity.WARNING, found)
        return
    hosts = " ".join(sorted(settings.ZONARY_CAPTURE_HOSTS)) or "-"
    told: dict[str, str | int | Error] = {"program": chromium(), "hosts": hosts}
    yield Finding(
        "capture",
        Severity.OK,
        Sentence(
            "Web pages on the public network are opened by {program} for whoever asks; hosts inside that may be: "
            "{hosts}.",
            told,
        ),
    )
    if not is_sandboxed():
        yield Finding(
            "capture",
            Severity.WARNING,
            Sentence("The browser of captures runs without its sandbox."),
            Sentence("Run the server as a user of its own, not as root, and without ZONARY_CAPTURE_SANDBOX=0."),
        )

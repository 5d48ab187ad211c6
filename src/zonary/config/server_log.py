"""What a server writes about itself: one JSON object a line, a file a day, kept as long as configured.

Who runs a network keeps its logs for six months at least (网络安全法 of
2016, art. 21 (3)). They tell what the server did and never for whom: no address of a
person or a machine, no name, no token, nothing that was asked for or sent. Who did what stands in the ledger, where it
can be erased.

Every process appends to the same file; a line is one write, so lines never mix. Nothing here may stop a request: what
cannot be written is lost, and standard error has the warnings and errors anyway.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import time
import traceback
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from zonary.config.counts import area_of
from zonary.proof.errors import Error

DEFAULT_DAYS = 184
"""Six months have at most so many."""
MAX_DAYS = 36_500
_MAX_MESSAGE = 4000
_MAX_FRAMES = 30
_REQUESTS = logging.getLogger("zonary.requests")
_UNTOLD_AREAS = frozenset({"healthz", "log", "metrics", "openlog"})
"""Read by machines, thousands of times; counted in /metrics."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_FILE = re.compile(r"\d{4}-\d\d-\d\d\.jsonl")

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_HIDDEN = (
    (
        re.compile(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) ['\"]?(/[^\s'\"]*)['\"]?"),
        lambda match: f"{match[1]} {shape(match[2])}",
    ),
    (re.compile(r"[^\s<>()'\",;:=]+@[^\s<>()'\",;:]+"), "{e-mail}"),
    (re.compile(r"(=\s*)\(.*?\)|(row contains )\(.*\)"), lambda m: f"{m[1] or m[2]}(…)"),
    (re.compile(r"\?[^\s'\"]*=[^\s'\"]*"), "?…"),
    (
        re.compile(
            r"\b(?!127\.)(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9A-Fa-f]{1,4}:){3,7}[0-9A-Fa-f]{1,4}\b"
            r"|(?<!\w)[0-9A-Fa-f:]*::[0-9A-Fa-f:]*(?!\w)"
        ),
        "{address}",
    ),
    (re.compile(rf"\b{_UUID}\b|\b[0-9a-f]{{64}}\b|[A-Za-z0-9_+=-]{{32,}}"), lambda m: _public(m[0])),
    (re.compile(r"(?<![\w.-])(?!\d{4}-\d\d-\d\d)\+?\d[\d -]{8,}[\dXx](?![\w-])"), "{number}"),
)  # fmt: skip


def kept_days(days: str) -> int:
    """How many days the files are kept (``ZONARY_LOG_DAYS``); with 0 none is written.

    :raises Error: when it is no number of days.
    """
    if days and not (days.isascii() and days.isdigit() and int(days) <= MAX_DAYS):
        raise Error("ZONARY_LOG_DAYS is a number of days from 0 to {most}.", most=MAX_DAYS)
    return int(days) if days else DEFAULT_DAYS


def discreet(text: str) -> str:
    """``text`` without what could be somebody's: addresses, numbers, secrets, what a query or a database row held."""
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def shape(path: str) -> str:
    """An address with its fixed words alone: whatever else stands in it, an id or a secret, becomes ``{}``."""
    parts = path.partition("?")[0].split("/")[:12]
    return "/".join(part if re.fullmatch(r"[a-z-]{0,20}|v\d", part) else "{}" for part in parts)


def note_request(method: str, path: str, status: int, began: float) -> None:
    """Write one line about a request that was answered; ``began`` is of :func:`time.monotonic`.

    What nobody has is not told by its words, which may be anything.
    """
    if area_of(path) in _UNTOLD_AREAS or path.startswith("/static/"):
        return
    _REQUESTS.info(
        "request",
        extra={
            "about": {
                "method": method if method in _METHODS else "OTHER",
                "address": shape(path) if status not in (404, 405) else area_of(path),
                "status": status,
                "ms": round((time.monotonic() - began) * 1000, 1),
            }
        },
    )


class TextLines(logging.Formatter):
    """Lines for a person, as they go to standard error."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {_message(record)}"
        return "\n".join([line, *_error(record)])


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        value: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": _message(record),
        }
        value |= getattr(record, "about", {})
        if error := _error(record):
            value["error"] = error
        return json.dumps(value, ensure_ascii=False)


class DailyFiles(logging.Handler):
    """Appends to ``directory/YYYY-MM-DD.jsonl`` (UTC), and takes away files older than ``days``."""

    def __init__(self, directory: Path, days: int) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self._directory = directory
        self._days = days
        self._descriptor: int | None = None
        self._day = date.min

    def emit(self, record: logging.LogRecord) -> None:
        if not self._days:
            return
        with contextlib.suppress(OSError):
            self._turn_to(datetime.fromtimestamp(record.created, UTC).date())
            if self._descriptor is not None:
                os.write(self._descriptor, self.format(record).encode("utf-8", "replace") + b"\n")

    def close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        super().close()

    def _turn_to(self, day: date) -> None:
        if day == self._day and self._descriptor is not None:
            return
        if not self._directory.parent.is_dir():
            return  # no server was ever started here
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        self._directory.mkdir(mode=0o700, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self._descriptor = os.open(self._directory / f"{day.isoformat()}.jsonl", flags, 0o600)
        self._day = day
        oldest = f"{(day - timedelta(days=self._days)).isoformat()}.jsonl"
        for name in os.listdir(self._directory):
            if _FILE.fullmatch(name) and name < oldest:
                (self._directory / name).unlink(missing_ok=True)


def logging_settings(directory: Path, *, days: str, form: str) -> dict[str, Any]:
    """Django's LOGGING.

    :param days: of ``ZONARY_LOG_DAYS``.
    :param form: of ``ZONARY_LOG_FORMAT``: what goes to standard error, ``text`` or ``json``.
    :raises Error: when one of them makes no sense.
    """
    if form not in ("", "text", "json"):
        raise Error("ZONARY_LOG_FORMAT is text or json.")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": JsonLines if form == "json" else TextLines}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "lines"},
            "kept": {"()": DailyFiles, "directory": directory, "days": kept_days(days)},
        },
        "root": {"handlers": ["stderr", "kept"], "level": "WARNING"},
        # Django tells of every 404, 401 and 503 as of something wrong. The first are the client's, and counted in
        # /metrics; what is the server's has been told by whoever answered (zonary.config.api).
        # Nor is a request under another host's name, of which anybody could fill the log with tracebacks.
        "loggers": {
            "django.request": {"level": "CRITICAL"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "zonary.requests": {"handlers": ["kept"], "level": "INFO", "propagate": False},
        },
    }


def _message(record: logging.LogRecord) -> str:
    return discreet(record.getMessage()[:_MAX_MESSAGE])


def _error(record: logging.LogRecord) -> list[str]:
    """Where it happened, and what: the code that ran, and the sentence without what could be somebody's."""
    if not record.exc_info or record.exc_info[1] is None:
        return []
    error = record.exc_info[1]
    frames = traceback.extract_tb(error.__traceback__)[-_MAX_FRAMES:]
    told = discreet(str(error).partition("\n")[0][:_MAX_MESSAGE])
    return [*(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames), f"{type(error).__name__}: {told}"]


def _public(run: str) -> str:
    """An id or a digest is public; any other run of letters and digits as long may be a secret."""
    return run if re.fullmatch(rf"{_UUID}|[0-9a-f]{{64}}", run) else "{secret}"

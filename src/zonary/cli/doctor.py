"""``zonary doctor``: what is wrong with a server's data directory and machine, and how to mend it.

Looks only: the database is opened for reading, no lock is taken, and the server may run meanwhile. Exit code 0 when
nothing is wrong but perhaps something to look at, 1 when something is, 2 when it could not be looked at.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from zonary.cli.data_directory import open_django
from zonary.common.clock import now
from zonary.common.language import _, say
from zonary.foundation.ledger.layout import DataDirectory
from zonary.proof.errors import Error

if TYPE_CHECKING:
    from zonary.foundation.ledger.checkup import Finding

_COLOURS = {"ok": "32", "warning": "33", "fault": "31"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", default="./var", help=_("data directory of the server"))
    parser.add_argument(
        "--all-contents", action="store_true", help=_("read every content of a document, not only some")
    )
    parser.add_argument("--json", action="store_true", help=_("print the findings as JSON"))


def run(options: argparse.Namespace) -> int:
    data = DataDirectory(Path(options.data).absolute())
    if not data.path.is_dir():
        raise Error("There is no directory {path}.", path=str(data.path))
    if not any(path.exists() for path in (data.database, data.keys, data.log)):
        raise Error(
            "{path} holds no server's data. Name the data directory with --data; the first zonary serve makes it.",
            path=str(data.path),
        )
    _set_up(data)
    from zonary.config.further_checks import FURTHER_CHECKS
    from zonary.foundation.documents.checkup import check_contents
    from zonary.foundation.ledger.checkup import check_up

    findings = []
    rows = _Rows(sys.stdout.isatty() and "NO_COLOR" not in os.environ)
    at = now()
    more: list[tuple[str, Callable[[], Iterable[Finding]]]] = [
        ("contents", lambda: check_contents(is_whole=options.all_contents)),
        *((name, partial(check, data, at)) for name, check in FURTHER_CHECKS.items()),
    ]
    for finding in check_up(data, now, more=more):
        findings.append(finding)
        if not options.json:
            rows.show(finding)
    faults = sum(finding.severity == "fault" for finding in findings)
    warnings = sum(finding.severity == "warning" for finding in findings)
    if options.json:
        print(_as_json(findings))
    else:
        print(_("Result: {faults} faults, {warnings} to look at.", faults=faults, warnings=warnings))
    return 1 if faults else 0


def _set_up(data: DataDirectory) -> None:
    """Django with this data directory, its database for reading only.

    :raises Error: when the server's packages are not installed.
    """
    open_django(data)
    from django.db import connection

    if connection.vendor == "sqlite":
        # Not even the log of writes that a crash left is moved into the database: the next start does that.
        connection.settings_dict["NAME"] = f"file:{quote(str(data.database))}?mode=ro"
        connection.settings_dict["OPTIONS"] = {"timeout": 20, "init_command": "PRAGMA query_only=ON"}


class _Rows:
    """One line a finding, in columns; what to do about it on a line of its own."""

    def __init__(self, coloured: bool) -> None:
        self._coloured = coloured
        self._names = _names()
        self._words = {"ok": _("ok"), "warning": _("warning"), "fault": _("fault")}
        self._first = max(map(_width, self._words.values()))
        self._second = max(map(_width, self._names.values()))

    def show(self, finding: Finding) -> None:
        word = _padded(self._words[finding.severity], self._first)
        if self._coloured:
            word = f"\x1b[{_COLOURS[finding.severity]}m{word}\x1b[0m"
        name = _padded(self._names.get(finding.check, finding.check), self._second)
        print(f"{word}  {name}  {say(finding.found)}", flush=True)
        if finding.mend is not None:
            print(f"{' ' * (self._first + self._second + 4)}→ {say(finding.mend)}", flush=True)


def _names() -> dict[str, str]:
    """What a person reads for the name of each check."""
    return {
        "disk-space": _("disk space"),
        "disk-writing": _("disk writes"),
        "clock": _("clock"),
        "keys": _("keys"),
        "key-modes": _("file modes"),
        "database": _("database"),
        "clock-and-log": _("clock and log"),
        "triggers": _("immutability"),
        "published-log": _("published log"),
        "second-tree": _("second tree"),
        "checkpoint": _("last checkpoint"),
        "kept-checkpoint": _("kept checkpoint"),
        "lead": _("lead"),
        "waiting": _("sequencer"),
        "contents": _("contents"),
        "backup": _("backup"),
        "capture": _("captures"),
        "clock-sources": _("time sources"),
        "certificates": _("certificates"),
        "timestamps": _("timestamps"),
        "settings": _("settings"),
        "outward": _("outward"),
    }


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _as_json(findings: Iterable[Finding]) -> str:
    items = [
        {
            "check": finding.check,
            "severity": finding.severity.value,
            "found": say(finding.found),
            "mend": None if finding.mend is None else say(finding.mend),
        }
        for finding in findings
    ]
    return json.dumps({"findings": items}, ensure_ascii=False, indent=2)

"""``zonary init``: make a real zone in a data directory, before its server is started or while it runs.

Asks on a terminal for what was not named. Prints the links by which its first people come in, once: they are secrets,
and nowhere kept.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from zonary.cli.data_directory import InUseError, locked, open_django
from zonary.common.clock import now
from zonary.common.language import _
from zonary.foundation.ledger.layout import DataDirectory, make_private_directory
from zonary.proof.errors import Error

if TYPE_CHECKING:
    from zonary.config.founding import Founded, ZonePlan

ROLES = ("system", "security", "audit")
MAX_NAME = 80
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,185}")


class InitError(Error):
    """The zone cannot be made."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", default="./var", help=_("data directory, made if there is none"))
    parser.add_argument("--url", metavar="URL", help=_("where the server will be reached; the links begin with it"))
    parser.add_argument("--name", metavar="NAME", help=_("name of the zone, in Chinese"))
    parser.add_argument("--english-name", metavar="NAME", help=_("name of the zone, in English"))
    parser.add_argument(
        "--authority", metavar="NAME", help=_("name of who runs the zone (管委会); without it that of the zone")
    )
    parser.add_argument(
        "--area", metavar="NAME=ENGLISH", action="append", default=[], help=_("an area of the zone; may be repeated")
    )
    parser.add_argument("--system-admin", metavar="EMAIL", help=_("who runs the machine"))
    parser.add_argument("--security-admin", metavar="EMAIL", help=_("who says who may do what"))
    parser.add_argument("--audit-admin", metavar="EMAIL", help=_("who reads what both did"))


def run(options: argparse.Namespace) -> int:
    """:raises Error: one sentence, when it cannot be made; nothing was changed then."""
    data = DataDirectory(Path(options.data).absolute())
    url = (options.url or os.environ.get("ZONARY_URL") or "http://127.0.0.1:8000").rstrip("/")
    make_private_directory(data.path)
    os.umask(0o077)
    with _opened(data, url):
        from zonary.config.founding import make_zone, zone_name
        from zonary.foundation.organizations.standing import Standing

        if zone_name():
            raise InitError("This zone has been set up already, as “{name}”.", name=zone_name())
        plan = _plan(options)
        founded = make_zone(plan, url=url, by=Standing(person="operator"), at=now())
    _tell(plan, founded, data)
    return 0


@contextmanager
def _opened(data: DataDirectory, url: str) -> Iterator[None]:
    """The database, made if there is none. While a server runs it is up to date, and not ours to migrate."""
    open_django(data, ZONARY_URL=url)
    from django.db import DatabaseError

    from zonary.config.zone import hold_clock, make_session_secret, migrate

    try:
        try:
            with locked(data):
                migrate()
                make_session_secret(data)
        except InUseError:
            pass
        hold_clock()
        yield
    except DatabaseError as error:
        reason = str(error).strip().rstrip(".")
        raise InitError(
            "The database of {path} cannot be used: {reason}.", path=str(data.path), reason=reason
        ) from error


def _plan(options: argparse.Namespace) -> ZonePlan:
    from zonary.config.founding import ZonePlan

    name = _named(options.name, _("Name of the zone, in Chinese: "), "--name")
    english = _named(options.english_name, _("Name of the zone, in English: "), "--english-name")
    authority = "" if options.authority is None else _named(options.authority, "", "--authority")
    areas = [_area(each) for each in options.area] or [(name, english)]
    questions = {
        "system": _("E-mail address of the system administrator, who runs the machine: "),
        "security": _("E-mail address of the security administrator, who says who may do what: "),
        "audit": _("E-mail address of the audit administrator, who reads what both did: "),
    }
    admins = {
        role: _address(_named(getattr(options, f"{role}_admin"), questions[role], f"--{role}-admin")) for role in ROLES
    }
    if len(set(admins.values())) < len(ROLES):
        raise InitError("System, security and audit administrator have to be three different people.")
    return ZonePlan(name=name, english_name=english, authority=authority, areas=areas, admins=admins)


def _named(given: str | None, question: str, option: str) -> str:
    """What was given, or is answered now.

    :raises InitError: when it is missing and nobody is there to be asked.
    """
    if given is None and not sys.stdin.isatty():
        raise InitError("{option} is missing.", option=option)
    text = (input(question) if given is None else given).strip()
    if not text or len(text) > MAX_NAME or not text.isprintable():
        raise InitError(
            "{option} needs a text of 1 to {most} characters, without line breaks.", option=option, most=MAX_NAME
        )
    return text


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise InitError("“{address}” is no e-mail address.", address=text)
    return text.lower()


def _area(text: str) -> tuple[str, str]:
    name, equals, english = (part.strip() for part in text.partition("="))
    if not (name and equals and english) or max(len(name), len(english)) > MAX_NAME:
        raise InitError("--area is “{area}”; write both names: --area '示例片区=Example Area'.", area=text)
    return name, english


def _tell(plan: ZonePlan, founded: Founded, data: DataDirectory) -> None:
    shown = {
        "system": _("system administrator"),
        "security": _("security administrator"),
        "audit": _("audit administrator"),
    }
    print(_("“{name}” is set up.", name=plan.name))
    print(_("Give each of these links to the one it is for. Each works once, for seven days, and is not shown again."))
    for role in ROLES:
        print(f"\n{shown[role]} <{plan.admins[role]}>\n  {founded.admins[role]}")
    print(f"\n{_('the first owner of the zone authority')}\n  {founded.owner}\n")
    print(_("They work once the server runs: zonary serve --data {path}", path=str(data.path)))

"""The options by which somebody says where files come from, and what follows from them."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from zonary.cli.origin.machine import machine
from zonary.common import clock
from zonary.common.language import _
from zonary.proof.canonical import Json
from zonary.proof.origin import OriginError, declared_origin

if TYPE_CHECKING:
    from zonary.cli.sealing.client import Server

STATED_OPTIONS = {
    "source": "source",
    "generated_by": "generated_by",
    "origin_machine": "machine",
    "custodian": "custodian",
    "custody": "custody",
    "notarised": "notarisation",
    "witness": "witness",
    "corroboration": "corroboration",
}
"""Option -> what it states."""


def add_origin_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(_("where the files come from (sealed with them; your word, which nobody checks)"))
    add = group.add_argument
    add("--source", metavar="TEXT", help=_("where they come from"))
    add("--generated-by", metavar="TEXT", help=_("how they came to be, and by what"))
    add("--custodian", metavar="TEXT", help=_("who kept them until now"))
    add("--custody", metavar="TEXT", help=_("how they were kept, and who could change them"))
    add("--notarised", metavar="TEXT", help=_("notarisation: office, number, day"))
    add("--witness", metavar="TEXT", help=_("a third party who saw it"))
    add("--corroboration", metavar="TEXT", help=_("other data that bears it out"))
    help_machine = _("name of the machine they were made on; by default no machine or user is named")
    add("--origin-machine", metavar="NAME", help=help_machine)
    help_remote = _("record the address of the Git remote too, without user and password")
    add("--origin-remote", action="store_true", help=help_remote)
    help_none = _("record nothing of this: no system, no clock, no Git commit")
    add("--no-origin", action="store_true", help=help_none)


@dataclass(frozen=True, slots=True)
class Origin:
    """What is to be said of the origin of whatever is sealed next.

    :ivar ahead: seconds by which this machine's clock is ahead of the server's, once that is known.
    """

    stated: dict[str, str]
    is_wanted: bool = True
    with_remote: bool = False
    ahead: int | None = None
    now: Callable[[], datetime] = clock.now

    def against(self, server: Server) -> Origin:
        """The same, once this machine's clock was held against that of ``server``."""
        return replace(self, ahead=server.clock_ahead()) if self.is_wanted else self

    def of_paths(self, paths: Sequence[bytes]) -> Looked:
        """Look at what ``paths`` lie in before they are read; to be told again afterwards."""
        from zonary.cli.origin.git import look

        return Looked(self, paths, look(paths, with_remote=self.with_remote) if self.is_wanted else [])

    def of_some(self, top: bytes) -> dict[str, Json]:
        """What is declared of some files in the folder ``top``, which were read some time ago."""
        from zonary.cli.origin.git import look

        git = look([top], with_remote=self.with_remote) if self.is_wanted else []
        return self.declared([{**each, "scope": "part"} for each in git if isinstance(each, dict)], "files")

    def of_commit(self, top: bytes, commit: str) -> dict[str, Json]:
        """What is declared of a commit that is sealed itself."""
        from zonary.cli.origin.git import of_commit

        return self.declared(of_commit(top, commit, with_remote=self.with_remote) if self.is_wanted else [])

    def declared(self, git: list[Json], selection: str = "") -> dict[str, Json]:
        """What goes into the statement. :raises OriginError: when what was stated cannot."""
        if not self.is_wanted:
            return {}
        from zonary.cli.main import _version

        reported = machine(at=self.now(), ahead=self.ahead, version=_version())
        reported |= {"selection": selection} if selection else {}
        return declared_origin(self.stated, reported | ({"git": git} if git else {}))


@dataclass(frozen=True, slots=True)
class Looked:
    """What Git said before anything was read."""

    origin: Origin
    paths: Sequence[bytes]
    git: list[Json]

    def declared(self) -> dict[str, Json]:
        """What is declared once all is read; a work tree that changed meanwhile is said to have."""
        from zonary.cli.origin.git import look

        after = look(self.paths, with_remote=self.origin.with_remote) if self.git else []
        if after != self.git:
            after = [{**each, "unsteady": True} for each in after if isinstance(each, dict)]
        selection = "file" if not os.path.isdir(self.paths[0]) else "folder"
        return self.origin.declared(after, selection if len(self.paths) == 1 else "files")


NOTHING_SAID = Origin({}, is_wanted=False)


def origin_of(options: argparse.Namespace) -> Origin:
    """What the options say. :raises OriginError: for what cannot be said so."""
    stated = {name: getattr(options, option) for option, name in STATED_OPTIONS.items() if getattr(options, option)}
    if stated and options.no_origin:
        raise OriginError("With --no-origin nothing is recorded of the origin, and yet something is said of it here.")
    declared_origin(stated, {})  # better to hear now than after hours of hashing
    return Origin(stated, is_wanted=not options.no_origin, with_remote=options.origin_remote)

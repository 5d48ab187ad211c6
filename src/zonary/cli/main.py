"""The ``zonary`` command: which subcommands there are, and how each ends.

A command's module is imported only when it is called, so that an outsider's ``verify`` never waits for a web framework.
Exit codes: 0 done or verified, 1 not verified, 2 could not be done or checked, 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from typing import NoReturn

from zonary.common.language import _, choose, say
from zonary.proof.errors import Error

_COMMANDS: dict[str, tuple[str, str]] = {
    "seal": ("zonary.cli.sealing.seal", "Seal files and folders: register their evidence and write one package."),
    "verify": ("zonary.cli.verify", "Check a package offline, layer by layer."),
    "disclose": ("zonary.cli.disclose", "Make a package that proves chosen files and shows nothing of the others."),
    "show": ("zonary.cli.show", "Print what a package says, for a person."),
    "trust": ("zonary.cli.trust", "Manage the keys of logs and timestamp authorities you trust."),
    "fsck": ("zonary.cli.fsck", "Re-derive every tile, root and signature of a log."),
    "serve": ("zonary.cli.serve", "Run the platform on this machine."),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code; no error a user can cause shows a traceback."""
    arguments = sys.argv[1:] if argv is None else argv
    _choose_language(arguments)
    parser, chosen = _parser(arguments)
    options = parser.parse_args(arguments)
    if chosen is None:
        parser.print_help()
        return 2
    try:
        return int(importlib.import_module(_COMMANDS[chosen][0]).run(options))
    except Error as error:
        return complain(say(error))
    except KeyboardInterrupt:
        complain(_("Interrupted."))
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`zonary show … | head`): nothing is wrong, and nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except OSError as error:
        name = os.fsdecode(error.filename) if error.filename is not None else ""
        reason = error.strerror or str(error)
        return complain(_("{name}: {reason}.", name=name, reason=reason) if name else f"{reason}.")
    except MemoryError:
        return complain(_("There is not enough memory for this."))


def complain(sentence: str) -> int:
    """Say on standard error why it could not be done."""
    print(f"zonary: {sentence}", file=sys.stderr)
    return 2


def _choose_language(arguments: list[str]) -> None:
    for position, argument in enumerate(arguments):
        value = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and position + 1 < len(arguments):
            value = arguments[position + 1]
        if value in ("zh", "en"):
            choose("zh" if value == "zh" else "en")


def _parser(arguments: list[str]) -> tuple[argparse.ArgumentParser, str | None]:
    parser = _Parser(prog="zonary", description=_("Evidence anyone can verify, without trusting who keeps it."))
    parser.add_argument("--version", action="version", version=f"zonary {_version()}")
    parser.add_argument("--lang", choices=("zh", "en"), help=_("language of what is printed"))
    commands = parser.add_subparsers(title=_("commands"), metavar="COMMAND", parser_class=_Parser)
    words = _without_language(arguments)
    chosen = words[0] if words and words[0] in _COMMANDS else None
    for name, (module, summary) in _COMMANDS.items():
        command = commands.add_parser(name, help=_(summary), description=_(summary))
        if name == chosen:
            command.add_argument("--lang", choices=("zh", "en"), help=_("language of what is printed"))
            importlib.import_module(module).add_arguments(command)
    return parser, chosen


def _without_language(arguments: list[str]) -> list[str]:
    words = list(arguments)
    while words and words[0].startswith("--lang"):
        words = words[1:] if "=" in words[0] else words[2:]
    return words


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("zonary")
    except PackageNotFoundError:
        return "(not installed)"


class _Parser(argparse.ArgumentParser):
    """argparse, but a wrong call is one sentence and exit code 2."""

    def error(self, message: str) -> NoReturn:
        complain(_("{message}. Type “{command} --help” to see how it is called.", message=message, command=self.prog))
        raise SystemExit(2)


if __name__ == "__main__":
    raise SystemExit(main())

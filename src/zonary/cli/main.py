"""The ``zonary`` command: which subcommands there are, and how each ends.

A command's module is imported only when it is called, so that an outsider's ``verify`` never waits for a web framework.
Exit codes: 0 done or verified, 1 not verified, 2 could not be done or checked, 130 interrupted.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import io
import os
import sys
from typing import Any, NoReturn

from zonary.cli.wrong_calls import wrong_call
from zonary.common.language import _, choose, say
from zonary.proof.errors import Error
from zonary.proof.printable import printable

_COMMANDS: dict[str, tuple[str, str]] = {
    "seal": ("zonary.cli.sealing.seal", "Seal files and folders: register their evidence and write one package."),
    "watch": ("zonary.cli.watching.watch", "Seal what appears in a folder or Git repository, for as long as it runs."),
    "verify": ("zonary.cli.verify", "Check a package offline, layer by layer."),
    "refresh": ("zonary.cli.refresh", "Add to a package what its zone has got for it since, such as timestamps."),
    "verify-page": ("zonary.cli.verify_page", "Write the page that verifies packages in a browser."),
    "disclose": ("zonary.cli.disclose", "Make a package that proves chosen files and shows nothing of the others."),
    "show": ("zonary.cli.show", "Print what a package says, for a person."),
    "replay": ("zonary.cli.replay", "Repeat a decision on a policy benefit from its file, offline."),
    "trust": ("zonary.cli.trust", "Manage the keys of logs and timestamp authorities you trust."),
    "fsck": ("zonary.cli.fsck", "Re-derive every tile, root and signature of a log."),
    "keys": ("zonary.cli.keys", "Show and change the keys a server signs with."),
    "init": ("zonary.cli.init", "Set up a zone: its name, its areas, its first administrators."),
    "serve": ("zonary.cli.serve", "Run the platform on this machine."),
    "import-registry": ("zonary.cli.import_registry", "Read in a registry of enterprises: CSV, XLSX or Parquet."),
    "backup": ("zonary.cli.backup", "Write one encrypted file with the whole zone in it."),
    "restore": ("zonary.cli.restore", "Put a backup back into an empty directory."),
    "reindex": ("zonary.cli.reindex", "Make the index of the search anew."),
    "doctor": ("zonary.cli.doctor", "Look whether a server's data directory and machine are in order."),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code; no error a user can cause shows a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without “✓” gets an escape, not a traceback
    try:
        arguments = sys.argv[1:] if argv is None else argv
        if os.environ.get("ZONARY_CONFIG"):
            from zonary.config.configuration import load_configuration

            load_configuration(os.environ)
        _choose_language(arguments)
        parser, chosen = _parser(arguments)
        options = parser.parse_args(arguments)
        if chosen is None:
            parser.print_help()
            return 2
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
        return complain(system_says(error))
    except MemoryError:
        return complain(_("There is not enough memory for this."))
    finally:
        # Where an interrupt, answered here or by the command, fell into code made of text (a dataclass of a module
        # being imported), Python remembers it as unhandled, and `python -m` ends by the signal whatever is returned;
        # running any text forgets it.
        exec("")  # noqa: S102  # nosec B102


def complain(sentence: str) -> int:
    """Say on standard error why it could not be done."""
    print(f"zonary: {sentence}", file=sys.stderr)
    return 2


def system_says(error: OSError) -> str:
    """The commonest refusals of the operating system in the user's language, the others in the system's own."""
    if hasattr(error, "msgid") and hasattr(error, "params"):  # a store's own sentence
        return say(error)
    known = {
        errno.ENOENT: _("there is no such file or folder"),
        errno.EACCES: _("you have no permission for this"),
        errno.EPERM: _("you have no permission for this"),
        errno.EISDIR: _("this is a folder, not a file"),
        errno.ENOTDIR: _("a part of this path is no folder"),
        errno.ENOSPC: _("there is no room left on the disk"),
        errno.EROFS: _("this disk can only be read"),
    }
    reason = known.get(error.errno or 0) or error.strerror or str(error)
    name = printable(os.fsencode(error.filename)) if isinstance(error.filename, str | bytes) else ""
    return _("{name}: {reason}.", name=name, reason=reason) if name else f"{reason}."


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


class _Formatter(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, _("usage: ") if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """argparse, but in the user's language; a wrong call is one sentence and exit code 2."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=_Formatter, add_help=False)
        self._positionals.title = _("arguments")
        self._optionals.title = _("options")
        self.add_argument("-h", "--help", action="help", help=_("show this help and end"))

    def error(self, message: str) -> NoReturn:
        sentence = "{message}. Type “{command} --help” to see how it is called."
        complain(_(sentence, message=wrong_call(message), command=self.prog))
        raise SystemExit(2)


if __name__ == "__main__":
    raise SystemExit(main())

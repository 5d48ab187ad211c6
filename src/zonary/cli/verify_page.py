"""``zonary verify-page``: write the page that verifies packages in a browser, or tell whether a copy is that page."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import IO

from zonary.cli.durable import open_regular, write_new_file
from zonary.common.language import _
from zonary.common.verify_page import verify_page, verify_page_digests
from zonary.proof.digests import Digests, digests_of
from zonary.proof.printable import printable

_MOST_READ = 64 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("-o", "--output", metavar="FILE", help=_("the page to write"))
    wanted.add_argument("--check", metavar="FILE", help=_("tell whether FILE is this release's page, byte for byte"))


def run(options: argparse.Namespace) -> int:
    if options.check is not None:
        return _check(options.check)
    page = verify_page()

    def write(out: IO[bytes]) -> None:
        out.write(page)

    write_new_file(Path(options.output), write)
    print(_("{output} verifies packages in a browser, without a network.", output=_shown(options.output)))
    _print(verify_page_digests())
    return 0


def _check(name: str) -> int:
    with open_regular(name) as file:
        found = digests_of(file.read(_MOST_READ + 1))
    known = verify_page_digests()
    if found == known:
        print(_("{name} is the verifying page of this release, byte for byte.", name=_shown(name)))
        _print(known)
        return 0
    print(_("{name} is not the verifying page of this release. Do not rely on what it says.", name=_shown(name)))
    print(_("The file has:"))
    _print(found)
    print(_("The page of this release has:"))
    _print(known)
    return 1


def _print(digests: Digests) -> None:
    print(f"  SHA-256  {digests.sha256.hex()}")
    print(f"  SM3      {digests.sm3.hex()}")


def _shown(name: str) -> str:
    return printable(os.fsencode(name))

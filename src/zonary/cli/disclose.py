"""``zonary disclose``: a package that proves chosen files of a seal and shows nothing of the others."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from zonary.cli.durable import write_new_file
from zonary.common.language import _
from zonary.proof.disclosure import disclose
from zonary.proof.errors import Error, VerificationError
from zonary.proof.manifest import Manifest, parse_manifest
from zonary.proof.package import container as member
from zonary.proof.package.build import write_disclosure
from zonary.proof.package.container import Container
from zonary.proof.printable import printable
from zonary.proof.statement import decode_statement


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", metavar="PACKAGE")
    parser.add_argument("files", metavar="FILE", nargs="+", help=_("name of a sealed file, as “zonary show” prints it"))
    parser.add_argument("-o", "--output", metavar="ONE", required=True, help=_("the package to write"))


def run(options: argparse.Namespace) -> int:
    with open(options.package, "rb") as file:
        package = Container(file)
        if member.MANIFEST not in package:
            raise Error("{name} is already a disclosure; disclose from the whole package.", name=options.package)
        manifest = parse_manifest(package.read(member.MANIFEST))
        if manifest.roots() != decode_statement(package.read(member.STATEMENT)).manifest:
            raise VerificationError("The manifest is not the one the statement names; nothing was disclosed from it.")
        indexes = [_index(manifest, name) for name in options.files]
        disclosure = disclose(manifest, indexes)
        write_new_file(Path(options.output), lambda out: write_disclosure(out, package, disclosure))
    names = " ".join(f"“{printable(os.fsencode(name))}”" for name in options.files)
    print(_("{output} proves {names} and shows nothing of the other files.", output=options.output, names=names))
    print(_("Hand it over together with the file; the receiver types: zonary verify {output} FILE --trust TRUSTFILE",
            output=options.output))  # fmt: skip
    return 0


def _index(manifest: Manifest, given: str) -> int:
    """The leaf called ``given``, or whose name is an end of that path (``proj/sub/x.bin`` for ``sub/x.bin``)."""
    named = manifest.named()
    parts = os.path.normpath(os.fsencode(given)).split(b"/")
    for start in range(len(parts)):
        found = named.get(b"/".join(parts[start:]))
        if found is not None:
            return found[0]
    raise Error("“{name}” is not among the sealed files; “zonary show” prints their names.",
                name=printable(os.fsencode(given)))  # fmt: skip

"""``zonary disclose``: a package that proves chosen files of a seal and shows nothing of the others."""

from __future__ import annotations

import argparse
import hashlib
import os
from pathlib import Path

from zonary.cli.durable import open_regular, write_new_file
from zonary.cli.packages import package_in
from zonary.common.language import _
from zonary.proof.disclosure import disclose
from zonary.proof.errors import Error, VerificationError
from zonary.proof.manifest import FileLeaf, Manifest, NamedLeaf, parse_manifest
from zonary.proof.package import container as member
from zonary.proof.package.build import write_disclosure
from zonary.proof.printable import printable
from zonary.proof.statement import decode_statement


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", metavar="PACKAGE")
    parser.add_argument("files", metavar="FILE", nargs="+", help=_("name of a sealed file, as “zonary show” prints it"))
    parser.add_argument("-o", "--output", metavar="ONE", required=True, help=_("the package to write"))


def run(options: argparse.Namespace) -> int:
    with open_regular(options.package) as file:
        package = package_in(file, options.package)
        if member.MANIFEST not in package:
            raise Error("{name} is already a disclosure; disclose from the whole package.", name=options.package)
        manifest = parse_manifest(package.read(member.MANIFEST))
        if manifest.roots() != decode_statement(package.read(member.STATEMENT)).manifest:
            raise VerificationError("The manifest is not the one the statement names; nothing was disclosed from it.")
        chosen = [_name(manifest, name) for name in options.files]
        named = manifest.named()
        disclosure = disclose(manifest, [named[name][0] for name in chosen])
        write_new_file(Path(options.output), lambda out: write_disclosure(out, package, disclosure))
    names = " ".join(f"“{printable(name)}”" for name in chosen)
    print(
        _(
            "{output} proves {names} and shows nothing of the other files.",
            output=printable(os.fsencode(options.output)),
            names=names,
        )
    )
    print(_("Hand it over together with the file; the receiver types: zonary verify {output} FILE --trust TRUSTFILE",
            output=printable(os.fsencode(options.output))))  # fmt: skip
    print(
        _(
            "Does it go to a court, an authority or anybody else abroad? Read the zone’s export notice first, on the "
            "page of the record."
        )
    )
    return 0


def _name(manifest: Manifest, given: str) -> bytes:
    """The sealed name that ``given`` is, letter for letter, or that the file at the path ``given`` was sealed under.

    A near miss is refused: it would show a stranger another file.
    """
    raw = os.fsencode(given)
    named = manifest.named()
    found = _by_content(named, given)
    if found is not None or raw in named:
        return raw if found is None else found
    last = raw.rpartition(b"/")[2]
    alike = sorted(printable(name) for name in named if name == last or name.endswith(b"/" + last))
    if alike:
        raise Error(
            "“{name}” is not the name of a sealed file. Did you mean {others}? Give the name as it was sealed.",
            name=printable(raw),
            others=" ".join(f"“{name}”" for name in alike[:5]),
        )
    raise Error("“{name}” is not among the sealed files; “zonary show” prints their names.", name=printable(raw))


def _by_content(named: dict[bytes, tuple[int, NamedLeaf]], path: str) -> bytes | None:
    """The longest end of ``path`` that is a sealed name of what this very file holds."""
    if not os.path.isfile(path):
        return None
    with open_regular(path) as file:
        hasher = hashlib.sha256()
        while block := file.read(1024 * 1024):
            hasher.update(block)
    parts = os.fsencode(os.path.abspath(path)).strip(b"/").split(b"/")
    for start in range(len(parts)):
        name = b"/".join(parts[start:])
        leaf = named[name][1] if name in named else None
        if isinstance(leaf, FileLeaf) and leaf.sha256 == hasher.hexdigest():
            return name
    return None

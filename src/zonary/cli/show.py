"""``zonary show``: what a package says, printed for a person; nothing is checked."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable

from zonary.cli.durable import open_regular
from zonary.cli.origin.telling import print_origin
from zonary.cli.packages import package_in
from zonary.common.language import _, say
from zonary.proof.disclosure import parse_disclosure
from zonary.proof.errors import Error
from zonary.proof.manifest import AnyLeaf, DigestLeaf, DirectoryLeaf, FileLeaf, SymlinkLeaf, parse_manifest
from zonary.proof.package import container as member
from zonary.proof.package.container import Container
from zonary.proof.package.further import further_members
from zonary.proof.package.timestamps import rfc3339, token_members
from zonary.proof.printable import printable
from zonary.proof.statement import decode_statement


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", metavar="PACKAGE")
    parser.add_argument("--digests", action="store_true", help=_("print SHA-256 and SM3 of every file"))


def run(options: argparse.Namespace) -> int:
    with open_regular(options.package) as file:
        package = package_in(file, options.package)
        print(_("Package {name}", name=options.package))
        for section in (_statement, _log, _timestamps):
            _guarded(section, package)
        _files(package, digests=options.digests)
        print()
        _guarded(_origin, package)
        print(_("Nothing was checked. To check it: zonary verify {name} FILE…", name=options.package))
    return 0


def _guarded(section: Callable[[Container], None], package: Container) -> None:
    try:
        section(package)
    except Error as error:
        print(f"  ! {say(error)}")


def _row(label: str, value: str) -> None:
    print(f"  {label}: {value}")


def _statement(package: Container) -> None:
    statement = decode_statement(package.read(member.STATEMENT))
    _row(_("manifest root, SHA-256"), statement.manifest.sha256.hex())
    _row(_("manifest root, SM3"), statement.manifest.sm3.hex())


def _origin(package: Container) -> None:
    statement = decode_statement(package.read(member.STATEMENT))
    print_origin(statement.declared, statement.observed)


def _log(package: Container) -> None:
    from zonary.proof.package.log import claimed_checkpoint
    from zonary.proof.tlog.proof import TlogProof

    proof = TlogProof.parse(package.read(member.LOG_PROOF))
    checkpoint = claimed_checkpoint(proof)
    _row(_("log"), checkpoint.origin)
    _row(_("index"), _("{index} of {size} entries", index=proof.index, size=checkpoint.size))


def _timestamps(package: Container) -> None:
    from zonary.proof.timestamp.token import TimestampToken

    further = [name for name in further_members(package) if name.endswith(member.FURTHER_TOKEN)]
    for name in (member.PACKAGE_TOKEN, *token_members(package), *further):
        token = TimestampToken.parse(package.read(name))
        _row(_("timestamp"), f"{rfc3339(token.gen_time)}  ({name}, {token.algorithm})")


def _files(package: Container, *, digests: bool) -> None:
    leaves: Iterable[AnyLeaf]
    if member.MANIFEST in package:
        leaves = parse_manifest(package.read(member.MANIFEST)).leaves
        title = _("sealed")
    else:
        leaves = [item.leaf for item in parse_disclosure(package.read(member.DISCLOSURE)).leaves]
        title = _("disclosed (the other files of this seal are not shown)")
    rows = sorted(row for row in map(_describe, leaves) if row is not None)
    print(f"  {title}: {len(rows)}")
    for name, what, pair in rows:
        print(f"    {name}  {what}")
        if digests and pair:
            print(f"        SHA-256 {pair[0]}\n        SM3     {pair[1]}")


def _describe(leaf: AnyLeaf) -> tuple[str, str, tuple[str, str] | None] | None:
    if isinstance(leaf, FileLeaf):
        return printable(leaf.name_bytes), _("{size} bytes", size=leaf.size), (leaf.sha256, leaf.sm3)
    if isinstance(leaf, SymlinkLeaf):
        return printable(leaf.name_bytes), f"→ {printable(leaf.target_bytes)}", None
    if isinstance(leaf, DirectoryLeaf):
        return printable(leaf.name_bytes) + "/", _("empty folder"), None
    if isinstance(leaf, DigestLeaf):
        return _("(known by its digests only)"), "", (leaf.sha256, leaf.sm3)
    return None

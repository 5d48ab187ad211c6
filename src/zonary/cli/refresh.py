"""``zonary refresh``: add to a package what its zone has got for it since: timestamps of further authorities.

Nothing received is believed: the package that would come of it is checked whole before it takes the place of the old
one. Stopped anywhere, one of the two is there.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import contextlib
import hashlib
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from zonary.cli.durable import open_regular, rewrite_file, write_new_file
from zonary.cli.packages import package_in
from zonary.cli.sealing.client import NotThereError, Server, ServerError
from zonary.common.language import _
from zonary.proof.errors import Error, VerificationError
from zonary.proof.package import container as member
from zonary.proof.package.build import write_with_further
from zonary.proof.package.container import Container
from zonary.proof.package.further import MAX_FURTHER, FurtherToken, further_names, is_further_name
from zonary.proof.package.log import claimed_checkpoint
from zonary.proof.package.report import Outcome, Report, Status
from zonary.proof.package.timestamps import rfc3339
from zonary.proof.printable import printable
from zonary.proof.tlog.proof import TlogProof
from zonary.proof.trust import Trust


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("package", metavar="PACKAGE")
    parser.add_argument("-o", "--output", metavar="FILE", help=_("write to this new file; else PACKAGE is replaced"))
    parser.add_argument("--server", metavar="URL", help=_("the zone; else $ZONARY_SERVER, else as your trust has it"))
    parser.add_argument(
        "--trust", metavar="FILE", action="append", default=[], help=_("trust file; else those you added")
    )


def run(options: argparse.Namespace) -> int:
    from zonary.cli.verify import read_trusts

    trusts = read_trusts(options.trust)
    with open_regular(options.package) as file:
        package = package_in(file, options.package)
        wrong = _wrong_in(_examined(package, trusts))
        if wrong is not None:
            raise VerificationError(
                "The package does not verify as it is, so nothing was added to it: {reason}", reason=wrong
            )
        statement = package.read(member.STATEMENT)
        answer, waiting = _ask(_address(options, package, trusts), hashlib.sha256(statement).hexdigest())
        have = further_names(package)
        added = [each for each in answer if each.name not in have][: MAX_FURTHER - len(have)]
        if not added:
            print(_("Nothing was added since."))
        else:
            report = _write(package, added, options, trusts)
            _tell(report, [each.name for each in added], Path(options.output or options.package))
    if waiting:
        print(_("{count} timestamp authorities are still waited for; ask again later.", count=waiting))
    return 0


def _address(options: argparse.Namespace, package: Container, trusts: Sequence[Trust]) -> str:
    """The zone's: as named, or where the user's trust has the log that the package is in."""
    named = options.server or os.environ.get("ZONARY_SERVER")
    if named:
        return str(named)
    origin = claimed_checkpoint(TlogProof.parse(package.read(member.LOG_PROOF))).origin
    for log in (log for trust in trusts for log in trust.logs):
        if log.key.name == origin and log.url:
            return log.url.rstrip("/").rpartition("/")[0]
    raise Error(
        "Nothing you trust says where the log “{origin}” is. Name its zone with --server, or add its trust file with "
        "“zonary trust add”.",
        origin=origin,
    )


def _ask(url: str, digest: str) -> tuple[list[FurtherToken], int]:
    """What the zone has for the statement with this SHA-256, and how many authorities it waits for."""
    with contextlib.closing(Server(url)) as server:
        try:
            answer = server.further_timestamps(digest)
        except NotThereError:
            return [], 0
        try:
            return _tokens(json.loads(answer))
        except (ValueError, RecursionError, TypeError, KeyError) as error:
            raise ServerError(
                "What the server at {url} answered about further timestamps makes no sense; nothing was added.", url=url
            ) from error


def _tokens(value: Any) -> tuple[list[FurtherToken], int]:
    """:raises ValueError: for what is no such answer; so do ``TypeError`` and ``KeyError``."""
    found: dict[str, FurtherToken] = {}
    for item in value["items"]:
        name, token, chain = (item[key] for key in ("name", "token", "chain"))
        if not all(isinstance(each, str) for each in (name, token, chain)) or not is_further_name(name):
            raise ValueError(name)
        try:
            found[name] = FurtherToken(name, base64.b64decode(token, validate=True), chain.encode("ascii"))
        except binascii.Error as error:
            raise ValueError(name) from error
    waiting = value["waiting"]
    if not isinstance(waiting, int) or isinstance(waiting, bool):
        raise TypeError(waiting)
    return list(found.values()), max(0, waiting)


def _write(
    package: Container, added: Sequence[FurtherToken], options: argparse.Namespace, trusts: Sequence[Trust]
) -> Report:
    reports: list[Report] = []

    def fill(file: IO[bytes]) -> None:
        write_with_further(file, package, added)
        file.flush()
        file.seek(0, io.SEEK_SET)
        reports.append(_examined(Container(file), trusts))
        wrong = _wrong_in(reports[0])
        if wrong is not None:
            raise VerificationError(
                "What the zone sent does not fit this package, so nothing was added: {reason}", reason=wrong
            )

    if options.output:
        write_new_file(Path(options.output), fill)
    else:
        rewrite_file(Path(options.package), fill)
    return reports[0]


def _examined(package: Container, trusts: Sequence[Trust]) -> Report:
    from zonary.cli.verify import examine_in_parallel

    return examine_in_parallel(package, trusts)


def _wrong_in(report: Report) -> Error | None:
    """Why it does not verify; None for what does, or would if its origin were established."""
    if report.outcome is not Outcome.NOT_VERIFIED:
        return None
    sentence = next(each.sentence for each in report.layers if each.status is Status.FAILED)
    return Error(sentence.msgid, **sentence.params)


def _tell(report: Report, names: Sequence[str], path: Path) -> None:
    print(_("Added to {path}:", path=printable(os.fsencode(path))))
    told = {fact.member: fact for fact in report.facts.tokens}
    for name in names:
        fact = told.get(f"{member.FURTHER_FOLDER}{name}{member.FURTHER_TOKEN}")
        if fact is None:
            print(_("  {name}: this release cannot judge it", name=name))
            continue
        time, authority = rfc3339(fact.time), printable(fact.authority.encode())
        print(_("  {name}: {time}, by {authority}", name=name, time=time, authority=authority))
        if not fact.trusted:
            print(_("    (you have not said that you trust this authority)"))

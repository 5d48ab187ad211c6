"""``zonary import-registry``: read in a registry of enterprises, on the server's machine, which may go on serving.

Exit code 0 when every row was taken, 1 when some were refused, 2 when it could not be done. Interrupted at any moment,
the same command goes on where it was.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from zonary.cli.data_directory import InUseError, locked, open_django
from zonary.cli.progress import RowProgress
from zonary.common.clock import now, zone_date
from zonary.common.language import _, language, say
from zonary.foundation.ledger.layout import DataDirectory
from zonary.proof.errors import Error

if TYPE_CHECKING:
    from zonary.foundation.organizations.models import RegistryImport
    from zonary.foundation.organizations.registry.files import RegistryFile

_SHOWN = 10
"""Refused rows that are printed; the report has all."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help=_("CSV, XLSX or Parquet, with a header"))
    parser.add_argument("--data", metavar="DIR", default="./var", help=_("data directory of the server"))
    parser.add_argument("--source", metavar="NAME", help=_("who keeps this registry; the file's name without it"))
    parser.add_argument("--sheet", metavar="NAME", default="", help=_("sheet of a workbook; its first without it"))
    parser.add_argument("--dry-run", action="store_true", help=_("look at every row, and change nothing"))
    parser.add_argument("--report", metavar="CSV", help=_("write here what there is to say of rows"))
    parser.add_argument("--quiet", action="store_true", help=_("show no progress"))


def run(options: argparse.Namespace) -> int:
    data = DataDirectory(Path(options.data).absolute())
    if not options.dry_run:
        _require_server_data(data)
    open_django(data)
    from zonary.foundation.organizations.registry.files import open_registry

    file = open_registry(Path(options.file), name=Path(options.file).name, sheet=options.sheet)
    _tell_columns(file)
    if options.dry_run:
        return _try(file, options)
    return _import(file, data, options)


def _require_server_data(data: DataDirectory) -> None:
    if not data.path.is_dir():
        raise Error("There is no directory {path}.", path=str(data.path))
    if not (data.keys.is_dir() or data.database.exists()):
        raise Error(
            "{path} holds no server's data. Name the data directory with --data; the first zonary serve makes it.",
            path=str(data.path),
        )
    if data.path.stat().st_uid != os.geteuid():
        raise Error("{path} belongs to another user. Type this as the user who runs the server.", path=str(data.path))


def _tell_columns(file: RegistryFile) -> None:
    if file.columns.ignored:
        print(_("Columns that are not read: {names}", names="、".join(file.columns.ignored)))


def _try(file: RegistryFile, options: argparse.Namespace) -> int:
    """What an import would refuse."""
    from zonary.foundation.organizations.registry.files import batches
    from zonary.foundation.organizations.registry.report import report_on

    progress = RowProgress(file.rows, quiet=options.quiet)
    remarks = []
    for batch in batches(file, today=zone_date(now())):
        remarks += batch.remarks
        progress.count(batch.size)
    progress.finish()
    for remark in remarks[:_SHOWN]:
        _tell(remark.row, remark.column, say(remark.reason))
    _write(options.report, report_on(remarks, language()))
    sentence = "Nothing was changed. Of {rows} rows {refused} would be refused."
    print(_(sentence, rows=f"{file.rows:,}", refused=f"{len(remarks):,}"))
    return 1 if remarks else 0


def _import(file: RegistryFile, data: DataDirectory, options: argparse.Namespace) -> int:
    os.umask(0o077)
    from django.db import DatabaseError, connection

    from zonary.foundation.organizations.actions import AlreadyImportedError

    try:
        done = _run(file, data, options)
    except AlreadyImportedError as error:
        print(say(error))
        _write_earlier_report(file, options)
        return 0
    except DatabaseError as error:
        raise Error(
            "The database {path} cannot be used: {reason}.",
            path=str(data.database) if connection.vendor == "sqlite" else "PostgreSQL",
            reason=str(error).strip().rstrip("."),
        ) from error
    _tell_result(done, options)
    return 1 if done.refused else 0


def _write_earlier_report(file: RegistryFile, options: argparse.Namespace) -> None:
    from zonary.foundation.organizations.models import RegistryImport
    from zonary.foundation.organizations.registry.report import report_of

    _write(options.report, report_of(RegistryImport.objects.get(digest=file.digest, sheet=file.sheet), language()))


def _run(file: RegistryFile, data: DataDirectory, options: argparse.Namespace) -> RegistryImport:
    from zonary.config.zone import hold_clock, migrate
    from zonary.foundation.organizations.permissions import OPERATOR
    from zonary.foundation.organizations.registry.importing import run_import
    from zonary.foundation.organizations.standing import Standing

    with suppress(InUseError), locked(data):
        migrate()  # a server that runs has done so
    hold_clock()
    operator = Standing(person=OPERATOR)
    progress = RowProgress(file.rows, quiet=options.quiet)
    try:
        return run_import(
            file,
            source=options.source or file.name,
            data=data,
            by=lambda: operator,
            clock=now,
            told=lambda running: progress.at(running.created + running.changed + running.unchanged + running.refused),
        )
    finally:
        progress.finish()


def _tell_result(done: RegistryImport, options: argparse.Namespace) -> None:
    from zonary.foundation.organizations.models import RegistryRemark
    from zonary.foundation.organizations.registry.report import report_of

    reason = "reason_zh" if language() == "zh" else "reason_en"
    remarks = RegistryRemark.objects.filter(registry_import=done).order_by("row", "pk")
    for row, column, text in remarks.values_list("row", "column", reason)[:_SHOWN]:
        _tell(row, column, text)
    _write(options.report, report_of(done, language()))
    counts = {
        "created": f"{done.created:,}",
        "changed": f"{done.changed:,}",
        "unchanged": f"{done.unchanged:,}",
        "refused": f"{done.refused:,}",
    }
    print(_("Imported: {created} new, {changed} changed, {unchanged} unchanged, {refused} rows refused.", **counts))
    if remarks.exists() and not options.report:
        print(_("Add --report errors.csv, and the same command writes all there is to say of rows."))


def _tell(row: int, column: str, reason: str) -> None:
    print(_("row {row}, {column}: {reason}", row=row, column=column, reason=reason))


def _write(path: str | None, pieces: Iterable[bytes]) -> None:
    if path:
        with Path(path).open("wb") as file:
            file.writelines(pieces)

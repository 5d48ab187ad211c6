"""An import from its beginning to its end, as the command line and the server's own thread run it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError

from zonary.common.clock import zone_date
from zonary.common.language import Language
from zonary.common.tables import TableError
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.organizations.actions import registry as actions
from zonary.foundation.organizations.models import RegistryImport
from zonary.foundation.organizations.registry.files import Batch, RegistryFile, batches, digest_of
from zonary.foundation.organizations.registry.holding import only_import
from zonary.foundation.organizations.registry.report import report_of
from zonary.foundation.organizations.standing import Standing

_ATTEMPTS = 5
"""Of one batch: it is tried again when somebody founds an enterprise of it at the same moment."""


def run_import(
    file: RegistryFile,
    *,
    source: str,
    data: DataDirectory,
    by: Callable[[], Standing],
    clock: Callable[[], datetime],
    told: Callable[[RegistryImport], None] = lambda _running: None,
) -> RegistryImport:
    """Read ``file`` in, or go on with it, to the end.

    :param by: who does it, asked before each batch: somebody who may no longer do it stops in the middle.
    :param told: called after each batch.
    :raises ImportBusyError: when another import runs.
    :raises AlreadyImportedError: when all of it was read in before.
    :raises TableError: when the file is changed meanwhile.
    """
    with only_import(data):
        running = actions.begin_registry_import(file, source=source, by=by(), at=clock())
        told(running)
        # The day is that on which the import began, so that whoever goes on with it judges every row as before.
        for batch in batches(file, today=zone_date(running.begun_at), after=running.rows_done):
            running = _import(running, batch, by=by, clock=clock)
            told(running)
        if digest_of(file.path) != file.digest:
            raise TableError("The file was changed while it was read. Import it again; nothing is done twice.")
        report = actions.ReportDigests(zh=_report_digest(running, "zh"), en=_report_digest(running, "en"))
        return actions.finish_registry_import(running, report, by=by(), at=clock())


def _import(
    running: RegistryImport, batch: Batch, *, by: Callable[[], Standing], clock: Callable[[], datetime]
) -> RegistryImport:
    for attempt in range(_ATTEMPTS):
        try:
            return actions.import_registry(running, batch, by=by(), at=clock())
        except IntegrityError:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("the loop returns or raises")


def _report_digest(running: RegistryImport, language: Language) -> str:
    digest = hashlib.sha256()
    for piece in report_of(running, language):
        digest.update(piece)
    return digest.hexdigest()

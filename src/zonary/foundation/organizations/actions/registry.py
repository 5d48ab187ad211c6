"""Reading in a registry of enterprises: begun, batch by batch, and finished or stopped.

Each batch is one transaction with one entry, in which every enterprise that was listed or changed has an act of its
own. How far the import has come is written in the same transaction: killed at any moment, it goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from zonary.common.ids import new_id
from zonary.common.language import translate
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.errors import LedgerError
from zonary.foundation.ledger.recording import action, record, repeat
from zonary.foundation.organizations.actions.listing import _list_enterprises
from zonary.foundation.organizations.models import RegistryImport
from zonary.foundation.organizations.permissions import hold_standing, require_may_import_registry
from zonary.foundation.organizations.registry.events import RegistryImportBegun, RegistryImported, RegistryImportStopped
from zonary.foundation.organizations.registry.files import Batch, RegistryFile
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error

_State = RegistryImport.State


class AlreadyImportedError(LedgerError):
    """This very file was read in before."""


class OvertakenError(LedgerError):
    """Somebody else goes on with the same import."""


@action
def begin_registry_import(file: RegistryFile, *, source: str, by: Standing, at: datetime) -> RegistryImport:
    """Begin to read ``file`` in, or go on with it where it was interrupted.

    :param source: who keeps the registry, such as 市场监督管理局.
    :raises AlreadyImportedError: when all of it was read in.
    """
    hold_standing(by, at=at)
    require_may_import_registry(by)
    rows = RegistryImport.objects.filter(digest=file.digest, sheet=file.sheet)
    known = rows.first()
    if known is not None and known.state == _State.DONE:
        raise AlreadyImportedError(
            "This file was imported on {day} already, as “{name}”; nothing was changed.",
            day=f"{known.finished_at or known.begun_at:%Y-%m-%d %H:%M} UTC",
            name=known.file_name,
        )
    if known is not None and known.state == _State.RUNNING:
        repeat([str(known.act)])
        return known
    public_id = str(known.public_id) if known is not None else new_id(at)
    event = RegistryImportBegun(
        file_sha256=file.digest,
        sheet=file.sheet,
        source=source,
        rows=file.rows,
        after_row=known.rows_done if known is not None else 1,
    )
    act = record(event, by=by, about=public_id, at=at).public_id
    begun = {"act": act, "begun_by": by.actor_id, "begun_for": by.organisation_id, "state": _State.RUNNING}
    if known is not None:
        rows.update(**begun, problem_zh="", problem_en="")
        return rows.get()
    return RegistryImport.objects.create(
        public_id=public_id,
        digest=file.digest,
        sheet=file.sheet,
        file_name=file.name[:200],
        source=source[:120],
        rows=file.rows,
        begun_at=at,
        **begun,
    )


@action
def import_registry(running: RegistryImport, batch: Batch, *, by: Standing, at: datetime) -> RegistryImport:
    """List the enterprises of one batch, which comes right after what was done of ``running``; how it stands now.

    :raises OvertakenError: when it does not, because somebody else has gone on with it.
    """
    hold_standing(by, at=at)
    require_may_import_registry(by)
    done = _list_enterprises(running, batch, by=by, at=at)
    still = RegistryImport.objects.filter(pk=running.pk, state=_State.RUNNING, rows_done=running.rows_done)
    moved = still.update(
        rows_done=batch.last_row,
        created=F("created") + done.created,
        changed=F("changed") + done.changed,
        unchanged=F("unchanged") + done.unchanged,
        refused=F("refused") + len(batch.remarks),
    )
    if not moved:
        raise OvertakenError("Somebody else goes on with this import; this one ends, and nothing was done twice.")
    if not done.created + done.changed:
        repeat([str(running.act)])  # what the batch found is part of what the import will say at its end
    running.refresh_from_db()
    return running


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDigests:
    """SHA-256, in hexadecimal digits, of the report on the rows, in each language."""

    zh: str
    en: str


@action
def finish_registry_import(
    running: RegistryImport, report: ReportDigests, *, by: Standing, at: datetime
) -> RegistryImport:
    """Say that every row was looked at, and what became of them.

    :raises OvertakenError: when it has ended already.
    """
    hold_standing(by, at=at)
    require_may_import_registry(by)
    still = RegistryImport.objects.filter(pk=running.pk, state=_State.RUNNING, rows_done=running.rows_done)
    if not still.update(state=_State.DONE, finished_at=at):
        raise OvertakenError("Somebody else goes on with this import; this one ends, and nothing was done twice.")
    running.refresh_from_db()
    event = RegistryImported(
        created=running.created,
        changed=running.changed,
        unchanged=running.unchanged,
        refused=running.refused,
        report_zh_sha256=report.zh,
        report_en_sha256=report.en,
    )
    record(event, by=by, about=str(running.public_id), at=at)
    return running


@action
def stop_registry_import(running: RegistryImport, problem: Error, *, by: Actor, at: datetime) -> None:
    """Say that the import cannot go on, and why. What it did stays; who imports the file again goes on from there."""
    told = {"problem_zh": translate(problem.msgid, "zh", problem.params)[:600], "problem_en": str(problem)[:600]}
    RegistryImport.objects.filter(pk=running.pk, state=_State.RUNNING).update(state=_State.STOPPED, **told)
    event = RegistryImportStopped(after_row=running.rows_done, reason=told["problem_en"])
    record(event, by=by, about=str(running.public_id), at=at)

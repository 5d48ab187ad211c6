"""Imports of registries that officers began on a page: read in by a thread of the main process, one at a time.

What to do stands in the database, so a server that was stopped goes on with it when it is started again.
"""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from django.db import DatabaseError, connection

from zonary.common.clock import ClockInDoubtError, now
from zonary.foundation.accounts.models import Person
from zonary.foundation.ledger.actors import SYSTEM
from zonary.foundation.ledger.layout import DataDirectory
from zonary.foundation.organizations.actions import AlreadyImportedError, stop_registry_import
from zonary.foundation.organizations.models import RegistryImport
from zonary.foundation.organizations.permissions import OPERATOR
from zonary.foundation.organizations.queries import as_uuid, standing_of
from zonary.foundation.organizations.registry.files import open_registry
from zonary.foundation.organizations.registry.holding import ImportBusyError
from zonary.foundation.organizations.registry.importing import run_import
from zonary.foundation.organizations.registry.uploads import forget_upload, outdated_uploads, upload_of
from zonary.foundation.organizations.standing import Standing
from zonary.proof.errors import Error

PAUSE_SECONDS = 1.0
_log = logging.getLogger("zonary.server")


class _Stopping(Exception):
    """The server stops; the import goes on when it is started again."""


class RegistryJobs(threading.Thread):
    """Reads in what was begun and whose file is here, until ``stopping``."""

    def __init__(self, data: DataDirectory, stopping: threading.Event) -> None:
        super().__init__(name="registry", daemon=True)
        self._data = data
        self._stopping = stopping

    def run(self) -> None:
        try:
            while not self._stopping.wait(PAUSE_SECONDS):
                self._attempt()
        finally:
            connection.close()

    def _attempt(self) -> None:
        try:
            for running in RegistryImport.objects.filter(state=RegistryImport.State.RUNNING).order_by("pk"):
                self._import(running)
            for path in outdated_uploads(self._data, now()):
                path.unlink(missing_ok=True)
        except (ImportBusyError, ClockInDoubtError, _Stopping):
            return  # another runs, on this machine or another; or time to stop
        except (DatabaseError, OSError) as error:
            _log.warning("an import of a registry waits: %s", error)
            connection.close()

    def _import(self, running: RegistryImport) -> None:
        path = upload_of(self._data, running.digest)
        if path is None:
            return
        try:
            file = open_registry(path, name=running.file_name, sheet=running.sheet)
            run_import(
                file,
                source=running.source,
                data=self._data,
                by=lambda: _standing(running, now()),
                clock=now,
                told=self._told,
            )
        except AlreadyImportedError:
            pass
        except (ImportBusyError, ClockInDoubtError):
            raise
        except Error as error:
            running.refresh_from_db()
            stop_registry_import(running, error, by=SYSTEM, at=now())
        forget_upload(self._data, running.digest)

    def _told(self, _running: RegistryImport) -> None:
        if self._stopping.is_set():
            raise _Stopping


def _standing(running: RegistryImport, at: datetime) -> Standing:
    """As whom it goes on: whoever began it, as they stand now."""
    if running.begun_by == OPERATOR:
        return Standing(person=OPERATOR)
    person = Person.objects.filter(public_id=as_uuid(running.begun_by)).first()
    if person is None:
        return Standing(person=running.begun_by, organisation=running.begun_for)
    return standing_of(person, running.begun_for, at=at)

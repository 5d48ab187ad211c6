"""What the doctor looks at beside the ledger: for the command, and for the first page of the system administrator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from zonary.config.backup.last import check_backup
from zonary.config.clock_watch import check_sources
from zonary.config.outward import check_outward, check_settings
from zonary.foundation.ledger.checkup import Finding
from zonary.foundation.ledger.checkup.certificate_signing import check_certificate_signer
from zonary.foundation.ledger.layout import DataDirectory
from zonary.services.evidence.capture.tasks.machine import check_capture
from zonary.services.evidence.tasks.checkup import check_timestamps

FURTHER_CHECKS: Mapping[str, Callable[[DataDirectory, datetime], Iterable[Finding]]] = {
    "backup": check_backup,
    "capture": lambda _data, _at: check_capture(),
    "clock-sources": check_sources,
    "certificates": check_certificate_signer,
    "timestamps": lambda _data, _at: check_timestamps(),
    "settings": lambda _data, _at: check_settings(),
    "outward": lambda _data, _at: check_outward(),
}
"""Name -> check, in the order they are told."""

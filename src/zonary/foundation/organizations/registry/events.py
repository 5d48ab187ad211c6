"""What an import of a registry leaves in the ledger: that it began and ended, and each enterprise it named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryImportBegun(Event):
    """A file of enterprises began to be read in. ``rows`` are those after row ``after_row``: it may be gone on with."""

    kind: ClassVar[str] = "organizations.registry-import.begun"
    file_sha256: str
    sheet: str
    source: str
    rows: int
    after_row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseListed(Event):
    """A registry's file named ``enterprise``, in ``row``; ``before`` is empty when it was not known before."""

    kind: ClassVar[str] = "organizations.enterprise.listed"
    enterprise: str
    uscc: str
    row: int
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryImported(Event):
    """All rows of the file were looked at. The digests are of the reports, as they are handed out."""

    kind: ClassVar[str] = "organizations.registry-import.finished"
    created: int
    changed: int
    unchanged: int
    refused: int
    report_zh_sha256: str
    report_en_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryImportStopped(Event):
    """The import could not go on after ``after_row``."""

    kind: ClassVar[str] = "organizations.registry-import.stopped"
    after_row: int
    reason: str

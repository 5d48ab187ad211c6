"""What accepting the notice leaves in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.act_labels import Label, Labels, Shape
from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportNoticeAccepted(Event):
    """Before the record or dossier this is about went to a ``receiver`` abroad, the notice with the SHA-256 ``notice``
    was accepted. ``share`` is the public id of the share it was accepted for, or empty: for a package taken along."""

    kind: ClassVar[str] = "exporting.notice.accepted"
    receiver: str
    notice: str
    edition: str
    share: str


RECEIVERS = {
    "authority": "a foreign court, or judicial or law-enforcement body",
    "abroad": "somebody else abroad",
}

FIELDS: Labels = {
    "receiver": Label("Receiver", words=RECEIVERS),
    "notice": Label("SHA-256 of the notice", Shape.CODE),
    "edition": Label("Version of the notice"),
    "share": Label("Number of the sharing", Shape.CODE),
}
"""What the fields of these events are called."""

HAPPENINGS = {ExportNoticeAccepted.kind: "The notice before evidence goes abroad was accepted"}
"""Kind of event -> the sentence that names it in lists of receipts."""

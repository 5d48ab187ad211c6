"""The notice, its version, and for whom it is; no database, no clock.

What it says of the law comes from notes that have yet to be confirmed against the official texts (数据安全法 art. 36;
国令第801号), which is why it says so itself and tells people to ask a lawyer.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum

from zonary.proof import canonical
from zonary.proof.errors import Error
from zonary.services.evidence.exporting.words import WORDS


class Receiver(StrEnum):
    """Who is to get the evidence, as whoever hands it over says."""

    HOME = "home"
    AUTHORITY = "authority"  # 外国司法或者执法机构
    ABROAD = "abroad"


NEEDS_NOTICE = frozenset((Receiver.AUTHORITY, Receiver.ABROAD))
VERSION = "2026-11"
"""Of the text; a letter that changes makes another."""
TEXT: tuple[str, ...] = (
    (
        "You are about to hand evidence to somebody abroad. Please read this first. It is information and no "
        "legal advice: have a lawyer, yours or the zone’s, confirm it before you act."
    ),
    (
        "Data Security Law of the People’s Republic of China (数据安全法), article 36: as it is understood here, "
        "nobody in China may provide data stored in China to a foreign judicial or law-enforcement body "
        "without the approval of the competent Chinese authority. To be confirmed against the official text."
    ),
    (
        "Provisions of the State Council on Handling Foreign-related Intellectual Property Disputes "
        "(国务院关于处理涉外知识产权纠纷的规定, 国令第801号, in force since 2025-05-01): "
        "as they are understood here, they regulate how evidence and related material is provided abroad in such "
        "disputes. To be confirmed against the official text."
    ),
    (
        "Other rules may apply, such as those on state secrets, trade secrets, personal information and "
        "technology that may not be exported."
    ),
    (
        "Nobody here has examined whether any of this applies to you, or whether an approval was given. The "
        "record is ready for examination, and nothing more: what a body abroad makes of it is for that body "
        "to decide."
    ),
    (
        "By accepting you say that you have read this, and that you see to the approvals that are needed "
        "yourself. That you accepted is put on record: who, when, for which record, for which kind of "
        "receiver, and the digest of this text. You need not accept: then it is not handed over this way, and"
        " everything else stays as it is."
    ),
)
"""One paragraph each; every one has its Chinese."""


def notice_text() -> bytes:
    """The text in both languages with its version: canonical JSON. Whoever has it compares it with the digest."""
    return canonical.encode({"version": VERSION, "en": list(TEXT), "zh": [WORDS[each] for each in TEXT]})


DIGEST = hashlib.sha256(notice_text()).hexdigest()
"""What is accepted is the text with this SHA-256."""


def needs_notice(receiver: str) -> bool:
    return receiver in NEEDS_NOTICE


class ExportNoticeError(Error):
    """The notice has to be accepted first, as it is now."""


def require_notice(receiver: str, notice: str) -> None:
    """:raises ExportNoticeError: when the receiver is abroad, and not the text of now was accepted."""
    if needs_notice(receiver) and notice != DIGEST:
        raise ExportNoticeError(
            "Before this goes abroad the export notice has to be read and accepted. Its text and digest stand at "
            "/api/v1/evidence/export-notice; send the digest as export_notice."
        )

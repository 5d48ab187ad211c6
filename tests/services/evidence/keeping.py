"""Trade secrets as people keep them, for the tests of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.foundation.documents.arriving import age_file, bring

TITLE, POINT = "轴承渗碳工艺（虚构）", "第三段保温 930 度，恰 41 分钟"
TEXT = "甲方向乙方开放商业秘密，乙方不得披露、使用或允许他人使用。"


def agreement(by: Any, at: Any) -> str:
    from zonary.services.evidence.secrets.actions import issue_agreement

    return str(issue_agreement("保密协议", TEXT, by=by, at=at).public_id)


def keep_record(by: Any, at: Any, *, number: int = 7, title: str = TITLE, point: str = POINT) -> str:
    """A secret of which only digests are here."""
    from tests.filled_zone import register_evidence  # which imports this

    from zonary.services.evidence.secrets.actions import register_secret

    record = register_evidence(by, number, at)
    made = register_secret("record", record, title=title, marking="core", point=point, by=by, at=at)
    return str(made.public_id)


def keep_document(by: Any, at: Any) -> tuple[str, str]:
    """A secret that is ciphertext here, and its document."""
    from zonary.services.evidence.secrets.actions import register_secret

    document = str(bring(by, age_file(600, "X25519"), at=at, filename="工艺.pdf.age").document.public_id)
    made = register_secret("document", document, title=TITLE, marking="ordinary", by=by, at=at)
    return str(made.public_id), document


def name(secret: str, who: Any, *, by: Any, at: Any, text: str = "", called: str = "") -> str:
    """Let ``who`` see it once they accept; public id of the access."""
    from zonary.services.evidence.secrets.actions import grant_access

    text = text or agreement(by, at)
    until = (at + timedelta(days=30)).date()
    made = grant_access(secret, person=who.person, name=called, agreement=text, until=until, by=by, at=at)
    return str(made.public_id)


def accept(secret: str, *, by: Any, at: Any) -> None:
    from zonary.proof.digests import digests_of
    from zonary.services.evidence.secrets.actions import accept_agreement

    accept_agreement(secret, shown=digests_of(TEXT.encode()).sha256.hex(), by=by, at=at)

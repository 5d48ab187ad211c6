"""Whom answers tell: the holder of the document. No notice says who answered: mails are read by others, too."""

from __future__ import annotations

from zonary.foundation.ledger.notices import Notice, named
from zonary.foundation.ledger.watching import Happening


def _document(happening: Happening) -> str:
    return happening.about


def _pool(happening: Happening) -> str:
    return happening.text("pool")


def _notice(sentence: str) -> tuple[Notice, ...]:
    return (
        Notice(
            sentence=sentence, to=named("holder"), names=_pool, page="documents:document", argument=_document,
            many="documents:list", roles=("owner", "agent"),
        ),
    )  # fmt: skip


NOTICES: dict[str, tuple[Notice, ...]] = {
    "reviews.review.accepted": _notice("A member of {organisation} accepted your invitation to review."),
    "reviews.review.declined": _notice("A member of {organisation} declined your invitation to review."),
    "reviews.review.recused": _notice("A member of {organisation} stands aside from your review. The reason is there."),
}

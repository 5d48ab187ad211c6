"""Whom deadlines tell. What they are about is on the first page of officers and of who waits, by how late it is."""

from __future__ import annotations

from zonary.foundation.ledger.notices import Notice, named, officers

NOTICES: dict[str, tuple[Notice, ...]] = {
    "deadlines.deadline.neared": (
        Notice(sentence="A deadline is near. Your first page says of what.", to=officers, page="start"),
    ),
    "deadlines.deadline.missed": (
        Notice(sentence="A deadline was missed. Your first page says of what.", to=officers, page="start"),
        Notice(
            sentence="The zone missed the day by which it owed you an answer. Its officers were told, too.",
            to=named("awaited_by"), page="start",
        ),
    ),
}  # fmt: skip

"""How far an entry of a log has come: what a receipt may say now, and no more."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """How far a piece of evidence has come; each includes those before it."""

    RECORDED = "recorded"
    SEQUENCED = "sequenced"
    PUBLISHED = "published"


def stage_of(*, index: int | None, published: int) -> Stage:
    """:param index: place in the log, if it has one; :param published: entries under the published checkpoint."""
    if index is None:
        return Stage.RECORDED
    return Stage.PUBLISHED if index < published else Stage.SEQUENCED

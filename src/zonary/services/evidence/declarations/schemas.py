"""What goes in and out over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta
from pydantic import BaseModel

from zonary.common.clock import rfc3339
from zonary.common.json_body import Body
from zonary.common.plain_text import day_of, is_day
from zonary.proof.statement import Statement
from zonary.services.evidence.declarations.models import Declaration
from zonary.services.evidence.declarations.rules import MAX_TEXT, MAX_WHO, Said, Topic


class DeclarationIn(Body, frozen=True):
    """What you say of a record: nobody checks it. `replaces` is the id of an earlier declaration that it corrects."""

    topic: Annotated[str, Meta(extra_json_schema={"enum": list(Topic)})]
    text: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]
    who: Annotated[str, Meta(max_length=MAX_WHO)] = ""
    happened_on: str | None = None
    replaces: str = ""

    def misfit(self) -> str | None:
        if self.topic not in set(Topic):
            return "there is no such topic"
        if not is_day(self.happened_on):
            return "happened_on is a day: YYYY-MM-DD"
        return None if self.said().is_plain() else "texts can be read, with nothing hidden in them"

    def said(self) -> Said:
        return Said(topic=self.topic, text=self.text, who=self.who, happened_on=day_of(self.happened_on))


class DeclarationOut(BaseModel):
    """`replaced_by` is the id of the declaration that took its place. `receipt` is the id of the act."""

    id: str
    topic: str
    text: str
    who: str
    happened_on: str | None
    replaces: str | None
    replaced_by: str | None
    declared_at: datetime
    receipt: str


class OriginOut(BaseModel):
    """What the statement of a record says of where it came from (specs/origin.md), as it stands there.

    `declared` is the holder's word: `origin.stated` a person's, `origin.reported` that of the program or browser on
    their machine. `observed` is what this service wrote there when it made the statement itself. Both are null where
    the statement is not here. Nothing of it was checked.
    """

    declared: dict[str, Any] | None
    observed: dict[str, Any] | None


class DeclarationsOut(BaseModel):
    """Oldest first. Declared by the holder, not checked."""

    items: list[DeclarationOut]


def declaration_out(each: Declaration, replaced_by: Declaration | None = None) -> dict[str, object]:
    return {
        "id": str(each.public_id),
        "topic": each.topic,
        "text": each.text,
        "who": each.who,
        "happened_on": None if each.happened_on is None else each.happened_on.isoformat(),
        "replaces": None if each.replaces is None else str(each.replaces),
        "replaced_by": None if replaced_by is None else str(replaced_by.public_id),
        "declared_at": rfc3339(each.declared_at),
        "receipt": str(each.entry),
    }


def origin_out(statement: Statement | None) -> dict[str, object]:
    if statement is None:
        return {"declared": None, "observed": None}
    return {"declared": dict(statement.declared), "observed": dict(statement.observed)}

"""An act: something somebody did here, written as a salted statement of class ``act``.

Its canonical bytes (RFC 8785) are ``{"about", "actor", "body", "class": "act", "kind", "organisation", "recorded_at",
"salt", "version": "zonary-act/1"}``; ``body`` holds the event's own fields and ``event_version``. Body and salt are
what is kept beside the entry: with both, anyone can make the statement again and find its digests in the leaf.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar

from zonary.common.clock import rfc3339
from zonary.foundation.ledger.actors import Actor
from zonary.proof import canonical
from zonary.proof.act import ACT_VERSION
from zonary.proof.canonical import Json
from zonary.proof.digests import digests_of
from zonary.proof.leaf import ACT, encode_leaf

SALT_SIZE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened; each kind is a subclass whose fields hold strings, integers, booleans, lists and maps.

    ``kind`` never changes once released; a change of the fields is a new ``version``.
    """

    kind: ClassVar[str]
    version: ClassVar[int] = 1


def act_body(event: Event) -> bytes:
    """The canonical bytes of the event's own fields."""
    return canonical.encode({**asdict(event), "event_version": event.version})


def act_statement(
    *, kind: str, body: bytes, salt: bytes, by: str, organisation: str, about: str, at: datetime
) -> bytes:
    """The statement of an act; its digests are what the log holds."""
    value: dict[str, Json] = {
        "about": about,
        "actor": by,
        "body": canonical.decode(body, "the body of an act"),
        "class": ACT,
        "kind": kind,
        "organisation": organisation,
        "recorded_at": rfc3339(at),
        "salt": salt.hex(),
        "version": ACT_VERSION,
    }
    return canonical.encode(value)


def act_leaf(event: Event, body: bytes, salt: bytes, *, by: Actor, about: str, at: datetime) -> bytes:
    """The leaf of class ``act`` for ``event``."""
    statement = act_statement(
        kind=event.kind,
        body=body,
        salt=salt,
        by=by.actor_id,
        organisation=by.organisation_id,
        about=about,
        at=at,
    )
    return encode_leaf(ACT, digests_of(statement))

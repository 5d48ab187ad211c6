from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zonary.foundation.ledger.acts import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelsChosen(Event):
    """A person said how they want to be told: of each kind of happening, and of all others under ``""``.

    Their handle at the gateway is theirs, and stands in its row alone.
    """

    kind: ClassVar[str] = "inbox.channels.chosen"
    mailing: dict[str, str]
    by_messenger: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxForgotten(Event):
    """The ``count`` messages of an erased person, and how they wanted to be told, are gone."""

    kind: ClassVar[str] = "inbox.inbox.forgotten"
    count: int

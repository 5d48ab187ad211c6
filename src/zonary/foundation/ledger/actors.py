"""Who acts. The rooms above have people and organisations; the ledger only needs their public names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Whoever is answerable for an entry. Both ids are public and pseudonymous, at most 96 characters."""

    @property
    def actor_id(self) -> str: ...

    @property
    def organisation_id(self) -> str:
        """The organisation acted for, or an empty string."""
        ...


def holder_of(actor: Actor) -> str:
    """Whose things what ``actor`` makes are: the organisation's acted for, else their own."""
    return actor.organisation_id or actor.actor_id


def key_space(actor: Actor) -> str:
    """Within which an idempotency key means one thing: what somebody does for one organisation, or for themselves.

    Only people act for organisations, and both have ids of 36 characters.
    """
    return f"{actor.actor_id}/{actor.organisation_id}" if actor.organisation_id else actor.actor_id


@dataclass(frozen=True, slots=True)
class NamedActor:
    """An actor by name alone: the program itself, or the holder of an access token."""

    actor_id: str
    organisation_id: str = ""


SYSTEM = NamedActor("system")
"""What the server does by itself, such as issuing the first access token."""

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


@dataclass(frozen=True, slots=True)
class NamedActor:
    """An actor by name alone: the program itself, or the holder of an access token."""

    actor_id: str
    organisation_id: str = ""


SYSTEM = NamedActor("system")
"""What the server does by itself, such as issuing the first access token."""

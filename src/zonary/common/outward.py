"""The connections this program makes to other machines, each named by the part that makes it.

None is made by itself: each waits for a setting, or for somebody who asks for it. ``zonary doctor`` lists them all, and
a test watches that a server without settings makes none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zonary.proof.errors import Noun


@dataclass(frozen=True, slots=True)
class OutwardConnection:
    """One kind of connection.

    :ivar name: a short name that never changes, such as ``mail``.
    :ivar what: what it is for, as a person reads it.
    :ivar targets: where it goes now, as ``host:port`` or host; nothing while it is off.
    """

    name: str
    what: Noun
    targets: Callable[[], list[str]]


_connections: dict[str, OutwardConnection] = {}


def name_outward(connection: OutwardConnection) -> None:
    """To be called when the part is loaded; a name named again takes the place of the one before."""
    _connections[connection.name] = connection


def outward_connections() -> list[OutwardConnection]:
    """All that were named, by their names."""
    return [_connections[name] for name in sorted(_connections)]

"""Which events tell whom: each app names its own in one table (``NOTICES``), gathered when the application starts.

Nothing here knows people or tables. Whom a holder stands for, and by what they want to be told, is known above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from zonary.foundation.ledger.watching import Happening

OFFICERS = "officers"
"""In place of a public id: the zone authority."""

Recipients = Callable[[Happening], Iterable[str]]
"""Public ids of people and organisations, or :data:`OFFICERS`; what is neither is passed over."""


def about(happening: Happening) -> Iterable[str]:
    """Whom it happened to."""
    return (happening.about,)


def officers(_happening: Happening) -> Iterable[str]:
    return (OFFICERS,)


def actor(happening: Happening) -> Iterable[str]:
    """Whoever began it: of long work they are told that it has ended."""
    return (happening.actor,)


def named(field: str) -> Recipients:
    """Who is named in this field of the event."""
    return lambda happening: (happening.text(field),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """That an event tells somebody.

    :param sentence: English, of the catalogue; may name ``{organisation}``, whoever ``names`` says.
    :param to: whom.
    :param names: public id of the organisation that is named; without it that for which was acted.
    :param when: of which events of this kind; all without it.
    :param page: the name of the address where one reads on.
    :param argument: what stands in that address, if anything does.
    :param many: the page where one reads on when there are several at once.
    :param roles: of an organisation's members, who is told; empty: all.
    :param is_security: cannot be switched off.
    :param is_mailed: False for what another part of the program mails by itself.
    :param by_default: whether it is mailed to who has not chosen.
    :param tells_actor: whether whoever did it is told, too.
    """

    sentence: str
    to: Recipients
    names: Callable[[Happening], str] | None = None
    when: Callable[[Happening], bool] | None = None
    page: str = ""
    argument: Callable[[Happening], str] | None = None
    many: str = ""
    roles: tuple[str, ...] = ()
    is_security: bool = False
    is_mailed: bool = True
    by_default: bool = True
    tells_actor: bool = False


NOTICES: dict[str, tuple[Notice, ...]] = {}
"""Kind of event -> whom it tells; a row in somebody's inbox knows its notice by kind and place."""


def name_notices(notices: Mapping[str, tuple[Notice, ...]]) -> None:
    """Add an app's own. Never take one away from a tuple, or change their order: inboxes refer to them."""
    NOTICES.update(notices)


def notice_of(kind: str, place: int) -> Notice | None:
    """None when a later release has none there."""
    known = NOTICES.get(kind, ())
    return known[place] if place < len(known) else None

"""What waits for somebody: shown on their home page. Whatever people have to decide adds a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zonary.common.clock import now
from zonary.common.language import _
from zonary.foundation.facts.queries import disputes_to_answer
from zonary.foundation.organizations.claims.queries import claims_waiting
from zonary.foundation.organizations.queries import corrections_waiting
from zonary.foundation.organizations.standing import Standing
from zonary.foundation.rules.queries import drafts_waiting
from zonary.portal.navigation import address_of
from zonary.services.evidence.secrets.queries import leavers_waiting
from zonary.services.incentives.grants.queries import grants_to_answer
from zonary.services.incentives.matching.queries import promises_to_check


@dataclass(frozen=True, slots=True)
class Waiting:
    """A kind of thing that waits.

    :param name: an English sentence of the catalogue; how many there are is shown beside it.
    :param url_name: the page where it is done; without arguments.
    :param count: how many wait for this reader.
    """

    name: str
    url_name: str
    count: Callable[[Standing], int]


KINDS: tuple[Waiting, ...] = (
    Waiting("Disputes to answer", "facts:disputes", lambda reader: disputes_to_answer(reader).count()),
    Waiting("Corrections to decide", "receipts:waiting", lambda reader: corrections_waiting(reader).count()),
    Waiting("Claims to decide", "claims:list", lambda reader: claims_waiting(reader).count()),
    Waiting("Rule packs to review and release", "rules:drafts", lambda reader: drafts_waiting(reader).count()),
    Waiting("Promises to look at", "matching:promises", lambda reader: promises_to_check(reader).count()),
    Waiting("Grants to answer", "grants:list", lambda reader: grants_to_answer(reader).count()),
    Waiting("Leavers to check", "secrets:leavers", lambda reader: len(leavers_waiting(reader, at=now()))),
)


@dataclass(frozen=True, slots=True)
class Task:
    """A line of the home page, in the reader's language."""

    name: str
    address: str
    count: int


def tasks(reader: Standing) -> Iterator[Task]:
    """What waits for ``reader``; nothing is said of what does not."""
    for kind in KINDS:
        address = address_of(kind.url_name)
        if address and (count := kind.count(reader)):
            yield Task(_(kind.name), address, count)

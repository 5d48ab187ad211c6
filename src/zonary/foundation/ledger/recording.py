"""The only way a change leaves evidence: an entry, written in the change's own transaction.

``@action`` opens the transaction; an action that recorded nothing is undone, so there is no change without evidence.
``record`` outside a transaction is refused, and an entry disappears with the change it belongs to when that is undone,
so there is no evidence without the change.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from zonary.common.ids import new_ids
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.acts import SALT_SIZE, Event, act_body, act_leaf
from zonary.foundation.ledger.errors import UnrecordedChangeError
from zonary.foundation.ledger.models import Entry, EntryBody, Pending
from zonary.foundation.ledger.rows import Value, insert, reserve_ids
from zonary.proof.leaf import ACT

P = ParamSpec("P")
R = TypeVar("R")

_ENTRY_COLUMNS = (
    "id", "public_id", "kind", "version", "leaf_class", "actor", "organisation", "about", "idempotency_key", "leaf",
    "recorded_at",
)  # fmt: skip

_evidence: ContextVar[list[str] | None] = ContextVar("evidence_of_this_action", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry about to be recorded.

    :param leaf: the bytes that will stand in the log.
    :param body: what the leaf commits to; with ``salt``, enough to make the committed bytes again.
    :param idempotency_key: unique for an actor; None for entries that may repeat.
    """

    kind: str
    version: int
    leaf_class: str
    leaf: bytes
    body: bytes
    salt: bytes
    about: str = ""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry just recorded. It is in the log as soon as its transaction is committed and the sequencer comes by."""

    public_id: str
    leaf: bytes
    recorded_at: datetime


def action(function: Callable[P, R]) -> Callable[P, R]:
    """A write that leaves evidence or does not happen.

    An action inside another joins its transaction and must record for itself. One that finds its work done already
    says so with :func:`repeat`.

    :raises UnrecordedChangeError: when ``function`` returned without recording; everything it did is undone.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        evidence: list[str] = []
        is_outermost = _evidence.get() is None
        token = _evidence.set(evidence)
        try:
            with transaction.atomic(savepoint=False, durable=is_outermost):
                result = function(*args, **kwargs)
                if not evidence:
                    raise UnrecordedChangeError(f"{function.__qualname__} changed something and recorded nothing.")
                return result
        finally:
            _evidence.reset(token)

    run.is_action = True  # type: ignore[attr-defined]  # looked at by tests/architecture
    return run


def record(event: Event, *, by: Actor, at: datetime, about: str = "") -> Recorded:
    """Record that ``event`` happened, in the caller's transaction.

    :param about: public id of what it happened to.
    :raises UnrecordedChangeError: outside a transaction.
    """
    body, salt = act_body(event), secrets.token_bytes(SALT_SIZE)
    leaf = act_leaf(event, body, salt, by=by, about=about, at=at)
    draft = Draft(kind=event.kind, version=event.version, leaf_class=ACT, leaf=leaf, body=body, salt=salt, about=about)
    return record_many([draft], by=by, at=at)[0]


def record_many(drafts: Sequence[Draft], *, by: Actor, at: datetime) -> list[Recorded]:
    """Record ``drafts``, in order, in the caller's transaction: all of them, or with the transaction none.

    :raises UnrecordedChangeError: outside a transaction.
    :raises django.db.IntegrityError: when the actor has used an idempotency key before.
    """
    if not connection.in_atomic_block:
        raise UnrecordedChangeError("Something was recorded outside a transaction.")
    numbers = reserve_ids(Entry, len(drafts))
    recorded = [Recorded(name, d.leaf, at) for name, d in zip(new_ids(len(drafts), at), drafts, strict=True)]
    insert(Entry, _ENTRY_COLUMNS, _entry_rows(numbers, recorded, drafts, by, at))
    insert(
        EntryBody,
        ("entry_id", "body", "salt"),
        ((number, draft.body, draft.salt) for number, draft in zip(numbers, drafts, strict=True)),
    )
    # The outbox. Deleted by the sequencer in the transaction that gives the entry its index; a crash at any moment
    # leaves each entry either here or there.
    insert(Pending, ("entry_id",), ((number,) for number in numbers))
    evidence = _evidence.get()
    if evidence is not None:
        evidence.extend(entry.public_id for entry in recorded)
    return recorded


def _entry_rows(
    numbers: Sequence[int], recorded: Sequence[Recorded], drafts: Sequence[Draft], by: Actor, at: datetime
) -> list[tuple[Value, ...]]:
    moment = connection.ops.adapt_datetimefield_value(at)
    native = connection.features.has_native_uuid_field
    actor, organisation = by.actor_id, by.organisation_id
    return [
        (
            number,
            entry.public_id if native else entry.public_id.replace("-", ""),
            draft.kind,
            draft.version,
            draft.leaf_class,
            actor,
            organisation,
            draft.about,
            draft.idempotency_key,
            draft.leaf,
            moment,
        )
        for number, entry, draft in zip(numbers, recorded, drafts, strict=True)
    ]


def repeat(public_ids: Sequence[str]) -> None:
    """Say that the present action is a repetition: these entries are its evidence already.

    :raises UnrecordedChangeError: outside an action, or when none is named.
    """
    evidence = _evidence.get()
    if evidence is None or not public_ids:
        raise UnrecordedChangeError("There is no action, or no entry, that this could repeat.")
    evidence.extend(public_ids)

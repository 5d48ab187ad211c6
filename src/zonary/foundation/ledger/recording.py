"""The only way a change leaves evidence: an entry, written in the change's own transaction.

``@action`` opens the transaction; an action that recorded nothing is undone, and a write outside one is refused
(:mod:`~zonary.foundation.ledger.guard`), so there is no change without evidence. ``record`` outside one is refused,
and an entry disappears with the change it belongs to when that is undone, so there is no evidence without the change.
"""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from zonary.common.ids import consecutive, distance, new_id
from zonary.foundation.ledger.actors import Actor, key_space
from zonary.foundation.ledger.acts import SALT_SIZE, Event, act_body, act_leaf
from zonary.foundation.ledger.errors import UnrecordedChangeError
from zonary.foundation.ledger.models import Entry, EntryBody, EntryKey, Pending
from zonary.foundation.ledger.packing import pack
from zonary.foundation.ledger.rows import Value, identifier, insert, insert_one, moment
from zonary.foundation.ledger.watching import Happening, tell
from zonary.proof.leaf import ACT

P = ParamSpec("P")
R = TypeVar("R")

_ENTRY_COLUMNS = (
    "public_id", "count", "kind", "version", "leaf_class", "actor", "organisation", "about", "leaves", "recorded_at",
)  # fmt: skip
MAX_LEAF_BYTES = 65535
"""What the length prefix of an entry bundle can say (C2SP tlog-tiles)."""
_MAX_REPEATED = 10_000
"""Entries one action may name as its evidence: as many as a batch has."""


class _Evidence:
    """What the open action has recorded so far.

    :ivar ids: entries written in its own transaction, which stand or fall with it, or that were there before.
    :ivar doubtful: entries written inside a savepoint, which may have been undone alone.
    :ivar has_written: whether it wrote to a table that asks for evidence.
    :ivar is_open: False from the end of its work on: a task that was begun in it and goes on records for nobody.
    """

    __slots__ = ("depth", "doubtful", "happened", "has_written", "ids", "is_open")

    def __init__(self, happened: list[tuple[int, Happening]]) -> None:
        """:param happened: what the outermost action has recorded; this one adds to it."""
        self.happened = happened
        self.ids: list[str] = []
        self.doubtful: list[str] = []
        self.is_open = True
        self.has_written = False
        self.depth = 0

    def add(self, public_id: str) -> None:
        (self.ids if _savepoints() == self.depth else self.doubtful).append(public_id)

    def stands(self) -> bool:
        return bool(self.ids) or Entry.objects.filter(public_id__in=self.doubtful).exists()

    def still_happened(self) -> list[Happening]:
        """Without what was recorded inside a savepoint and undone with it."""
        doubtful = {each.entry for depth, each in self.happened if depth > self.depth}
        if not doubtful:
            return [each for _depth, each in self.happened]
        found = Entry.objects.filter(public_id__in=doubtful).values_list("public_id", flat=True)
        undone = doubtful - set(map(str, found))
        return [each for _depth, each in self.happened if each.entry not in undone]


_evidence: ContextVar[_Evidence | None] = ContextVar("evidence_of_this_action", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An entry about to be recorded: one item, or a batch of them; ``leaves``, ``bodies``, ``salts`` have one each.

    :param leaves: the bytes that will stand in the log.
    :param bodies: what each leaf commits to; with its salt, enough to make the committed bytes again. Never empty,
        which would mean erased.
    :param keys: position -> idempotency key of that item, unique for an actor.
    """

    kind: str
    version: int
    leaf_class: str
    leaves: Sequence[bytes]
    bodies: Sequence[bytes]
    salts: Sequence[bytes]
    about: str = ""
    keys: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was just recorded; it is in the log as soon as its transaction is committed and the sequencer comes by.

    ``public_id`` is that of the first item.
    """

    public_id: str
    leaves: Sequence[bytes]
    recorded_at: datetime

    @property
    def leaf(self) -> bytes:
        """The leaf of the first item, which is all there is of an act."""
        return self.leaves[0]

    def ids(self) -> list[str]:
        """The public ids of all items, in order."""
        return consecutive(self.public_id, len(self.leaves))


def action(function: Callable[P, R]) -> Callable[P, R]:
    """A write that leaves evidence or does not happen.

    An action inside another joins its transaction and must record for itself. One that finds its work done already
    says so with :func:`repeat`.

    :raises UnrecordedChangeError: when ``function`` returned without recording, or after it caught an error of an inner
        action, with which all was lost; everything it did is undone.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return _run(functools.partial(function, *args, **kwargs), function.__qualname__, may_do_nothing=False)

    run.is_action = True  # type: ignore[attr-defined]  # looked at by tests/architecture
    return run


def recorded_if_changed(function: Callable[P, R]) -> Callable[P, R]:
    """For what a library decides, such as the account library's views: it may change nothing, and then records nothing.

    What it writes is written in one transaction with the entries that its signals' receivers record. The guard tells
    whether it wrote; tables that may be written without evidence do not count.

    :raises UnrecordedChangeError: when it wrote and nothing was recorded; everything it did is undone.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return _run(functools.partial(function, *args, **kwargs), function.__qualname__, may_do_nothing=True)

    return run


def recorded_once_begun(function: Callable[P, R]) -> Callable[P, R]:
    """Like :func:`recorded_if_changed`, but its transaction begins with :func:`begin_recording`.

    For what first takes its time, such as a password to be hashed or another server to be asked: meanwhile it must not
    hold up everybody who wants to write. What it writes before is refused.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with ExitStack() as stack:
            token = _waiting.set((stack, function.__qualname__))
            stack.callback(_waiting.reset, token)
            return function(*args, **kwargs)

    return run


def begin_recording() -> None:
    """Begin the transaction of the :func:`recorded_once_begun` that this is called in; again, or elsewhere: nothing."""
    waiting = _waiting.get()
    if waiting is not None and not is_recording():
        stack, name = waiting
        stack.enter_context(_recording(name, may_do_nothing=True))


_waiting: ContextVar[tuple[ExitStack, str] | None] = ContextVar("what_has_not_begun_to_record", default=None)


def _run(work: Callable[[], R], name: str, *, may_do_nothing: bool) -> R:
    with _recording(name, may_do_nothing=may_do_nothing):
        return work()


@contextmanager
def _recording(name: str, *, may_do_nothing: bool) -> Iterator[None]:
    is_outermost = not is_recording()
    outer = None if is_outermost else _evidence.get()
    evidence = _Evidence(outer.happened if outer else [])
    token = _evidence.set(evidence)
    try:
        with transaction.atomic(savepoint=False, durable=is_outermost):
            evidence.depth = _savepoints()
            yield
            if connection.needs_rollback:
                # Django would undo everything without a word, and the caller would hold a receipt for nothing.
                raise UnrecordedChangeError(f"{name} went on after an action inside it failed.")
            if not evidence.stands() and (evidence.has_written or not may_do_nothing):
                raise UnrecordedChangeError(f"{name} changed something and recorded nothing.")
            if is_outermost:
                tell(evidence.still_happened())
            evidence.is_open = False
    finally:
        _evidence.reset(token)


def note_write() -> None:
    """Told by the guard: the open action has written to a table that asks for evidence."""
    evidence = _evidence.get()
    if evidence is not None:
        evidence.has_written = True


def is_recording() -> bool:
    """Whether an action is open in this transaction, which will be undone unless it records.

    What runs after the commit (``on_commit``) and tasks that outlive the action are outside it.
    """
    evidence = _evidence.get()
    return evidence is not None and evidence.is_open and connection.in_atomic_block


def _savepoints() -> int:
    return sum(name is not None for name in connection.savepoint_ids)


def record(event: Event, *, by: Actor, at: datetime, about: str = "", key: str = "") -> Recorded:
    """Record that ``event`` happened, in the present action.

    :param about: public id of what it happened to.
    :param key: an idempotency key, unique for an actor.
    :raises UnrecordedChangeError: outside an action.
    """
    body, salt = act_body(event), secrets.token_bytes(SALT_SIZE)
    leaf = act_leaf(event, body, salt, by=by, about=about, at=at)
    draft = Draft(
        kind=event.kind,
        version=event.version,
        leaf_class=ACT,
        leaves=(leaf,),
        bodies=(body,),
        salts=(salt,),
        about=about,
        keys={0: key} if key else {},
    )
    recorded = record_draft(draft, by=by, at=at)
    note_happenings([event], recorded, by=by, about=about)
    return recorded


def note_happenings(events: Sequence[Event], recorded: Recorded, *, by: Actor, about: str) -> None:
    """Have those who watch told of ``events``, whose items ``recorded`` are, when the outermost action ends."""
    evidence = _evidence.get()
    if evidence is None:
        return
    ids = [recorded.public_id] if len(events) == 1 else recorded.ids()
    actor, organisation, at, depth = by.actor_id, by.organisation_id, recorded.recorded_at, _savepoints()
    evidence.happened += (
        (depth, Happening(event=event, entry=each, actor=actor, organisation=organisation, about=about, at=at))
        for event, each in zip(events, ids, strict=True)
    )


def record_draft(draft: Draft, *, by: Actor, at: datetime) -> Recorded:
    """Record ``draft`` in the present action: all its items, or with the action none.

    :raises UnrecordedChangeError: outside an action.
    :raises django.db.IntegrityError: when the actor has used an idempotency key before.
    """
    if not is_recording():
        raise UnrecordedChangeError("Something was recorded outside an action.")
    if not len(draft.leaves) == len(draft.bodies) == len(draft.salts) > 0 or not all(draft.bodies):
        raise UnrecordedChangeError("Each item of an entry needs a leaf, a body that is not empty, and a salt.")
    if max(map(len, draft.leaves)) > MAX_LEAF_BYTES:
        raise UnrecordedChangeError(f"A leaf has at most {MAX_LEAF_BYTES} bytes.")
    recorded = Recorded(new_id(at), draft.leaves, at)
    entry = insert_one(Entry, _ENTRY_COLUMNS, _row(recorded, draft, by))
    insert(EntryBody, ("entry_id", "bodies", "salts"), [(entry, pack(draft.bodies), pack(draft.salts))])
    # The outbox. Deleted by the sequencer in the transaction that gives the entry its place; a crash at any moment
    # leaves each entry either here or there.
    insert(Pending, ("entry_id",), [(entry,)])
    if draft.keys:
        ids = recorded.ids()
        keyed = ((key_space(by), key, identifier(ids[position])) for position, key in draft.keys.items())
        insert(EntryKey, ("actor", "key", "public_id"), keyed)
    evidence = _evidence.get()
    if evidence is not None:
        evidence.add(recorded.public_id)
    return recorded


def _row(recorded: Recorded, draft: Draft, by: Actor) -> tuple[Value, ...]:
    return (
        identifier(recorded.public_id),
        len(draft.leaves),
        draft.kind,
        draft.version,
        draft.leaf_class,
        by.actor_id,
        by.organisation_id,
        draft.about,
        pack(draft.leaves),
        moment(recorded.recorded_at),
    )


def repeat(public_ids: Sequence[str]) -> None:
    """Say that the present action is a repetition: these entries are its evidence already.

    Whether they are of the same thing only the action can know. That they are there is looked at for the first and the
    last: ids are made in order, and the items of a batch follow its first.

    :raises UnrecordedChangeError: outside an action, when none is named, more than there are in any batch, or one that
        was never recorded.
    """
    evidence = _evidence.get()
    if evidence is None or not is_recording() or not 0 < len(public_ids) <= _MAX_REPEATED:
        raise UnrecordedChangeError("There is no action, or no entry, that this could repeat.")
    for public_id in {min(public_ids), max(public_ids)}:
        if not _is_recorded(public_id):
            raise UnrecordedChangeError(f"There is no entry {public_id} that this could repeat.")
    evidence.ids.extend(public_ids)


def _is_recorded(public_id: str) -> bool:
    """Whether there is an item of this id, seen from inside the present transaction."""
    before = Entry.objects.filter(public_id__lte=public_id).order_by("-public_id")
    nearest = before.values_list("public_id", "count").first()
    return nearest is not None and 0 <= distance(str(nearest[0]), str(public_id)) < nearest[1]

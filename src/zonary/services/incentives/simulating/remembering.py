"""Which trials an officer was told today, so that no two of them can be subtracted to single out an enterprise.

They lie in the cache that all processes of a server share, for a day; they are inputs, no figures. What was told with
them is computed anew, and kept in memory only so that the next trial need not.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from django.core.cache import cache

from zonary.common.clock import zone_date
from zonary.foundation.organizations.standing import Standing
from zonary.services.incentives.simulating.queries import Model, Outcome, dials, outcome
from zonary.services.incentives.simulating.withholding import Memory, Told, told

MAX_TOLD: Final = 100
"""Trials of one item that an officer is told a day; later ones tell nothing new."""
_TRIES: Final = 5
_SECONDS: Final = 26 * 3600
_MEMORIES: Final = 8

Trial = tuple[tuple[str, str], ...]
_kept: OrderedDict[tuple[object, ...], tuple[list[Trial], Memory]] = OrderedDict()
_lock = threading.Lock()


def tell(reader: Standing, model: Model, changes: Mapping[str, str], *, at: datetime) -> tuple[Outcome, Told]:
    """Try something out and say what may be told of it, after all that the reader was told today.

    Of two requests at one time the one that comes second to write its trial down looks anew at what was told.

    :raises ClausesError: when a number cannot be that, or the item is not in force.
    """
    found, trial = outcome(model, changes, at=at), _trial(model, changes, at)
    for _try in range(_TRIES):
        earlier = _earlier(reader, model, at)
        place = earlier.index(trial) if trial in earlier else len(earlier)
        memory = _memory(reader, model, found, earlier[:place], at)
        shown, after = told(found, memory)
        if after is memory or place < len(earlier):
            return found, shown
        if place >= MAX_TOLD:
            break
        if cache.add(_key(reader, model, place, at), trial, _SECONDS):
            _keep(reader, model, found, [*earlier, trial], after)
            return found, shown
    memory = Memory.of(found.now, found.rows)
    return found, told(found, replace(memory, sides=(*memory.sides, found.then)))[0]


def _trial(model: Model, changes: Mapping[str, str], at: datetime) -> Trial:
    """What is changed, each number in one way of writing it."""
    present = {each.key: _plain(each.number) for each in dials(model, at=at)}
    wanted = {key: _plain(text) for key, text in changes.items()}
    return tuple(sorted((key, text) for key, text in wanted.items() if present.get(key) != text))


def _plain(text: str) -> str:
    try:
        return format(Decimal(text.strip()).normalize(), "f")
    except InvalidOperation:
        return text.strip()


def _key(reader: Standing, model: Model, place: int, at: datetime) -> str:
    return (
        f"trial:{reader.actor_id}:{model.choice.public_id}:{model.item}:{model.loaded.digest}:{zone_date(at)}:{place}"
    )


def _earlier(reader: Standing, model: Model, at: datetime) -> list[Trial]:
    keys = [_key(reader, model, place, at) for place in range(MAX_TOLD)]
    found = cache.get_many(keys)
    return [tuple((str(key), str(text)) for key, text in found[key_]) for key_ in keys if key_ in found]


def _memory(reader: Standing, model: Model, found: Outcome, trials: list[Trial], at: datetime) -> Memory:
    """What was told with ``trials``, by the facts as they are now."""
    key = _memory_key(reader, model, found)
    with _lock:
        known, memory = _kept.get(key, ([], Memory.of(found.now, found.rows)))
    if known != trials[: len(known)]:
        known, memory = [], Memory.of(found.now, found.rows)
    for each in trials[len(known) :]:
        memory, _column = memory.after(outcome(model, dict(each), at=at).then, found.rows)
    _keep(reader, model, found, trials, memory)
    return memory


def _keep(reader: Standing, model: Model, found: Outcome, trials: list[Trial], memory: Memory) -> None:
    key = _memory_key(reader, model, found)
    with _lock:
        _kept[key] = (trials, memory)
        _kept.move_to_end(key)
        while len(_kept) > _MEMORIES:
            _kept.popitem(last=False)


def _memory_key(reader: Standing, model: Model, found: Outcome) -> tuple[object, ...]:
    return (reader.actor_id, model.choice.public_id, model.item, model.loaded.digest, found.day, found.known_at)

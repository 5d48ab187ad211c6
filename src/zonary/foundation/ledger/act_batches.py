"""Many acts of one kind in one entry: each has a leaf, body and salt of its own, and can be proved alone.

For work on thousands of things at a time, such as the import of a registry: an entry for each would be a transaction's
worth of rows, and making each statement as :mod:`~zonary.foundation.ledger.acts` does would take longer than all else.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

import msgspec

from zonary.common.clock import rfc3339
from zonary.foundation.ledger.actors import Actor
from zonary.foundation.ledger.acts import SALT_SIZE, Event
from zonary.foundation.ledger.errors import UnrecordedChangeError
from zonary.foundation.ledger.recording import Draft, Recorded, note_happenings, record_draft
from zonary.proof import canonical
from zonary.proof.act import ACT_VERSION
from zonary.proof.canonical import Json
from zonary.proof.leaf import ACT, encode_leaves

# For strings and small integers under ASCII keys the same bytes as RFC 8785, in a hundredth of the time; a test
# compares them.
_encode = msgspec.json.Encoder(order="sorted").encode


def record_each(events: Sequence[Event], *, by: Actor, at: datetime, about: str = "") -> Recorded:
    """Record that each of ``events`` happened, in the present action and in one entry; all are of one class.

    :param about: public id of what all of them happened to; what one of them alone is about stands in its fields.
    :raises UnrecordedChangeError: outside an action, without events, or when they are of several classes.
    """
    if not events or any(type(event) is not type(events[0]) for event in events):
        raise UnrecordedChangeError("Acts recorded together are of one kind, and there is at least one.")
    bodies = act_bodies(events)
    salts = _salts(len(events))
    draft = Draft(
        kind=events[0].kind,
        version=events[0].version,
        leaf_class=ACT,
        leaves=_leaves(events[0].kind, bodies, salts, by=by, about=about, at=at),
        bodies=bodies,
        salts=salts,
        about=about,
    )
    recorded = record_draft(draft, by=by, at=at)
    note_happenings(events, recorded, by=by, about=about)
    return recorded


def act_bodies(events: Sequence[Event]) -> list[bytes]:
    """The canonical bytes of the fields of each, as :func:`~zonary.foundation.ledger.acts.act_body` makes them."""
    names = [field.name for field in fields(events[0])]
    version = events[0].version
    return [_body({name: getattr(event, name) for name in names} | {"event_version": version}) for event in events]


def _body(value: dict[str, Json]) -> bytes:
    return _encode(value) if all(map(_is_plain, value.values())) else canonical.encode(value)


def _is_plain(value: Json) -> bool:
    """Whether there is only one way to write it: a text, a small integer, or a map of texts under ASCII keys."""
    if isinstance(value, dict):
        return all(type(item) is str and key.isascii() for key, item in value.items())
    return type(value) is str or (type(value) is int and abs(value) <= canonical.MAX_SAFE_INTEGER)


def _salts(count: int) -> list[bytes]:
    pool = os.urandom(SALT_SIZE * count)
    return [pool[start : start + SALT_SIZE] for start in range(0, len(pool), SALT_SIZE)]


def _leaves(
    kind: str, bodies: Sequence[bytes], salts: Sequence[bytes], *, by: Actor, about: str, at: datetime
) -> list[bytes]:
    """The leaf of each; its statement is put together around the body, which is canonical already.

    What comes before the body and after it are the parts of
    :func:`~zonary.foundation.ledger.acts.act_statement` in the order of their names.
    """
    before = canonical.encode({"about": about, "actor": by.actor_id})[:-1] + b',"body":'
    middle = {"class": ACT, "kind": kind, "organisation": by.organisation_id, "recorded_at": rfc3339(at)}
    after = b"," + canonical.encode({**middle})[1:-1] + b',"salt":"'
    end = b'","version":' + canonical.encode(ACT_VERSION) + b"}"
    sha256, sm3 = hashlib.sha256, hashlib.new("sm3")
    digests = bytearray()
    for body, salt in zip(bodies, salts, strict=True):
        statement = b"".join((before, body, after, salt.hex().encode("ascii"), end))
        digests += sha256(statement).digest()
        second = sm3.copy()
        second.update(statement)
        digests += second.digest()
    return encode_leaves(ACT, bytes(digests))

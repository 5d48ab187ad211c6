"""What the fields of events are called, and how their values are shown to people.

Each app says so for its own kinds in its own folder: an app of the foundation as ``FIELDS`` in its ``labels``, a
service as ``FIELDS`` in its ``events``. The portal collects them when it starts. A test asks for one of every field.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from zonary.common.language import _


class Shape(Enum):
    """How a value is shown; a list shows each of its values so."""

    TEXT = "text"
    CODE = "code"  # a digest or a number without meaning of its own, whole and to be copied
    DAY = "day"  # 2026-11-23
    MOMENT = "moment"  # RFC 3339; shown in China's time
    WHO = "who"  # public id of a person or an organisation: by name, where the reader may know it
    FIELDS = "fields"  # name of a field -> its text; ``words`` has what the fields are called


@dataclass(frozen=True, slots=True)
class Label:
    """What one field is called, and how its value is shown.

    :param name: an English sentence of the catalogue.
    :param words: value -> sentence, for values that are words of the program; one that is not here is shown as it is.
    :param tell: in place of both, for values that need more: called with a value and all of the body.
    """

    name: str
    shape: Shape = Shape.TEXT
    words: Mapping[str, str] = field(default_factory=dict)
    tell: Callable[[object, Mapping[str, object]], str] | None = None


Labels = Mapping[str | tuple[str, str], Label]
"""Name of a field, or kind and name where one kind means something else by it -> label."""

COMMON: Labels = {"reason": Label("Reason"), "name": Label("Name"), "source": Label("Source")}
"""Fields that mean the same everywhere."""

_AREAS: dict[str, dict[str | tuple[str, str], Label]] = {}


def label_fields(labels: Labels, *, area: str) -> None:
    """Add the labels of an app's own kinds of event.

    :param area: what its kinds begin with, such as ``facts``.
    """
    _AREAS.setdefault(area, {}).update(labels)


def label_of(kind: str, name: str) -> Label | None:
    """How the field ``name`` of a kind of event is shown; None when nobody said so."""
    own = _AREAS.get(kind.partition(".")[0], {})
    return own.get((kind, name)) or own.get(name) or COMMON.get(name)


def every_label() -> list[Label]:
    """All there are."""
    return [*COMMON.values(), *(label for own in _AREAS.values() for label in own.values())]


@dataclass(frozen=True, slots=True)
class Item:
    """One value as a template shows it; ``at`` for a moment."""

    shape: str
    text: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One field in the reader's language; ``is_named`` unless nobody said what it is called."""

    name: str
    items: tuple[Item, ...]
    is_named: bool = True

    @property
    def is_long(self) -> bool:
        """Whether it needs the whole width."""
        return len(self.items) > 1 or any(each.shape == "code" or len(each.text) > _SHORT for each in self.items)


_SHORT = 24


def told_fields(kind: str, body: Mapping[str, object]) -> list[Row]:
    """What an act said, in the reader's language; fields that say nothing are left out, numbers and
    digests come last."""
    shown = ((name, value) for name, value in body.items() if name != "event_version" and value not in ("", [], {}))
    rows = [_row(name, value, label_of(kind, name), body) for name, value in shown]
    return sorted(rows, key=lambda row: any(each.shape == Shape.CODE.value for each in row.items))


def ids_in(kind: str, body: Mapping[str, object]) -> set[str]:
    """Public ids of the people and organisations it names."""
    found = ((value, label_of(kind, name)) for name, value in body.items())
    return {str(value) for value, label in found if label is not None and label.shape is Shape.WHO}


def _row(name: str, value: object, label: Label | None, body: Mapping[str, object]) -> Row:
    if label is None:
        return Row(name, (Item("code", value if isinstance(value, str) else json.dumps(value)),), is_named=False)
    if label.shape is Shape.FIELDS and isinstance(value, Mapping):
        named = ((_(label.words[key]) if key in label.words else str(key), text) for key, text in value.items())
        texts = (_("{name}: {value}", name=key, value=str(text) or "–") for key, text in named)
        return Row(_(label.name), tuple(Item("text", text) for text in texts))
    values = value if isinstance(value, list) else [value]
    return Row(_(label.name), tuple(_item(each, label, body) for each in values))


def _item(value: object, label: Label, body: Mapping[str, object]) -> Item:
    if label.tell is not None:
        return Item("text", label.tell(value, body))
    if isinstance(value, bool):
        return Item("text", _("yes") if value else _("no"))
    text = str(value)
    if text in label.words:
        return Item("text", _(label.words[text]))
    if label.shape is Shape.MOMENT:
        try:
            return Item("moment", text, datetime.fromisoformat(text))
        except ValueError:
            return Item("text", text)
    return Item(label.shape.value, text)

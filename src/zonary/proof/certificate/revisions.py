"""The signatures of a certificate, what each of them covers, and what may come after the first of them.

After the signature: a document security store, and document timestamps with their fields. Nothing that a reader of
PDFs shows may change, not even the title it puts above the window (specs/certificate.md, What may follow).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from zonary.proof.certificate.layout import Layout
from zonary.proof.certificate.values import Name, NotLaidOutError, Ref, Value

SIGNATURE_TYPE: Final = "Sig"
STAMP_TYPE: Final = "DocTimeStamp"
MAX_FIELDS: Final = 16
_FIELD_KEYS = {"FT", "T", "Type", "Subtype", "F", "Rect", "P", "TU", "V"}
_STAMP_KEYS = {"Contents", "ByteRange", "Type", "Filter", "SubFilter"}


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature or a document timestamp.

    :ivar revision: index of the one that brings it.
    :ivar gap: where its bytes stand in the file, the angle brackets among them: all of the file that it cannot cover.
    :ivar contents: as they stand there, with the zeros that fill the place.
    """

    number: int
    kind: str
    subfilter: str
    revision: int
    gap: tuple[int, int]
    range: list[Value]
    contents: bytes = field(repr=False)

    def covers(self, layout: Layout) -> bool:
        """Whether that is all of its own revision and of those before, but for the gap."""
        begin, end = self.gap
        return self.range == [0, begin, end, layout.revisions[self.revision].end - end]


def signatures(layout: Layout) -> list[Signed]:
    """All of them, in the order of their fields.

    :raises NotLaidOutError: when a field is no field of a signature, or two share one.
    """
    form = layout.root().get("AcroForm")
    fields = layout.list(layout.map(form).get("Fields")) if form is not None else []
    if len(fields) > MAX_FIELDS:
        raise NotLaidOutError
    found = [_signed(layout, each) for each in fields]
    if len({each.number for each in found}) != len(found) or len({each.revision for each in found}) != len(found):
        raise NotLaidOutError
    return found


def _signed(layout: Layout, field: Value) -> Signed:
    if not isinstance(field, Ref):
        raise NotLaidOutError
    widget = layout.map(field)
    value = widget.get("V")
    if widget.get("FT") != Name("Sig") or not isinstance(value, Ref) or "Kids" in widget or "Parent" in widget:
        raise NotLaidOutError
    revision = layout.origin(value.number, layout.last)
    if revision is None:
        raise NotLaidOutError
    signed = layout.map(value)
    kind, subfilter, contents = signed.get("Type"), signed.get("SubFilter"), signed.get("Contents")
    if not isinstance(kind, Name) or not isinstance(subfilter, Name) or not isinstance(contents, bytes):
        raise NotLaidOutError
    gap = _gap(layout, value.number, revision, contents)
    covered = layout.list(signed.get("ByteRange"))
    return Signed(value.number, kind, subfilter, revision, gap, covered, contents)


def _gap(layout: Layout, number: int, revision: int, contents: bytes) -> tuple[int, int]:
    """Where the contents stand in hexadecimal."""
    start, end = layout.revisions[revision].offsets[number], layout.at(number, revision)[1]
    begin = layout.data.find(b"/Contents <", start, end) + len(b"/Contents ")
    close = begin + 2 * len(contents) + 2
    if begin <= start or close > end or layout.data[begin:close].lower() != b"<" + contents.hex().encode() + b">":
        raise NotLaidOutError
    return begin, close


def is_archival(layout: Layout, signature: Signed) -> bool:
    """Whether all that follows the revision of ``signature`` is what may follow it."""
    later = range(signature.revision + 1, len(layout.revisions))
    return all(_Update(layout, signature.revision, index).is_archival() for index in later)


class _Update:
    """One revision after the signature, beside the state before it."""

    def __init__(self, layout: Layout, signed: int, index: int) -> None:
        self._layout = layout
        self._signed = signed
        self._index = index
        self._now = layout.revisions[index]
        self._before = layout.revisions[index - 1]

    def is_archival(self) -> bool:
        now, before = self._now, self._before
        if any(now.trailer.get(key) != before.trailer.get(key) for key in ("Root", "Info")):
            return False
        new = {number for number in now.offsets if self._was(number) is None}
        # A number that was free below the size may be referred to already: what it brings would appear there.
        if any(number < before.size for number in new) or any(number >= now.size for number in now.offsets):
            return False
        appended = self._appended_fields()
        if appended is None or not all(self._is_stamp(each, new) for each in appended):
            return False
        return all(self._is_allowed(number, appended) for number in now.offsets if number not in new)

    def _was(self, number: int) -> int | None:
        return self._layout.origin(number, self._index - 1)

    def _both(self, number: int) -> tuple[Value, Value]:
        return self._layout.object(number, self._index - 1), self._layout.object(number, self._index)

    def _appended_fields(self) -> list[int] | None:
        """The fields that this revision adds; None when it does anything else to them."""
        before, now = (self._layout.root(index).get("AcroForm") for index in (self._index - 1, self._index))
        if before != now or not isinstance(now, Ref):
            return None
        return _appended(*self._both(now.number), "Fields")

    def _is_allowed(self, number: int, fields: Sequence[int]) -> bool:
        """Whether an object that was there may have become what it is now."""
        before, now = self._both(number)
        trailer = self._now.trailer
        if Ref(number) == trailer.get("Root"):
            return _without(before, "DSS") == _without(now, "DSS") is not None
        if Ref(number) == self._layout.root(self._index).get("AcroForm"):
            return True  # was looked at
        if isinstance(now, dict) and now.get("Type") == Name("Page"):
            annotations = _appended(before, now, "Annots")
            return annotations is not None and set(annotations) <= set(fields)
        return number in self._store()

    def _store(self) -> set[int]:
        """The parts of the security store that came after the signature, which nobody sees."""
        store = self._layout.root(self._index - 1).get("DSS")
        parts = _references(self._layout, store, self._index - 1)
        return {each for each in parts if self._layout.origin(each, self._signed) is None}

    def _is_stamp(self, number: int, new: set[int]) -> bool:
        """A field that shows nothing, with a document timestamp in it, both of them new."""
        widget = self._layout.object(number, self._index)
        if number not in new or not isinstance(widget, dict) or not widget.keys() <= _FIELD_KEYS:
            return False
        value = widget.get("V")
        if widget.get("Rect") != [0, 0, 0, 0] or not isinstance(value, Ref) or value.number not in new:
            return False
        stamp = self._layout.object(value.number, self._index)
        return isinstance(stamp, dict) and stamp.keys() <= _STAMP_KEYS and stamp.get("Type") == Name(STAMP_TYPE)


def _without(value: Value, key: str) -> dict[str, Value] | None:
    return {name: each for name, each in value.items() if name != key} if isinstance(value, dict) else None


def _appended(before: Value, now: Value, key: str) -> list[int] | None:
    """What was put behind the list under ``key``; None when anything else changed."""
    if not isinstance(before, dict) or not isinstance(now, dict) or _without(before, key) != _without(now, key):
        return None
    had, has = before.get(key, []), now.get(key, [])
    if not isinstance(had, list) or not isinstance(has, list) or has[: len(had)] != had:
        return None
    added = [each.number for each in has[len(had) :] if isinstance(each, Ref)]
    return added if len(added) == len(has) - len(had) and len(set(added)) == len(added) else None


def _references(layout: Layout, value: Value, revision: int) -> set[int]:
    """The numbers of all objects that can be reached from ``value``."""
    found: set[int] = set()
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Ref) and each.number not in found:
            found.add(each.number)
            each = layout.object(each.number, revision)
        if isinstance(each, dict | list):
            waiting.extend(each.values() if isinstance(each, dict) else each)
    return found

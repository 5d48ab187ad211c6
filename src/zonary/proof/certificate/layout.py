"""How a certificate lies in its file (specs/certificate.md, Layout): revisions one after the other, each with a table.

Read strictly, and the same by the page that verifies in a browser: what a reader of PDFs would mend or pass over is
refused here, so that no two readers see different things in one file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from zonary.proof.certificate.values import NotLaidOutError, Ref, Stream, Value, read_value

MAX_REVISIONS: Final = 16
MAX_OBJECTS: Final = 200_000
_END = re.compile(rb"startxref\r?\n(0|[1-9][0-9]{0,9})\r?\n%%EOF(?:\r?\n)?")
_LAST = re.compile(rb"startxref\r?\n(0|[1-9][0-9]{0,9})\r?\n%%EOF(?:\r?\n)?\Z")
_TABLE = re.compile(rb"xref\r?\n")
_SECTION = re.compile(rb"(0|[1-9][0-9]{0,6}) ([1-9][0-9]{0,6}) ?\r?\n")
_ENTRY = re.compile(rb"([0-9]{10}) ([0-9]{5}) ([nf])(?: \r| \n|\r\n)")
_TRAILER = re.compile(rb"trailer[\0\t\n\f\r ]*")
_SPACE = re.compile(rb"[\0\t\n\f\r ]*")
_DATA = re.compile(rb"[\0\t\n\f\r ]*stream\r?\n")
_DATA_ENDS = re.compile(rb"(?:\r?\n)?endstream")
_OBJECT_ENDS = re.compile(rb"[\0\t\n\f\r ]*endobj")
_TRAILER_KEYS = {"Size", "Root", "Info", "ID", "Prev"}


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of the file: what was written before it, and what stands in its own table.

    :ivar begin: where its first byte stands; ``end``: behind its last.
    :ivar table: where its table of objects stands.
    :ivar offsets: of the objects it brings, by number.
    """

    begin: int
    end: int
    table: int
    offsets: dict[int, int] = field(repr=False)
    trailer: dict[str, Value]

    @property
    def size(self) -> int:
        """One more than the highest number of an object."""
        size = self.trailer.get("Size")
        if type(size) is not int:
            raise NotLaidOutError
        return size


class Layout:
    """The revisions of a file, oldest first, and the objects as each of them leaves them."""

    def __init__(self, data: bytes) -> None:
        """:raises NotLaidOutError: when the file is made otherwise."""
        self.data = data
        self.revisions = _revisions(data)
        for index in range(1, len(self.revisions)):
            self._check_packed(index)

    @property
    def last(self) -> int:
        """The index of the last revision."""
        return len(self.revisions) - 1

    def origin(self, number: int, revision: int) -> int | None:
        """The last revision, not after ``revision``, that brings the object ``number``."""
        return next((at for at in range(revision, -1, -1) if number in self.revisions[at].offsets), None)

    def object(self, number: int, revision: int) -> Value:
        """The object ``number`` as ``revision`` leaves it; None when there is none."""
        origin = self.origin(number, revision)
        return None if origin is None else self.at(number, origin)[0]

    def resolved(self, value: Value, revision: int | None = None) -> Value:
        """``value`` itself, or what it refers to."""
        return (
            self.object(value.number, self.last if revision is None else revision) if isinstance(value, Ref) else value
        )

    def map(self, value: Value, revision: int | None = None) -> dict[str, Value]:
        """The dictionary that ``value`` is or refers to.

        :raises NotLaidOutError: when it is none.
        """
        found = self.resolved(value, revision)
        if not isinstance(found, dict):
            raise NotLaidOutError
        return found

    def list(self, value: Value, revision: int | None = None) -> list[Value]:
        """The list that ``value`` is or refers to; an empty one for nothing."""
        found = self.resolved(value, revision)
        if not isinstance(found, list) and found is not None:
            raise NotLaidOutError
        return found or []

    def root(self, revision: int | None = None) -> dict[str, Value]:
        """The catalog."""
        index = self.last if revision is None else revision
        return self.map(self.revisions[index].trailer.get("Root"), index)

    def at(self, number: int, origin: int) -> tuple[Value, int]:
        """The object ``number`` that the revision ``origin`` brings, and where it ends."""
        revision = self.revisions[origin]
        start = revision.offsets[number]
        head = b"%d 0 obj" % number
        if not self.data.startswith(head, start):
            raise NotLaidOutError
        value, end = read_value(self.data, start + len(head), revision.table)
        found = _DATA.match(self.data, end, revision.table)
        if found is not None:
            value, end = self._stream(value, found.end(), revision.table)
        closed = _OBJECT_ENDS.match(self.data, end, revision.table)
        if closed is None:
            raise NotLaidOutError
        return value, closed.end()

    def _stream(self, attributes: Value, at: int, limit: int) -> tuple[Stream, int]:
        size = attributes.get("Length") if isinstance(attributes, dict) else None
        if type(size) is not int or not 0 <= size <= limit - at or not isinstance(attributes, dict):
            raise NotLaidOutError
        closed = _DATA_ENDS.match(self.data, at + size, limit)
        if closed is None:
            raise NotLaidOutError
        return Stream(attributes, self.data[at : at + size]), closed.end()

    def _check_packed(self, index: int) -> None:
        """Between the objects of an update there is nothing: what a table does not name nobody sees."""
        revision = self.revisions[index]
        at = revision.begin
        for number, start in sorted(revision.offsets.items(), key=lambda each: each[1]):
            if start != at:
                raise NotLaidOutError
            _value, end = self.at(number, index)
            space = _SPACE.match(self.data, end)
            at = space.end() if space else end
        if at != revision.table:
            raise NotLaidOutError


def _revisions(data: bytes) -> list[Revision]:
    found = _LAST.search(data, max(0, len(data) - 64))
    if found is None:
        raise NotLaidOutError
    end, table = len(data), int(found[1])
    revisions: list[Revision] = []
    while len(revisions) < MAX_REVISIONS:
        offsets, trailer = _table(data, table, end)
        previous = trailer.get("Prev")
        begin = 0 if previous is None else min(offsets.values(), default=0)
        revisions.insert(0, Revision(begin, end, table, offsets, trailer))
        if previous is None:
            return revisions
        if type(previous) is not int or not previous < begin < table:
            raise NotLaidOutError
        end, table = begin, previous
    raise NotLaidOutError


def _table(data: bytes, start: int, end: int) -> tuple[dict[int, int], dict[str, Value]]:
    """The offsets and the trailer at ``start``; behind the trailer the revision must end at ``end``."""
    found = _TABLE.match(data, start, end)
    if found is None:
        raise NotLaidOutError
    at = found.end()
    offsets: dict[int, int] = {}
    section = _SECTION.match(data, at, end)
    while section is not None:
        first, count, at = int(section[1]), int(section[2]), section.end()
        if len(offsets) + count > MAX_OBJECTS or at + 20 * count > end:
            raise NotLaidOutError
        for number in range(first, first + count):
            offset = _entry(data, at, start, is_first=number == 0)
            if number in offsets:
                raise NotLaidOutError
            if offset is not None:
                offsets[number] = offset
            at += 20
        section = _SECTION.match(data, at, end)
    return offsets, _trailer(data, at, start, end)


def _entry(data: bytes, at: int, table: int, *, is_first: bool) -> int | None:
    """The offset of one object; None of the one that is none."""
    found = _ENTRY.fullmatch(data, at, at + 20)
    if found is None or (found[3] == b"f") != is_first:
        raise NotLaidOutError
    offset = int(found[1])
    if is_first:
        return None
    if found[2] != b"00000" or not offset < table:
        raise NotLaidOutError
    return offset


def _trailer(data: bytes, at: int, table: int, end: int) -> dict[str, Value]:
    found = _TRAILER.match(data, at, end)
    if found is None:
        raise NotLaidOutError
    trailer, at = read_value(data, found.end(), end)
    space = _SPACE.match(data, at, end)
    closed = _END.fullmatch(data, space.end() if space else at, end)
    if (
        closed is None
        or int(closed[1]) != table
        or not isinstance(trailer, dict)
        or not trailer.keys() <= _TRAILER_KEYS
    ):
        raise NotLaidOutError
    return trailer

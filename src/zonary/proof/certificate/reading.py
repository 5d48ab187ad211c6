"""What lies in a signed PDF: attachments, links and signatures, read with bounds.

A PDF comes from outside: what is not laid out as certificates are is one error, and nothing in it is run or fetched.
pyHanko, which nothing else here needs, judges who signed; it reads the same bytes once more by itself.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from zonary.proof.certificate.layout import Layout
from zonary.proof.certificate.revisions import Signed, is_archival, signatures
from zonary.proof.certificate.values import Name, NotLaidOutError, Stream, Value
from zonary.proof.errors import Error, MalformedError

MAX_CERTIFICATE_BYTES: Final = 512 * 1024 * 1024
MAX_ATTACHMENT_BYTES: Final = 512 * 1024 * 1024
MAX_ATTACHMENTS: Final = 16
MAX_PAGES: Final = 200
MAX_ANNOTATIONS: Final = 1000
"""On all pages."""
MAX_STORED: Final = 64
"""Certificates, and revocation lists, in the document security store."""
MAX_STORED_BYTES: Final = 16 * 1024 * 1024
PDF_BEGINS: Final = b"%PDF-"

T = TypeVar("T")


class MissingReaderError(Error):
    """pyHanko is not installed."""


def reading(step: Callable[[], T]) -> T:
    """What ``step`` reads of a PDF.

    :raises MalformedError: whatever its parts turn out to be.
    """
    try:
        return step()
    except (Error, ImportError):
        raise
    except Exception as error:  # pyHanko's parsers raise whatever a broken part makes them
        raise MalformedError(
            "The file is not laid out as a certificate is: it is another PDF, damaged or cut short, or a program has "
            "written into it."
        ) from error


class Document:
    """A PDF opened for reading.

    :raises MissingReaderError: without pyHanko.
    :raises MalformedError: when it is no PDF, or too large, or not laid out as certificates are.
    """

    def __init__(self, data: bytes) -> None:
        try:
            from pyhanko.pdf_utils.reader import PdfFileReader
        except ImportError as error:
            raise MissingReaderError(
                "To check a certificate one more package is needed. Type: pip install 'zonary[certificates]'"
            ) from error
        if not data.startswith(PDF_BEGINS) or len(data) > MAX_CERTIFICATE_BYTES:
            raise MalformedError(
                "A certificate is a PDF file of at most {limit} bytes; this is none.", limit=MAX_CERTIFICATE_BYTES
            )
        self._data = data
        self._layout = reading(lambda: Layout(data))
        self._signatures = reading(lambda: signatures(self._layout))
        self.reader: Any = reading(lambda: PdfFileReader(io.BytesIO(data)))

    @property
    def store(self) -> dict[str, list[bytes]]:
        """Certificates and revocation lists in the document security store, each unpacked."""
        return reading(lambda: {name: list(self._stored(name)) for name in ("Certs", "CRLs")})

    def _stored(self, name: str) -> Iterator[bytes]:
        layout, left = self._layout, MAX_STORED_BYTES
        store = layout.root().get("DSS")
        listed = layout.list(layout.map(store).get(name)) if store is not None else []
        if len(listed) > MAX_STORED:
            raise NotLaidOutError
        for each in listed:
            data = _content(layout.resolved(each), left)
            left -= len(data)
            yield data

    def covered(self, signature: Signed) -> Iterator[memoryview]:
        """The bytes of the file up to the end of its revision, but for the signature itself."""
        begin, end = signature.gap
        whole = memoryview(self._data)
        yield whole[:begin]
        yield whole[end : self._layout.revisions[signature.revision].end]

    @property
    def signatures(self) -> list[Signed]:
        """Its signatures and document timestamps, in their order."""
        return self._signatures

    def is_covered(self, signature: Signed, stamp: Signed) -> bool:
        """Whether ``stamp`` covers the whole file, ``signature`` all up to itself, and between them stands nothing but
        what keeps the signature checkable."""
        layout = self._layout
        is_whole = signature.covers(layout) and stamp.covers(layout) and stamp.revision == layout.last
        return is_whole and reading(lambda: is_archival(layout, signature))

    def attachments(self) -> dict[str, bytes]:
        """Attached files by name.

        :raises MalformedError: when one is there twice, or unpacks to too much.
        """
        return reading(lambda: dict(self._attachments()))

    def _attachments(self) -> Iterator[tuple[str, bytes]]:
        layout = self._layout
        tree = layout.map(layout.map(layout.root().get("Names")).get("EmbeddedFiles"))
        names = layout.list(tree.get("Names"))
        seen: set[str] = set()
        left = MAX_ATTACHMENT_BYTES
        for position in range(1, len(names), 2):
            specification = layout.map(names[position])
            name = _text(layout.resolved(specification.get("UF")))
            if name in seen:
                raise MalformedError("The certificate holds the attachment “{name}” twice.", name=name[:100])
            if len(seen) == MAX_ATTACHMENTS:
                raise MalformedError("A certificate has at most {limit} attachments.", limit=MAX_ATTACHMENTS)
            seen.add(name)
            data = _content(layout.resolved(layout.map(specification.get("EF")).get("F")), left)
            left -= len(data)
            yield name, data

    def links(self) -> set[str]:
        """Where the links on its pages lead; one that is no address is named by its kind."""
        return reading(lambda: set(self._links()))

    def _links(self) -> Iterator[str]:
        layout, left = self._layout, MAX_ANNOTATIONS
        for page in self._pages():
            for annotation in layout.list(page.get("Annots")):
                left -= 1
                if not left:
                    raise NotLaidOutError
                target = layout.map(annotation)
                action = target.get("A")
                if layout.resolved(target.get("Subtype")) == Name("Link") and action is not None:
                    yield _where(layout, layout.map(action))

    def _pages(self) -> list[dict[str, Value]]:
        layout, left = self._layout, 2 * MAX_PAGES
        found: list[dict[str, Value]] = []
        waiting = [layout.root().get("Pages")]
        while waiting:
            node = layout.map(waiting.pop())
            kids = layout.list(node.get("Kids"))
            left -= 1
            if not left or len(found) + len(waiting) + len(kids) > MAX_PAGES:
                raise MalformedError("A certificate has at most {limit} pages.", limit=MAX_PAGES)
            if "Kids" not in node:
                found.append(node)
            waiting.extend(kids)
        return found


def _where(layout: Layout, action: dict[str, Value]) -> str:
    address = layout.resolved(action.get("URI"))
    if isinstance(address, bytes):
        return _text(address)
    kind = layout.resolved(action.get("S"))
    return str(kind) if isinstance(kind, Name) else ""


def _text(value: Value) -> str:
    """A text that people read; none of ours is anything else than ASCII."""
    if not isinstance(value, bytes) or not value.isascii():
        raise NotLaidOutError
    return value.decode("ascii")


def _content(stream: Value, most: int) -> bytes:
    """The bytes of an attached file, never more than ``most``."""
    if not isinstance(stream, Stream):
        raise NotLaidOutError
    kind = stream.attributes.get("Filter")
    if kind not in (None, [], Name("FlateDecode"), [Name("FlateDecode")]) or "DecodeParms" in stream.attributes:
        raise MalformedError("An attachment of the certificate is packed in an unusual way.")
    data, is_right = _unpacked(stream.data, most) if kind else (stream.data, True)
    if len(data) > most or not is_right:
        raise MalformedError("An attachment of the certificate is damaged, or unpacks to too much.")
    return data


def _unpacked(packed: bytes, most: int) -> tuple[bytes, bool]:
    """At most one byte more than ``most``, and whether that is all there is."""
    unpacking = zlib.decompressobj()
    try:
        data = unpacking.decompress(packed, most + 1)
    except zlib.error:
        return b"", False
    return data, unpacking.eof and not unpacking.unused_data

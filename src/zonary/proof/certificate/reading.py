"""What lies in a signed PDF: attachments, links and signatures, read with bounds. Needs pyHanko, as nothing else here.

A PDF comes from outside: whatever its reader stumbles over is one error, and nothing in it is run or fetched.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from zonary.proof.errors import Error, MalformedError

MAX_CERTIFICATE_BYTES: Final = 512 * 1024 * 1024
MAX_ATTACHMENT_BYTES: Final = 512 * 1024 * 1024
MAX_ATTACHMENTS: Final = 16
MAX_PAGES: Final = 200
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
    except Exception as error:  # the reader's parsers raise whatever a broken part makes them
        raise MalformedError(
            "The file is not a PDF that can be read: it is damaged or cut short ({reason}).",
            reason=type(error).__name__,
        ) from error


def value_of(dictionary: Any, name: str) -> Any:
    """What stands under ``name``, wherever in the file it lies; None when nothing does."""
    return dictionary[name] if name in dictionary else None  # noqa: SIM401 - get() gives a reference instead


class Document:
    """A PDF opened for reading.

    :raises MissingReaderError: without pyHanko.
    :raises MalformedError: when it is no PDF, or too large.
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
        self.reader: Any = reading(lambda: PdfFileReader(io.BytesIO(data)))

    def attachments(self) -> dict[str, bytes]:
        """Attached files by name.

        :raises MalformedError: when one is there twice, or unpacks to too much.
        """
        return reading(lambda: dict(self._attachments()))

    def _attachments(self) -> Iterator[tuple[str, bytes]]:
        tree = self.reader.root["/Names"]["/EmbeddedFiles"]
        names = tree["/Names"] if "/Names" in tree else [each for kid in tree["/Kids"] for each in kid["/Names"]]
        seen: set[str] = set()
        left = MAX_ATTACHMENT_BYTES
        for position in range(1, len(names), 2):
            specification = names[position]
            name = str(specification["/UF"] if "/UF" in specification else specification["/F"])
            if name in seen:
                raise MalformedError("The certificate holds the attachment “{name}” twice.", name=name[:100])
            if len(seen) == MAX_ATTACHMENTS:
                raise MalformedError("A certificate has at most {limit} attachments.", limit=MAX_ATTACHMENTS)
            seen.add(name)
            data = _content(specification["/EF"]["/F"], left)
            left -= len(data)
            yield name, data

    def links(self) -> set[str]:
        """Where the links on its pages lead; one that is no address is named by its kind."""
        return reading(lambda: set(self._links()))

    def _links(self) -> Iterator[str]:
        count = int(self.reader.root["/Pages"]["/Count"])
        if count > MAX_PAGES:
            raise MalformedError("A certificate has at most {limit} pages.", limit=MAX_PAGES)
        for number in range(count):
            page = self.reader.find_page_for_modification(number)[0].get_object()
            for annotation in value_of(page, "/Annots") or ():
                target = annotation.get_object()
                action = value_of(target, "/A")
                if value_of(target, "/Subtype") == "/Link" and action is not None:
                    yield str(value_of(action, "/URI") or value_of(action, "/S"))


def _content(stream: Any, most: int) -> bytes:
    """The bytes of an attached file, never more than ``most``."""
    packed = bytes(stream.encoded_data)
    kind = value_of(stream, "/Filter")
    filters = [str(each) for each in kind] if isinstance(kind, list) else [] if kind is None else [str(kind)]
    if filters not in ([], ["/FlateDecode"]) or "/DecodeParms" in stream:
        raise MalformedError("An attachment of the certificate is packed in an unusual way.")
    if not filters:
        if len(packed) > most:
            raise MalformedError("An attachment of the certificate is damaged, or unpacks to too much.")
        return packed
    unpacking = zlib.decompressobj()
    data = unpacking.decompress(packed, most + 1)
    if len(data) > most or not unpacking.eof:
        raise MalformedError("An attachment of the certificate is damaged, or unpacks to too much.")
    return data

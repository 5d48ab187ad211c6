"""What a file is, by its bytes: what its sender claims, and its name, count for nothing. Pure; nothing is unpacked."""

from __future__ import annotations

import re

import puremagic

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
LOOKED_AT = 64 * 1024
"""Bytes looked at from either end."""
_MIN_CONFIDENCE = 0.6

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"age-encryption.org/v1\n", "application/x-age-encryption"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-elf"),
    (b"#!", "text/x-script"),
    (b"{\\rtf", "application/rtf"),
    (b"PAR1", "application/vnd.apache.parquet"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
_MARKUP: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), "image/svg+xml"),
    (
        re.compile(rb"<(?:!doctype html|html|head|body|script|iframe|style|img|a|table|title|h1)[\s>]", re.I),
        "text/html",
    ),
    (re.compile(rb"\A\s*<\?xml"), "application/xml"),
)
_OOXML = "application/vnd.openxmlformats-officedocument"
_IN_ZIP: tuple[tuple[bytes, str], ...] = (
    (b"word/document.xml", f"{_OOXML}.wordprocessingml.document"),
    (b"xl/workbook.xml", f"{_OOXML}.spreadsheetml.sheet"),
    (b"xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"),
    (b"ppt/presentation.xml", f"{_OOXML}.presentationml.presentation"),
    (b"OFD.xml", "application/ofd"),  # GB/T 33190
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
)
_MIMETYPE_ENTRY = re.compile(
    rb"\APK\x03\x04.{14}(.{4}).{4}\x08\x00\x00\x00mimetype(application/[A-Za-z0-9.+-]+)", re.DOTALL
)
"""The first entry of OpenDocument, EPUB and ASiC files, stored without compression."""
_LOCAL = re.compile(rb"PK\x03\x04.{22}(.{2}).{2}", re.DOTALL)
_CENTRAL = re.compile(rb"PK\x01\x02.{24}(.{2}).{16}", re.DOTALL)

ACTIVE = frozenset(
    (
        "text/html",
        "image/svg+xml",
        "application/xml",
        "text/x-script",
        "application/java-archive",
        "application/vnd.microsoft.portable-executable",
        "application/x-elf",
    )
)
"""Never named to a browser: what it would run or draw if it were ever shown is sent as unknown bytes."""


def sniff(head: bytes, tail: bytes) -> str:
    """The media type of a file that begins with ``head`` and ends with ``tail``, at most LOOKED_AT bytes of each."""
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip_type(head, tail)
    for beginning, media_type in _BEGINNINGS:
        if head.startswith(beginning):
            return media_type
    if _is_text(head, is_whole=head == tail):
        return next((kind for mark, kind in _MARKUP if mark.search(head[:2048])), TEXT)
    return _guessed(head)


def sent_as(media_type: str) -> str:
    """The Content-Type under which a file of ``media_type`` is handed out."""
    return UNKNOWN if media_type in ACTIVE else media_type


def _zip_type(head: bytes, tail: bytes) -> str:
    declared = _MIMETYPE_ENTRY.match(head)
    if declared:
        media_type = declared[2][: min(int.from_bytes(declared[1], "little"), 90)].decode("ascii")
        return "application/zip" if media_type in ACTIVE else media_type
    names = {*_names(_LOCAL, head), *_names(_CENTRAL, tail)}
    return next((media_type for name, media_type in _IN_ZIP if name in names), "application/zip")


def _names(header: re.Pattern[bytes], data: bytes) -> list[bytes]:
    return [data[found.end() :][: int.from_bytes(found[1], "little")] for found in header.finditer(data)]


def _is_text(head: bytes, *, is_whole: bool) -> bool:
    """Whether ``head`` is text: UTF-8, UTF-16 with its mark, or GB 18030, without control characters."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decodes(head[: len(head) & ~1], "utf-16", is_whole=is_whole)
    if any(byte < 32 and byte not in b"\t\n\f\r\x1b" for byte in head[:4096]) or b"\0" in head:
        return False
    return _decodes(head, "utf-8", is_whole=is_whole) or _decodes(head, "gb18030", is_whole=is_whole)


def _decodes(data: bytes, encoding: str, *, is_whole: bool) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        # The last character may have been cut in two.
        return not is_whole and error.start >= len(data) - 4
    return True


def _guessed(head: bytes) -> str:
    try:
        guesses = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return UNKNOWN
    named = (each.mime_type for each in guesses if each.confidence >= _MIN_CONFIDENCE and each.mime_type)
    found = next(named, UNKNOWN)
    return found if re.fullmatch(r"[a-z]+/[A-Za-z0-9.+-]{1,80}", found) else UNKNOWN

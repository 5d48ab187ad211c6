"""What a file is called, what it is, and which part of it is asked for: all said by strangers."""

from __future__ import annotations

import io
import unicodedata
import zipfile

import pytest

pytest.importorskip("django", reason="documents need the [web] extra")

from hypothesis import given
from hypothesis import strategies as st
from tests.foundation.documents.arriving import age_file

HOSTILE = {
    "../../etc/passwd": "passwd",
    "..\\..\\windows\\system32\\cmd.exe": "cmd.exe",
    "/etc/shadow": "shadow",
    "<script>alert(1)</script>.pdf": "script_.pdf",
    "a\"onmouseover='x'.png": "a_onmouseover='x'.png",
    "报告\u202efdp.exe": "报告fdp.exe",
    "a\r\nSet-Cookie: x=1.txt": "aSet-Cookie_ x=1.txt",
    "CON.txt": "_CON.txt",
    "...": "document",
    "": "document",
    "\u200b\ufeff": "document",
    "  合同  终稿 .docx": "合同 终稿 .docx",
    "a\0b.txt": "ab.txt",
    "é.txt": "é.txt",
}


@pytest.mark.parametrize("claimed", sorted(HOSTILE))
def test_a_hostile_name_becomes_a_harmless_one(claimed: str) -> None:
    from zonary.foundation.documents.rules import safe_file_name

    wanted = HOSTILE[claimed]
    assert safe_file_name(claimed) == wanted or claimed.startswith("<script")
    assert not set(safe_file_name(claimed)) & set('<>"/\\\r\n\0')


@given(st.text(max_size=400))
def test_no_name_leaves_its_folder_or_its_line_or_hides(claimed: str) -> None:
    from zonary.foundation.documents.rules import MAX_FILE_NAME, attachment, safe_file_name

    name = safe_file_name(claimed)
    assert name
    assert len(name) <= MAX_FILE_NAME
    assert not any(unicodedata.category(c)[0] == "C" or c in '/\\<>":|?*&' for c in name)
    assert name == safe_file_name(name)
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


def test_the_name_is_offered_as_rfc_8187_has_it() -> None:
    from zonary.foundation.documents.rules import attachment

    assert attachment("合同.pdf") == "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf"


def test_a_long_name_keeps_its_ending() -> None:
    from zonary.foundation.documents.rules import safe_file_name

    assert safe_file_name("长" * 500 + ".docx").endswith("长.docx")


def _zip(*names: str, first: bytes | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        if first is not None:
            archive.writestr("mimetype", first, zipfile.ZIP_STORED)
        for name in names:
            archive.writestr(name, b"x" * 300)
    return made.getvalue()


OOXML = "application/vnd.openxmlformats-officedocument"
KINDS = [
    (b"%PDF-1.7\n%...", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png"),
    (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
    (b"GIF89a" + b"\0" * 20, "image/gif"),
    ("第一条 甲方……".encode(), "text/plain"),
    ("第一条 甲方……".encode("gb18030"), "text/plain"),
    ("\ufeff第一条".encode("utf-16-le"), "text/plain"),
    (b"a,b\n1,2\n", "text/plain"),
    (b"<!DOCTYPE html><title>x</title>", "text/html"),
    (b"\n<script>alert(1)</script>", "text/html"),
    (b"hello <ScRiPt >alert(1)</script>", "text/html"),
    (b"<svg onload=alert(1)>", "image/svg+xml"),
    (b'<?xml version="1.0"?><svg xmlns="x"/>', "image/svg+xml"),
    (b'<?xml version="1.0"?><invoice/>', "application/xml"),
    (b"#!/bin/sh\nrm -rf /\n", "text/x-script"),
    (b"MZ" + b"\0" * 100, "application/vnd.microsoft.portable-executable"),
    (_zip("a.txt"), "application/zip"),
    (_zip("[Content_Types].xml", "word/document.xml"), f"{OOXML}.wordprocessingml.document"),
    (_zip("[Content_Types].xml", "xl/workbook.xml"), f"{OOXML}.spreadsheetml.sheet"),
    (_zip("ppt/presentation.xml"), f"{OOXML}.presentationml.presentation"),
    (_zip("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
    (_zip("META-INF/MANIFEST.MF"), "application/java-archive"),
    (_zip("content.xml", first=b"application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text"),
    (_zip(first=b"application/vnd.etsi.asic-e+zip"), "application/vnd.etsi.asic-e+zip"),
    (_zip("a", first=b"text/html"), "application/zip"),
    (_zip("a", first=b"application/java-archive"), "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 30, "application/x-ole-storage"),
    (age_file(64, "X25519"), "application/x-age-encryption"),
    (b"\x00\x01\x02\x03random", "application/octet-stream"),
    (b"PK\x03\x04", "application/zip"),
]


@pytest.mark.parametrize(("body", "expected"), KINDS)
def test_a_file_is_what_its_bytes_are(body: bytes, expected: str) -> None:
    from zonary.foundation.documents.sniffing import sniff

    assert sniff(body[: 64 * 1024], body[-64 * 1024 :]) == expected


def test_an_office_file_is_known_by_its_end_too() -> None:
    from zonary.foundation.documents.sniffing import sniff

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("word/media/film.bin", b"\x07" * 200_000)
        archive.writestr("word/document.xml", b"x")
    body = made.getvalue()
    assert sniff(body[: 64 * 1024], body[-64 * 1024 :]).endswith("wordprocessingml.document")


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_whatever_comes_has_some_type(head: bytes, tail: bytes) -> None:
    from zonary.foundation.documents.sniffing import ACTIVE, sent_as, sniff

    for body in (head, b"PK\x03\x04" + head):
        kind = sniff(body, tail)
        assert kind.isascii()
        assert "/" in kind
        assert sent_as(kind) not in ACTIVE


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("bytes=0-9", (0, 10)),
        ("bytes=90-", (90, 10)),
        ("bytes=-5", (95, 5)),
        ("bytes=-500", (0, 100)),
        ("bytes=0-999", (0, 100)),
        ("bytes=99-99", (99, 1)),
        ("bytes=5-2", None),
        ("bytes=0-1,5-6", None),
        ("bytes=", None),
        ("bytes=-", None),
        ("lines=0-9", None),
        ("bytes=x-9", None),
        ("bytes=0-x", None),
        ("bytes=--5", None),
        ("bytes=" + "9" * 400 + "-", None),
        ("", None),
    ],
)
def test_ranges(header: str, wanted: tuple[int, int] | None) -> None:
    from zonary.foundation.documents.rules import byte_range

    assert byte_range(header, 100) == wanted


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=-0"])
def test_a_range_outside_is_refused(header: str) -> None:
    from zonary.foundation.documents.rules import byte_range

    with pytest.raises(ValueError, match="range"):
        byte_range(header, 100)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"plain text called encrypted",
        b"age-encryption.org/v1\n",
        b"age-encryption.org/v2\n" + age_file(64, "X25519")[22:],
        age_file(64),
        age_file(64, "X25519").replace(b"\n---", b"\nx--"),
        b"-----BEGIN AGE ENCRYPTED FILE-----\n",
    ],
)
def test_plain_text_that_is_called_encrypted_is_refused(head: bytes) -> None:
    from zonary.foundation.documents.age_files import recipients_of
    from zonary.foundation.documents.errors import RefusedContentError

    with pytest.raises(RefusedContentError):
        recipients_of(head, len(head))


def test_the_recipients_of_an_age_file_are_seen_and_nothing_else() -> None:
    from zonary.foundation.documents.age_files import recipients_of

    body = age_file(64, "X25519", "scrypt")
    assert recipients_of(body, len(body)) == ["X25519", "scrypt"]

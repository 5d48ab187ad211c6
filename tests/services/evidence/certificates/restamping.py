"""Revisions written by hand after a certificate, each under a document timestamp of the zone's own authority."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from typing import Any

from tests.services.evidence.certificates.making import CertifyingZone

PLACE = 9000
"""Digits for the timestamp."""


def _written(value: Any) -> bytes:
    from zonary.proof.certificate.values import Name, Ref

    if isinstance(value, dict):
        return b"<<" + b"".join(b"/%s %s " % (key.encode(), _written(each)) for key, each in value.items()) + b">>"
    if isinstance(value, list):
        return b"[" + b" ".join(map(_written, value)) + b"]"
    if isinstance(value, Name):
        return b"/" + value.encode()
    if isinstance(value, Ref):
        return b"%d 0 R" % value.number
    if isinstance(value, bytes):
        return b"<" + value.hex().encode() + b">"
    return b"null" if value is None else str(value).lower().encode()


def restamped(certificate: bytes, zone: CertifyingZone, *, widget: Any = None, stamp: Any = None, **more: Any) -> bytes:
    """One more revision with a field and a document timestamp.

    :param widget: further keys of the field; ``stamp`` of the timestamp.
    :param more: ``page`` further keys of the page; ``number`` of a further object; ``between`` bytes between objects.
    """
    from zonary.proof.certificate.layout import Layout
    from zonary.proof.certificate.values import Name, Ref
    from zonary.services.evidence.certificates.rendering import signing

    layout = Layout(certificate)
    last, size = layout.revisions[-1], layout.revisions[-1].size
    form, first = layout.root()["AcroForm"], layout.list(layout.map(layout.root()["Pages"])["Kids"])[0]
    assert isinstance(form, Ref)
    assert isinstance(first, Ref)
    field: dict[str, Any] = {"FT": Name("Sig"), "T": b"More", "Subtype": Name("Widget"), "Rect": [0, 0, 0, 0]}
    field["V"] = Ref(size + 1)
    objects: dict[int, Any] = {
        form.number: {**layout.map(form), "Fields": [*layout.list(layout.map(form)["Fields"]), Ref(size)]},
        first.number: {**layout.map(first), "Annots": [*layout.list(layout.map(first)["Annots"]), Ref(size)]}
        | (more.get("page") or {}),
        size: field | (widget or {}),
    }
    if "number" in more:
        objects[more["number"]] = [b"here"]
    out, offsets = bytearray(certificate), {}
    for number, value in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, _written(value)) + more.get("between", b"")
    offsets[size + 1] = len(out)
    out += b"%d 0 obj\n<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161%s/Contents " % (
        size + 1,
        b"".join(b"/%s %s" % (key.encode(), _written(each)) for key, each in (stamp or {}).items()),
    )
    begin = len(out)
    out += b"<" + b"0" * PLACE + b">"
    end = len(out)
    out += b" /ByteRange [" + b"0 %010d %010d %010d" % (begin, end, 0) + b"]>>\nendobj\n"
    table = len(out)
    out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % (number, offsets[number]) for number in sorted(offsets))
    trailer = {**last.trailer, "Size": size + 2, "Prev": last.table}
    out += b"trailer\n" + _written(trailer) + b"\nstartxref\n%d\n%%%%EOF\n" % table
    mark = out.index(b"%010d]" % 0, end)
    out[mark : mark + 10] = b"%010d" % (len(out) - end)
    digest = hashlib.sha256(bytes(out[:begin] + out[end:])).digest()
    token = asyncio.run(signing._Timestamps(zone.means).async_timestamp(digest, "sha256")).dump().hex().encode()
    out[begin + 1 : begin + 1 + len(token)] = token
    return bytes(out)


def restampings(certificate: bytes, zone: CertifyingZone) -> Iterator[tuple[str, bytes, str]]:
    """A name, the file, and what is wrong with it: ``added``, ``laid out``, or nothing."""
    from zonary.proof.certificate.values import Name

    stream = {"Type": Name("XObject")}
    for name, how, wrong in (
        ("nothing more", {}, ""),
        ("an appearance", {"widget": {"AP": {"N": stream}}}, "added"),
        ("an action", {"widget": {"A": {"S": Name("URI"), "URI": b"https://elsewhere.example"}}}, "added"),
        ("a place on the page", {"widget": {"Rect": [0, 0, 200, 50]}}, "added"),
        ("further keys of the timestamp", {"stamp": {"Reference": []}}, "added"),
        ("a page that turned", {"page": {"Rotate": 180}}, "added"),
        ("other contents of the page", {"page": {"Contents": []}}, "added"),
        ("an object in a number that was free", {"number": 280}, "added"),
        ("something between the objects", {"between": b"1 0 obj\nnull\nendobj\n"}, "laid out"),
        ("a comment between the objects", {"between": b"% here\n"}, "laid out"),
    ):
        yield f"restamped with {name}", restamped(certificate, zone, **how), wrong

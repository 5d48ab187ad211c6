"""What was received, as a web archive other people's tools replay: WARC (ISO 28500:2017) packed as WACZ 1.1.1.

Bodies are as the page got them, so the headers that told how they were packed on the way are kept under other names
(``x-archive-orig-``), as Webrecorder's own crawler does. WACZ: https://specs.webrecorder.net/wacz/1.1.1/.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import ipaddress
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from zonary.common.clock import rfc3339
from zonary.services.evidence.capture.browsing.watching import Exchange

VERSION = "1.1.1"
WARC = "archive/data.warc.gz"
CDX = "indexes/index.cdx.gz"
IDX = "indexes/index.idx"
PAGES = "pages/pages.jsonl"
_PACKED = frozenset(("content-encoding", "transfer-encoding", "content-length"))
_FIXED = (1980, 1, 1, 0, 0, 0)
_WWW = re.compile(r"^www\d*\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPage:
    """What the archive is of.

    :param software: name and version of who made it.
    """

    address: str
    title: str
    at: datetime
    software: str


def write_archive(
    path: Path, page: ArchivedPage, exchanges: Iterable[Exchange], addresses: Mapping[tuple[str, int], str]
) -> int:
    """Write the WACZ; returns how many answers it holds. Without any, there is no file: nothing could be replayed.

    :param addresses: host and port -> the address connected to.
    """
    records = io.BytesIO()
    lines = _write_records(records, page, exchanges, addresses)
    if not lines:
        return 0
    cdx, idx = _index(lines)
    written = {WARC: records.getvalue(), CDX: cdx, IDX: idx, PAGES: _pages(page)}
    package = _package(page, written)
    digest = {"path": "datapackage.json", "hash": _sha256(package)}
    new = path.with_suffix(".new")
    with zipfile.ZipFile(new, "w") as archive:
        for name, data in {**written, "datapackage.json": package, "datapackage-digest.json": _json(digest)}.items():
            # Stored: readers fetch single records out of the middle.
            archive.writestr(zipfile.ZipInfo(name, _FIXED), data, compress_type=zipfile.ZIP_STORED)
    new.replace(path)
    return len(lines)


def _write_records(
    out: io.BytesIO, page: ArchivedPage, exchanges: Iterable[Exchange], addresses: Mapping[tuple[str, int], str]
) -> list[str]:
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    about = {"software": page.software, "format": "WARC File Format 1.1", "isPartOf": page.address}
    writer.write_record(writer.create_warcinfo_record("data.warc.gz", about))
    lines = []
    for each in exchanges:
        response, request = _records(writer, each, addresses)
        offset = out.tell()
        writer.write_record(response)
        length = out.tell() - offset
        writer.write_record(request)
        lines.append(_cdx_line(each, response.rec_headers.get_header("WARC-Payload-Digest"), offset, length))
    return sorted(lines)


def _records(writer: WARCWriter, exchange: Exchange, addresses: Mapping[tuple[str, int], str]) -> tuple[Any, Any]:
    parts = urlsplit(exchange.address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    headers = {"WARC-Date": rfc3339(exchange.at)}
    address = addresses.get((parts.hostname or "", port), "")
    if address:
        headers["WARC-IP-Address"] = address
    if exchange.body is None:
        headers["WARC-Truncated"] = "unspecified"
    body = exchange.body or b""
    status = f"{exchange.status} {exchange.status_text or 'OK'}".strip()
    response = writer.create_warc_record(
        exchange.address,
        "response",
        payload=io.BytesIO(body),
        http_headers=StatusAndHeaders(status, [*_unpacked(exchange), ("Content-Length", str(len(body)))], "HTTP/1.1"),
        warc_headers_dict=headers,
    )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    asked = [(name, _line(value)) for name, value in exchange.asked if not name.startswith(":")]
    request = writer.create_warc_record(
        exchange.address,
        "request",
        payload=io.BytesIO(exchange.sent),
        http_headers=StatusAndHeaders(f"{exchange.method} {target} HTTP/1.1", asked, is_http_request=True),
        warc_headers_dict={
            "WARC-Date": rfc3339(exchange.at),
            "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID"),
        },
    )
    return response, request


def _unpacked(exchange: Exchange) -> list[tuple[str, str]]:
    headers = []
    for name, value in exchange.answered:
        if name.startswith(":"):
            continue
        kept = f"x-archive-orig-{name}" if name.lower() in _PACKED else name
        headers += [(kept, _line(each)) for each in value.split("\n")]
    return headers


def _line(value: str) -> str:
    return " ".join(value.split("\r"))


def _cdx_line(exchange: Exchange, digest: str, offset: int, length: int) -> str:
    """One line of the index (CDXJ, https://specs.webrecorder.net/cdxj/0.1.0/)."""
    kind = next((value for name, value in exchange.answered if name.lower() == "content-type"), "")
    facts = {
        "url": exchange.address,
        "mime": kind.partition(";")[0].strip() or "unk",
        "status": str(exchange.status),
        "digest": digest,
        "length": str(length),
        "offset": str(offset),
        "filename": "data.warc.gz",
    }
    return f"{sort_key(exchange.address)} {exchange.at:%Y%m%d%H%M%S} {json.dumps(facts)}\n"


def sort_key(address: str) -> str:
    """The address as an index sorts it (SURT): the host's parts from the last to the first, then the path."""
    parts = urlsplit(address.lower())
    host = _WWW.sub("", parts.hostname or "")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        host = ",".join(reversed(host.split(".")))
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{host}{port}){parts.path or '/'}{'?' + query if query else ''}"


def _index(lines: list[str]) -> tuple[bytes, bytes]:
    """The lines in one packed block, and the list of blocks (ZipNum)."""
    block = gzip.compress("".join(lines).encode("utf-8"), mtime=0)
    first = " ".join(lines[0].split(" ", 2)[:2])
    about = {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
    place = {"offset": 0, "length": len(block), "digest": _sha256(block), "filename": "index.cdx.gz"}
    return block, f"!meta 0 {json.dumps(about)}\n{first} {json.dumps(place)}\n".encode()


def _pages(page: ArchivedPage) -> bytes:
    about = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
    one = {"id": "1", "url": page.address, "ts": rfc3339(page.at), "title": page.title or page.address}
    return f"{json.dumps(about)}\n{json.dumps(one, ensure_ascii=False)}\n".encode("utf-8", "replace")


def _package(page: ArchivedPage, written: Mapping[str, bytes]) -> bytes:
    resources = [
        {"name": name.rpartition("/")[2], "path": name, "hash": _sha256(data), "bytes": len(data)}
        for name, data in written.items()
    ]
    return _json(
        {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": page.title or page.address,
            "created": f"{page.at:%Y-%m-%dT%H:%M:%SZ}",
            "software": page.software,
            "mainPageUrl": page.address,
            "mainPageDate": rfc3339(page.at),
            "resources": resources,
        }
    )


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"

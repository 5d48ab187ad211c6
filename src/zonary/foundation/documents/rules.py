"""How large, how many, how long, and what a file may be called. Pure."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from urllib.parse import quote

MAX_DOCUMENT_BYTES = 5 * 1024**3
MAX_OPEN_UPLOADS = 20
"""Of one holder at one time."""
UPLOAD_TERM = timedelta(days=2)
"""An upload to which nothing was added for so long has expired."""
KEPT_WITHOUT_VERSION = timedelta(days=1)
"""How long bytes lie in the store before a version refers to them; longer than any upload takes to be finished."""
ONE_ACCESS = timedelta(hours=1)
"""Fetching the same version again within so long is the same access: a download is made of many requests."""

MAX_FILE_NAME = 180
MAX_TITLE = 120
_UNNAMED = "document"
_FORBIDDEN = '<>:"|?*&`'
"""What no file may be called on some system, or what is markup."""
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
"""Names that stand for devices on Windows, whatever follows their first dot."""


def safe_file_name(claimed: str) -> str:
    """``claimed`` as it may be shown and offered for saving: one name without a folder, of printable characters.

    Characters that are not seen, or turn the direction of writing, are left out: ``invoice\u202efdp.exe`` would be
    read as ``invoiceexe.pdf``.
    """
    name = unicodedata.normalize("NFC", claimed).replace("\\", "/").rpartition("/")[2]
    seen = (" " if unicodedata.category(c) == "Zs" else c for c in name if unicodedata.category(c)[0] not in "C")
    name = "".join("_" if c in _FORBIDDEN else c for c in seen if unicodedata.category(c) not in ("Zl", "Zp"))
    name = " ".join(name.split()).lstrip(". ").rstrip(". ")
    if name.partition(".")[0].strip().lower() in _DEVICES:
        name = f"_{name}"
    return _shortened(name) or _UNNAMED


def _shortened(name: str) -> str:
    if len(name) <= MAX_FILE_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 16:
        return name[:MAX_FILE_NAME]
    return f"{stem[: MAX_FILE_NAME - len(ending) - 1]}.{ending}"


def attachment(file_name: str) -> str:
    """The Content-Disposition under which ``file_name`` is saved and never shown (RFC 6266, RFC 8187)."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%;' else "_" for c in file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """First byte and length of what a Range header asks for of ``size`` bytes; None: everything (RFC 9110 §14.2).

    Several ranges at a time, and what is no range, are answered with everything, as the standard allows.

    :raises ValueError: when the range lies outside.
    """
    unit, _, wanted = header.strip().partition("=")
    first, dash, last = wanted.strip().partition("-")
    first, last = first.strip(), last.strip()
    if unit.strip().lower() != "bytes" or not dash or "," in wanted or not _is_number(first or last):
        return None
    if not first:
        count = min(int(last), size)
        if count == 0:
            raise ValueError("an empty range")
        return size - count, count
    if not _is_number(last or first):
        return None
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return None
    if start >= size:
        raise ValueError("a range behind the end")
    return start, end - start + 1


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 15

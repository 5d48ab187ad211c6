"""The container: an ASiC-E zip file (ETSI EN 319 162-1), read with bounds and written byte for byte the same.

Nothing is ever extracted to disk from here; a member is its name and its bytes.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from zonary.proof.errors import MalformedError
from zonary.proof.manifest import MAX_MANIFEST_BYTES

MIMETYPE = b"application/vnd.etsi.asic-e+zip"

STATEMENT = "statement.json"
MANIFEST = "manifest.jsonl"
DISCLOSURE = "disclosure.json"
ASIC_MANIFEST = "META-INF/ASiCManifest.xml"
PACKAGE_TOKEN = "META-INF/timestamp.tst"  # noqa: S105 (a member, not a password)
LOG_PROOF = "log/statement.tlog-proof"
LOG_KEYS = "log/log.vkey"
SM3_PROOF = "log-sm3/statement.sm3-proof"
SM3_KEYS = "log-sm3/log.vkey"
AUTHORITY_CHAIN = "timestamp/ca.pem"
README = "README.txt"
MIMETYPE_MEMBER = "mimetype"
TOKEN_FOLDER, TOKEN_SUFFIX = "timestamp/", ".tsr"
FURTHER_FOLDER, FURTHER_TOKEN, FURTHER_CHAIN = "timestamps/", ".tst", ".pem"

MAX_PACKAGE_BYTES = 2 * 1024**3
MAX_MEMBERS = 256
MAX_MEMBER_BYTES = 16 * 1024**2
MAX_DIRECTORY_BYTES = 256 * 1024
MAX_RATIO = 200
"""Honest members deflate at most about threefold (hexadecimal); a bomb does so a thousandfold."""
_RATIO_FREE_BYTES = 1024**2

_END = struct.Struct("<4s4H2LH")
_ZIP64_LOCATOR_BYTES = 20
_NAME = re.compile(r"[^\x00-\x1f\x7f\\:]{1,512}")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    KeyError,
    IndexError,
)


class Container:
    """A package opened for reading.

    :param file: a seekable binary file; the caller closes it.
    :raises MalformedError: when it is not a zip file of this kind, holds a member twice, a name that climbs out, or
        exceeds a ``MAX_*`` limit.
    """

    def __init__(self, file: IO[bytes]) -> None:
        _check_end(file)
        try:
            self._zip = zipfile.ZipFile(file)
            members = self._zip.infolist()
        except _ZIP_ERRORS as error:
            raise MalformedError("The package is not a readable zip file: it is damaged or cut short.") from error
        self._members = {info.filename: info for info in members}
        if len(self._members) != len(members):
            raise MalformedError("The package holds a member twice.")
        for info in members:
            _check_member(info)
        if not members or not _is_mimetype(members[0]) or self.read(MIMETYPE_MEMBER) != MIMETYPE:
            raise MalformedError("The file is not a Zonary package: it does not begin with the ASiC-E media type.")

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str) -> bytes:
        """The bytes of member ``name``.

        :raises MalformedError: when it is absent, damaged, or larger than it says.
        """
        info = self._members.get(name)
        if info is None:
            raise MalformedError("The package has no member “{name}”.", name=name)
        try:
            with self._zip.open(info) as member:
                data = member.read(info.file_size + 1)
        except _ZIP_ERRORS as error:
            raise MalformedError("The member “{name}” of the package is damaged.", name=name) from error
        if len(data) != info.file_size:
            raise MalformedError("The member “{name}” of the package is not as long as it says.", name=name)
        return data


def _check_end(file: IO[bytes]) -> None:
    # Looked at before zipfile reads the directory, which it would load whole whatever its size.
    size = file.seek(0, io.SEEK_END)
    if size > MAX_PACKAGE_BYTES:
        raise MalformedError(
            "The package has {size} bytes; at most {limit} are read.", size=size, limit=MAX_PACKAGE_BYTES
        )
    file.seek(max(0, size - _END.size - _ZIP64_LOCATOR_BYTES))
    tail = file.read(_END.size + _ZIP64_LOCATOR_BYTES)
    file.seek(0)
    if len(tail) != _END.size + _ZIP64_LOCATOR_BYTES:
        raise MalformedError("The package is not a readable zip file: it is damaged or cut short.")
    signature, _disk, _start, _here, count, directory, offset, comment = _END.unpack(tail[_ZIP64_LOCATOR_BYTES:])
    if signature != b"PK\x05\x06" or comment:
        raise MalformedError("The package is not a readable zip file: it is damaged or cut short.")
    if tail.startswith(b"PK\x06\x07") or offset + directory != size - _END.size:
        # A zip64 record may claim what this one does not; bytes before the first member make it two files at once.
        raise MalformedError(
            "The package is a zip file of an unusual make: ZIP64, or with bytes that belong to nothing."
        )
    if count > MAX_MEMBERS or directory > MAX_DIRECTORY_BYTES:
        raise MalformedError("The package has more than {limit} members.", limit=MAX_MEMBERS)


def _is_mimetype(info: zipfile.ZipInfo) -> bool:
    """EN 319 162-1 A.1: first, as it is, and without an extra field, so that it stands at a fixed place."""
    return (
        info.filename == MIMETYPE_MEMBER
        and info.header_offset == 0
        and info.compress_type == zipfile.ZIP_STORED
        and not info.extra
    )


def _check_member(info: zipfile.ZipInfo) -> None:
    name = info.filename
    parts = name.split("/")
    if info.orig_filename != name or not _NAME.fullmatch(name) or any(part in ("", ".", "..") for part in parts):
        raise MalformedError("The package holds a member whose name is not a plain relative path.")
    if info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise MalformedError("The member “{name}” of the package is encrypted or packed in an unusual way.", name=name)
    limit = MAX_MANIFEST_BYTES if name == MANIFEST else MAX_MEMBER_BYTES
    # compress_size may be padded with junk to look honest; parsers of members bound what they build from them too.
    bomb = info.file_size > _RATIO_FREE_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1)
    if info.file_size > limit or bomb:
        raise MalformedError(
            "The member “{name}” of the package would unpack to {size} bytes; that is refused.",
            name=name,
            size=info.file_size,
        )


class _UnfinishedZip(zipfile.ZipFile):
    """Is not finished by being forgotten: after an error the file under it is closed, or worse, still open."""

    def __del__(self) -> None:
        return


class PackageWriter:
    """Writes a container member by member; the same members give the same bytes.

    :param file: a writable binary file; the caller makes it durable and closes it.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = _UnfinishedZip(file, "w")
        self._add(MIMETYPE_MEMBER, MIMETYPE, zipfile.ZIP_STORED)

    def add(self, name: str, data: bytes) -> None:
        """Append one member; a name is never used twice."""
        self._add(name, data, zipfile.ZIP_DEFLATED)

    def finish(self) -> None:
        """Write the directory; the file is a package only from here on."""
        self._zip.close()

    def _add(self, name: str, data: bytes, method: int) -> None:
        info = zipfile.ZipInfo(name, _EPOCH)
        info.compress_type = method
        info.create_system = 3
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, data, compresslevel=1)

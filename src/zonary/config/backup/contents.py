"""What may be in a backup, where it lies in a data directory, and how large it may be."""

from __future__ import annotations

import re
from typing import Final

from zonary.config.backup.errors import BackupError
from zonary.foundation.documents.contents.protocol import content_path
from zonary.foundation.ledger.layout import PRIVATE_FILE
from zonary.proof.errors import MalformedError
from zonary.proof.tlog.tiles import MAX_BUNDLE_BYTES, parse_tile_path

MANIFEST: Final = "backup.json"
SQLITE: Final = "zonary.sqlite3"
DUMP: Final = "zonary.dump"
MAX_MANIFEST_BYTES: Final = 1024 * 1024
MAX_KEY_BYTES: Final = 256 * 1024
PUBLIC_FILES: Final = (
    "trust.txt",
    "openlog.vkey",
    "tsa-ca.pem",
    "tsa-crl.der",
    "tsa-sm2-ca.pem",
    "tsa-sm2-crl.der",
    "certificate-crl.der",
)
RENEWED: Final = frozenset(("tsa-crl.der", "tsa-sm2-crl.der"))
"""Written anew every day and at every start."""
PUBLIC_MODE: Final = 0o644
CONTENT_MODE: Final = 0o400
_KEY = re.compile(r"keys/[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_LOG = re.compile(r"((?:open)?log(?:-[1-9][0-9]{0,5})?)/(.+)", re.DOTALL)
_CONTENT = re.compile(r"documents/[0-9a-f]{2}/[0-9a-f]{2}/([0-9a-f]{64})")


def mode_of(name: str, size: int) -> int:
    """How the file ``name`` lies in a data directory.

    :raises BackupError: when there is no such file in a backup, or none of this size.
    """
    if name in (SQLITE, DUMP):
        return PRIVATE_FILE
    if content_of(name) is not None:
        return CONTENT_MODE
    if name == "token" or _KEY.fullmatch(name) or name in PUBLIC_FILES:
        largest, mode = MAX_KEY_BYTES, PUBLIC_MODE if name in PUBLIC_FILES else PRIVATE_FILE
    elif (found := _LOG.fullmatch(name)) and _is_of_a_log(found[2]):
        largest, mode = MAX_BUNDLE_BYTES, PUBLIC_MODE
    else:
        raise BackupError("The backup holds “{name}”, which belongs in none.", name=name)
    if size > largest:
        raise BackupError("“{name}” in the backup is larger than it can be.", name=name)
    return mode


def content_of(name: str) -> bytes | None:
    """The SHA-256 that the document's content ``name`` has to have; None for other files."""
    found = _CONTENT.fullmatch(name)
    sha256 = bytes.fromhex(found[1]) if found else None
    return sha256 if sha256 is not None and name == f"documents/{content_path(sha256)}" else None


def log_of(name: str) -> str | None:
    """The folder of the log that the file ``name`` belongs to; None for other files."""
    found = _LOG.fullmatch(name)
    return found[1] if found else None


def _is_of_a_log(path: str) -> bool:
    if path == "checkpoint":
        return True
    try:
        parse_tile_path(path)
    except MalformedError:
        return False
    return True

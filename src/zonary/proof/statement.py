"""The statement: the small salted text whose digests stand in the log (``specs/statement.md``).

It names a manifest by its two roots and nothing else about it: no count, no size, no name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from zonary.proof import canonical
from zonary.proof.canonical import Json
from zonary.proof.digests import Digests, digests_of
from zonary.proof.errors import MalformedError, UnsupportedError
from zonary.proof.leaf import EVIDENCE, encode_leaf

STATEMENT_VERSION = "zonary-statement/1"
MANIFEST_VERSION = "zonary-manifest/1"
SALT_SIZE = 16
"""Bytes of every salt: 128 bits from the system's generator, never reused."""
MAX_STATEMENT_BYTES = 64 * 1024

_SALT = re.compile(r"[0-9a-f]{32}")
_KEYS = {"class", "declared", "manifest", "observed", "salt", "version"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of class ``evidence``.

    ``declared`` holds what the owner says about origin and custody, ``observed`` what the service saw; both are open
    maps and are empty unless somebody filled them.
    """

    manifest: Digests
    salt: bytes
    declared: Mapping[str, Json] = field(default_factory=dict)
    observed: Mapping[str, Json] = field(default_factory=dict)

    def encode(self) -> bytes:
        """Canonical bytes.

        :raises MalformedError: when the open maps cannot be written canonically or make it larger than
            ``MAX_STATEMENT_BYTES``.
        """
        if not self.declared and not self.observed:
            return encode_plain(self.manifest.sha256.hex(), self.manifest.sm3.hex(), self.salt.hex())
        data = canonical.encode(
            {
                "class": EVIDENCE,
                "declared": dict(self.declared),
                "manifest": {**self.manifest.hex(), "version": MANIFEST_VERSION},
                "observed": dict(self.observed),
                "salt": self.salt.hex(),
                "version": STATEMENT_VERSION,
            }
        )
        if len(data) > MAX_STATEMENT_BYTES:
            raise MalformedError("A statement may have at most {limit} bytes.", limit=MAX_STATEMENT_BYTES)
        return data


def encode_plain(sha256: str, sm3: str, salt: str) -> bytes:
    """Canonical bytes of a statement in which nothing is declared or observed: of fixed shape, so written directly.

    :param sha256: and ``sm3``: the manifest's roots in hexadecimal, as the salt is.
    """
    return (
        f'{{"class":"{EVIDENCE}","declared":{{}},"manifest":{{"sha256":"{sha256}","sm3":"{sm3}",'
        f'"version":"{MANIFEST_VERSION}"}},"observed":{{}},"salt":"{salt}","version":"{STATEMENT_VERSION}"}}'
    ).encode("ascii")


def decode_statement(data: bytes) -> Statement:
    """:raises UnsupportedError: for another version or class; :raises MalformedError: for anything else wrong."""
    value = canonical.decode(data, "statement.json", limit=MAX_STATEMENT_BYTES)
    if not isinstance(value, dict):
        raise MalformedError("statement.json is not a Zonary statement.")
    version, statement_class = value.get("version"), value.get("class")
    if version != STATEMENT_VERSION or statement_class != EVIDENCE:
        if isinstance(version, str) and version.startswith("zonary-statement/"):
            raise UnsupportedError(
                "The statement is “{version}”, class “{name}”; this release knows “{known}”, class “evidence”.",
                version=version[:64],
                name=str(statement_class)[:64],
                known=STATEMENT_VERSION,
            )
        raise MalformedError("statement.json is not a Zonary statement.")
    if set(value) != _KEYS:
        raise MalformedError(
            "The statement does not have exactly the fields {fields}.", fields=", ".join(sorted(_KEYS))
        )
    return _from_fields(value)


def _from_fields(value: dict[str, Json]) -> Statement:
    manifest, salt = value["manifest"], value["salt"]
    declared, observed = value["declared"], value["observed"]
    if not isinstance(manifest, dict) or set(manifest) != {"sha256", "sm3", "version"}:
        raise MalformedError("The statement does not name a manifest by version, SHA-256 and SM3.")
    if manifest["version"] != MANIFEST_VERSION:
        raise UnsupportedError(
            "The statement names a manifest of version “{version}”; this release knows “{known}”.",
            version=str(manifest["version"])[:64],
            known=MANIFEST_VERSION,
        )
    if not isinstance(salt, str) or not _SALT.fullmatch(salt):
        raise MalformedError("The statement's salt is not 32 lower-case hexadecimal digits.")
    if not isinstance(declared, dict) or not isinstance(observed, dict):
        raise MalformedError("“declared” and “observed” of the statement must be maps.")
    roots = Digests.from_hex(str(manifest["sha256"]), str(manifest["sm3"]))
    return Statement(manifest=roots, salt=bytes.fromhex(salt), declared=declared, observed=observed)


def leaf_of_statement(statement: bytes) -> bytes:
    """The log leaf that stands for these statement bytes."""
    return encode_leaf(EVIDENCE, digests_of(statement))

"""What follows from digests and salts alone; no database, no clock."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum

from zonary.common.plain_text import is_plain
from zonary.proof import canonical
from zonary.proof.digests import DIGEST_SIZE, Digests, digests_of
from zonary.proof.errors import Error
from zonary.proof.leaf import EVIDENCE, encode_leaves
from zonary.proof.manifest import encode_digest_line, parse_manifest
from zonary.proof.statement import SALT_SIZE, Statement, decode_statement, encode_plain

SALTS_SIZE = 2 * SALT_SIZE
"""Bytes of randomness for one digest: the salt of its manifest line, then that of the statement."""
PAIR_SIZE = 2 * DIGEST_SIZE
"""Bytes of one SHA-256 and one SM3, in this order."""


MAX_MATERIAL_BYTES = 16 * 1024 * 1024
MAX_GIVEN_BYTES = 1024 * 1024
"""Of a disclosure that is handed in for a certificate: some 300 files of a list of 30,000."""
"""Of one folder's list that is kept here: some fifty thousand files."""

MAX_TITLE = 120
MAX_NOTE = 1000


class Kind(StrEnum):
    """What the two registered digests are those of."""

    STATEMENT = "statement"
    DIGEST = "digest"


class Subject(StrEnum):
    """What a piece of evidence is about, as its holder says; nothing depends on it but notices and lists."""

    IDEA = "idea"
    INVENTION = "invention"
    DESIGN = "design"
    SOFTWARE = "software"
    MARK = "mark"
    TRADE_SECRET = "trade-secret"  # noqa: S105 - a word, no password
    CONTRACT = "contract"
    INFRINGEMENT = "infringement"  # 侵权线索: what somebody else does with one's own
    OTHER = "other"


class Notice(StrEnum):
    """What whoever reads a receipt must not mistake it for."""

    NOT_A_PATENT_APPLICATION = "not-a-patent-application"


_NOTHING_TO_PATENT = frozenset((Subject.MARK, Subject.CONTRACT, Subject.INFRINGEMENT))


def notices_of(subject: str) -> tuple[Notice, ...]:
    """What has to be said beside every receipt of such evidence.

    Also where the holder did not say what it is about: the one who keeps silent may be the inventor.
    """
    return () if subject in _NOTHING_TO_PATENT else (Notice.NOT_A_PATENT_APPLICATION,)


MARKS = {Kind.STATEMENT: b"s", Kind.DIGEST: b"d"}
"""The byte that stands for each kind wherever evidence is kept by the thousand."""
KINDS = {mark: kind for kind, mark in MARKS.items()}


@dataclass(frozen=True, slots=True)
class Registrations:
    """What is asked to be registered, by columns: a batch has thousands.

    :param marks: the byte of each item's kind.
    :param pairs: SHA-256 and SM3 of each, ``PAIR_SIZE`` bytes an item.
    :param declared: position -> what the statement made of that digest declares, canonical JSON.
    :param keys: position -> key under which a repetition of that item is recognised.
    :param key: the same for all items together; then none has its own.
    """

    marks: bytes
    pairs: bytes
    keys: Mapping[int, str] = field(default_factory=dict)
    key: str | None = None
    declared: Mapping[int, bytes] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.marks)

    def content(self, position: int) -> bytes:
        """Mark, digests and what is declared of one item; what makes two items the same."""
        pair = self.pairs[PAIR_SIZE * position : PAIR_SIZE * (position + 1)]
        return self.marks[position : position + 1] + pair + self.declared.get(position, b"")

    def only(self, positions: Sequence[int]) -> Registrations:
        """Those at ``positions``, in that order."""
        contents = [self.content(position) for position in positions]
        return Registrations(
            marks=b"".join([content[:1] for content in contents]),
            pairs=b"".join([content[1 : 1 + PAIR_SIZE] for content in contents]),
            declared={n: self.declared[position] for n, position in enumerate(positions) if position in self.declared},
            keys={n: self.keys[position] for n, position in enumerate(positions) if position in self.keys},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a holder calls a piece of evidence; a further field of it is a field here, and a column of its row."""

    title: str
    note: str = ""
    subject: str = ""

    @classmethod
    def of(cls, source: object) -> Description:
        """From whatever has all its fields: a row, a body of a request, another description."""
        return cls(**{each.name: getattr(source, each.name) for each in fields(cls)})

    def columns(self) -> dict[str, str]:
        return asdict(self)

    def is_plain(self) -> bool:
        """Whether all of it can be read as what it is, and there is a title; only a note has lines."""
        texts = [*(self.columns() | {"note": self.note.replace("\n", "")}).values()]
        return bool(self.title.strip()) and all(map(is_plain, texts))

    def sha256(self) -> str:
        """Of the canonical JSON of all fields; without ``subject``, which came later, where it is empty."""
        said = {name: value for name, value in self.columns().items() if value or name != "subject"}
        return hashlib.sha256(canonical.encode(dict(said))).hexdigest()


class WrongMaterialError(Error):
    """What came is not what the registered statement was made of."""


@dataclass(frozen=True, slots=True)
class Material:
    """What a package is made of beside what the log and the authority say: statement and manifest."""

    statement: bytes
    manifest: bytes


def read_material(body: bytes, registered: Digests) -> Material:
    """The material in ``body``: the statement in the first line, the lines of the manifest after it.

    :param registered: the digests of the statement, as they stand in the log.
    :raises WrongMaterialError: unless the statement has these digests, and the manifest the roots the statement names.
    """
    statement, _, manifest = body.partition(b"\n")
    if digests_of(statement) != registered:
        raise WrongMaterialError("This is not the statement that was registered: it has other digests.")
    try:
        said, lines = decode_statement(statement), parse_manifest(manifest)
    except Error as error:
        raise WrongMaterialError("What came cannot be kept: {reason}", reason=error) from error
    if said.observed:  # or what somebody wrote there would be shown as what the zone saw
        raise WrongMaterialError("What a service observed is written by the service: leave “observed” empty.")
    if lines.roots() != said.manifest:
        raise WrongMaterialError("This list of files is not the one that the statement names: it has other roots.")
    if len(lines.leaves) == 1:
        raise WrongMaterialError("Register a single file by its own digests; its package is then made here.")
    return Material(statement, manifest)


def seal_digest(digests: Digests, salts: bytes, declared: bytes = b"") -> Material:
    """A statement over a manifest of one line, which holds ``digests``. The same salts give the same bytes.

    :param salts: ``SALTS_SIZE`` random bytes, never used twice.
    :param declared: what it declares, canonical JSON; empty: nothing.
    """
    line, statement = _seal(digests.sha256.hex(), digests.sm3.hex(), salts.hex(), declared)
    return Material(statement, line + b"\n")


_fresh_sm3 = hashlib.new("sm3").copy
"""Looking the algorithm up by name takes as long as hashing a line."""


def _sm3(data: bytes) -> bytes:
    digest = _fresh_sm3()
    digest.update(data)
    return digest.digest()


def _seal(sha256: str, sm3: str, salts: str, declared: bytes = b"") -> tuple[bytes, bytes]:
    line = encode_digest_line(sha256, sm3, salts[: 2 * SALT_SIZE])
    hashed = b"\x00" + line  # a tree of one leaf has its hash as root (RFC 6962 §2.1)
    roots = hashlib.sha256(hashed).hexdigest(), _sm3(hashed).hex()
    if not declared:
        return line, encode_plain(*roots, salts[2 * SALT_SIZE :])
    said, salt = canonical.decode(declared, "declared"), bytes.fromhex(salts[2 * SALT_SIZE :])
    statement = Statement(manifest=Digests.from_hex(*roots), salt=salt, declared=said if isinstance(said, dict) else {})
    return line, statement.encode()


def leaves_of(wanted: Registrations, salts: list[bytes]) -> list[bytes]:
    """The leaf of each item; that of a digest is the leaf of the statement :func:`seal_digest` makes of it.

    :param salts: of each item; those of statements are not looked at.
    """
    if MARKS[Kind.DIGEST] not in wanted.marks:
        return encode_leaves(EVIDENCE, wanted.pairs)
    digest = ord(MARKS[Kind.DIGEST])
    text, statements = wanted.pairs.hex(), []
    for number, mark in enumerate(wanted.marks):
        if mark == digest:
            start = 2 * PAIR_SIZE * number
            middle, end = start + PAIR_SIZE, start + 2 * PAIR_SIZE
            said = wanted.declared.get(number, b"")
            _, statement = _seal(text[start:middle], text[middle:end], salts[number].hex(), said)
            statements += [hashlib.sha256(statement).digest(), _sm3(statement)]
        else:
            statements.append(wanted.pairs[PAIR_SIZE * number : PAIR_SIZE * (number + 1)])
    return encode_leaves(EVIDENCE, b"".join(statements))


def content_in(leaf: bytes, body: bytes) -> bytes:
    """What a recorded item is (see :meth:`Registrations.content`); empty once it was erased."""
    return body + leaf[-PAIR_SIZE:] if body == MARKS[Kind.STATEMENT] else body


def pairs_in(leaves: Sequence[bytes], bodies: Sequence[bytes]) -> list[bytes]:
    """SHA-256 and SM3 of many recorded items; empty where one was erased."""
    statement = MARKS[Kind.STATEMENT]
    return [
        leaf[-PAIR_SIZE:] if body == statement else body[1 : 1 + PAIR_SIZE]
        for leaf, body in zip(leaves, bodies, strict=True)
    ]


def digests_in(content: bytes) -> Digests:
    """The digests of a content."""
    return Digests(content[1 : 1 + DIGEST_SIZE], content[1 + DIGEST_SIZE : 1 + PAIR_SIZE])


def declared_in(content: bytes) -> bytes:
    """What the statement that is made of a content declares, canonical JSON; empty: nothing."""
    return content[1 + PAIR_SIZE :]

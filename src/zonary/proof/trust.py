"""Whom a verifier trusts: logs, witnesses and timestamp authorities (``specs/trust.md``).

A trust file is a C2SP tlog-policy file. Timestamp authorities stand in lines ``#zonary timestamp-root <base64 DER>
[<operator>]``, those who sign evidence certificates in lines ``#zonary certificate-signer`` and ``#zonary
certificate-root <base64 DER>``, endorsements of keys in lines
``#zonary endorsement <base64 note>``, comments to other tools. Keys that travel inside a package never come here.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from zonary.proof.errors import Error, MalformedError
from zonary.proof.tlog.endorsement import Endorsement, follow
from zonary.proof.tlog.grammar import MAX_NAME_BYTES, is_key_name
from zonary.proof.tlog.keys import ED25519_COSIGNATURE, MLDSA44_COSIGNATURE, VerifierKey

MAX_TRUST_BYTES = 1024 * 1024
MAX_NAMES = 256
_DIRECTIVE = "#zonary"
_ROOT = "timestamp-root"
_CERTIFICATE_ROOT = "certificate-root"
_CERTIFICATE_SIGNER = "certificate-signer"
_ENDORSEMENT = "endorsement"
_REQUIRED = "timestamps-required"
MAX_REQUIRED = 16
NO_QUORUM = "none"
_WITNESS_KINDS = frozenset((ED25519_COSIGNATURE, MLDSA44_COSIGNATURE))


@dataclass(frozen=True, slots=True)
class TrustedLog:
    """A log's verifier key, and where the log is reached, if anybody said."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A cosigner, by the name the policy file uses for it."""

    name: str
    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Counts as having cosigned when ``threshold`` of its members have."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """One trust file, or several merged. Roots of timestamps and of evidence certificates are X.509, in DER.

    ``timestamps_required`` is how many operators of the roots have to stand behind the tokens of one package;
    ``timestamp_operators`` names the operators of roots, and a root that is not there is an operator's only one.
    ``endorsements`` make nobody trusted by standing here: they tell those who trust an earlier key (:func:`learn`).
    """

    logs: tuple[TrustedLog, ...] = ()
    timestamp_roots: tuple[bytes, ...] = ()
    certificate_roots: tuple[bytes, ...] = ()
    certificate_signers: tuple[bytes, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NO_QUORUM
    endorsements: tuple[Endorsement, ...] = ()
    timestamps_required: int = 1
    timestamp_operators: tuple[tuple[bytes, str], ...] = ()

    @property
    def log_keys(self) -> tuple[VerifierKey, ...]:
        return tuple(log.key for log in self.logs)

    def is_empty(self) -> bool:
        return not self.logs and not self.timestamp_roots

    def quorum_reached(self, cosigned: Collection[VerifierKey]) -> bool:
        """Whether the keys in ``cosigned`` satisfy the policy's quorum."""
        reached = {witness.name: witness.key in cosigned for witness in self.witnesses}
        for group in self.groups:  # a group only names what stands before it
            reached[group.name] = sum(reached[member] for member in group.members) >= group.threshold
        return self.quorum == NO_QUORUM or reached[self.quorum]

    def encode(self) -> bytes:
        """The trust file; parsing it gives an equal value."""
        lines = [_line("log", log.key.encode(), log.url) for log in self.logs]
        lines += [_line("witness", w.name, w.key.encode(), w.url) for w in self.witnesses]
        lines += [_line("group", g.name, str(g.threshold), *g.members) for g in self.groups]
        lines.append(_line("quorum", self.quorum))
        operators = dict(self.timestamp_operators)
        lines += [_line(_DIRECTIVE, _ROOT, _base64(der), operators.get(der)) for der in self.timestamp_roots]
        if self.timestamps_required > 1:
            lines.append(_line(_DIRECTIVE, _REQUIRED, str(self.timestamps_required)))
        lines += [_line(_DIRECTIVE, _CERTIFICATE_ROOT, _base64(der)) for der in self.certificate_roots]
        lines += [_line(_DIRECTIVE, _CERTIFICATE_SIGNER, _base64(der)) for der in self.certificate_signers]
        lines += [_line(_DIRECTIVE, _ENDORSEMENT, _base64(each.note)) for each in self.endorsements]
        return ("\n".join(lines) + "\n").encode("utf-8")


def _line(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def parse_trust(data: bytes) -> Trust:
    """The trust file ``data``; a bare verifier key on a line of its own counts as a log.

    :raises MalformedError: for a line that is not understood: a mistyped trust file must not trust less, or more, in
        silence.
    """
    if len(data) > MAX_TRUST_BYTES:
        raise MalformedError(
            "The trust file has {size} bytes; at most {limit} are read.", size=len(data), limit=MAX_TRUST_BYTES
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError("The trust file is not UTF-8 text.") from error
    builder = _Builder()
    for number, line in enumerate(text.split("\n"), start=1):
        words = line.replace("\t", " ").strip(" \r").split()
        if words and (not words[0].startswith("#") or words[0] == _DIRECTIVE):
            builder.line(number, words)
    return builder.trust()


class _Builder:
    def __init__(self) -> None:
        self.logs: list[TrustedLog] = []
        self.roots: list[bytes] = []
        self.operators: list[tuple[bytes, str]] = []
        self.certificate_roots: list[bytes] = []
        self.certificate_signers: list[bytes] = []
        self.endorsements: list[Endorsement] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.quorum: str | None = None
        self.required: int | None = None
        self.names: set[str] = set()

    def line(self, number: int, words: list[str]) -> None:
        readers: dict[str, Callable[[list[str]], bool]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._quorum,
            _DIRECTIVE: self._directive,
        }
        reader = readers.get(words[0])
        try:
            understood = reader(words[1:]) if reader else self._log(words)
        except (Error, ValueError, IndexError):
            understood = False
        named = len(self.logs) + len(self.names) + len(self.roots) + len(self.certificate_roots)
        named += len(self.endorsements) + len(self.certificate_signers)
        if not understood or named > MAX_NAMES:
            raise MalformedError(
                "Line {number} of the trust file is not understood, or names something twice.", number=number
            )

    def trust(self) -> Trust:
        return Trust(
            logs=tuple(self.logs),
            timestamp_roots=tuple(self.roots),
            certificate_roots=tuple(self.certificate_roots),
            certificate_signers=tuple(self.certificate_signers),
            witnesses=tuple(self.witnesses),
            groups=tuple(self.groups),
            quorum=self.quorum or NO_QUORUM,
            endorsements=tuple(self.endorsements),
            timestamps_required=self.required or 1,
            timestamp_operators=tuple(self.operators),
        )

    def _log(self, words: list[str]) -> bool:
        key = VerifierKey.parse(words[0])
        fresh = key.public_key not in self._public_keys()
        self.logs.append(TrustedLog(key, words[1] if len(words) > 1 else None))
        return fresh and len(words) <= 2

    def _witness(self, words: list[str]) -> bool:
        name, key = words[0], VerifierKey.parse(words[1])
        # A log's own key is no witness: it would make up its own quorum.
        fresh = key.kind in _WITNESS_KINDS and key.public_key not in self._public_keys()
        self.witnesses.append(Witness(name, key, words[2] if len(words) > 2 else None))
        return fresh and len(words) <= 3 and self._claim(name)

    def _group(self, words: list[str]) -> bool:
        name, count, *members = words
        threshold = {"all": len(members), "any": 1}.get(count) or int(count)
        self.groups.append(Group(name, threshold, tuple(members)))
        known = all(member in self.names for member in members) and len(set(members)) == len(members)
        return known and 1 <= threshold <= len(members) and self._claim(name)

    def _quorum(self, words: list[str]) -> bool:
        first, self.quorum = self.quorum is None, words[0]
        return first and len(words) == 1 and (words[0] == NO_QUORUM or words[0] in self.names)

    def _directive(self, words: list[str]) -> bool:
        if words[:1] == [_REQUIRED]:
            return self._timestamps_required(words[1:])
        if words[:1] == [_ROOT] and len(words) == 3:
            return self._directive(words[:2]) and self._operator(words[2])
        readers = {
            _ROOT: lambda der: _add(self.roots, der),
            _CERTIFICATE_ROOT: lambda der: _add(self.certificate_roots, der),
            _CERTIFICATE_SIGNER: lambda der: _add(self.certificate_signers, der),
            _ENDORSEMENT: self._endorsement,
        }
        if len(words) != 2 or words[0] not in readers:
            return False
        try:
            return readers[words[0]](base64.b64decode(words[1], validate=True))
        except binascii.Error:
            return False

    def _timestamps_required(self, words: list[str]) -> bool:
        first, [count] = self.required is None, words
        self.required = int(count)
        return first and str(self.required) == count and 1 <= self.required <= MAX_REQUIRED

    def _operator(self, name: str) -> bool:
        """Who stands behind the root that was read last."""
        self.operators.append((self.roots[-1], name))
        return is_key_name(name) and len(name.encode("utf-8")) <= MAX_NAME_BYTES

    def _endorsement(self, note: bytes) -> bool:
        self.endorsements.append(Endorsement.parse(note))
        return len(set(self.endorsements)) == len(self.endorsements)

    def _public_keys(self) -> set[bytes]:
        return {log.key.public_key for log in self.logs} | {witness.key.public_key for witness in self.witnesses}

    def _claim(self, name: str) -> bool:
        fresh = name != NO_QUORUM and name not in self.names
        self.names.add(name)
        return fresh


def _add(roots: list[bytes], der: bytes) -> bool:
    roots.append(der)
    return der.startswith(b"\x30") and len(set(roots)) == len(roots)


@dataclass(frozen=True, slots=True)
class Concerning:
    """What several trust files together say about one log."""

    trusts: tuple[Trust, ...]
    log_keys: tuple[VerifierKey, ...]
    witness_keys: tuple[VerifierKey, ...]
    timestamp_roots: tuple[bytes, ...]
    timestamps_required: int = 1
    certificate_roots: tuple[bytes, ...] = ()
    certificate_signers: tuple[bytes, ...] = ()
    timestamp_operators: tuple[tuple[bytes, str], ...] = ()

    def operators_of(self, roots: Collection[bytes]) -> int:
        """How many operators ``roots`` have. All roots of one operator are one, also those two files name apart."""
        groups: list[set[bytes | str]] = []
        for root in self.timestamp_roots:
            one: set[bytes | str] = {root, *(name for der, name in self.timestamp_operators if der == root)}
            joined = one.union(*(group for group in groups if group & one))
            groups = [group for group in groups if not group & one] + [joined]
        return sum(1 for group in groups if group & set(roots))

    def quorum_reached(self, cosigned: Collection[VerifierKey]) -> bool:
        """Whether the quorum of every one of the files is reached."""
        return all(trust.quorum_reached(cosigned) for trust in self.trusts)


def select(trusts: Collection[Trust], origin: str) -> Concerning:
    """What ``trusts`` together say about the log called ``origin``.

    Every quorum any of them demands for this log is demanded, and as many operators of timestamps as any does. A root
    counts for the logs of its own file, one in a file without logs for all.
    """
    concerned = tuple(trust for trust in trusts if any(log.key.name == origin for log in trust.logs))
    general = tuple(trust for trust in trusts if not trust.logs)
    return Concerning(
        concerned,
        tuple(dict.fromkeys(log.key for trust in concerned for log in trust.logs if log.key.name == origin)),
        tuple(dict.fromkeys(witness.key for trust in concerned for witness in trust.witnesses)),
        tuple(dict.fromkeys(root for trust in (*concerned, *general) for root in trust.timestamp_roots)),
        max((trust.timestamps_required for trust in (*concerned, *general)), default=1),
        tuple(dict.fromkeys(root for trust in (*concerned, *general) for root in trust.certificate_roots)),
        tuple(dict.fromkeys(each for trust in (*concerned, *general) for each in trust.certificate_signers)),
        tuple(dict.fromkeys(each for trust in (*concerned, *general) for each in trust.timestamp_operators)),
    )


def learn(known: Trust, shown: Trust) -> Trust:
    """``known`` with those further log keys of ``shown`` that its own keys endorse; nothing else there counts."""
    witnesses = [witness.key.public_key for witness in known.witnesses]
    followed = follow(known.log_keys, shown.endorsements, taken=witnesses)
    endorsed = {each.key for each in followed}
    logs = tuple(log for log in shown.logs if log.key in endorsed)
    if not logs:
        return known
    # Kept beside the keys: they say why those are trusted, to others who trust the earlier key.
    endorsements = dict.fromkeys((*known.endorsements, *followed))
    return replace(known, logs=(*known.logs, *logs), endorsements=tuple(endorsements))

"""What checking a package found: one verdict a layer, and what follows from them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from zonary.proof.canonical import Json
from zonary.proof.errors import Error, NameInBoth, Noun, UnsupportedError, UntrustedError


class Layer(StrEnum):
    """The layers of a package, from the file in the hand to the clock on the wall; the second tree is not in each."""

    FILES = "files"
    MANIFEST = "manifest"
    INCLUSION = "inclusion"
    CHECKPOINT = "checkpoint"
    TIMESTAMP = "timestamp"
    SECOND_TREE = "second-tree"


class Status(StrEnum):
    """The verdict on one layer."""

    VERIFIED = "verified"
    FAILED = "failed"
    ORIGIN_NOT_ESTABLISHED = "origin-not-established"
    NOT_CHECKED = "not-checked"


class Outcome(IntEnum):
    """The verdict on the whole; its value is the exit code."""

    VERIFIED = 0
    NOT_VERIFIED = 1
    NOT_CHECKED = 2


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English template and what fills it, as :class:`zonary.proof.errors.Error` keeps them."""

    msgid: str
    params: Mapping[str, str | int | Error | Noun | NameInBoth] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid.format(**self.params)


@dataclass(frozen=True, slots=True)
class LayerVerdict:
    """``layer`` is a :class:`Layer` value, or the name of a member this release does not know."""

    layer: str
    status: Status
    sentence: Sentence
    details: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFact:
    """One timestamp token that was read: what it covers, when (give or take ``accuracy``), by whom.

    ``trusted``: a root the user trusts stands behind it. What is not proves no time to them.
    """

    member: str
    covers: str | Noun
    time: datetime
    accuracy: timedelta
    authority: str
    development: bool
    trusted: bool = True

    @property
    def latest(self) -> datetime:
        """The last whole second at which the token can have been made, its stated accuracy counted in."""
        end = self.time + self.accuracy
        return end.replace(microsecond=0) + timedelta(seconds=1 if end.microsecond else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a package says about itself; worth as much as the layers' verdicts say."""

    leaf_class: str | None = None
    origin: str | None = None
    index: int | None = None
    tree_size: int | None = None
    root: str | None = None
    names: int = 0
    partial: bool = False
    tokens: tuple[TokenFact, ...] = ()
    declared: Mapping[str, Json] = field(default_factory=dict)
    observed: Mapping[str, Json] = field(default_factory=dict)
    """What the statement says under these names; empty unless it is the one in the log."""


@dataclass(frozen=True, slots=True)
class Report:
    """All verdicts, in the order of :class:`Layer`, unknown members last."""

    layers: tuple[LayerVerdict, ...]
    facts: Facts

    def verdict(self, layer: str) -> LayerVerdict:
        return next(verdict for verdict in self.layers if verdict.layer == layer)

    @property
    def outcome(self) -> Outcome:
        """Failed beats not established beats verified; a layer that could not be checked is never verified.

        Files count only when files were given, and members this release does not know do not count at all. The second
        tree counts against a package and never for it: it says what the first says, in other algorithms.
        """
        statuses = {v.layer: v.status for v in self.layers if v.layer in list(Layer)}
        if Status.FAILED in statuses.values():
            return Outcome.NOT_VERIFIED
        needed = [status for layer, status in statuses.items() if layer not in (Layer.FILES, Layer.SECOND_TREE)]
        if any(status != Status.VERIFIED for status in needed):
            return Outcome.NOT_CHECKED
        return Outcome.VERIFIED


def verdict_of(layer: str, error: Error, *details: Sentence) -> LayerVerdict:
    """The verdict that ``error`` means for ``layer``."""
    if isinstance(error, UntrustedError):
        status = Status.ORIGIN_NOT_ESTABLISHED
    elif isinstance(error, UnsupportedError):
        status = Status.NOT_CHECKED
    else:
        status = Status.FAILED
    return LayerVerdict(layer, status, Sentence(error.msgid, error.params), details)

"""The one root of everything that can go wrong while evidence is read or checked.

A message is an English template and its parameters, kept apart so that a caller can show it in another
language; ``str(error)`` is the English sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Noun:
    """The name of a thing inside a message, to be translated with it: ``Noun("signed note")``."""

    msgid: str

    @property
    def params(self) -> Mapping[str, Noun]:
        """Empty; there so that a noun is translated as an error is."""
        return {}

    def __str__(self) -> str:
        return self.msgid


@dataclass(frozen=True, slots=True, kw_only=True)
class Nouns(Noun):
    """Several things, one after the other."""

    msgid: str = field(default="{first}; {others}", init=False)
    first: Noun
    others: Noun

    @property
    def params(self) -> Mapping[str, Noun]:
        return {"first": self.first, "others": self.others}

    def __str__(self) -> str:
        return f"{self.first}; {self.others}"


@dataclass(frozen=True, slots=True)
class NameInBoth:
    """What somebody else named in both languages, inside a message: said as it is named in that of the message."""

    chinese: str
    english: str

    def __str__(self) -> str:
        return self.english


class Error(Exception):
    """Root of all errors raised by :mod:`zonary.proof`.

    :param msgid: one English sentence with ``{named}`` places, a literal where it is raised.
    :param params: what fills the places: strings, integers, the error that is the reason, nouns, or names.
    """

    def __init__(self, msgid: str, /, **params: str | int | Error | Noun | NameInBoth) -> None:
        super().__init__(msgid)
        self.msgid = msgid
        self.params = params

    def __str__(self) -> str:
        return self.msgid.format(**self.params)


class MalformedError(Error):
    """The bytes are not what they claim to be, or exceed a ``MAX_*`` limit."""


class UnsupportedError(Error):
    """The bytes may be right, but name a version or algorithm this release does not know."""


class VerificationError(Error):
    """The bytes were understood, and what they claim does not hold."""


class UntrustedError(VerificationError):
    """Everything is consistent, but no key the verifier trusts establishes where it comes from."""

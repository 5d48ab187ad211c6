"""Tokens of further authorities in a package: ``timestamps/NAME.tst`` over the statement, certificates beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from zonary.proof.errors import MalformedError
from zonary.proof.package import container as member
from zonary.proof.package.container import Container

MAX_FURTHER = 16
_NAME = re.compile(r"[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class FurtherToken:
    """What a further authority signed.

    :ivar name: short name the zone gives that authority, ``[a-z0-9-]{1,40}``.
    :ivar token: TimeStampToken (DER) over ``statement.json``.
    :ivar chain: the authority's certificates in PEM, for reading.
    """

    name: str
    token: bytes = field(repr=False)
    chain: bytes = field(repr=False)

    def members(self) -> Iterator[tuple[str, bytes]]:
        """Both members of the package, by name."""
        yield f"{member.FURTHER_FOLDER}{self.name}{member.FURTHER_TOKEN}", self.token
        yield f"{member.FURTHER_FOLDER}{self.name}{member.FURTHER_CHAIN}", self.chain


def is_further_name(name: str) -> bool:
    """Whether an authority may be called so."""
    return _NAME.fullmatch(name) is not None


def further_members(package: Iterable[str]) -> list[str]:
    """The members of ``package`` that are tokens of further authorities, or the certificates beside them."""
    return [name for name in package if _name_in(name)]


def further_names(package: Iterable[str]) -> list[str]:
    """What the further authorities of ``package`` are called, in order."""
    return sorted({_name_in(name) for name in package} - {""})


def read_further(package: Container) -> list[FurtherToken]:
    """The tokens of further authorities, by name.

    :raises MalformedError: when there are too many, or one is without its certificates or these without a token.
    """
    names = further_names(package)
    if len(names) > MAX_FURTHER:
        raise MalformedError(
            "The package holds the tokens of {count} further authorities; at most {limit} are read.",
            count=len(names),
            limit=MAX_FURTHER,
        )
    return [
        FurtherToken(
            name,
            package.read(f"{member.FURTHER_FOLDER}{name}{member.FURTHER_TOKEN}"),
            package.read(f"{member.FURTHER_FOLDER}{name}{member.FURTHER_CHAIN}"),
        )
        for name in names
    ]


def _name_in(path: str) -> str:
    """The authority that the member ``path`` is of, or nothing."""
    stem, dot, suffix = path.removeprefix(member.FURTHER_FOLDER).rpartition(".")
    is_ours = path.startswith(member.FURTHER_FOLDER) and dot + suffix in (member.FURTHER_TOKEN, member.FURTHER_CHAIN)
    return stem if is_ours and is_further_name(stem) else ""

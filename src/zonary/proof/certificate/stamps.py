"""What the tokens of a package say, read and not judged: the same on every machine, whatever algorithms it has.

Whether to believe a token says the package's timestamp layer. One that cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from zonary.proof.errors import Error
from zonary.proof.manifest import AnyLeaf, DigestLeaf, FileLeaf
from zonary.proof.package import container as member
from zonary.proof.package.container import Container
from zonary.proof.package.further import read_further
from zonary.proof.package.timestamps import read_chain, token_members
from zonary.proof.printable import printable
from zonary.proof.timestamp.algorithms import SM2_SIGNATURES
from zonary.proof.timestamp.certificates import Certificate
from zonary.proof.timestamp.cms import signature_algorithm
from zonary.proof.timestamp.signer import find_signer
from zonary.proof.timestamp.token import TimestampToken


class Stamp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One timestamp token of the package; ``latest`` is its time with the stated accuracy.

    :ivar authority: subject of the certificate that the token says it was signed with, RFC 4514 text.
    :ivar development: whether that certificate says of its holder or issuer that nobody should rely on it.
    :ivar is_sm2: whether it is signed with SM2.
    """

    member: str
    covers: str
    time: str
    latest: str
    authority: str
    development: bool
    is_sm2: bool


def stamps_of(package: Container, alone: AnyLeaf | None) -> tuple[Stamp, ...]:
    """The package's own two tokens, and those of further authorities.

    :param alone: the only leaf of the manifest, if it has only one.
    :raises MalformedError: when there are too many, or one has no certificates beside it.
    """
    plain = token_members(package)[0]
    chain = package.read(member.AUTHORITY_CHAIN)
    own = (
        (member.PACKAGE_TOKEN, member.ASIC_MANIFEST, package.read(member.PACKAGE_TOKEN), chain),
        (plain, _covered_by(alone), package.read(plain), chain),
    )
    further = ((next(each.members())[0], member.STATEMENT, each.token, each.chain) for each in read_further(package))
    return tuple(stamp for each in (*own, *further) for stamp in _read(*each))


def _covered_by(alone: AnyLeaf | None) -> str:
    if isinstance(alone, FileLeaf):
        return printable(alone.name_bytes)
    return "the file" if isinstance(alone, DigestLeaf) else member.STATEMENT


def _read(name: str, covers: str, der: bytes, chain: bytes) -> Iterator[Stamp]:
    try:
        token = TimestampToken.parse(der)
        certificates = token.certificates or read_chain(chain, name)
        signer = find_signer(token.signer, list(_readable(certificates)))
        is_sm2 = signature_algorithm(token.signer) in SM2_SIGNATURES
        authority, is_development = signer.name, signer.is_development
    except Error:
        return
    yield Stamp(
        member=name,
        covers=covers,
        time=moment(token.gen_time),
        latest=moment(_up(token.gen_time + (token.accuracy or timedelta(0)))),
        authority=authority,
        development=is_development,
        is_sm2=is_sm2,
    )


def _readable(certificates: tuple[bytes, ...] | list[bytes]) -> Iterator[Certificate]:
    for der in certificates:
        try:
            yield Certificate.load(der)
        except Error:
            continue


def _up(time: datetime) -> datetime:
    """The next whole second, where there are fractions."""
    return time.replace(microsecond=0) + timedelta(seconds=1 if time.microsecond else 0)


def moment(time: datetime) -> str:
    """``2026-11-22T03:40:11Z``, whole seconds."""
    return time.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"

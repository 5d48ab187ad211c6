"""Asking a timestamp authority elsewhere for one token, and believing nothing it says that does not hold.

What can go wrong is told apart in words: whoever runs the zone has to know whether to mend the network, the settings or
the contract. One exchange has bounds of time and size, follows no redirect, and goes to no place inside that the
settings do not name.
"""

from __future__ import annotations

import base64
import http.client
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from textwrap import wrap
from typing import Final

from zonary.common.clock import Clock
from zonary.foundation.notifications.posting import Answered, address_of, exchange
from zonary.foundation.notifications.rules import WrongAddressError
from zonary.foundation.timestamps.authorities import External
from zonary.proof.errors import Error
from zonary.proof.package.timestamps import read_chain
from zonary.proof.timestamp.algorithms import ImprintAlgorithm
from zonary.proof.timestamp.authority import Authority
from zonary.proof.timestamp.request import TimestampRequest
from zonary.proof.timestamp.token import MAX_TOKEN_BYTES, RefusedError, TimestampToken
from zonary.proof.timestamp.verify import VerifiedTimestamp, verify_token

QUERY: Final = "application/timestamp-query"
REPLY: Final = "application/timestamp-reply"
MAX_ANSWER_BYTES: Final = MAX_TOKEN_BYTES
MAX_CLOCK_DIFFERENCE: Final = timedelta(minutes=5)
"""By how much its time may differ from ours, its stated accuracy counted in. More is a fault of one of the two."""


class AskingError(Error):
    """No token that holds came of it. The sentence says why, and nothing in it is the other side's choice of words but
    a refusal's."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A token that holds.

    :ivar answer: the whole TimeStampResp (DER).
    :ivar token: TimeStampToken (DER).
    :ivar chain: PEM certificates from the trusted root down to the authority's own.
    """

    answer: bytes = field(repr=False)
    token: bytes = field(repr=False)
    chain: bytes = field(repr=False)
    verified: VerifiedTimestamp


def ask(authority: External, sha256: bytes, *, clock: Clock) -> Stamp:
    """A token of ``authority`` over the data with this SHA-256.

    :raises AskingError: when none came that holds.
    """
    request = TimestampRequest.new("sha256", sha256, policy=authority.policy or None)
    answer = _answer(authority, request.encode())
    try:
        token = TimestampToken.parse(answer)
    except RefusedError as error:
        raise AskingError("It refused: {reason}", reason=error) from error
    except Error as error:
        raise AskingError("What it answered is no timestamp: {reason}", reason=error) from error
    _check(authority, request, token, clock)
    try:
        verified = verify_token(token, digest=sha256, roots=authority.roots)
    except Error as error:
        raise AskingError("Its token does not hold: {reason}", reason=error) from error
    return Stamp(answer, token.der, pem_of(verified.chain[::-1]), verified)


def sign(
    issuer: Authority, digest: bytes, certificates: bytes, *, clock: Clock, algorithm: ImprintAlgorithm = "sha256"
) -> Stamp:
    """The same of an authority of this server, which nobody outside is asked for.

    :param digest: made with ``algorithm``.
    :param certificates: its root's, then its own, in PEM.
    :raises Error: when it cannot sign.
    """
    answer = issuer.respond(TimestampRequest.new(algorithm, digest).encode(), clock())
    token = TimestampToken.parse(answer)
    root, *others = read_chain(certificates)
    verified = verify_token(token, digest=digest, roots=[root], certificates=others)
    return Stamp(answer, token.der, certificates, verified)


def _check(authority: External, request: TimestampRequest, token: TimestampToken, clock: Clock) -> None:
    try:
        request.check_answer(token)
    except Error as error:
        raise AskingError("Its token is for something else: {reason}", reason=error) from error
    present = clock()
    if abs(present - token.gen_time) > MAX_CLOCK_DIFFERENCE + (token.accuracy or timedelta(0)):
        raise AskingError(
            "Its clock shows {theirs}, ours {ours}. One of the two is wrong.",
            theirs=f"{token.gen_time:%Y-%m-%dT%H:%M:%SZ}",
            ours=f"{present:%Y-%m-%dT%H:%M:%SZ}",
        )


def _answer(authority: External, request: bytes) -> bytes:
    headers = {"Content-Type": QUERY, "Accept": REPLY, "User-Agent": "Zonary"}
    if authority.credentials:
        headers["Authorization"] = authority.credentials
    try:
        address = address_of(authority.target)
    except WrongAddressError as error:
        raise AskingError(
            "Its address is inside this network. If it may be, say so in the settings: inside = true."
        ) from error
    except (OSError, UnicodeError) as error:
        raise AskingError("Its host's name cannot be resolved.") from error
    try:
        answered = exchange(authority.target, address, request, headers, ca=authority.ca, most=MAX_ANSWER_BYTES + 1)
    except ssl.SSLCertVerificationError as error:
        raise AskingError("Its TLS certificate is not one of this host that is trusted here.") from error
    except TimeoutError as error:
        raise AskingError("It did not answer in time.") from error
    except OSError as error:
        raise AskingError("It cannot be reached: {reason}.", reason=error.strerror or type(error).__name__) from error
    except (http.client.HTTPException, ValueError) as error:
        raise AskingError("What it answered is no HTTP.") from error
    return _body(answered)


def _body(answered: Answered) -> bytes:
    if 300 <= answered.status < 400:
        raise AskingError("It sends us elsewhere (HTTP {status}); put its own address into the settings.",
                          status=answered.status)  # fmt: skip
    if answered.status in (401, 403):
        raise AskingError("It does not accept our user and password (HTTP {status}).", status=answered.status)
    if answered.status != http.HTTPStatus.OK:
        raise AskingError("It answered HTTP {status}.", status=answered.status)
    if answered.content_type.partition(";")[0].strip().lower() != REPLY:
        raise AskingError("It answered with another content type than {expected}.", expected=REPLY)
    if len(answered.body) > MAX_ANSWER_BYTES:
        raise AskingError("It answered more than {limit} bytes; that is no timestamp.", limit=MAX_ANSWER_BYTES)
    return answered.body


def pem_of(ders: Sequence[bytes]) -> bytes:
    """Certificates in PEM."""
    blocks = ("\n".join(wrap(base64.b64encode(der).decode("ascii"), 64)) for der in ders)
    return "".join(f"-----BEGIN CERTIFICATE-----\n{each}\n-----END CERTIFICATE-----\n" for each in blocks).encode()

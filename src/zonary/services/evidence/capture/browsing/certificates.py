"""The certificates a server shows, and what this machine thinks of them.

Asked in a connection of its own, to the address the browser was connected to: what a browser shows of a chain is
parsed, and of a chain it does not trust nothing at all. The browser's own judgement is a step of the log beside it.
"""

from __future__ import annotations

import asyncio
import hashlib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field

from cryptography import x509

from zonary.common.clock import rfc3339
from zonary.services.evidence.capture.browsing.orders import bounded

_SECONDS = 6.0
_MAX_CHAIN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What one server showed.

    :param reason: why this machine does not trust it; empty when it does.
    """

    host: str
    port: int
    address: str
    protocol: str
    cipher: str
    pem: tuple[str, ...]
    reason: str
    certificates: tuple[dict[str, str], ...] = field(default=())

    @property
    def is_trusted(self) -> bool:
        return not self.reason


async def chain_of(host: str, port: int, address: str) -> Chain | None:
    """The chain ``host`` shows at ``address``; None when no handshake comes about at all."""
    with suppress(OSError, TimeoutError, ValueError):
        async with asyncio.timeout(2 * _SECONDS):
            return await asyncio.to_thread(_chain_of, host, port, address)
    return None


def _chain_of(host: str, port: int, address: str) -> Chain:
    reason = ""
    try:
        with _handshake(ssl.create_default_context(), host, port, address) as connected:
            return _told(connected, host, port, address, "")
    except ssl.SSLCertVerificationError as error:
        reason = bounded(error.verify_message)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # only looked at: nothing is sent, and it is told as not trusted
    with _handshake(context, host, port, address) as connected:
        return _told(connected, host, port, address, reason)


def _handshake(context: ssl.SSLContext, host: str, port: int, address: str) -> ssl.SSLSocket:
    plain = socket.create_connection((address, port), _SECONDS)
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _told(connected: ssl.SSLSocket, host: str, port: int, address: str, reason: str) -> Chain:
    # Public from Python 3.13 on; before, the same by the object below.
    chain = getattr(connected, "get_unverified_chain", None) or connected._sslobj.get_unverified_chain  # type: ignore[attr-defined]
    ders = [each if isinstance(each, bytes) else ssl.PEM_cert_to_DER_cert(each.public_bytes()) for each in chain()]
    cipher = connected.cipher()
    return Chain(
        host=host,
        port=port,
        address=address,
        protocol=connected.version() or "",
        cipher=cipher[0] if cipher else "",
        pem=tuple(ssl.DER_cert_to_PEM_cert(der) for der in ders[:_MAX_CHAIN]),
        reason=reason,
        certificates=tuple(_described(der) for der in ders[:_MAX_CHAIN]),
    )


def _described(der: bytes) -> dict[str, str]:
    facts = {"sha256": hashlib.sha256(der).hexdigest()}
    try:
        found = x509.load_der_x509_certificate(der)
        facts |= {
            "subject": bounded(found.subject.rfc4514_string()),
            "issuer": bounded(found.issuer.rfc4514_string()),
            "from": rfc3339(found.not_valid_before_utc),
            "until": rfc3339(found.not_valid_after_utc),
        }
    except ValueError:
        facts |= {"subject": "", "issuer": "", "from": "", "until": ""}
    return facts

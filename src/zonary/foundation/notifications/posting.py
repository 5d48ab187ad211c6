"""Posting to an address that somebody else chose (SSRF): looked up once, checked, and exactly that one connected to.

No redirect is followed, nothing of the answer is read but its status (and so many bytes as are asked for), and
all together ends in time, however slowly the other side sends.
"""

from __future__ import annotations

import functools
import http.client
import socket
import ssl
import threading
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

from zonary.common.reach import may_be_reached
from zonary.foundation.notifications.rules import Target, WrongAddressError, target_of

CONNECT_SECONDS = 5.0
SECONDS = 15.0
"""For one attempt, from the first byte to the status."""


@dataclass(frozen=True, slots=True)
class Posted:
    """How an attempt ended.

    :param status: of the answer; 0 without one.
    :param answer: one line about it; nothing the other side chose.
    """

    status: int
    answer: str

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str], *, allowed: Collection[str] = (), ca: str = "") -> Posted:
    """Try once.

    :param allowed: see :func:`~zonary.foundation.notifications.rules.target_of`.
    :param ca: file of certificates to trust beside the system's.
    """
    try:
        target = target_of(url, allowed)
        address = address_of(target)
    except WrongAddressError as error:
        return Posted(0, str(error))
    except (OSError, UnicodeError):
        return Posted(0, "The host's name cannot be resolved.")
    try:
        status = exchange(target, address, body, headers, ca=ca).status
    except ssl.SSLCertVerificationError:
        return Posted(0, "Its certificate is not one of this host that is trusted here.")
    except (OSError, http.client.HTTPException, ValueError):
        return Posted(0, "It did not answer in time, or not in HTTP.")
    return Posted(status, f"It answered {status}.")


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back; ``body`` is cut off after as many bytes as were asked for."""

    status: int
    content_type: str
    body: bytes


def address_of(target: Target) -> str:
    """One of the host's addresses. If any is inside, none is used: the name is not one of the public network.

    :raises WrongAddressError: when it lies inside and was not allowed.
    :raises OSError: when the name cannot be resolved.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not target.is_allowed and not all(map(may_be_reached, addresses)):
        raise WrongAddressError("This address is inside, and nothing is posted there.")
    return addresses[0]


def exchange(
    target: Target, address: str, body: bytes, headers: Mapping[str, str], *, ca: str = "", most: int = 0
) -> Answered:
    """Post to ``address``, and read at most ``most`` bytes of what is answered.

    :raises ssl.SSLCertVerificationError: when the certificate is not one of the host that is trusted.
    :raises OSError: when the connection fails, or not all has come in time (``TimeoutError``).
    :raises http.client.HTTPException: when the answer is no HTTP; so does ``ValueError``.
    """
    plain = socket.create_connection((address, target.port), CONNECT_SECONDS)
    open_now = [plain]
    # Timeouts of a socket begin anew with every byte; this one does not.
    is_late = threading.Event()
    watch = threading.Timer(SECONDS, lambda: _break_off(open_now[0], is_late))
    watch.daemon = True
    watch.start()
    try:
        plain.settimeout(SECONDS)
        if target.is_secure:
            open_now[0] = _context(ca).wrap_socket(plain, server_hostname=target.host)
        if is_late.is_set():  # during the handshake, when there was nothing to break off
            raise TimeoutError
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = open_now[0]
        connection.request("POST", target.path, body, dict(headers))
        with connection.getresponse() as response:  # it keeps the socket open for itself
            answered = Answered(
                response.status, response.getheader("Content-Type", ""), response.read(most) if most else b""
            )
        if is_late.is_set():
            raise TimeoutError  # what was broken off may look like an answer that ended
        return answered
    except (OSError, http.client.HTTPException, ValueError):
        if is_late.is_set():
            raise TimeoutError from None
        raise
    finally:
        watch.cancel()
        open_now[0].close()


def _break_off(connected: socket.socket, is_late: threading.Event) -> None:
    is_late.set()
    with suppress(OSError):  # it has ended
        socket.socket.shutdown(connected, socket.SHUT_RDWR)  # not that of ssl, which another thread may be in


@functools.cache
def _context(ca: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ca:
        context.load_verify_locations(ca)
    return context

"""The address a server listens on: held by one process, shared with its workers, refused to any other server."""

from __future__ import annotations

import socket

_NOT_SENT = 128 * 1024
"""Bytes the kernel takes for a client beyond what it has sent; so it shows soon whether a slow one takes anything."""


def held_address(host: str, port: int) -> socket.socket:
    """A socket that keeps the address for this process and those it shares it with. Nobody listens on it.

    :raises OSError: when it is in use, also by a server that has not begun to listen.
    """
    _bound(host, port, socket.SO_REUSEADDR).close()
    # Without SO_REUSEADDR, so that the probe of any other server fails even while nobody listens.
    return _bound(host, port, socket.SO_REUSEPORT)


def shared_address(host: str, port: int) -> socket.socket:
    """A socket to listen on, on an address that this server holds; the kernel spreads clients over all of them.

    :raises OSError: when it cannot be had.
    """
    # SO_REUSEADDR too: connections that have just ended inherit it, and so do not hinder the next server's probe.
    bound = _bound(host, port, socket.SO_REUSEADDR, socket.SO_REUSEPORT)
    if hasattr(socket, "TCP_NOTSENT_LOWAT"):
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _NOT_SENT)
    return bound


def _bound(host: str, port: int, *options: int) -> socket.socket:
    family, kind, protocol, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    bound = socket.socket(family, kind, protocol)
    try:
        for option in options:
            bound.setsockopt(socket.SOL_SOCKET, option, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound

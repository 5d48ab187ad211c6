"""Where a request came from: the address of its connection or, behind proxies that are trusted, what they say.

``X-Forwarded-For`` is read from the right: each proxy appends who it was asked by, so what stands left of the last one
that is not trusted was written by anybody. Pure.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import TypeAlias

from zonary.proof.errors import Error

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


class ProxiesError(Error):
    """``ZONARY_TRUSTED_PROXIES`` names no networks."""


def trusted_proxies(text: str) -> tuple[Network, ...]:
    """``10.0.0.0/8, 127.0.0.1, fd00::/8`` as networks.

    :raises ProxiesError: when one of them is none.
    """
    found: list[Network] = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError:
            raise ProxiesError(
                "ZONARY_TRUSTED_PROXIES has “{part}”, which is no network; write addresses of proxies or their "
                "networks, such as 127.0.0.1, 10.0.0.0/8.",
                part=part[:60],
            ) from None
    return tuple(found)


def client_address(peer: str, forwarded_for: str, trusted: Sequence[Network]) -> str:
    """:param peer: address of the connection.
    :param forwarded_for: ``X-Forwarded-For``, several of them joined by commas.
    """
    address = _address(peer)
    if address is None or not _is_trusted(address, trusted):
        return peer
    for part in reversed(forwarded_for.split(",")):
        asked_by = _address(part)
        if asked_by is None:
            break  # what follows leftwards was passed on by whoever wrote this
        address = asked_by
        if not _is_trusted(address, trusted):
            break
    return str(address)


def _address(text: str) -> Address | None:
    """An address as proxies write it: alone, in brackets, or with a port."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)

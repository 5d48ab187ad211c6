"""What lies on the public network and what inside: asked wherever this server connects to an address others chose.

One place for the rule against server-side request forgery (SSRF). Names are told apart by what they look like, which
is only a first refusal: what counts are the addresses a name has at the moment of connecting.
"""

from __future__ import annotations

import ipaddress
import socket

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out (RFC 4291 §2.4). NAT64, mapped and local addresses lie elsewhere."""
_IETF = ipaddress.ip_network("192.0.0.0/24")
"""IETF protocol assignments (RFC 6890); one cloud keeps its metadata there."""
_RELAYS = ipaddress.ip_network("192.88.99.0/24")
"""6to4 relays (RFC 7526), which lead anywhere."""
_METADATA = frozenset((ipaddress.ip_address("168.63.129.16"),))
"""Public by their number, and answered by the machine one runs on: the wire server of Azure."""
_INSIDE = (".localhost", ".local", ".internal", ".home.arpa")


def is_outside(address: str) -> bool:
    """Whether an IP address is one of the public network, whatever it is written as.

    :raises ValueError: when it is no address.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_outside(str(found.ipv4_mapped))
        if found.sixtofour is not None or found.teredo is not None or found not in _GLOBAL_UNICAST:
            return False  # tunnels lead anywhere
        return found.is_global
    if found in _METADATA or found in _IETF or found in _RELAYS:
        return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def is_this_machine(address: str) -> bool:
    """Whether an IP address is one of this machine's own, its public one too.

    What listens here for the machine's neighbours answers whoever comes from the machine itself, past every firewall
    before it. Asked of the routing table, by a socket that sends nothing: to one's own address one goes from that.
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    family = socket.AF_INET if found.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect((str(found), 9))
            return ipaddress.ip_address(asked.getsockname()[0].partition("%")[0]) == found
    except OSError:
        return False  # no way leads there


def may_be_reached(address: str) -> bool:
    """Whether a connection to an IP address leaves this machine and ends on the public network."""
    return is_outside(address) and not is_this_machine(address)


def is_inside_by_name(host: str) -> bool:
    """Whether ``host``, a name or an address, says of itself that it is inside."""
    host = host.lower().rstrip(".")
    if host == "localhost" or host.endswith(_INSIDE):
        return True
    try:
        return not is_outside(host)
    except ValueError:
        return "." not in host

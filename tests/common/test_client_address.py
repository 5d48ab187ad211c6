"""Whose address counts: the connection's, or what trusted proxies say, read from the right."""

from __future__ import annotations

import pytest

from zonary.common.client_address import ProxiesError, client_address, trusted_proxies

TRUSTED = "127.0.0.1, 10.0.0.0/8, fd00::/8"


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # whoever is no proxy says what they like
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.7, 198.51.100.1", "198.51.100.1"),  # the left one was sent along by the client
        ("127.0.0.1", "192.0.2.7, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "10.9.9.9, 10.1.2.3", "10.9.9.9"),
        ("127.0.0.1", "198.51.100.1, unknown, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "198.51.100.1, unknown", "127.0.0.1"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("fd00::1", "[2001:db8::5]:443", "2001:db8::5"),
        ("::ffff:10.0.0.1", "2001:db8::5", "2001:db8::5"),
        ("", "198.51.100.1", ""),
    ],
)
def test_who_asks(peer: str, forwarded_for: str, address: str) -> None:
    assert client_address(peer, forwarded_for, trusted_proxies(TRUSTED)) == address


def test_nobody_is_trusted_unless_named() -> None:
    assert trusted_proxies("") == ()
    assert client_address("127.0.0.1", "198.51.100.1", ()) == "127.0.0.1"


@pytest.mark.parametrize("text", ["1", "10.0.0.1/8", "proxy.example", "10.0.0.0/33", "10.0.0.0/8;127.0.0.1"])
def test_what_is_no_network(text: str) -> None:
    with pytest.raises(ProxiesError, match="ZONARY_TRUSTED_PROXIES"):
        trusted_proxies(text)

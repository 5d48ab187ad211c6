"""One server has an address: from before it listens until it ends, and not a moment longer."""

from __future__ import annotations

import errno
import socket

import pytest
from tests.servers.processes import free_port

from zonary.config.address import held_address, shared_address


def is_free(port: int) -> bool:
    try:
        with held_address("127.0.0.1", port):
            return True
    except OSError as error:
        return error.errno != errno.EADDRINUSE


def test_it_is_refused_to_another_server() -> None:
    port = free_port()
    with held_address("127.0.0.1", port):
        assert not is_free(port)  # nobody listens yet
        with shared_address("127.0.0.1", port) as one, shared_address("127.0.0.1", port) as two:
            one.listen()
            two.listen()
            assert not is_free(port)
        assert not is_free(port)
    assert is_free(port)


def test_connections_that_have_just_ended_are_no_hindrance() -> None:
    port = free_port()
    with held_address("127.0.0.1", port), shared_address("127.0.0.1", port) as listening:
        listening.listen()
        with socket.create_connection(("127.0.0.1", port)) as client:
            served, _ = listening.accept()
            served.close()  # the one that closes first is remembered for a minute
            assert client.recv(1) == b""
    assert is_free(port)


def test_an_address_that_is_nobodys() -> None:
    with pytest.raises(OSError, match="assign"):
        held_address("203.0.113.7", free_port())

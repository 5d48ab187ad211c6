"""Where nothing is posted: every place inside, however it is written."""

from __future__ import annotations

import socket
from typing import Any

import pytest

pytest.importorskip("django", reason="webhooks need the [web] extra")

from zonary.common.reach import is_outside, is_this_machine, may_be_reached
from zonary.foundation.notifications.rules import WrongAddressError, target_of

INSIDE = [
    "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104 - refused
    "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1",
    "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "fe80::1%eth0", "64:ff9b:1::a00:1", "::127.0.0.1", "fec0::1",
    "100.100.100.200", "192.0.0.192", "192.88.99.1", "168.63.129.16", "::ffff:0:7f00:1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_inside(address: str) -> None:
    assert not is_outside(address)
    shown = f"[{address}]" if ":" in address else address
    with pytest.raises(WrongAddressError):
        target_of(f"https://{shown}/hook", ())


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_outside(address: str) -> None:
    assert is_outside(address)


def test_what_is_this_machine_itself_is_not_reached_though_its_address_is_public() -> None:
    """A public address of one's own is reached past the firewall, so the services behind that would be open."""
    own = {str(each[4][0]) for each in socket.getaddrinfo(socket.gethostname(), 9, type=socket.SOCK_DGRAM)}
    own |= {"127.0.0.1", "::ffff:127.0.0.1"}
    assert all(map(is_this_machine, own))
    assert not any(map(may_be_reached, own))
    assert not is_this_machine("1.1.1.1")
    assert may_be_reached("1.1.1.1")
    assert may_be_reached("2606:4700:4700::1111")


@pytest.mark.parametrize(
    "url",
    [
        "", "x", "http://hooks.example/", "ftp://hooks.example/", "file:///etc/passwd", "https://", "https:///x",
        "https://user:pw@hooks.example/", "https://hooks.example:0/", "https://hooks.example:99999/",
        "https://localhost/", "https://a.localhost/", "https://metadata.google.internal/", "https://printer.local/",
        "https://intranet/", "https://hooks.example/ x", "https://hooks.example/#f", "https://hooks.example\\@inside/",
        "https://钩子.example/", "https://[::1/", "https://hooks.example/\r\nX: y", "https://h.example/" + "x" * 500,
        "https://2130706433/", "https://0x7f000001/", "https://127.1/x", "//hooks.example/", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_address_for_a_webhook(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.foundation.notifications.posting import post

    try:
        target_of(url, ())
    except WrongAddressError:
        return
    # What the resolver reads as an address of this machine is refused when it has been looked up.
    assert post(url, b"", {}).answer == "This address is inside, and nothing is posted there."


def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.foundation.notifications import posting

    def resolve(_host: str, port: int, **_options: object) -> list[Any]:
        return [(2, 1, 6, "", (address, port)) for address in ("1.1.1.1", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("connected"))
    posted = posting.post("https://hooks.example/", b"", {})
    assert (posted.status, posted.is_taken) == (0, False)


def test_a_name_is_looked_up_once_and_that_address_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the second look-up would lead inside."""
    from zonary.foundation.notifications import posting

    looked: list[str] = []
    connected: list[Any] = []

    def resolve(host: str, port: int, **_options: object) -> list[Any]:
        looked.append(host)
        return [(2, 1, 6, "", ("93.184.215.14" if len(looked) == 1 else "127.0.0.1", port))]

    def connect(address: Any, _timeout: float) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    posting.post("https://hooks.example/", b"", {})
    assert looked == ["hooks.example"]
    assert connected == [("93.184.215.14", 443)]


def test_the_certificate_has_to_be_the_hosts(tmp_path: Any) -> None:
    from tests.foundation.notifications.receiver import start_receiver

    from zonary.foundation.notifications.posting import post

    receiver, server = start_receiver(tmp_path, "other.example")
    try:
        allowed = {f"localhost:{receiver.port}"}
        url = f"https://localhost:{receiver.port}/"
        for ca in ("", str(receiver.certificate)):
            posted = post(url, b"{}", {}, allowed=allowed, ca=ca)
            assert posted.answer == "Its certificate is not one of this host that is trusted here."
        assert receiver.taken == []
    finally:
        server.shutdown()
        server.server_close()


def test_whoever_trickles_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading
    import time

    from zonary.foundation.notifications import posting

    monkeypatch.setattr(posting, "SECONDS", 0.5)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    stop = threading.Event()

    def trickle() -> None:
        client, _ = listening.accept()
        try:
            client.sendall(b"HTTP/1.1 200 OK\r\n")
            while not stop.wait(0.1):
                client.sendall(b"X: y\r\n")
        except OSError:
            pass
        finally:
            client.close()

    thread = threading.Thread(target=trickle)
    thread.start()
    began = time.monotonic()
    posted = posting.post(f"http://localhost:{port}/", b"{}", {}, allowed={f"localhost:{port}"})
    assert time.monotonic() - began < 5
    assert posted.status == 0
    stop.set()
    thread.join()
    listening.close()

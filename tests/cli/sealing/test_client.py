"""HTTP: what is sent, what is believed to be an answer, when it is tried again, and what is said when it fails."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from zonary.cli.sealing import client
from zonary.cli.sealing.client import NotYetError, Receipt, Server, ServerError, WrongServerError, fetch_trust

DIGESTS = {"sha256": "a" * 64, "sm3": "b" * 64}
RECEIPT = {"id": "0192-abc", "stage": "recorded", "index": None, "leaf": "bGVhZg=="}


class Script(ThreadingHTTPServer):
    """Answers requests from a list, and remembers what it was asked. The last answer is repeated."""

    daemon_threads = False  # leaving the with block waits for them: other tests count threads

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: list[tuple[int, str, bytes] | None] = []
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Script

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.requests.append((self.command, self.path, headers, body))
        answers = self.server.answers
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        status, content_type, data = answer
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _answer

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def script() -> Iterator[Script]:
    with Script() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server(script: Script) -> Iterator[Server]:
    made = Server(script.url, "the-token", sleep=lambda _: None)
    yield made
    made.close()


def answer(value: object, status: int = 200) -> tuple[int, str, bytes]:
    return status, "application/json", json.dumps(value).encode()


def problem(status: int, detail: str) -> tuple[int, str, bytes]:
    return status, "application/problem+json", json.dumps({"status": status, "detail": detail}).encode()


def test_registering(script: Script, server: Server) -> None:
    script.answers = [answer(RECEIPT, 201)]
    assert server.register(DIGESTS, "key") == Receipt("0192-abc", "bGVhZg==")
    [(method, path, headers, body)] = script.requests
    assert (method, path) == ("POST", "/api/v1/evidence")
    assert headers["authorization"] == "Bearer the-token"
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {"statement": DIGESTS, "idempotency_key": "key"}


def test_the_token_goes_only_where_it_is_needed(script: Script, server: Server) -> None:
    script.answers = [(200, "text/plain", b"text")]
    assert server.trust() == server.authority_chain() == b"text"
    script.answers = [(200, "application/timestamp-reply", b"DER")]
    assert server.timestamp(b"query") == b"DER"
    assert [request[1] for request in script.requests] == ["/trust", "/tsa/ca.pem", "/tsa"]
    assert all("authorization" not in request[2] for request in script.requests)
    assert script.requests[2][2]["content-type"] == "application/timestamp-query"


def test_a_server_below_a_path(script: Script) -> None:
    script.answers = [(200, "text/plain", b"text")]
    assert fetch_trust(f"{script.url}/zone/") == b"text"
    assert script.requests[0][1] == "/zone/trust"


def test_a_proof_that_is_not_ready(script: Script, server: Server) -> None:
    script.answers = [problem(409, "not yet published"), (200, "text/plain", b"proof")]
    with pytest.raises(NotYetError, match="not yet published"):
        server.log_proof("id")
    assert server.log_proof("id") == b"proof"


@pytest.mark.parametrize("stumble", [(503, "text/html", b"busy"), (500, "", b""), problem(429, "slower"), None])
def test_it_is_tried_again(script: Script, server: Server, stumble: tuple[int, str, bytes] | None) -> None:
    script.answers = [stumble, stumble, answer(RECEIPT)]
    assert server.register(DIGESTS, "key").id == "0192-abc"
    assert len({body for _, _, _, body in script.requests}) == 1


def test_but_not_for_ever(script: Script) -> None:
    script.answers = [problem(503, "overloaded")]
    now = [0.0]
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        now[0] += seconds

    server = Server(script.url, clock=lambda: now[0], sleep=sleep)
    with pytest.raises(ServerError, match=r"refused \(status 503\): overloaded"):
        server.trust()
    server.close()
    assert pauses == sorted(pauses)
    assert client.PATIENCE_SECONDS - client._LAST_PAUSE <= sum(pauses) <= client.PATIENCE_SECONDS


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (problem(401, "who are you"), "does not accept the access token"),
        (problem(403, "this is not yours"), r"refused \(status 403\): this is not yours"),
        (problem(400, "line\none\x1b[31m\u202e"), r"refused \(status 400\): line one \[31m$"),
        ((404, "text/html", b"<h1>not here</h1>"), r"refused \(status 404\): HTTP 404"),
        ((400, "application/problem+json", b"[" * 100_000), r"refused \(status 400\): HTTP 400"),
        ((400, "application/problem+json", b'["x"]'), "HTTP 400"),
        ((400, "application/problem+json", b'{"detail": {"a": 1}}'), "400"),
        ((302, "text/html", b""), r"sends us elsewhere \(status 302\)"),
    ],
)
def test_refusals(script: Script, server: Server, given: tuple[int, str, bytes], sentence: str) -> None:
    script.answers = [given]
    with pytest.raises(ServerError, match=sentence) as caught:
        server.register(DIGESTS, "key")
    assert "the-token" not in str(caught.value)
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b"\xff", b"[" * 100_000, *(
        json.dumps(RECEIPT | change).encode()
        for change in ({"id": 7}, {"id": ""}, {"id": "../x"}, {"id": "a\n"}, {"leaf": None})
    )],
)  # fmt: skip
def test_answers_that_make_no_sense(script: Script, server: Server, body: bytes) -> None:
    script.answers = [(201, "application/json", body)]
    with pytest.raises(WrongServerError, match="is not a Zonary server"):
        server.register(DIGESTS, "key")


def test_a_timestamp_that_is_a_web_page(script: Script, server: Server) -> None:
    script.answers = [(200, "text/html", b"<html>")]
    with pytest.raises(WrongServerError):
        server.timestamp(b"query")


def test_an_answer_without_end(script: Script, server: Server) -> None:
    script.answers = [(200, "text/plain", bytes(client.MAX_TEXT_BYTES + 1))]
    with pytest.raises(ServerError, match="more than 1048576 bytes"):
        server.trust()


def test_nobody_there() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(f"http://127.0.0.1:{port}", clock=iter(range(0, 1000, 15)).__next__, sleep=lambda _: None)
    with pytest.raises(ServerError, match=r"cannot be reached: Connection refused\. Is it running \(zonary serve\)"):
        server.reach()
    with pytest.raises(ServerError, match="cannot be reached: Connection refused"):
        server.trust()


def test_something_else_there() -> None:
    """As when the address is that of a mail server."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def greet() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"220 mail.example ESMTP\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        server = Server(f"http://127.0.0.1:{listener.getsockname()[1]}")
        with pytest.raises(WrongServerError, match="is not a Zonary server"):
            server.trust()
        server.close()
        thread.join()


@pytest.mark.parametrize(
    "url",
    ["", "zone.example", "ftp://zone.example", "http://", "http://:80", "http://a b", "http://user:secret@zone.example",
     "http://zone.example:port", "http://zone.example:99999", "http://zone.example/?x", "http://zone.example/#x",
     "http://[::1", "http://zone\n.example", "https://域.example", "file:///etc/passwd"],
)  # fmt: skip
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(ServerError, match="is not the address of a server"):
        Server(url)


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "sécret", "x" * 5000])
def test_tokens_that_cannot_be_sent(token: str) -> None:
    with pytest.raises(ServerError, match="characters no token has") as caught:
        Server("http://127.0.0.1", token)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("https://zone.example", True),
        ("http://zone.example", False),
        ("http://10.0.0.1", False),
    ],
)
def test_who_can_read_along(url: str, private: bool) -> None:
    assert Server(url).is_private is private


# --- proxies ----------------------------------------------------------------------------------------------------------


def test_a_proxy_is_used_for_others_and_never_for_this_machine(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "no_proxy", "NO_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    script.answers = [(200, "text/plain", b"by proxy")]
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert fetch_trust(script.url) == b"by proxy"
    monkeypatch.setenv("http_proxy", script.url)
    assert fetch_trust("http://zone.example:81/zone") == b"by proxy"
    assert [request[1] for request in script.requests] == ["/trust", "http://zone.example:81/zone/trust"]
    monkeypatch.setenv("no_proxy", "zone.example")
    assert Server("http://zone.example")._address.proxy is None
    monkeypatch.setenv("https_proxy", "proxy.example:3128")
    assert Server("https://other.example")._address.proxy == ("proxy.example", 3128)


def test_a_proxy_that_makes_no_sense_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://[::1")
    assert Server("http://zone.example")._address.proxy is None


def test_a_certificate_that_does_not_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    import ssl

    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    server = Server("https://zone.example")

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(server, "_exchange", refuse)
    with pytest.raises(WrongServerError, match=r"certificate of the server .* does not verify: self-signed"):
        server.trust()

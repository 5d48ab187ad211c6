"""Timestamp authorities on 127.0.0.1 for the tests: one that can be told to lie in any one way, one that is OpenSSL."""

from __future__ import annotations

import http.server
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat import asn1
from tests.proof.timestamp import factory

from zonary.proof.timestamp.authority import time_not_available
from zonary.proof.timestamp.development import DevelopmentAuthority, create_development_authority
from zonary.proof.timestamp.request import TimestampRequest

LONG_AGO = datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)
REPLY = "application/timestamp-reply"


@dataclass
class Outside:
    """What it holds, how it behaves next, and what it was asked.

    ``mode`` is read at each request: one of the methods of :class:`_Handler` that begin with ``do_as_``, or
    ``"honest"``.
    """

    made: DevelopmentAuthority
    port: int = 0
    mode: str = "honest"
    asked: list[TimestampRequest] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)
    respond: Callable[[bytes], bytes] | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tsr"

    def write_root(self, folder: Path, name: str) -> str:
        (folder / name).write_bytes(self.made.root_pem)
        return name

    def table(self, folder: Path, name: str, *more: str) -> str:
        """Its table in the file of authorities, which lies in ``folder``."""
        root = self.write_root(folder, f"{name}-root.pem")
        lines = (
            "[[authority]]",
            f'name = "{name}"',
            f'url = "{self.url}"',
            f'roots = ["{root}"]',
            "inside = true",
            *more,
        )
        return "\n".join(lines) + "\n"


class _Handler(http.server.BaseHTTPRequestHandler):
    outside: Outside

    def do_POST(self) -> None:
        outside = self.outside
        body = self.rfile.read(int(self.headers["Content-Length"]))
        outside.authorizations.append(self.headers.get("Authorization", ""))
        outside.asked.append(TimestampRequest.parse(body))
        with suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"do_as_{outside.mode}")(body)

    def _reply(self, body: bytes, *, status: int = 200, kind: str = REPLY, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _honest(self, body: bytes) -> bytes:
        if self.outside.respond is not None:
            return self.outside.respond(body)
        return self.outside.made.authority().respond(body, self.outside.clock())

    def do_as_honest(self, body: bytes) -> None:
        self._reply(self._honest(body))

    def do_as_refusing(self, _body: bytes) -> None:
        self._reply(time_not_available("The quota of this month is used up."))

    def do_as_other_imprint(self, body: bytes) -> None:
        asked = TimestampRequest.parse(body)
        self._reply(self._honest(TimestampRequest.new("sha256", bytes(32), nonce=asked.nonce).encode()))

    def do_as_wrong_nonce(self, body: bytes) -> None:
        asked = TimestampRequest.parse(body)
        self._reply(self._honest(TimestampRequest.new("sha256", asked.digest, nonce=(asked.nonce or 0) ^ 1).encode()))

    def do_as_in_1970(self, body: bytes) -> None:
        self._reply(forged(self.outside, body, time=b"19700101000001Z"))

    def do_as_without_purpose(self, body: bytes) -> None:
        self._reply(forged(self.outside, body, purposes=()))

    def do_as_with_a_bad_signature(self, body: bytes) -> None:
        good = self._honest(body)
        self._reply(good[:-3] + bytes((good[-3] ^ 1,)) + good[-2:])

    def do_as_html(self, _body: bytes) -> None:
        self._reply(b"<html>Welcome to our hotel network</html>", kind="text/html")

    def do_as_nonsense(self, _body: bytes) -> None:
        self._reply(b"nonsense")

    def do_as_huge(self, _body: bytes) -> None:
        self._reply(b"\x30" * 10_000_000)

    def do_as_redirecting(self, _body: bytes) -> None:
        self._reply(b"", status=302, Location="http://127.0.0.1:9/inside")

    def do_as_locked(self, _body: bytes) -> None:
        self._reply(b"", status=401)

    def do_as_broken(self, _body: bytes) -> None:
        self._reply(b"", status=500)

    def do_as_no_http(self, _body: bytes) -> None:
        self.wfile.write(b"\x15\x03\x01\x00\x02\x02\x46")

    def do_as_hanging_up(self, _body: bytes) -> None:
        self.close_connection = True

    def do_as_dripping(self, body: bytes) -> None:
        """Byte by byte, so that no timeout between two bytes is ever reached."""
        answer = self._honest(body)
        self.send_response(200)
        self.send_header("Content-Type", REPLY)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        for byte in answer:
            if self.outside.stop.wait(0.05):
                return
            self.wfile.write(bytes((byte,)))

    def log_message(self, *_: object) -> None:
        pass


def forged(
    outside: Outside, body: bytes, *, time: bytes | None = None, purposes: tuple[object, ...] | None = None
) -> bytes:
    """An answer signed under the authority's own root, wrong in one thing."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificate

    asked = TimestampRequest.parse(body)
    now = datetime.now(UTC)
    key = load_pem_private_key(outside.made.root_key_pem, None)
    above = factory.Holder(key, load_pem_x509_certificate(outside.made.root_pem))  # type: ignore[arg-type]
    changes: dict[str, object] = {"begin": now - timedelta(minutes=1), "end": now + timedelta(days=1)}
    if purposes is not None:
        changes["purposes"] = purposes
    content = factory.tst_info(
        imprint=asked.imprint,
        time=time or now.strftime("%Y%m%d%H%M%SZ").encode("ascii"),
        rest=asn1.encode_der(asked.nonce),
    )
    token = factory.Forgery(signer=factory.authority(above, **changes), content=content).token()
    return factory.response(token)


@contextmanager
def outside_authority(name: str = "Notary") -> Iterator[Outside]:
    """A running authority with a root of its own."""
    outside = Outside(create_development_authority(name, datetime.now(UTC)))
    handler = type("Handler", (_Handler,), {"outside": outside})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    outside.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield outside
    finally:
        outside.stop.set()
        server.shutdown()
        server.server_close()


def openssl_authority(outside: Outside, folder: Path) -> None:
    """Have ``openssl ts -reply`` answer in place of our own code, with the same keys."""
    folder.mkdir(exist_ok=True)
    for file, content in {
        "signer.pem": outside.made.signer_pem, "signer.key": outside.made.signer_key_pem,
        "root.pem": outside.made.root_pem, "serial": b"01\n",
    }.items():  # fmt: skip
        (folder / file).write_bytes(content)
    (folder / "tsa.cnf").write_text(
        "[tsa]\ndefault_tsa = one\n[one]\nserial = serial\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\n"
        "other_policies = 1.2.3.4.5\ndigests = sha256, sha384, sha512\naccuracy = secs:1\nordering = no\n"
        "tsa_name = no\n"
        "ess_cert_id_chain = no\ness_cert_id_alg = sha256\n"
    )
    turn = threading.Lock()

    def respond(query: bytes) -> bytes:
        with turn:
            (folder / "query").write_bytes(query)
            subprocess.run(
                ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-section", "one", "-queryfile", "query", "-signer",
                 "signer.pem", "-inkey", "signer.key", "-out", "answer"],
                cwd=folder, check=True, capture_output=True,
            )  # fmt: skip
            return (folder / "answer").read_bytes()

    outside.respond = respond


def until(what: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for ``what``; fails when it does not come."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)

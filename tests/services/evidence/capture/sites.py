"""Sites that are served here to be captured: a copied shop, and pages that do what pages ought not to do."""

from __future__ import annotations

import contextlib
import http.server
import random
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHOP = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>星河旗舰店（仿冒）</title>
<link rel="stylesheet" href="/style.css"><link rel="icon" href="/1.png"></head>
<body><h1>星河精密轴承 官方旗舰店</h1><p class="price">¥ 128.00</p>{pictures}
<p>本店所有商品均为原厂正品。</p><script src="/script.js"></script></body></html>"""


def png(width: int, height: int, seed: int) -> bytes:
    """A picture of noise, so that it is as large as it looks."""
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(3 * width) for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


@dataclass
class Site:
    """A running server; ``seen`` has what it was asked for, with the headers."""

    port: int
    scheme: str = "http"
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    pages: dict[str, Callable[[Any], None]] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}"


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, *_arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.site.seen.append((self.path, dict(self.headers)))
        page = self.site.pages.get(path)
        with contextlib.suppress(OSError):
            if page is None:
                self.give(b"not here", "text/plain", 404)
            else:
                page(self)

    do_POST = do_GET

    def give(self, body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


def page(body: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> Callable[[Any], None]:
    data = body.encode() if isinstance(body, str) else body
    return lambda handler: handler.give(data, kind, **headers)


def leads_to(address: str) -> Callable[[Any], None]:
    return lambda handler: handler.give(b"", status=302, Location=address)


def never(handler: Any) -> None:
    """Begins an answer and does not end it."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"21\r\n<title>slow</title><h1>here</h1>.\r\n")
    handler.wfile.flush()
    time.sleep(30)


def without_end(handler: Any) -> None:
    """Sends as long as anybody takes it."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(b"<p hidden>" + b"more and more " * 4096)


@contextlib.contextmanager
def serve(pages: dict[str, Callable[[Any], None]], *, chain: Path | None = None) -> Iterator[Site]:
    """A site with ``pages``; over TLS with the certificate and key in the file ``chain``."""
    handler = type("Handler", (_Handler,), {})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.handle_error = lambda *_arguments: None  # type: ignore[method-assign]  # a browser that hangs up
    site = Site(server.server_address[1], "https" if chain else "http", pages=pages)
    handler.site = site  # type: ignore[attr-defined]
    if chain is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def shop(pictures: int = 6, size: tuple[int, int] = (120, 90)) -> dict[str, Callable[[Any], None]]:
    """The pages of a shop that copies another's."""
    shown = "".join(f'<img src="/{n}.png" width="120" height="90" alt="">' for n in range(pictures))
    drawn = {f"/{n}.png": page(png(*size, seed=n), "image/png") for n in range(pictures)}
    return {
        "/": page(SHOP.replace("{pictures}", shown), Set_Cookie="session=very-secret-value; Path=/; HttpOnly"),
        "/style.css": page("body{font-family:sans-serif}.price{color:#c00}", "text/css"),
        "/script.js": page("document.body.dataset.ran = '1';", "text/javascript"),
        **drawn,
    }


@dataclass
class Listener:
    """A place inside that nobody may reach; ``connections`` counts who did."""

    port: int
    connections: int = 0


@contextlib.contextmanager
def listener(
    kind: int = socket.SOCK_STREAM, family: int = socket.AF_INET, host: str = "127.0.0.1"
) -> Iterator[Listener]:
    """Takes connections, or packets, and answers nothing."""
    listening = socket.socket(family, kind)
    listening.bind((host, 0))
    listening.settimeout(0.1)
    found = Listener(listening.getsockname()[1])
    stopping = threading.Event()

    def count() -> None:
        if kind == socket.SOCK_STREAM:
            listening.listen()
        while not stopping.is_set():
            with contextlib.suppress(TimeoutError):
                listening.accept()[0].close() if kind == socket.SOCK_STREAM else listening.recv(100)
                found.connections += 1

    thread = threading.Thread(target=count)
    thread.start()
    try:
        yield found
    finally:
        stopping.set()
        thread.join()
        listening.close()

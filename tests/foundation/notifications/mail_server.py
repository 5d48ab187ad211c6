"""A mail server on this machine that takes what it is told to take (RFC 5321, as far as a client without TLS asks)."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any


@dataclass
class MailServer:
    """:ivar refused: addresses it does not know.
    :ivar breaks: whether it goes away in the middle of a mail.
    """

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    breaks: bool = False

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.taken if mail["To"] == address]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def start_mail_server(port: int = 0) -> tuple[MailServer, _Server]:
    mails = MailServer()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 mail.example")
            for line in self.rfile:
                command = line[:4].upper()
                if command == b"DATA":
                    self._data()
                    if mails.breaks:
                        return
                elif command == b"RCPT" and any(each.encode() in line for each in mails.refused):
                    self._say("550 nobody of that name")
                elif command == b"QUIT":
                    self._say("221 bye")
                    return
                else:
                    self._say("250 mail.example")

        def _data(self) -> None:
            self._say("354 go on")
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.removeprefix(b"."))
            if not mails.breaks:
                made: Any = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
                mails.taken.append(made)
                self._say("250 taken")

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode("ascii"))

    server = _Server(("127.0.0.1", port), Conversation)
    mails.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return mails, server

"""Files encrypted with age (age-encryption.org/v1), looked at from outside: the server has no key, and wants none."""

from __future__ import annotations

import re

from zonary.foundation.documents.errors import RefusedContentError

AGE = "age"
INTRODUCTION = b"age-encryption.org/v1\n"
MAX_HEADER_BYTES = 64 * 1024
_STANZA = re.compile(rb"-> ([!-~]+)(?: [!-~]+)*\n((?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63}\n)")
_END = re.compile(rb"--- [A-Za-z0-9+/]{43}\n")
_NONCE_BYTES, _TAG_BYTES = 16, 16


def recipients_of(head: bytes, size: int) -> list[str]:
    """The types of the recipients of an age file that begins with ``head`` and has ``size`` bytes, such as X25519.

    Whether its key fits anything cannot be seen from here; that it is no plain text called encrypted, can.

    :raises RefusedContentError: when it is no such file.
    """
    position, recipients = len(INTRODUCTION), []
    if head.startswith(INTRODUCTION):
        while stanza := _STANZA.match(head, position):
            recipients.append(stanza[1].decode("ascii"))
            position = stanza.end()
        end = _END.match(head, position)
        if end and recipients and size >= end.end() + _NONCE_BYTES + _TAG_BYTES:
            return recipients
    raise RefusedContentError(
        "This file was announced as encrypted and is no age file (age-encryption.org/v1, binary). It was not kept."
    )


def require_escrow(recipients: list[str]) -> None:
    """:raises RefusedContentError: when a file that is said to be in escrow has only one key."""
    if recipients.count("X25519") < 2:
        raise RefusedContentError(
            "This file was announced as open to the zone's key too, and has one recipient only. It was not kept."
        )

"""Telling people by something else than mail: a gateway of the operator's, which speaks to SMS or 企业微信 as it likes.

What there is here posts to one address, signed as webhooks are (Standard Webhooks 1.0). Another way is another class
with the same method, named in ``ZONARY_MESSENGER``.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from zonary.common.clock import rfc3339
from zonary.foundation.notifications.posting import Posted, post
from zonary.foundation.notifications.rules import signature_of

_GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is to be told to whom.

    :param message: public id; a gateway that has had it takes no notice the second time.
    :param handle: by what the gateway knows the person.
    :param sentence: in ``language``, ``zh`` or ``en``.
    :param address: of the page where one reads on, which asks to sign in.
    """

    message: str
    handle: str
    kind: str
    sentence: str
    language: str
    address: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """How it ended.

    :param answer: one line about it; nothing the other side chose.
    :param is_final: whether trying again is no use.
    """

    is_taken: bool
    answer: str
    is_final: bool = False


class Messenger(Protocol):
    """Whatever brings a sentence to a person."""

    def tell(self, telling: Telling, *, at: datetime) -> Told:
        """Try once, in some seconds; never raises for what the other side does."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedWebhook:
    """A gateway that takes a POST of JSON, signed with a secret both know (``whsec_…``).

    :param allowed: ``host:port`` the operator lets be reached though they are inside.
    :param ca: file of certificates to trust beside the system's.
    """

    url: str
    secret: str
    allowed: Collection[str] = ()
    ca: str = ""

    def tell(self, telling: Telling, *, at: datetime) -> Told:
        body, seconds = _body(telling), int(at.timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Zonary",
            "Webhook-Id": telling.message,
            "Webhook-Timestamp": str(seconds),
            "Webhook-Signature": signature_of(self.secret, telling.message, seconds, body),
        }
        posted: Posted = post(self.url, body, headers, allowed=self.allowed, ca=self.ca)
        return Told(posted.is_taken, posted.answer, is_final=posted.status == _GONE)


def _body(telling: Telling) -> bytes:
    value = {
        "type": telling.kind,
        "timestamp": rfc3339(telling.happened_at),
        "data": {
            "message": telling.message,
            "to": telling.handle,
            "text": telling.sentence,
            "language": telling.language,
            "address": telling.address,
        },
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")

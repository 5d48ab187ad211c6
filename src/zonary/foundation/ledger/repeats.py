"""The same request sent twice is carried out once: ``Idempotency-Key`` (draft-ietf-httpapi-idempotency-key-header).

What was answered is kept in the transaction of what was done, so that after a crash at any moment there are both or
neither. Answers may hold a secret that is shown once, and personal data: they are enciphered under a key that follows
from the caller's own and the server's secret, neither of which is in the database, and forgotten after a day.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from zonary.common.clock import now
from zonary.common.problems import Problem
from zonary.foundation.ledger.actors import key_space
from zonary.foundation.ledger.models import IdempotentRequest
from zonary.foundation.ledger.recording import recorded_if_changed
from zonary.foundation.ledger.rows import fetch

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
_FORGOTTEN = 500
"""Rows deleted in one transaction."""
_NONCE_SIZE = 12
_KEY = re.compile(r'"([\x20\x21\x23-\x5b\x5d-\x7e]{1,128})"|([\x21\x23-\x5b\x5d-\x7e]{1,128})')


def once(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """For a view of the API that changes something: sent again under the same key it gives the same answer.

    The view answers with a response, with what is to be JSON, or with a status and that. Only what it did is
    remembered: after a refusal the key may be used again.

    :raises Problem: 400 for what is no key, 409 while the same request is under way, 422 when the key came with another
        request.
    """

    @functools.wraps(view)
    def run(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        shown = request.headers.get(HEADER)
        if shown is None:
            return _response(view(request, *arguments, **named))
        asked = _asked(request, shown)

        @recorded_if_changed
        def carry_out() -> HttpResponse:
            _hold(asked)
            earlier = _remembered(asked)
            if earlier is not None:
                return earlier
            response = _response(view(request, *arguments, **named))
            if response.status_code < 300:
                _remember(asked, response)
            return response

        return carry_out()

    run.is_once = True  # type: ignore[attr-defined]  # looked at by tests, and shown in the OpenAPI document
    return run


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request under a key: who asks, what finds and opens the answer, and what was asked."""

    actor: str
    name: bytes
    cipher: AESGCM
    digest: bytes
    at: datetime


def _asked(request: HttpRequest, shown: str) -> _Asked:
    matched = _KEY.fullmatch(shown)
    if matched is None:
        raise Problem(400, "invalid-key", f"{HEADER} has 1 to 128 printable ASCII characters.")
    space = key_space(request.auth)  # type: ignore[attr-defined]  # set by ninja
    told = hashlib.sha256(f"{space}\0{matched[1] or matched[2]}".encode()).digest()
    whole = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return _Asked(
        actor=space,
        name=_derived(told, b"name"),
        cipher=AESGCM(_derived(told, b"answer")),
        digest=hashlib.sha256(whole).digest(),
        at=now.last_trusted(),
    )


def _derived(told: bytes, use: bytes) -> bytes:
    secret = hashlib.sha256(settings.SECRET_KEY.encode("utf-8")).digest()
    return hashlib.blake2b(told, digest_size=32, key=secret, person=use).digest()


def _hold(asked: _Asked) -> None:
    """Until the present transaction ends, nobody else carries out a request under this key.

    SQLite has one writer at a time anyway: whoever comes second waits, and finds the answer.
    """
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(asked.name[:8], "big", signed=True)
    if not fetch("SELECT pg_try_advisory_xact_lock(%s)", [number])[0][0]:
        detail = "The same request is under way. Send it again in a moment to have its answer."
        raise Problem(409, "in-progress", detail, {"Retry-After": "1"})


def _remembered(asked: _Asked) -> HttpResponse | None:
    """The answer given under this key; None when it has to be given now."""
    row = IdempotentRequest.objects.filter(actor=asked.actor, key=asked.name).first()
    if row is None:
        return None
    if row.made_at <= asked.at - KEPT:
        row.delete()
        return None
    if bytes(row.request) != asked.digest:
        detail = f"This {HEADER} came with another request before. Use a new one for each thing you want done."
        raise Problem(422, "key-reused", detail)
    sealed = bytes(row.body)
    try:
        body = asked.cipher.decrypt(sealed[:_NONCE_SIZE], sealed[_NONCE_SIZE:], asked.digest)
    except InvalidTag:
        raise Problem(409, "answer-lost", "This was done before, and its answer cannot be read any more.") from None
    return _made(body, row.status, row.content_type)


def _remember(asked: _Asked, response: HttpResponse) -> None:
    nonce = os.urandom(_NONCE_SIZE)
    IdempotentRequest.objects.create(
        actor=asked.actor,
        key=asked.name,
        request=asked.digest,
        status=response.status_code,
        content_type=response.headers["Content-Type"],
        body=nonce + asked.cipher.encrypt(nonce, response.content, asked.digest),
        made_at=asked.at,
    )


def _response(answer: Any) -> HttpResponse:
    if isinstance(answer, HttpResponse):
        return answer
    status, value = answer if isinstance(answer, tuple) else (200, answer)
    return _made(b"" if value is None else msgspec.json.encode(value), status, "application/json")


def _made(body: bytes, status: int, content_type: str) -> HttpResponse:
    return HttpResponse(body, status=status, content_type=content_type, headers={"Cache-Control": "no-store"})


def forget_answers(at: datetime) -> int:
    """Delete some of the answers that were kept long enough; returns how many."""
    old = list(IdempotentRequest.objects.filter(made_at__lte=at - KEPT).values_list("pk", flat=True)[:_FORGOTTEN])
    IdempotentRequest.objects.filter(pk__in=old).delete()
    return len(old)

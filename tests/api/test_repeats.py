"""The same request sent twice is done once, whatever happens in between."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="the API needs the [web] extra")

from tests.api.calls import Caller

PATH, BODY = "/organization/invitations", {"role": "agent", "email": "x@zone.example"}


@pytest.fixture
def owner(five: Any) -> Caller:
    return Caller(five.owner)


def made() -> int:
    from zonary.foundation.organizations.models import Invitation

    return Invitation.objects.filter(email="x@zone.example").count()


def test_a_repetition_has_the_same_answer_and_does_nothing(owner: Caller) -> None:
    first = owner("POST", PATH, BODY, Idempotency_Key="k-1")
    again = owner("POST", PATH, BODY, Idempotency_Key='"k-1"')
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert first.content == again.content
    assert first["Content-Type"] == again["Content-Type"]
    assert made() == 1
    assert owner("POST", PATH, BODY, Idempotency_Key="k-2").json() != first.json()
    assert made() == 2


def test_another_request_under_the_same_key_is_refused(owner: Caller) -> None:
    owner("POST", PATH, BODY, Idempotency_Key="k")
    for path, body in ((PATH, {**BODY, "role": "owner"}), ("/organizations", BODY)):
        answer = owner("POST", path, body, Idempotency_Key="k")
        assert (answer.status_code, answer.json()["code"]) == (422, "key-reused")
    assert made() == 1


@pytest.mark.parametrize("key", ["", '""', "a" * 129, "a b", 'a"b', "\t"])
def test_what_is_no_key(owner: Caller, key: str) -> None:
    answer = owner("POST", PATH, BODY, Idempotency_Key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-key")
    assert made() == 0


def test_a_key_is_ones_own(five: Any, owner: Caller) -> None:
    owner("POST", PATH, BODY, Idempotency_Key="k")
    answer = Caller(five.rival)("POST", PATH, BODY, Idempotency_Key="k")
    assert answer.status_code == 201
    assert made() == 2


def test_a_refusal_uses_no_key_up(owner: Caller) -> None:
    assert owner("POST", PATH, {**BODY, "until": "2020-01-01"}, Idempotency_Key="k").status_code == 409
    assert owner("POST", PATH, BODY, Idempotency_Key="k").status_code == 201


def test_what_failed_after_it_was_done_was_not_done(owner: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer stands in the transaction of the act: there are both or neither."""
    from zonary.foundation.ledger import repeats
    from zonary.foundation.ledger.models import Entry, IdempotentRequest

    before = Entry.objects.count()

    def crash(*_arguments: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr(repeats, "_remember", crash)
        assert owner("POST", PATH, BODY, Idempotency_Key="k").status_code == 500
    assert (made(), Entry.objects.count(), IdempotentRequest.objects.count()) == (0, before, 0)
    assert owner("POST", PATH, BODY, Idempotency_Key="k").status_code == 201


def test_answers_are_kept_enciphered_and_for_a_day(owner: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    from zonary.common.clock import now
    from zonary.foundation.ledger.models import IdempotentRequest
    from zonary.foundation.ledger.repeats import KEPT, forget_answers

    secret = owner("POST", PATH, BODY, Idempotency_Key="k").json()["secret"]
    row = IdempotentRequest.objects.get()
    kept = b"".join(bytes(each) for each in (row.key, row.request, row.body))
    assert secret.encode() not in kept
    assert b"agent" not in kept
    at = now.last_trusted()
    assert forget_answers(at) == 0
    assert forget_answers(at + KEPT + timedelta(seconds=1)) == 1
    assert not IdempotentRequest.objects.exists()
    assert owner("POST", PATH, BODY, Idempotency_Key="k").json()["secret"] != secret


@pytest.fixture
def meanwhile(owner: Caller) -> Iterator[Any]:
    """Begins the request, and holds it just before it is done until told to go on."""
    from zonary.foundation.ledger import repeats

    inside, go_on = threading.Event(), threading.Event()
    done: list[Any] = []
    remember = repeats._remember

    def wait(*arguments: Any) -> None:
        remember(*arguments)
        inside.set()
        go_on.wait(10)

    def run() -> None:
        from django.db import connection

        with closing(connection):
            done.append(owner("POST", PATH, BODY, Idempotency_Key="k"))

    with pytest.MonkeyPatch.context() as held:
        held.setattr(repeats, "_remember", wait)
        thread = threading.Thread(target=run)
        thread.start()
        assert inside.wait(10)
        yield go_on, thread, done
        go_on.set()
        thread.join()


def test_a_second_one_while_the_first_is_under_way(owner: Caller, meanwhile: Any) -> None:
    from django.db import connection

    go_on, thread, done = meanwhile
    if connection.vendor == "postgresql":
        answer = owner("POST", PATH, BODY, Idempotency_Key="k")
        assert (answer.status_code, answer.json()["code"]) == (409, "in-progress")
        assert answer["Retry-After"] == "1"
        go_on.set()
        thread.join()
    else:
        threading.Timer(0.3, go_on.set).start()  # the second waits for it, as writers of SQLite do
    again = owner("POST", PATH, BODY, Idempotency_Key="k")
    thread.join()
    assert again.content == done[0].content
    assert made() == 1


def test_every_write_takes_a_key(migrated: Any) -> None:
    from zonary.config.api import api

    own_keys = {"/evidence", "/evidence/batch"}  # in their bodies, one for each item
    own_keys |= {"/evidence/certificates"}  # a stream, which nobody keeps: asked again, it issues anew
    own_keys |= {"/uploads", "/uploads/{upload_id}"}  # tus tells by offsets what has come already
    # Files that are made or kept already; that they were fetched is recorded each time.
    own_keys |= {"/incentives/grants/batches/{batch_id}/export", "/incentives/grants/files/{file_id}/content"}
    without = [
        f"{method} {path}"
        for method, path, operation in api.described_operations()
        if method not in ("GET", "HEAD") and path not in own_keys and not getattr(operation.view_func, "is_once", False)
    ]
    assert without == []

"""Webhooks from setting one up to being told: what comes, how often, and to whom."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

pytest.importorskip("django", reason="webhooks need the [web] extra")

from tests.api.calls import Caller
from tests.foundation.notifications.receiver import Receiver, start_receiver

HOST = "localhost"


@pytest.fixture
def receiver(tmp_path: Any, data: Any) -> Iterator[Receiver]:
    from django.conf import settings

    receiver, server = start_receiver(tmp_path, HOST)
    before = settings.ZONARY_WEBHOOK_HOSTS, settings.ZONARY_WEBHOOK_CA
    settings.ZONARY_WEBHOOK_HOSTS = frozenset({f"{HOST}:{receiver.port}"})
    settings.ZONARY_WEBHOOK_CA = str(receiver.certificate)
    yield receiver
    settings.ZONARY_WEBHOOK_HOSTS, settings.ZONARY_WEBHOOK_CA = before
    server.shutdown()
    server.server_close()


@pytest.fixture
def work(make_log: Any) -> Iterator[Callable[..., int]]:
    """Sequences, follows and posts; returns how many were posted."""
    from zonary.common.clock import now
    from zonary.foundation.ledger.sequencer import start_up
    from zonary.foundation.ledger.sequencing import tick
    from zonary.foundation.notifications.deliveries import deliver, follow

    log = make_log()
    start_up(log, now.last_trusted)
    with ThreadPoolExecutor(2) as pool:

        def run(at: datetime | None = None) -> int:
            tick(log, at=now.last_trusted())
            at = at or now.last_trusted()
            follow(at=at)
            while follow(at=at):
                pass
            return deliver(lambda: at, pool)

        yield run


def set_up(by: Any, url: str, *kinds: str) -> Any:
    from zonary.common.clock import now
    from zonary.foundation.notifications.actions import set_up_webhook

    return set_up_webhook(url, kinds=kinds, by=by, at=now.last_trusted())


def act(by: Any) -> None:
    """Something happens in the organisation of ``by``."""
    from zonary.common.clock import now
    from zonary.foundation.organizations.actions import invite_member

    invite_member(role="reader", email="", until=None, by=by, at=now.last_trusted())


def test_an_event_comes_once_and_proves_where_from(five: Any, receiver: Receiver, work: Callable[..., int]) -> None:
    from django.conf import settings

    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.notifications.models import Delivery
    from zonary.foundation.notifications.rules import secret_of

    webhook = set_up(five.owner, receiver.url, "organizations.member.invited")
    work()
    receiver.taken.clear()
    act(five.owner)
    act(five.rival)
    kind = Entry.objects.latest("id").kind
    assert kind == "organizations.member.invited"
    assert work() == 1
    assert work() == 0
    ((path, headers, body),) = receiver.taken
    assert path == "/hook"
    judge = pytest.importorskip("standardwebhooks", reason="a development requirement is missing")
    secret = secret_of(str(webhook.public_id), settings.SECRET_KEY)
    told = judge.Webhook(secret).verify(body, headers)
    entry = Entry.objects.filter(organisation=five.owner.holder).latest("id")
    assert told["type"] == kind
    assert told["data"]["entry"] == str(entry.public_id)
    assert told["data"]["receipt"].endswith(str(entry.public_id))
    with pytest.raises(judge.WebhookVerificationError):
        judge.Webhook(secret).verify(body + b" ", headers)
    assert Delivery.objects.get().state == "delivered"


def test_nobody_is_told_of_anothers(five: Any, receiver: Receiver, work: Callable[..., int]) -> None:
    set_up(five.owner, receiver.url)
    work()
    receiver.taken.clear()
    for other in (five.rival, five.officer):
        act(other)
    assert work() == 0
    act(five.owner)
    assert work() == 1
    assert {json.loads(body)["data"]["organisation"] for _, _, body in receiver.taken} == {five.owner.holder}


def test_what_is_not_taken_is_tried_again_and_given_up_after_a_day(
    five: Any, receiver: Receiver, work: Callable[..., int]
) -> None:
    from zonary.common.clock import now
    from zonary.foundation.ledger.models import Entry
    from zonary.foundation.notifications.models import Delivery, WebhookEndpoint

    set_up(five.owner, receiver.url, "organizations.member.invited")
    work()
    act(five.owner)
    receiver.status = 500
    at = now.last_trusted()
    assert work(at) == 1
    assert work(at) == 0
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.answer) == ("waiting", 1, "It answered 500.")
    assert row.next_at is not None
    assert row.next_at > at
    assert work(row.next_at) == 1
    assert len({headers["webhook-id"] for _, headers, _ in receiver.taken}) == 1
    assert work(at + timedelta(hours=25)) == 1
    assert Delivery.objects.get().state == "given-up"
    assert WebhookEndpoint.objects.get().state == "disabled"
    assert Entry.objects.latest("id").kind == "notifications.webhook.disabled"


def test_a_redirect_is_not_followed(five: Any, receiver: Receiver, work: Callable[..., int]) -> None:
    from zonary.foundation.notifications.models import Delivery

    set_up(five.owner, receiver.url, "organizations.member.invited")
    work()
    act(five.owner)
    receiver.status, receiver.headers = 307, {"Location": receiver.url}
    assert work() == 1
    assert len(receiver.taken) == 1
    assert Delivery.objects.get().state == "waiting"


def test_one_that_is_gone_is_disabled_at_once(five: Any, receiver: Receiver, work: Callable[..., int]) -> None:
    from zonary.foundation.notifications.models import WebhookEndpoint

    set_up(five.owner, receiver.url, "organizations.member.invited")
    work()
    act(five.owner)
    receiver.status = 410
    assert work() == 1
    assert WebhookEndpoint.objects.get().state == "disabled"


def test_of_two_servers_one_sends(five: Any, receiver: Receiver, work: Callable[..., int]) -> None:
    from zonary.common.clock import now
    from zonary.foundation.notifications import deliveries
    from zonary.foundation.notifications.models import Delivery

    set_up(five.owner, receiver.url, "organizations.member.invited")
    work()
    act(five.owner)
    at = now.last_trusted()
    follow_only(work, at)
    (one,) = deliveries._due(at)
    assert deliveries._claim(one, at)
    assert not deliveries._claim(one, at)
    assert Delivery.objects.get().claimed_until is not None
    assert deliveries._due(at) == []
    assert len(deliveries._due(at + timedelta(seconds=61))) == 1  # whoever claimed it was killed


def follow_only(work: Callable[..., int], at: datetime) -> None:
    """What happened becomes a delivery, and is not due yet."""
    from zonary.foundation.notifications.models import Delivery

    work(at - timedelta(days=1))
    Delivery.objects.update(next_at=at, claimed_until=None, attempts=0, state="waiting")


def test_only_owners_have_to_do_with_webhooks(five: Any, receiver: Receiver) -> None:
    from zonary.common.clock import now
    from zonary.foundation.notifications import queries
    from zonary.foundation.notifications.actions import UnknownWebhookError, stop_webhook
    from zonary.foundation.organizations.permissions import NotAllowedError

    made = set_up(five.owner, receiver.url)
    for other in (five.colleague, five.outsider):
        with pytest.raises(NotAllowedError):
            set_up(other, receiver.url)
    for other in (five.colleague, five.rival, five.officer, five.outsider):
        assert not queries.webhooks(other).exists()
        assert not queries.deliveries(other, str(made.public_id)).exists()
    with pytest.raises(UnknownWebhookError):
        stop_webhook(str(made.public_id), by=five.rival, at=now.last_trusted())
    stop_webhook(str(made.public_id), by=five.owner, at=now.last_trusted())
    with pytest.raises(UnknownWebhookError):
        stop_webhook(str(made.public_id), by=five.owner, at=now.last_trusted())


def test_an_owner_has_one_posted_again(five: Any, receiver: Receiver, work: Callable[..., int]) -> None:
    from zonary.common.clock import now
    from zonary.foundation.notifications.actions import repeat_delivery
    from zonary.foundation.notifications.models import Delivery

    webhook = set_up(five.owner, receiver.url, "organizations.member.invited")
    work()
    act(five.owner)
    work()
    delivery = Delivery.objects.get()
    repeat_delivery(str(webhook.public_id), str(delivery.public_id), by=five.owner, at=now.last_trusted())
    assert work() == 1
    assert [headers["webhook-id"] for _, headers, _ in receiver.taken] == [str(delivery.public_id)] * 2


@pytest.mark.parametrize("kind", ["no.such.kind", "organizations.member", "x"])
def test_a_kind_there_is_not_is_named(five: Any, kind: str) -> None:
    owner = Caller(five.owner)
    asked = {"url": "https://hooks.example/zone", "kinds": ["organizations.member.invited", kind]}
    answer = owner("POST", "/webhooks", asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-kind")
    assert f"“{kind}”" in answer.json()["detail"]
    assert owner("POST", "/webhooks", {**asked, "kinds": ["evidence.registered"]}).status_code == 201

"""The pages of webhooks: an owner's alone."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

pytest.importorskip("django", reason="pages need the [web] extra")

from tests.api.enterprise_things import make_things
from tests.five_accounts import browser

URL = "https://hooks.example/here"


def _text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def test_a_webhook_from_setting_it_up_to_its_end(five: Any) -> None:
    from django.conf import settings

    from zonary.foundation.notifications.models import WebhookEndpoint
    from zonary.foundation.notifications.rules import secret_of

    owner = browser(five.owner)
    assert "/webhooks/" in _text(owner.get("/organization/"))
    assert owner.get("/webhooks/").status_code == 200
    made = owner.post("/webhooks/set-up", {"url": URL, "kinds": " organizations.member.invited\n"})
    assert made.status_code == 200
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.url, endpoint.kinds) == (URL, "organizations.member.invited")
    secret = secret_of(str(endpoint.public_id), settings.SECRET_KEY)
    assert secret in _text(made)
    place = f"/webhooks/{endpoint.public_id}"
    shown = [_text(owner.get(each)) for each in ("/webhooks/", place)]
    assert all(URL in each and secret not in each for each in shown)
    asked = owner.get(f"{place}/stop")  # it is asked once more, of nobody else
    assert asked.status_code == 200
    assert URL in _text(asked)
    assert [browser(other).get(f"{place}/stop").status_code for other in (five.colleague, five.rival)] == [404, 404]
    endpoint.refresh_from_db()
    assert endpoint.state == "active"
    assert owner.post(f"{place}/stop").status_code == 302
    assert owner.get(f"{place}/stop").status_code == 404
    endpoint.refresh_from_db()
    assert endpoint.state == "stopped"
    assert f"{place}/stop" not in _text(owner.get("/webhooks/"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": ""},
        {"url": "http://hooks.example/"},
        {"url": "https://127.0.0.1/"},
        {"kinds": "no.such.kind"},
        {"kinds": "x" * 900},
    ],
)
def test_what_is_no_webhook(five: Any, wrong: dict[str, str]) -> None:
    from zonary.foundation.notifications.models import WebhookEndpoint

    answer = browser(five.owner).post("/webhooks/set-up", {"url": URL, "kinds": "", **wrong})
    assert answer.status_code == 422
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("who", ["colleague", "outsider"])
def test_whoever_owns_nothing_has_no_such_pages(five: Any, who: str) -> None:
    from zonary.foundation.notifications.models import WebhookEndpoint

    client = browser(getattr(five, who))
    assert client.get("/webhooks/").status_code == 403
    assert client.post("/webhooks/set-up", {"url": URL, "kinds": ""}).status_code == 403
    assert not WebhookEndpoint.objects.exists()
    assert "/webhooks/" not in _text(client.get("/organization/"))


def test_an_event_is_sent_again(five: Any, data: Any) -> None:
    from zonary.foundation.notifications.models import Delivery

    has = make_things(five, data)
    Delivery.objects.filter(public_id=has.delivery).update(
        state="delivered", next_at=None, attempts=1, answer="It answered 204."
    )
    owner = browser(five.owner)
    page = _text(owner.get(f"/webhooks/{has.webhook}", headers={"accept-language": "zh"}))
    assert "对方返回 204。" in page
    again = re.search(f"/webhooks/{has.webhook}/deliveries/{has.delivery}/repeat", page)
    assert again is not None
    for other in (five.colleague, five.rival, five.outsider):
        browser(other).post(again[0])
        assert Delivery.objects.get(public_id=has.delivery).state == "delivered"
    assert owner.post(again[0])["Location"] == f"/webhooks/{has.webhook}"
    assert Delivery.objects.get(public_id=has.delivery).state == "waiting"
